"""What the supervisory authority gets: the sheet to file, what changed since, a withdrawal, and what goes by post."""

from letters.chronicle import when_it_follows
from letters.compose.diary_entry import registry_title
from letters.compose.form_filling import fill
from letters.compose.form_sheet import sections
from letters.compose.sheet import Sheet
from letters.compose.supplement import Change, rows
from letters.language import capital, clock_time, day, duration, label, named, say, stamp
from letters.render import render
from letters.senders import contact_point, postal_address, signature
from models.errors import N_, StepOutOfOrder
from models.filing_events import FilingAttempted, Phase
from models.form import Form
from models.incident import Incident
from models.letter import Letter
from models.parties import Controller, Register

NOTIFICATION = "supervisory_authority_notification"
SUPPLEMENT = "supervisory_authority_supplement"
WITHDRAWAL = "supervisory_authority_withdrawal"
COVER = "supervisory_authority_cover_letter"


def supervisory_authority_notification(*, sheet: Sheet, form: Form) -> Letter:
    """Return the sheet in the order of ``form``; what is unknown is said to follow, or that nobody knows it.

    Raises MissingParticular before awareness.
    """
    entries = fill(form, sheet)
    aware = sheet.incident.aware_at or sheet.at
    context = {
        "reference": sheet.incident.id,
        "e_service": sheet.e_service,
        "seen_on": day(form.verified_on),
        "complete": not sheet.follows,
        "supplement_by": day(sheet.next_on),
        "due": clock_time(sheet.due_at),
        "late": sheet.is_late,
        "prepared": clock_time(sheet.at),
        "elapsed": duration(sheet.at - aware),
        "risk": label(sheet.incident.decision.level) if sheet.incident.decision else say(N_("Not decided")),
        "registry_title": registry_title(sheet.phase.value),
        "beside": ", ".join(incident.id for incident in sheet.beside),
        "sections": sections(form, entries),
        "lacking": _lacking(sheet),
    }
    return render(NOTIFICATION, context)


def supervisory_authority_supplement(*, sheet: Sheet, changes: tuple[Change, ...]) -> Letter:
    """Return what changed since the last filing and nothing else: each field as it was and as it is, and why.

    Raises StepOutOfOrder if nothing is filed yet or nothing has changed.
    """
    found = rows(sheet, changes) if sheet.incident.filings else ()
    last_word = sheet.phase is Phase.FINAL and bool(sheet.incident.filings) and sheet.incident.complete_at is None
    if not found and not last_word:
        raise StepOutOfOrder(
            N_("There is nothing to supplement in {incident}."),
            why=N_("A supplement holds what has changed since the last filing, and only that."),
            remedy=N_("File the notification first, or establish the new facts."),
            incident=sheet.incident.id,
        )
    context = {
        **_filed(sheet),
        "phase": sheet.phase.value,
        "since": day(sheet.incident.filings[-1].occurred_at),
        "rows": found,
        "supplement_by": day(sheet.next_on),
        "lacking": _lacking(sheet),
        "secrecy": " ".join(sheet.secrecy),
    }
    return render(SUPPLEMENT, context)


def supervisory_authority_withdrawal(*, sheet: Sheet) -> Letter:
    """Return what takes a notification back. Raises StepOutOfOrder if there is none, or no decision that it rests on."""
    decided = sheet.incident.decision
    if not sheet.incident.filings or decided is None:
        raise StepOutOfOrder(
            N_("There is no notification to withdraw in {incident}."),
            why=N_("Only what has been filed, and not withdrawn already, can be taken back."),
            remedy=N_("Look the filings up in the timeline."),
            incident=sheet.incident.id,
        )
    context = {**_filed(sheet), "reasons": decided.reasoning, "decided": day(decided.occurred_at)}
    return render(WITHDRAWAL, context)


def supervisory_authority_cover_letter(*, sheet: Sheet, attempt: FilingAttempted, issued: str) -> Letter:
    """Return the letter that goes by post with the sheet when the e-service is down: when it was tried, what happened."""
    context = {
        **_sender(sheet.controller, sheet.register),
        "reference": sheet.incident.id,
        "tried": clock_time(attempt.occurred_at),
        "what_happened": attempt.what_happened,
        "due": clock_time(sheet.due_at),
        "late": sheet.is_late,
        "issued": issued,
    }
    return render(COVER, context)


def _lacking(sheet: Sheet) -> tuple[tuple[str, str, str], ...]:
    """Return what is missing, why, and when it follows."""
    return tuple((capital(named("particular", item.key)), item.because, when_it_follows(item)) for item in sheet.lacks)


def _told_with(incident: Incident) -> str:
    """Return the incidents that were told of in the same first notification; nothing where it was told of alone."""
    bundle = incident.bundle
    return ", ".join(one for one in bundle.incidents if one != incident.id) if bundle else ""


def _filed(sheet: Sheet) -> dict[str, object]:
    """What every sheet after the first says of the first."""
    incident = sheet.incident
    return {
        **_sender(sheet.controller, sheet.register),
        "reference": incident.id,
        "authority_reference": incident.diary_number,
        "filed": stamp(incident.filings[0].occurred_at),
        "prepared": stamp(sheet.at),
        "e_service": sheet.e_service,
        "together": _told_with(incident),
        "registry_title": registry_title(sheet.phase.value),
    }


def _sender(controller: Controller, register: Register) -> dict[str, object]:
    return {
        **contact_point(controller, register),
        **signature(controller, register),
        "organisation_number": controller.organisation_number,
        "postal_address": postal_address(controller),
    }
