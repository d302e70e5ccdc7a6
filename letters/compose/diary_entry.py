"""What the registrar needs to enter a document in the diary (OSL 5 kap. 1, 2 and 5 §§): in words, and for a program."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from letters.breach_columns import heading
from letters.language import clock_time, day, listed, say
from letters.render import render
from letters.senders import full_name
from models.errors import N_
from models.instants import local
from models.letter import Letter
from models.parties import Controller
from models.record_events import KeptDocument

FORMAT = "timglas.diary_entry.v1"

TITLES = {
    "initial": N_("Notification of a personal data breach"),
    "supplement": N_("Supplement to the notification of a personal data breach"),
    "final": N_("Last supplement to the notification of a personal data breach"),
    "correction": N_("Correction of the notification of a personal data breach"),
    "withdrawal": N_("Withdrawal of the notification of a personal data breach"),
    "by_post": N_("Cover letter to a notification by post"),
    "copy": N_("Copy of a notification as it was filed"),
    "answer": N_("Answer to the supervisory authority's question"),
    "not_notified": N_("Decision not to notify a personal data breach"),
}
"""The titles in the diary, by the kind of document. None tells of a person, a system or a weakness."""


class Mark(NamedTuple):
    """That a fact may be secret: under which provisions, and when that was marked."""

    field: str
    provisions: tuple[str, ...]
    marked_at: datetime


class DiaryEntry(NamedTuple):
    """One document and what the diary says of it. ``recipient`` is None for what went nowhere.

    ``too_large`` are the documents that do not fit in a mail and are fetched from the case.
    """

    incident: str
    line: int
    kind: str
    at: datetime
    controller: Controller
    recipient: str | None
    their_number: str | None
    marks: tuple[Mark, ...]
    documents: tuple[KeptDocument, ...]
    too_large: tuple[KeptDocument, ...] = ()

    @property
    def title(self) -> str:
        """The title in the diary."""
        return registry_title(self.kind)


def registry_title(kind: str) -> str:
    """Return what the diary calls a document of this kind."""
    return say(TITLES[kind])


def diary_entry(entry: DiaryEntry) -> Letter:
    """Return the message to the registrar's mailbox."""
    context = {
        "reference": entry.incident,
        "title": entry.title,
        "date": clock_time(entry.at),
        "sender": full_name(entry.controller),
        "recipient": entry.recipient,
        "series": entry.controller.diary_prefix,
        "their_number": entry.their_number,
        "marks": tuple(_said(entry)),
        "documents": tuple((one.name, one.sha256) for one in entry.documents),
        "too_large": listed(one.name for one in entry.too_large),
    }
    return render("diary_entry", context)


def diary_data(entry: DiaryEntry) -> dict[str, Any]:
    """Return the same for the diary's own program."""
    return {
        "format": FORMAT,
        "incident": entry.incident,
        "title": entry.title,
        "date": local(entry.at).isoformat(),
        "sender": full_name(entry.controller),
        "recipient": entry.recipient,
        "series": entry.controller.diary_prefix or None,
        "recipient_number": entry.their_number,
        "secrecy": [
            {
                "field": mark.field,
                "provisions": list(mark.provisions),
                "marked_on": local(mark.marked_at).date().isoformat(),
                "marked_by": full_name(entry.controller),
            }
            for mark in entry.marks
        ],
        "documents": [one.model_dump() for one in (*entry.documents, *entry.too_large)],
    }


def _said(entry: DiaryEntry) -> Iterator[tuple[str, str]]:
    marked = N_("{provisions} OSL, marked on {day} by {party}")
    for mark in entry.marks:
        on = day(mark.marked_at)
        said = say(marked, provisions=listed(mark.provisions), day=on, party=full_name(entry.controller))
        yield heading(mark.field), said
