"""What goes to the supervisory authority and what comes from it: filings, their copies, numbers, questions, orders."""

from datetime import datetime
from functools import partial
from typing import Annotated, get_args

from adapters.files import read_handed_in
from flows.bootstrap import wire
from flows.desk import at_the_desk
from flows.forms.fields import (
    Day,
    DiaryNumber,
    EnglishText,
    MaybeDay,
    MaybeText,
    Particular,
    SecrecyChoice,
    SecretField,
    Text,
    When,
    Who,
    choice,
    maybe_named,
)
from flows.steps import clock, step
from models.base import IncidentId
from models.breach_events import ExceptionProvision
from models.filing_events import MissingItem, SecrecyMark, Way
from services.case.mark_secrecy import mark_secrecy as mark
from services.documents.translate_texts import translate_texts as translate
from services.filing.attempt_filing import attempt_filing as attempt
from services.filing.authority_question import answer_question as answer_it
from services.filing.authority_question import receive_question as receive_it
from services.filing.bundle_notifications import bundle_notifications as bundle
from services.filing.explain_delay import explain_delay as explain
from services.filing.explain_missing import explain_missing as explain_item
from services.filing.hand_to_registrar import handed_by_hand
from services.filing.keep_copy import keep_copy as keep
from services.filing.receive_order import receive_order as receive
from services.filing.record_acknowledgement import record_acknowledgement as acknowledge
from services.filing.submit_notification import submit_notification as submit
from services.filing.withdraw_notification import withdraw_notification as withdraw


@at_the_desk("Förklara försening")
async def explain_delay(incident_id: IncidentId, reasons: Text, by: Who, now: datetime | None = None) -> None:
    """Write down why the notification is late, before its sheet is drafted."""
    said = partial(explain, incident_id, reasons=reasons, by=by, now=clock(now), world=wire())
    await step("Förklara försening", said)


@at_the_desk("Förklara det som saknas")
async def explain_missing(
    incident_id: IncidentId,
    particular: Particular,
    because: Text,
    by: Who,
    follows_on: MaybeDay = None,
    now: datetime | None = None,
) -> None:
    """Say why a particular is missing from the notification and when it follows; without a day, that it never will."""
    items = (MissingItem(key=particular, because=because, follows_on=follows_on),)
    said = partial(explain_item, incident_id, items=items, by=by, now=clock(now), world=wire())
    await step("Förklara det som saknas", said)


@at_the_desk("Samla anmälningar")
async def bundle_notifications(
    incident_id: IncidentId, others: list[IncidentId], because: Text, by: Who, now: datetime | None = None
) -> None:
    """Decide that one notification tells of several alike breaches."""
    said = partial(bundle, incident_id, others=tuple(others), because=because)
    await step("Samla anmälningar", partial(said, by=by, now=clock(now), world=wire()))


@at_the_desk("Registrera anmälan")
async def file_notification(
    incident_id: IncidentId,
    filed_at: When,
    by: Who,
    way: Annotated[Way, choice(Way)] = Way.E_SERVICE,
    document: MaybeText = None,
    delay_reasons: MaybeText = None,
    now: datetime | None = None,
) -> None:
    """Register that a person filed the issued sheet with the authority, and keep the copy if it is handed in."""
    world, at = wire(), clock(now)
    filed = partial(submit, incident_id, filed_at=filed_at, way=way, delay_reasons=delay_reasons)
    await step("Registrera anmälan", partial(filed, by=by, now=at, world=world))
    if document is not None:
        copy = partial(keep, incident_id, content=read_handed_in(document), by=by, now=at, world=world)
        await step("Spara kopian", copy)


@at_the_desk("Spara kopian av anmälan")
async def keep_copy(
    incident_id: IncidentId, by: Who, document: MaybeText = None, because: MaybeText = None, now: datetime | None = None
) -> None:
    """Keep the copy of what was filed, or write down why there is none."""
    content = read_handed_in(document) if document else None
    said = partial(keep, incident_id, content=content, because=because, by=by, now=clock(now), world=wire())
    await step("Spara kopian av anmälan", said)


@at_the_desk("Lämnat till registratorn")
async def hand_to_registrar(incident_id: IncidentId, by: Who, now: datetime | None = None) -> None:
    """Write down that somebody handed to the registrar what the mailbox refused, or may not have got."""
    handed = partial(handed_by_hand, incident_id, by=by, now=clock(now), world=wire())
    await step("Lämnat till registratorn", handed)


@at_the_desk("E-tjänsten ligger nere")
async def attempt_filing(
    incident_id: IncidentId,
    tried_at: When,
    what_happened: Text,
    by: Who,
    document: MaybeText = None,
    now: datetime | None = None,
) -> None:
    """Record that the e-service was down, with the proof, and write the letter that goes by post."""
    proof = read_handed_in(document) if document else None
    said = partial(attempt, incident_id, tried_at=tried_at, what_happened=what_happened, proof=proof)
    await step("E-tjänsten ligger nere", partial(said, by=by, now=clock(now), world=wire()))


@at_the_desk("Återkalla anmälan")
async def withdraw_notification(
    incident_id: IncidentId, withdrawn_at: When, by: Who, now: datetime | None = None
) -> None:
    """Register that the issued withdrawal was filed."""
    said = partial(withdraw, incident_id, withdrawn_at=withdrawn_at, by=by, now=clock(now), world=wire())
    await step("Återkalla anmälan", said)


@at_the_desk("Markera sekretess")
async def mark_secrecy(
    incident_id: IncidentId, field: SecretField, provisions: list[SecrecyChoice], by: Who, now: datetime | None = None
) -> None:
    """Mark which provisions may cover a fact; none takes an earlier mark away."""
    marks = (SecrecyMark(field=field, provisions=tuple(provisions)),)
    await step("Markera sekretess", partial(mark, incident_id, marks=marks, by=by, now=clock(now), world=wire()))


@at_the_desk("Skriv på engelska")
async def translate_texts(
    incident_id: IncidentId, text: EnglishText, english: Text, by: Who, now: datetime | None = None
) -> None:
    """Keep in English what the sheet says in Swedish, for authorities in other countries."""
    said = partial(translate, incident_id, english={text: english}, by=by, now=clock(now), world=wire())
    await step("Skriv på engelska", said)


@at_the_desk("Registrera diarienummer")
async def register_diary_number(
    incident_id: IncidentId,
    diary_number: DiaryNumber,
    received_at: When,
    by: Who,
    now: datetime | None = None,
) -> None:
    """Register the number the authority gave the file."""
    await step(
        "Registrera diarienummer",
        partial(
            acknowledge,
            incident_id,
            diary_number=diary_number,
            received_at=received_at,
            by=by,
            now=clock(now),
            world=wire(),
        ),
    )


@at_the_desk("Registrera föreläggande")
async def receive_order(
    incident_id: IncidentId,
    reference: Text,
    received_at: When,
    by: Who,
    communicate_by: MaybeDay = None,
    condition_met: Annotated[ExceptionProvision | None, maybe_named("provision", get_args(ExceptionProvision))] = None,
    now: datetime | None = None,
) -> None:
    """Register what the authority decided about informing the people concerned."""
    await step(
        "Registrera föreläggande",
        partial(
            receive,
            incident_id,
            reference=reference,
            received_at=received_at,
            communicate_by=communicate_by,
            condition_met=condition_met,
            by=by,
            now=clock(now),
            world=wire(),
        ),
    )


@at_the_desk("Registrera myndighetens fråga")
async def receive_question(
    incident_id: IncidentId,
    reference: Text,
    question: Text,
    due_on: Day,
    received_at: When,
    by: Who,
    now: datetime | None = None,
) -> None:
    """Register what the authority asks; the day it names becomes a deadline."""
    said = partial(receive_it, incident_id, reference=reference, question=question, answer_by=due_on)
    here = partial(said, received_at=received_at, by=by, now=clock(now), world=wire())
    await step("Registrera myndighetens fråga", here)


@at_the_desk("Svara på myndighetens fråga")
async def answer_question(
    incident_id: IncidentId,
    answer: Text,
    answered_at: When,
    by: Who,
    line: int | None = None,
    document: MaybeText = None,
    now: datetime | None = None,
) -> None:
    """Register what was answered, and keep a copy of it."""
    content = read_handed_in(document) if document else None
    said = partial(answer_it, incident_id, answer=answer, answered_at=answered_at, line=line, content=content)
    await step("Svara på myndighetens fråga", partial(said, by=by, now=clock(now), world=wire()))
