"""How likely harm is: who has the data, or may have them. What is not known is answered on the worse side."""

from collections.abc import Callable
from enum import StrEnum

from law.gravity import people_at_most, stored_credentials
from law.published_tables import Gravity, data_kinds, matches, risk_matrix
from models.errors import N_
from models.facts import Exfiltration, Facts, Identification


class Exposure(StrEnum):
    """Who has the data: the rows of the risk matrix."""

    NOBODY = "nobody"
    ASSURED = "assured"
    TRUSTED = "trusted"
    CONTAINED = "contained"
    KNOWN = "known"
    REACHABLE = "reachable"
    ENTERED = "entered"
    UNCONTROLLED = "uncontrolled"
    INSIDER = "insider"
    ATTACKER = "attacker"


TEXTS = {
    Exposure.NOBODY: N_(
        "Nobody who should not can read the data: they are encrypted and the key is safe, or nobody reached them."
    ),
    Exposure.ASSURED: N_("One trusted recipient has confirmed that the data are deleted or returned."),
    Exposure.TRUSTED: N_("The recipient is trusted, but has not confirmed that the data are deleted or returned."),
    Exposure.CONTAINED: N_(
        "A few known recipients say the data are deleted or returned, but they are not bound to us."
    ),
    Exposure.KNOWN: N_("A few known recipients have the data, and nothing assures what they do with them."),
    Exposure.REACHABLE: N_("The data could be reached, but it is shown that nobody took them."),
    Exposure.ENTERED: N_(
        "An attacker was inside, and the logs show no removal; a removal without a trace is not excluded."
    ),
    Exposure.UNCONTROLLED: N_("It is not known or cannot be controlled who has the data."),
    Exposure.INSIDER: N_("A known person took or read the data on purpose."),
    Exposure.ATTACKER: N_("An unknown person with bad intentions has the data, or it is not excluded."),
}


def exposure(facts: Facts, gravity: Gravity) -> Exposure:
    """Return who has the data of ``facts``: the first principle that applies, in the order of their weight."""
    return next(found for principle in _PRINCIPLES if (found := principle(facts, gravity)))


def is_malicious(facts: Facts) -> bool | None:
    """Tell whether somebody meant it: the stated answer, else what the word for the incident implies, else None."""
    if facts.malicious is not None:
        return facts.malicious
    if is_a_kind_of(facts, "attack"):
        return True
    return False if any(is_a_kind_of(facts, kind) for kind in ("mistake", "loss", "outage")) else None


def is_a_kind_of(facts: Facts, incident: str) -> bool:
    """Tell whether the word for the incident belongs to ``incident``: viewing, attack, mistake, loss or outage."""
    stems = next(found for name, found in data_kinds().incidents.items() if name == incident)
    return matches(facts.incident_type or "", stems)


def is_unreadable(facts: Facts) -> bool:
    """State-of-the-art encryption with a safe key protects everything it covers.

    Where passwords were stored, "encrypted" may speak of them alone; it covers the rest if nobody can be recognised.
    """
    covers_all = not stored_credentials(facts) or facts.ease_of_identification is Identification.NEGLIGIBLE
    return bool(facts.encrypted and facts.key_safe and covers_all)


def _unreadable(facts: Facts, _: Gravity) -> Exposure | None:
    return Exposure.NOBODY if is_unreadable(facts) else None


def _threatened_or_found(facts: Facts, _: Gravity) -> Exposure | None:
    """A threat to publish, or our data found published: somebody has them, whatever the logs or the key said."""
    return Exposure.ATTACKER if facts.threat_to_publish or facts.own_data_published else None


def _untouched(facts: Facts, _: Gravity) -> Exposure | None:
    """Proof that nothing was taken counts only where nobody is known to have received it.

    Logs can prove it for a system; for a thing that is gone only its return can. What was read need not leave.
    """
    received = facts.recipient_known or facts.recipient_count or is_a_kind_of(facts, "viewing")
    if facts.exfiltration is not Exfiltration.NONE_CONFIRMED or received:
        return None
    gone = is_a_kind_of(facts, "loss") and not facts.deletion_or_return_confirmed
    if is_malicious(facts) is not False:
        return None if gone else Exposure.ENTERED
    return Exposure.NOBODY if facts.publicly_exposed is False and not gone else Exposure.REACHABLE


def _taken_on_purpose(facts: Facts, _: Gravity) -> Exposure | None:
    """Who looked without need chose to, even if no harm was meant: neither trust nor a returned letter undoes it."""
    if not is_malicious(facts) and not is_a_kind_of(facts, "viewing"):
        return None
    if facts.recipient_known and not facts.publicly_exposed:
        return Exposure.INSIDER
    return Exposure.ATTACKER if is_malicious(facts) else Exposure.UNCONTROLLED


def _published(facts: Facts, _: Gravity) -> Exposure | None:
    return Exposure.UNCONTROLLED if facts.publicly_exposed else None


def _trusted_recipient(facts: Facts, gravity: Gravity) -> Exposure | None:
    """Bound by law or by a lasting relation, credible, acting as told (not a customer, not a former employee).

    Only known and counted recipients can be trusted: a promise by some of them says nothing of the others.
    """
    counted = facts.recipient_known and facts.recipient_count is not None
    if not facts.recipient_trusted or not counted or not _few_recipients(facts):
        return None
    bearable = gravity < Gravity.GRAVE or _people_within(facts, "many_people")
    return Exposure.ASSURED if facts.deletion_or_return_confirmed and bearable else Exposure.TRUSTED


def _known_recipients(facts: Facts, gravity: Gravity) -> Exposure | None:
    """A few people we can name. Without knowing that it was a mistake, knowing them helps nothing."""
    if not facts.recipient_known or is_malicious(facts) is None or not _accountable(facts, gravity):
        return None
    return Exposure.CONTAINED if facts.deletion_or_return_confirmed else Exposure.KNOWN


def _uncontrolled(_: Facts, __: Gravity) -> Exposure | None:
    return Exposure.UNCONTROLLED


def _accountable(facts: Facts, gravity: Gravity) -> bool:
    """Few enough recipients to hold to account; ordinary data may reach more of them, if they concern few people."""
    if facts.recipient_count is None:
        return False
    if gravity >= Gravity.PRIVATE:
        return _few_recipients(facts)
    limit = "many_at_work" if gravity <= Gravity.SLIGHT else "many_people"
    return facts.recipient_count <= risk_matrix().limit(limit) and _people_within(facts, limit)


def _few_recipients(facts: Facts) -> bool:
    return (facts.recipient_count or 0) <= risk_matrix().limit("few_recipients")


def _people_within(facts: Facts, limit: str) -> bool:
    people = people_at_most(facts)
    return people is not None and people <= risk_matrix().limit(limit)


_PRINCIPLES: tuple[Callable[[Facts, Gravity], Exposure | None], ...] = (
    _threatened_or_found,
    _unreadable,
    _untouched,
    _taken_on_purpose,
    _published,
    _trusted_recipient,
    _known_recipients,
    _uncontrolled,
)
