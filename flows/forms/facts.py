"""The facts as small forms, one per question a person can answer at a time; "Vet inte" is always a choice."""

from enum import StrEnum
from typing import Annotated, Any, get_args, get_origin

from flows.forms.fields import DAY, LOCAL_TIME, NO, UNKNOWN, YES, Asked
from letters.answers import bare_kind, read_facts
from letters.language import capital, explain, label, listed, named, say
from models.base import NO_PERSONAL_NUMBER, WITHOUT_PERSONAL_NUMBER
from models.errors import N_, UnreadableFacts, UnreadableTime
from models.facts import Facts

SECTIONS: dict[str, tuple[str, ...]] = {
    "event": ("what_happened", "investigation", "how_discovered", "discovered_by", "breach_types", "cause", "malicious", "began_at",
              "detected_at", "ended_at", "ongoing", "systems_involved", "processor", "sub_processor"),
    "people": ("n_subjects", "data_subject_categories", "children", "vulnerable_subjects", "protected_identities",
               "other_countries", "countries", "cross_border"),
    "data": ("data_categories", "data_described", "told_data", "n_records", "window_from", "window_until",
             "special_category", "national_id_number", "financial_data", "criminal_data", "credentials",
             "ease_of_identification"),
    "spread": ("exfiltration", "publicly_exposed", "recipient_known", "recipient_count", "recipient_trusted",
               "deletion_or_return_confirmed", "threat_to_publish", "own_data_published"),
    "protection": ("encrypted", "key_safe", "backup_available", "restored_in_time", "availability_loss", "permanent"),
    "consequences": ("consequences", "consequences_described", "told_consequences", "told_news", "severity",
                     "service_impact"),
    "measures": ("measures_before", "measures_taken", "measures_proposed", "advice_to_persons", "reported_to_police",
                 "secrecy"),
}  # fmt: skip
"""Which facts are asked together, in the order of the authority's form."""

_LEFT: tuple[Any, ...] = ("", UNKNOWN, [], None)
QUANTITY = (
    rf"^{WITHOUT_PERSONAL_NUMBER}(?:(?:cirka|ca|ungefär|minst|högst) )?\d[\d \u00a0]*(?: ?[-–] ?\d[\d \u00a0]*)?$|^$"
)
COUNT = r"^\d{0,7}$"


def facts_of(given: Any) -> Any:
    """Return what the form's sections state, as facts; anything but sections is left as it is.

    What is left on "Vet inte" or empty is unknown. Raises UnreadableFacts or UnreadableTime, said in Swedish.
    """
    if not isinstance(given, dict) or not given or not set(given) <= set(SECTIONS):
        return given
    stated = {name: answer for section in given.values() for name, answer in section.items() if answer not in _LEFT}
    try:
        return read_facts(stated)
    except (UnreadableFacts, UnreadableTime) as refusal:
        refusal.args = (explain(refusal),)
        raise


def form_schema() -> dict[str, Any]:
    """Return the JSON Schema of the small forms, with Swedish titles."""
    sections = {section: _object(named("section", section), names) for section, names in SECTIONS.items()}
    return {"type": "object", "properties": sections, "additionalProperties": False}


StatedFacts = Annotated[Facts, Asked({"type": "object"}, facts_of)]
"""Facts, typed in the small forms; ``flows.deploy`` puts ``form_schema`` in place of the bare object."""


def _object(title: str, names: tuple[str, ...]) -> dict[str, Any]:
    properties = {name: {"title": capital(named("fact", name)), **_asked(name)} for name in names}
    return {"type": "object", "title": title, "properties": properties, "additionalProperties": False, "default": {}}


def _asked(name: str) -> dict[str, Any]:
    """Return how the form asks for one fact, and its default: nobody knows."""
    kind = bare_kind(name)
    if kind is bool:
        return {"type": "string", "enum": [YES, NO, UNKNOWN], "default": UNKNOWN}
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {"type": "string", "enum": [UNKNOWN, *(label(member) for member in kind)], "default": UNKNOWN}
    if get_origin(kind) is tuple:
        examples = listed(named("category", category) for category in _EXAMPLES.get(name, ()))
        help_text = {"description": say(N_("For example {examples}."), examples=examples)} if examples else {}
        return {"type": "array", "items": _item(get_args(kind)[0]), "default": [], **help_text}
    pattern = _pattern(name)
    help_text = {"description": say(_HELP[pattern])} if pattern in _HELP else {}
    return {"type": "string", "pattern": pattern, "default": "", **help_text}


def _item(kind: Any) -> dict[str, Any]:
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {"type": "string", "enum": [label(member) for member in kind]}
    return {"type": "string", "pattern": NO_PERSONAL_NUMBER}


def _pattern(name: str) -> str:
    if name in ("n_subjects", "n_records"):
        return QUANTITY
    if name == "recipient_count":
        return COUNT
    if name.startswith("window_"):
        return DAY
    return _MAYBE_TIME if name.endswith("_at") else f"{NO_PERSONAL_NUMBER}|^$"


_MAYBE_TIME = f"{LOCAL_TIME}|^$"
_HELP = {
    QUANTITY: N_("For example 8400, cirka 8400, minst 20, högst 30 or 20-30."),
    _MAYBE_TIME: N_("Swedish time, for example 2026-11-21 16.10."),
    DAY: N_("A day, for example 2026-11-21."),
}
_EXAMPLES = {
    "data_categories": ("basic_identity", "contact", "health", "grades"),
    "data_subject_categories": ("pupils", "guardians", "employees", "patients"),
}
