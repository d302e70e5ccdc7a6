"""The case file as people read it, without Timglas: one text of which the page and the PDF are both drawn."""

from collections.abc import Iterator

from letters.chronicle import details, heading, when, who
from letters.dossier.deadlines import deadlines
from letters.dossier.decisions import decisions
from letters.dossier.documents import document_title, documents
from letters.dossier.known import known
from letters.dossier.matter import Document, LeftOut, Matter, Row
from letters.dossier.told import deliveries, receipts
from letters.language import capital, counted, duration, facts_label, moment, number, people, say, word
from letters.render import render
from letters.senders import full_name
from models.errors import N_
from models.facts import Quantity
from models.letter import Letter
from models.record_events import ChainAnchored, ChainStamped

__all__ = ["DOSSIER", "Document", "LeftOut", "Matter", "case_dossier", "document_title"]

DOSSIER = "case_dossier"


def case_dossier(matter: Matter) -> Letter:
    """Return the whole file as one text: in short, deadlines, facts, decisions, documents, deliveries, timeline, proof."""
    incident = matter.incident
    context = {
        **_brief(matter),
        "deadlines": deadlines(matter),
        "reminders": _counted_reminders(len(incident.reminders)),
        "known": known(matter),
        "unknown": tuple(facts_label(name) for name in incident.advice.unknown) if incident.advice else (),
        "decisions": decisions(matter),
        "documents": documents(matter),
        "receipts": receipts(matter),
        "deliveries": deliveries(matter),
        "lines": _lines(matter),
        **_proof(matter),
    }
    return render(DOSSIER, context)


def _brief(matter: Matter) -> dict[str, object]:
    incident, party = matter.incident, matter.party
    filed = incident.filings[0].occurred_at if incident.filings else None
    notify = next((duty for duty in matter.deadlines if duty.provision == "gdpr.33.1"), None)
    told, noticed = incident.told, incident.notices
    return {
        "reference": incident.id,
        "party": full_name(party),
        "organisation_number": party.organisation_number,
        "processor": incident.owed_as == "processor",
        "diary_number": incident.diary_number,
        "made": moment(matter.at),
        "classified": incident.is_classified,
        "summary": incident.report.summary if incident.report else "",
        "reported": moment(incident.report.occurred_at) if incident.report else "",
        "source": incident.report.source.rstrip(".") if incident.report else "",
        "aware": moment(incident.aware_at) if incident.aware_at else None,
        "ruled_out": moment(incident.ruled_out.occurred_at) if incident.ruled_out else None,
        "filed": moment(filed) if filed else None,
        "took": duration(filed - notify.since) if filed and notify else None,
        "late": duration(notify.late_by) if notify and notify.late_by else None,
        "delay_reasons": incident.delay.reasons if incident.delay else None,
        "withdrawn": moment(incident.withdrawn.occurred_at) if incident.withdrawn else None,
        "risk": word(incident.decision.level) if incident.decision else None,
        "reopened": incident.reopened_by is not None,
        "told": moment(told[0].occurred_at) if told else None,
        "reached": people(Quantity(at_least=told[0].reached, at_most=told[0].reached)) if told else None,
        "noticed": moment(noticed[0].occurred_at) if noticed else None,
        "closed": moment(incident.closed.occurred_at) if incident.closed else None,
    }


def _proof(matter: Matter) -> dict[str, object]:
    left = matter.left_out
    return {
        "count": number(matter.incident.length),
        "head": matter.head,
        "drafts": number(left.drafts) if left.drafts else None,
        "letters_to_persons": number(left.letters_to_persons) if left.letters_to_persons else None,
        "not_known": left.named,
        "anchors": tuple(_anchors(matter)),
    }


def _counted_reminders(count: int) -> str | None:
    return counted("{number} reminder", "{number} reminders", count).format(number=number(count)) if count else None


def _anchors(matter: Matter) -> Iterator[Row]:
    for event in matter.history:
        if isinstance(event, ChainAnchored):
            said = N_("Line {length}, mailed to {title}: {head}")
            title = matter.register.person(event.to).title
            yield capital(moment(event.occurred_at)), say(said, length=event.length, title=title, head=event.head)
        elif isinstance(event, ChainStamped):
            said = N_("Line {length}, time stamp in {file}: {head}")
            stamp = {"length": event.length, "file": event.stamp.name, "head": event.head}
            yield capital(moment(event.occurred_at)), say(said, **stamp)


def _lines(matter: Matter) -> tuple[tuple[str, str, tuple[Row, ...]], ...]:
    """Return every line of the timeline: its number and name, when and by whom, and what it states."""
    return tuple(
        (
            f"{number}. {heading(event)}",
            f"{when(event)} {capital(who(event, matter.register))}.",
            tuple((name, value.replace("`", "")) for name, value in details(event, matter.register)),
        )
        for number, event in enumerate(matter.history, start=1)
    )
