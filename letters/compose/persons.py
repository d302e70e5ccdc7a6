"""What we tell the people concerned: each of them (Article 34(1)), or the public instead (Article 34(3)(c))."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from letters.compose.known import aware_at, paragraphs, require
from letters.language import category_label, clock_time, day, listed, named, say
from letters.render import render
from letters.senders import contact_point, full_name, signature
from models.breach_events import Risk
from models.errors import N_, MissingParticular
from models.facts import BreachType, Consequence, Exfiltration, Facts
from models.incident import Incident
from models.letter import Audience, Letter, Variant
from models.parties import Controller, Register

COMMUNICATION = "data_subject_communication"
CORRECTION = "data_subject_correction"
NOTICE = "public_communication"

_TO_OTHERS = {Audience.GUARDIAN: "guardian_communication", Audience.PROTECTED: "protected_communication"}
"""The same letter written whole to the other audiences."""

Exposure = Literal["confirmed", "possible", "none"]


def data_subject_communication(
    *, incident: Incident, controller: Controller, register: Register, at: datetime
) -> Letter:
    """Return the letter to each person concerned, as things stand at ``at``, with its variants. Raises MissingParticular.

    Once a letter has gone out, the next one tells what is new since.
    """
    context = {
        **_told(incident, controller, register, letter=COMMUNICATION),
        **_since_last_time(incident, letter=COMMUNICATION),
        **signature(controller, register),
        "today": day(at),
        "why_you": _why_you(incident.facts),
        "health": "health" in (incident.facts.data_categories or ()),
    }
    about = {"consequences": paragraphs(incident.facts.consequences_described)}
    others = {audience: render(name, context) for audience, name in _TO_OTHERS.items()}
    others[Audience.GUARDIAN] = render(_TO_OTHERS[Audience.GUARDIAN], {**context, **about})
    return _with_variants(render(COMMUNICATION, context), others)


def data_subject_correction(*, incident: Incident, controller: Controller, register: Register, at: datetime) -> Letter:
    """Return the letter that takes back what the last one said, once the risk is decided to be lower. Raises MissingParticular."""
    context = {
        **_since_last_time(incident, letter=CORRECTION),
        **contact_point(controller, register),
        **signature(controller, register),
        "reference": incident.id,
        "today": day(at),
        "level": _lower(incident),
    }
    first, *others = (render(CORRECTION, {**context, "audience": audience.value}) for audience in Audience)
    return _with_variants(first, dict(zip(list(Audience)[1:], others, strict=True)))


def _with_variants(letter: Letter, others: dict[Audience, Letter]) -> Letter:
    variants = (Variant(audience=to, subject=one.subject, blocks=one.blocks) for to, one in others.items())
    return letter.model_copy(update={"variants": tuple(variants)})


def _since_last_time(incident: Incident, *, letter: str) -> dict[str, object]:
    """Return when the people were written to, and what is new since; nothing if this is the first letter."""
    if not incident.told:
        return {"told_on": None, "news": ()}
    require(incident.facts, "told_news", letter=letter, provision="gdpr.34.2")
    return {"told_on": day(incident.told[-1].occurred_at), "news": paragraphs(incident.facts.told_news)}


def _lower(incident: Incident) -> str:
    """Return the risk as it is decided now. A correction follows a letter, and a decision that the risk is not high."""
    if not incident.told or incident.decision is None or incident.decision.level is Risk.HIGH:
        raise MissingParticular(
            N_("There is nothing to correct in {incident}."),
            why=N_("A correction follows a letter that has gone out, and a decision that the risk is no longer high."),
            remedy=N_("Establish the new facts and decide the risk again, or write a new letter with what is new."),
            incident=incident.id,
        )
    return incident.decision.level.value


def public_communication(
    *,
    incident: Incident,
    controller: Controller,
    register: Register,
    published_at: datetime,
    changed_at: datetime | None = None,
) -> Letter:
    """Return the notice to the public, in the version of ``changed_at``. Raises MissingParticular."""
    facts = incident.facts
    require(facts, "data_subject_categories", letter=NOTICE, provision="gdpr.34.3.c")
    groups = tuple(_addressed(category) for category in facts.data_subject_categories or ())
    context = {
        **_told(incident, controller, register, letter=NOTICE),
        "groups": groups,
        "groups_listed": listed(category_label(category) for category in facts.data_subject_categories or ()),
        "several_groups": len(groups) > 1,
        "also_letters": incident.started is not None,
        "log": tuple(_log(incident)),
        "published": clock_time(published_at),
        "changed": clock_time(changed_at) if changed_at else None,
    }
    return render(NOTICE, context)


def _log(incident: Incident) -> Iterator[str]:
    """Yield the dated lines of the notice's log, the newest first."""
    for status in sorted(incident.statuses, key=lambda one: one.occurred_at, reverse=True):
        yield say(N_("{when}: {text}"), when=clock_time(status.occurred_at), text=status.text)


def _addressed(category: str) -> str:
    """Return a group of people as "you who" goes on: "har sökt jobb hos oss"."""
    known = named("addressed", category)
    return (
        known if known != category else say(N_("are or have been one of our {group}"), group=category_label(category))
    )


def _says_police(facts: Facts) -> bool:
    return any("polisanm" in measure.lower() for measure in facts.measures_taken or ())


def _why_you(facts: Facts) -> str | None:
    """Return why the letter comes to this person, where all of them are concerned for the same reason."""
    groups = facts.data_subject_categories or ()
    known = named("addressed", groups[0]) if len(groups) == 1 else ""
    return known if known and known != groups[0] else None


def exposure(facts: Facts) -> Exposure:
    """Return whether somebody unauthorised has the data. Unknown is possible, never none."""
    stated_none = facts.exfiltration in (Exfiltration.NONE_CONFIRMED, Exfiltration.NOT_APPLICABLE)
    accident = facts.exfiltration is None and facts.malicious is False
    if facts.breach_types and BreachType.CONFIDENTIALITY not in facts.breach_types and (stated_none or accident):
        return "none"
    in_other_hands = (
        facts.exfiltration is Exfiltration.CONFIRMED,
        facts.own_data_published,
        facts.recipient_known,
        facts.recipient_count,
    )
    return "confirmed" if any(in_other_hands) else "possible"


def _told(incident: Incident, controller: Controller, register: Register, *, letter: str) -> dict[str, object]:
    """Return what both letters tell. Advice that might help is given unless we know that it cannot."""
    facts = incident.facts
    require(facts, "what_happened", "consequences_described", "measures_taken", letter=letter, provision="gdpr.34.2")
    if not facts.data_categories:
        require(facts, "data_described", letter=letter, provision="gdpr.34.2")
    return {
        "sender": full_name(controller),
        "reference": incident.id,
        "exposure": exposure(facts),
        "what_happened": paragraphs(facts.what_happened),
        "aware_on": day(aware_at(incident, letter=letter)),
        "window_from": facts.window_from and day(facts.window_from),
        "window_until": facts.window_until and day(facts.window_until),
        "copying_unknown": facts.exfiltration in (None, Exfiltration.UNKNOWN),
        "data_described": paragraphs(facts.told_data or facts.data_described),
        "data_categories": listed(category_label(category) for category in facts.data_categories or ()),
        "consequences": paragraphs(facts.told_consequences or facts.consequences_described),
        "measures": facts.measures_taken,
        "planned": facts.measures_proposed or (),
        "authority_notified": bool(incident.filings),
        "reported_to_police": facts.reported_to_police is True and not _says_police(facts),
        "advice": facts.advice_to_persons or (),
        "money": facts.financial_data is not False,
        "passwords": facts.credentials != "none",
        "identity_number": facts.national_id_number is not False,
        "danger": Consequence.PHYSICAL_HARM in (facts.consequences or ()),
        "protected": facts.protected_identities is not False,
        **contact_point(controller, register),
    }
