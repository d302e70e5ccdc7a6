"""Reasons for a late notification: which of them authorities have rejected before. A warning, never a refusal."""

from datetime import date
from functools import cache

from law.published_tables import FOLDER, Published, Stems, matches, read_table
from law.reason import Reason
from models.base import Value
from models.errors import N_


class Rejected(Value):
    """One kind of reason, the words it is recognised by, and the decisions that rejected it."""

    key: str
    stems: Stems
    decisions: tuple[str, ...]


class RejectedReasons(Published):
    """The decisions we know of, and when we looked."""

    verified_on: date
    caveat: str
    reasons: tuple[Rejected, ...]


@cache
def rejected_reasons() -> RejectedReasons:
    """Return the reasons that authorities have rejected."""
    return read_table(FOLDER / "rejected_reasons.yaml", RejectedReasons)


def warnings(reasons: str) -> tuple[Reason, ...]:
    """Return which of the rejected kinds the text ``reasons`` sounds like, each with the decisions; none is no proof."""
    return tuple(
        Reason(principle=kind.key, text=TEXTS[kind.key], citation="; ".join(kind.decisions))
        for kind in rejected_reasons().reasons
        if matches(reasons, kind.stems)
    )


TEXTS = {
    "awaiting_experts": N_("Waiting for an investigation, a report or legal advice has been rejected as a reason."),
    "awaiting_supplier": N_("Waiting for certainty or for somebody's answer has been rejected as a reason."),
    "absence": N_("Holidays and absence have been rejected as a reason."),
    "human_error": N_("A mistake or forgetfulness has been rejected as a reason."),
    "escalation": N_(
        "Missing staff or routines, and alarms that went to the wrong place, have been rejected as a reason."
    ),
    "authority_knew": N_("That the authority knew already has been rejected as a reason."),
    "no_known_harm": N_("That no harm is known has been rejected as a reason."),
    "promise_of_finder": N_("A promise by whoever got the data has been rejected as a reason."),
    "few_or_brief": N_("That few people or a short time were concerned has been rejected as a reason."),
}
"""What each kind is called; a test holds the keys against the table."""
