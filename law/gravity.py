"""How grave the data are: their kinds, what the flags add, and what lifts or lowers the whole."""

from collections.abc import Callable, Iterable
from functools import lru_cache

from law.published_tables import Gravity, Kind, data_kinds, matches, risk_matrix
from law.reason import Reason
from models.base import Value
from models.errors import N_
from models.facts import Facts, Identification, Quantity


class Graded(Value):
    """The gravity of a set of data, the kinds found in it, the labels nobody knows, and why."""

    gravity: Gravity
    kinds: tuple[Kind, ...]
    unrecognised: tuple[str, ...]
    reasons: tuple[Reason, ...]


def grade(facts: Facts) -> Graded:
    """Return how grave the data of ``facts`` are. What is not known of them counts as private, not as harmless."""
    kinds, unrecognised = kinds_in(facts)
    steps: list[Callable[[Facts, Gravity], tuple[Gravity, Reason | None]]] = [
        people_at_work,
        revealing_people,
        vulnerable_people,
        very_many_people,
        hard_to_identify,
    ]
    gravity, reasons = _of_the_kinds(kinds, unrecognised)
    for step in steps:
        gravity, reason = step(facts, gravity)
        reasons = [*reasons, reason] if reason else reasons
    return Graded(gravity=gravity, kinds=kinds, unrecognised=unrecognised, reasons=tuple(reasons))


def kinds_in(facts: Facts) -> tuple[tuple[Kind, ...], tuple[str, ...]]:
    """Return the kinds of data the labels and flags name, and the labels no kind knows."""
    found: dict[str, Kind] = {}
    unrecognised = []
    for label in facts.data_categories or ():
        kinds = _named_by(label)
        found |= {kind.name: kind for kind in kinds}
        if not kinds:
            unrecognised.append(label)
    found |= {kind.name: kind for kind in _flagged(facts, found)}
    if passwords_are_protected(facts):
        found.pop("credentials", None)
    return tuple(found.values()), tuple(unrecognised)


def passwords_are_protected(facts: Facts) -> bool:
    """Stored passwords do no harm under a strong, salted hash (Guidelines 01/2021, case 06). Any other word is doubt."""
    table, stored = data_kinds().credentials, facts.credentials or ""
    return matches(stored, table["protected"]) and not matches(stored, table["weak"])


def is_a_mere_hint(facts: Facts) -> bool:
    """Tell whether a hint (a meal chosen) explains the flag of a special category: no other label could carry it."""
    named = [_named_by(label) for label in facts.data_categories or ()]
    plain = all(kinds and all(kind.gravity <= Gravity.ORDINARY for kind in kinds) for kinds in named)
    return plain and any(kind.name == "weak_hint" for kinds in named for kind in kinds)


def stored_credentials(facts: Facts) -> bool:
    """Tell whether passwords or the like were among the data, in whatever form."""
    return bool(facts.credentials) and not matches(facts.credentials or "", data_kinds().credentials["absent"])


def are_vulnerable(facts: Facts) -> bool:
    """Children, patients and others who can protect themselves less (Guidelines 9/2022, section IV.B)."""
    if facts.children or facts.vulnerable_subjects:
        return True
    return facts.vulnerable_subjects is None and _some(facts.data_subject_categories, "vulnerable")


def people_at_most(facts: Facts) -> int | None:
    """Return the most people it may be; None while nobody knows an upper end."""
    return facts.n_subjects.at_most if facts.n_subjects else None


def people_at_work(facts: Facts, gravity: Gravity) -> tuple[Gravity, Reason | None]:
    """Ordinary data about people in their role at work tell hardly anything about them."""
    people = facts.data_subject_categories or ()
    if gravity is not Gravity.ORDINARY or not people or not all(_some((label,), "at_work") for label in people):
        return gravity, None
    text = N_("The people concerned appear only in their role at work.")
    return Gravity.SLIGHT, _reason("people_at_work", text, data_kinds().subjects["at_work"].reference)


def revealing_people(facts: Facts, gravity: Gravity) -> tuple[Gravity, Reason | None]:
    """Being on the list says it: patients, party members, debtors. Inferred data count, whatever the flag says."""
    if gravity >= Gravity.SERIOUS or not _some(facts.data_subject_categories, "revealing"):
        return gravity, None
    text = N_("Being on this list already reveals something sensitive about a person.")
    return Gravity.SERIOUS, _reason("revealing_people", text, data_kinds().subjects["revealing"].reference)


def vulnerable_people(facts: Facts, gravity: Gravity) -> tuple[Gravity, Reason | None]:
    """Vulnerable people make the same data one step graver."""
    if not Gravity.NONE < gravity < Gravity.SERIOUS or not are_vulnerable(facts):
        return gravity, None
    text = N_("The people concerned are vulnerable, which makes the same data graver.")
    return Gravity(gravity + 1), _reason("vulnerable_people", text, data_kinds().subjects["vulnerable"].reference)


def very_many_people(facts: Facts, gravity: Gravity) -> tuple[Gravity, Reason | None]:
    """Very many people make the same data one step graver."""
    limit = risk_matrix().limits["very_many_people"]
    if not Gravity.NONE < gravity < Gravity.SERIOUS or not _may_reach(facts.n_subjects, limit.value):
        return gravity, None
    text = N_("Very many people are concerned, which makes the same data graver.")
    return Gravity(gravity + 1), _reason("very_many_people", text, limit.reference)


def hard_to_identify(facts: Facts, gravity: Gravity) -> tuple[Gravity, Reason | None]:
    """Data in which hardly anybody can be recognised weigh little; grave data keep some weight (they can be linked).

    Not where protected identities are among them: whoever hunts a person knows more than the data say.
    """
    if facts.ease_of_identification is not Identification.NEGLIGIBLE or facts.protected_identities:
        return gravity, None
    lowered = Gravity.NONE if gravity <= Gravity.ORDINARY else Gravity.ORDINARY
    text = N_("Hardly anybody can be recognised in the data.")
    return lowered, _reason("hard_to_identify", text, "Guidelines 9/2022, section IV.B, ease of identification")


@lru_cache(maxsize=1024)  # one assessment asks about the same labels hundreds of times
def _named_by(label: str) -> tuple[Kind, ...]:
    kinds = tuple(kind for kind in data_kinds().kinds if matches(label, kind.stems))
    return tuple(kind for kind in kinds if kind.before_others)[:1] or kinds


def _flagged(facts: Facts, found: dict[str, Kind]) -> Iterable[Kind]:
    """The flags add what no label says. A special category that the labels explain as a mere hint stays a hint."""
    explained = is_a_mere_hint(facts) or any(kind.group == "special" for kind in found.values())
    flags = {
        "special": facts.special_category and not explained,
        "national_id": facts.national_id_number,
        "finance": facts.financial_data and not any(kind.group == "finance" for kind in found.values()),
        "criminal": facts.criminal_data,
        "protected_identity": facts.protected_identities,
        "protected_password": passwords_are_protected(facts),
        "credentials": not passwords_are_protected(facts) and stored_credentials(facts),
    }
    return [data_kinds().named(name) for name, raised in flags.items() if raised and name not in found]


def _of_the_kinds(kinds: tuple[Kind, ...], unrecognised: tuple[str, ...]) -> tuple[Gravity, list[Reason]]:
    reasons = [_reason("unknown_data", N_("It is not known what kinds of data are concerned."), "Recital 85 GDPR")]
    gravity = data_kinds().unrecognised.gravity
    if kinds:
        gravest = max(kinds, key=lambda kind: kind.gravity)
        reasons = [_reason(gravest.name, _TEXTS[gravest.gravity], gravest.reference)]
        gravity = gravest.gravity if not unrecognised else max(gravest.gravity, gravity)
    if _fit_for_identity_theft(kinds):
        text = N_("Together the data allow identity theft, or harm worse than each kind alone.")
        return Gravity.COMPOUND, [
            _reason("compound", text, "Guidelines 9/2022, section IV.B: a combination is more sensitive")
        ]
    return gravity, reasons


def _fit_for_identity_theft(kinds: tuple[Kind, ...]) -> bool:
    groups = {kind.group for kind in kinds if kind.gravity >= Gravity.SERIOUS}
    return "identity" in groups and bool(groups & {"finance", "special", "criminal"})


def _may_reach(number: Quantity | None, limit: int) -> bool:
    return number is not None and max(number.at_least or 0, number.at_most or 0) >= limit


def _some(labels: tuple[str, ...] | None, people: str) -> bool:
    stems = next(found.stems for name, found in data_kinds().subjects.items() if name == people)
    return any(matches(label, stems) for label in labels or ())


def _reason(principle: str, text: str, citation: str) -> Reason:
    return Reason(principle=principle, text=text, citation=citation)


_TEXTS = {
    Gravity.NONE: N_("The data were public already, so that their disclosure adds nothing."),
    Gravity.SLIGHT: N_("The data tell hardly anything that is not known at work or in public."),
    Gravity.ORDINARY: N_("The data are ordinary, such as names and addresses."),
    Gravity.PRIVATE: N_("The data are private: they tell about a life and are not public."),
    Gravity.SERIOUS: N_("The data are serious in the wrong hands, such as finances or movements."),
    Gravity.GRAVE: N_("The data are grave in the wrong hands: identity numbers, passwords, cards, or sensitive data."),
    Gravity.COMPOUND: N_("The data can put a person's safety at risk."),
}
