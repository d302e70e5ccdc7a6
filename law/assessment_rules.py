"""The branches of the assessment: what the loss of confidentiality, availability and integrity each mean for people."""

from collections.abc import Callable

from law.exposure import TEXTS, Exposure, exposure, is_a_kind_of, is_malicious
from law.gravity import are_vulnerable, grade, is_a_mere_hint, kinds_in
from law.published_tables import Gravity, data_kinds, matches, risk_matrix
from law.reason import Finding, Reason
from models.breach_events import Risk
from models.errors import N_
from models.facts import AvailabilityLoss, BreachType, Consequence, Exfiltration, Facts


def confidentiality(facts: Facts) -> Finding | None:
    """How grave the data are times who has them (Guidelines 9/2022, section IV.B, paras 101-104)."""
    if not _may_have_been_seen(facts):
        return None
    graded = grade(facts)
    who = exposure(facts, graded.gravity)
    row = risk_matrix().rows[who]
    reason = Reason(principle=f"exposure_{who}", text=TEXTS[who], citation=row.reference)
    told = (reason,) if who is Exposure.NOBODY else (reason, *graded.reasons)
    return Finding(level=row.levels[graded.gravity], reasons=told)


def availability(facts: Facts) -> Finding | None:
    """What it means for people to be without the data (Guidelines 9/2022, section I.B.2; 01/2021, cases 01 to 03)."""
    loss = facts.availability_loss
    if not _were_unavailable(facts):
        return None
    if loss is AvailabilityLoss.NONE and not _lost_without_a_copy(facts):
        text = N_("Nobody was without the data.")
        return _finding(Risk.UNLIKELY, "still_available", text, "Guidelines 01/2021, cases 10 and 11")
    if loss is AvailabilityLoss.TEMPORARY_MINOR and facts.restored_in_time and not _lost_without_a_copy(facts):
        text = N_("The data were back in time, without a noticeable effect on anyone.")
        return _finding(
            Risk.UNLIKELY,
            "restored_in_time",
            text,
            "Guidelines 01/2021, case 01; Guidelines 9/2022, Annex B, example iii",
        )
    serious = loss is AvailabilityLoss.TEMPORARY_SERIOUS or _gone_for_good(facts)
    if serious and people_depend_on_it(facts):
        text = N_("People who depend on these data for care or protection were without them.")
        return _finding(
            Risk.HIGH,
            "people_depend_on_it",
            text,
            "Guidelines 01/2021, case 03; Guidelines 9/2022, Annex B, example viii",
        )
    if serious:
        text = N_("The data were gone long enough, or for good, to affect people.")
        return _finding(
            Risk.RISK, "serious_unavailability", text, "Guidelines 01/2021, case 02; Guidelines 9/2022, section I.B.2"
        )
    text = N_("It is not shown that the data were back before anyone was affected.")
    return _finding(Risk.RISK, "restoration_not_shown", text, "Guidelines 9/2022, section I.B.2; recital 85 GDPR")


def integrity(facts: Facts) -> Finding | None:
    """What it means for people that data were changed; harmless only when the originals were back before any use."""
    if facts.breach_types and BreachType.INTEGRITY not in facts.breach_types:
        return None
    if facts.restored_in_time:
        text = N_("The original data were restored before anyone was affected.")
        return _finding(Risk.UNLIKELY, "originals_restored", text, "Guidelines 01/2021, case 01; ENISA 2013, integrity")
    if _others_act_on_it(facts) and grade(facts).gravity >= Gravity.SERIOUS:
        text = N_("Others received wrong data of a serious kind and may act on them against the person.")
        return _finding(
            Risk.HIGH,
            "others_act_on_it",
            text,
            "Recital 75 GDPR (rights, economic disadvantage); ENISA 2013, integrity",
        )
    if facts.permanent and people_depend_on_it(facts):
        text = N_("Data that people depend on for care or protection were changed for good.")
        return _finding(Risk.HIGH, "wrong_for_good", text, "Guidelines 9/2022, section IV.B, severity of consequences")
    text = N_("Data were changed, or may have been, and it is not shown that the originals were back before any use.")
    return _finding(Risk.RISK, "restoration_not_shown", text, "Guidelines 9/2022, sections I.B.2 and IV.B")


def stated_consequences(facts: Facts) -> Finding | None:
    """Who names a likely harm of recital 85 cannot at the same time hold that harm is unlikely."""
    stated = set(facts.consequences or ()) - {Consequence.OTHER, Consequence.LOSS_OF_CONTROL}
    if not stated:
        return None
    level = Risk.HIGH if Consequence.PHYSICAL_HARM in stated else Risk.RISK
    text = N_("You have named likely harm to people yourself.")
    return _finding(level, "stated_consequences", text, "Recitals 75 and 85 GDPR")


BRANCHES: tuple[Callable[[Facts], Finding | None], ...] = (
    confidentiality,
    availability,
    integrity,
    stated_consequences,
)
"""Every branch; the worst of them is the level."""


def people_depend_on_it(facts: Facts) -> bool:
    """Health and care data, or vulnerable people: being without the data, or having wrong ones, can hurt."""
    names = {kind.name for kind in kinds_in(facts)[0]}
    flagged = bool(facts.special_category) and not is_a_mere_hint(facts)
    return bool(names & {"health", "social_care"}) or flagged or are_vulnerable(facts)


def _others_act_on_it(facts: Facts) -> bool:
    return bool(facts.recipient_known is not None or facts.recipient_count or facts.publicly_exposed)


def _may_have_been_seen(facts: Facts) -> bool:
    """Confidentiality is in play when stated, when somebody received the data, and when an intruder may have."""
    if not facts.breach_types or BreachType.CONFIDENTIALITY in facts.breach_types:
        return True
    out = facts.exfiltration in (Exfiltration.CONFIRMED, Exfiltration.UNKNOWN)
    seen = out or facts.publicly_exposed or facts.own_data_published or facts.threat_to_publish or facts.recipient_count
    return bool(seen) or _intruder_may_have_looked(facts)


def _intruder_may_have_looked(facts: Facts) -> bool:
    """Unless it was no attack, or one from outside only, an intruder was at the data (9/2022, section I.B.2).

    Logs that show no removal end the question for ordinary data alone (9/2022, Annex B, example iv).
    """
    inside = tuple(stem for stem in data_kinds().incidents["attack"] if stem != "attack")
    from_outside = is_a_kind_of(facts, "outage") and not matches(facts.incident_type or "", inside)
    entered = is_malicious(facts) is not False and not from_outside
    return entered and not (
        facts.exfiltration is Exfiltration.NONE_CONFIRMED and grade(facts).gravity <= Gravity.ORDINARY
    )


def _were_unavailable(facts: Facts) -> bool:
    if _lost_without_a_copy(facts) or facts.availability_loss not in (None, AvailabilityLoss.NONE):
        return True
    return not facts.breach_types or BreachType.AVAILABILITY in facts.breach_types


def _gone_for_good(facts: Facts) -> bool:
    unavailable = BreachType.AVAILABILITY in (facts.breach_types or (BreachType.AVAILABILITY,))
    lasting = facts.permanent and (unavailable or is_a_kind_of(facts, "loss"))
    return facts.availability_loss is AvailabilityLoss.PERMANENT or bool(lasting)


def _lost_without_a_copy(facts: Facts) -> bool:
    """A lost or stolen thing of which no copy was kept is gone, whether or not anybody can read it."""
    return _gone_for_good(facts) or (facts.backup_available is False and is_a_kind_of(facts, "loss"))


def _finding(level: Risk, principle: str, text: str, citation: str) -> Finding:
    return Finding(level=level, reasons=(Reason(principle=principle, text=text, citation=citation),))
