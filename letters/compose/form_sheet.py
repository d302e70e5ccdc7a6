"""A filled-in form as people read it and copy from it: its questions under its headings, the long texts in parts."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from letters.compose.form_filling import Entry, why_missing
from letters.compose.sheet import Sheet
from letters.language import capital, say
from letters.voice import ENGLISH
from models.errors import N_
from models.filing_events import MissingItem
from models.form import Form
from models.letter import Block, Fields, Heading, Letter, Paragraph

Rows = tuple[tuple[str, str], ...]

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def sections(form: Form, entries: Iterable[Entry]) -> tuple[tuple[str, Rows], ...]:
    """Return the headings of ``form``, each with its (label, answer) rows in order.

    A label has its number where it was seen word for word. What is longer than the form takes is split at the end of
    a sentence, and each part says how much of it there is.
    """
    by_section = groupby(entries, key=lambda entry: entry.field.section)
    return tuple((form.sections[section], tuple(_rows(found))) for section, found in by_section)


def english_sheet(form: Form, entries: Iterable[Entry], *, name: str, sheet: Sheet) -> Letter:
    """Return a form in English as a letter: every question that shows and is answered, or that says why it is not.

    What is missing stands last, with why and when it comes: the form has no question for that.
    """
    asked = [entry for entry in entries if entry.open is None or entry.field.required == "true"]
    blocks: list[Block] = [Paragraph(text=f"{form.words['introduction']} {form.words['times']}")]
    for heading, rows in sections(form, asked):
        blocks += [Heading(text=heading), Fields(rows=rows)]
    if sheet.lacks:
        missing = tuple((_english_particular(item.key), _when_and_why(item, sheet, form)) for item in sheet.lacks)
        blocks += [Heading(text=form.words["missing"]), Fields(rows=missing)]
    if form.attribution:
        blocks.append(Paragraph(text=form.attribution))
    return Letter(
        name=name, language=form.language, subject=f"{form.title} ({sheet.incident.id})", blocks=tuple(blocks)
    )


def _english_particular(key: str) -> str:
    return capital(_PARTICULARS.get(key, key.replace("_", " ")))


def _when_and_why(item: MissingItem, sheet: Sheet, form: Form) -> str:
    because = why_missing(sheet.incident, item, ENGLISH)
    if item.follows_on is None:
        return f"{form.words['undeterminable']} {because}"
    return f"{form.words['to_follow'].format(day=ENGLISH.day(item.follows_on))} {because}"


_PARTICULARS = {
    "nature": "what happened, and the nature of the breach",
    "data_subject_categories": "categories of people concerned",
    "data_subjects": "approximate number of people concerned",
    "data_categories": "categories of personal data",
    "records": "approximate number of personal data records",
    "measures": "measures taken or proposed",
    "investigation": "the result of the investigation",
}


def _rows(entries: Iterable[Entry]) -> Iterator[tuple[str, str]]:
    for entry in entries:
        label = f"{entry.field.number}. {entry.field.label}" if entry.field.number else entry.field.label
        longest = entry.field.longest
        if longest is None or entry.open is not None:
            yield label, entry.said
            continue
        parts = list(_parts(entry.said, longest))
        for place, part in enumerate(parts, start=1):
            count = say(N_("{count} characters"), count=len(part))
            of = say(N_("part {place} of {parts}"), place=place, parts=len(parts)) + ", " if len(parts) > 1 else ""
            yield f"{label} ({of}{count})", part


def _parts(text: str, longest: int) -> Iterator[str]:
    """Split ``text`` between sentences, and between words where one sentence is too long, into parts that fit."""
    part = ""
    for sentence in _SENTENCE_END.split(text):
        if part and len(part) + 1 + len(sentence) > longest:
            yield part
            part = ""
        part = f"{part} {sentence}".strip()
        while len(part) > longest:
            cut = part.rfind(" ", 0, longest + 1)
            cut = cut if cut > 0 else longest
            yield part[:cut]
            part = part[cut:].strip()
    if part:
        yield part
