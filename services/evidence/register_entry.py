"""What the register of breaches holds about one incident: its facts, and what was decided and done with reasons. Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from law.particulars import missing
from law.statute_book import StatuteBook
from letters.breach_register import deadline_line, decision_line, excused_line, letters_line, neutral_title, notice_line
from letters.chronicle import who
from letters.duty_stands import left_to_tell
from letters.language import capital
from letters.senders import full_name
from models.breach_register import Entry, Standing
from models.duty import Duty, DutyStatus, Ground
from models.incident import Incident
from models.parties import Register
from models.told import letters_left_at
from services.due.deadlines import deadlines_of
from services.record import law_for

_TOLD_IN_FULL = frozenset({"gdpr.33.1", "gdpr.33.4", "gdpr.33.5", "gdpr.34.1"})
"""The duties that have columns of their own."""
_HUNDREDTH = timedelta(hours=1) / 100


def entry_of(incident: Incident, *, book: StatuteBook, register: Register, now: datetime) -> Entry:
    """Return the entry of ``incident`` as it stands at ``now``; nothing of its content where that is kept out."""
    standing = _standing(incident)
    kept_out = standing is Standing.KEPT_ELSEWHERE
    content = {} if kept_out else _content(incident, book, register, now)
    return Entry.model_validate(
        {
            "incident": incident.id,
            "title": neutral_title(standing),
            "party": incident.party,
            "party_name": full_name(register.party(incident.party)),
            "owed_as": incident.owed_as,
            "family": "" if kept_out else incident.family,
            "standing": standing,
            "reported_at": incident.report and incident.report.occurred_at,
            "aware_at": incident.aware_at,
            "events": incident.length,
            **content,
        }
    )


def _standing(incident: Incident) -> Standing:
    if incident.is_classified:
        return Standing.KEPT_ELSEWHERE
    if incident.closed is not None:
        return Standing.CLOSED
    if incident.aware_at is not None:
        return Standing.OPEN
    return Standing.RULED_OUT if incident.ruled_out else Standing.SUSPECTED


def _content(incident: Incident, book: StatuteBook, register: Register, now: datetime) -> dict[str, object]:
    deadlines = deadlines_of(incident, book)
    by_provision = {duty.provision: duty for duty in deadlines if not duty.about}
    to_document = incident.owed_as == "controller" and incident.aware_at is not None
    holes = missing("gdpr.33.5", incident.facts, law_for(incident, book)) if to_document else ()
    return {
        "summary": incident.report and incident.report.summary,
        "source": incident.report and incident.report.source,
        "facts": incident.facts,
        "ruled_out_because": incident.ruled_out and incident.ruled_out.reasoning,
        **_decisions(incident, register),
        **_notification(incident, by_provision.get("gdpr.33.1"), now),
        **_communication(incident, by_provision.get("gdpr.34.1")),
        "other_duties": tuple(deadline_line(duty, register, now) for duty in deadlines if _is_other(duty)),
        "open_duties": tuple(deadline_line(duty, register, now) for duty in deadlines if duty.is_open),
        "undocumented": tuple(hole.key for hole in holes),
        "closed_at": incident.closed and incident.closed.occurred_at,
        "lessons": incident.closed and incident.closed.lessons,
    }


def _is_other(duty: Duty) -> bool:
    return duty.provision not in _TOLD_IN_FULL and not duty.is_open


def _decisions(incident: Incident, register: Register) -> dict[str, object]:
    """Return the last decision on the risk, the earlier ones as sentences, and the advice beside them."""
    advised: dict[str, object] = {"advice": incident.advice and incident.advice.level}
    if not incident.decisions:
        return advised
    *earlier, last = incident.decisions
    return {
        **advised,
        "risk": last.level,
        "decided_at": last.occurred_at,
        "decided_by": who(last, register),
        "reasoning": last.reasoning,
        "officer_advice": last.officer_advice,
        "earlier_decisions": tuple(decision_line(made, register) for made in earlier),
    }


def _notification(incident: Incident, duty: Duty | None, now: datetime) -> dict[str, object]:
    if duty is None:
        return {}
    overdue = duty.due_at is not None and duty.is_overdue(now) and incident.aware_at is not None
    late = now - duty.due_at if overdue and duty.due_at else duty.late_by
    ruled_out = incident.aware_at is None and incident.ruled_out is not None
    done, lifted = duty.fulfilled_at, duty.ground if duty.status is DutyStatus.NOT_REQUIRED else None
    return {
        "notification": duty.status,
        "clock_at": None if ruled_out else duty.since,
        "due_at": None if ruled_out else duty.due_at,
        "filed_at": done,
        "hours": _hours(done - duty.since) if done else None,
        "late_hours": _hours(late) if late else None,
        "delay_reasons": incident.delay and incident.delay.reasons,
        "not_notified_because": lifted and lifted.because,
        "withdrawn_because": incident.withdrawn and incident.withdrawn.reasons,
        "diary_number": incident.diary_number,
        "supplements": len(incident.filings) - 1 if incident.filings else None,
        "complete_at": incident.complete_at,
    }


def _communication(incident: Incident, duty: Duty | None) -> dict[str, object]:
    published = (notice.occurred_at for notice in incident.notices)
    return {
        "communication": duty and duty.status,
        "told_at": min(filter(None, (letters_left_at(incident), *published)), default=None),
        "told": " ".join(_told(incident)) or None,
        "not_informed_because": " ".join(_excused(incident, duty)) or None,
    }


def _excused(incident: Incident, duty: Duty | None) -> Iterator[str]:
    """Yield why nobody is informed, and why by a public notice instead of by letters."""
    if duty and duty.ground and not duty.is_open:
        yield excused_line(duty.ground)
    instead = [relied for relied in incident.exceptions if relied.provision == "gdpr.34.3.c"]
    yield from (
        excused_line(Ground(provision=one.provision, because=one.reasoning, by=one.recorded_by)) for one in instead
    )


def _told(incident: Incident) -> Iterator[str]:
    """Yield how people were told: by letters of their own, and by the public notice; and who has not been told yet."""
    yield from map(letters_line, incident.told)
    yield from map(notice_line, incident.notices)
    if left := left_to_tell(incident.untold_people):
        yield f"{capital(left)}."


def _hours(length: timedelta) -> float:
    """Return hours with two decimals, rounded up: what is late by a second is never shown as in time."""
    return -(-length // _HUNDREDTH) / 100
