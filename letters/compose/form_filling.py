"""A form and our answers in, the filled-in form out: which questions show, what is chosen, and what stays open and why."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from letters.compose.answers import PARTICULARS, Answer, answers
from letters.compose.sheet import Sheet
from letters.voice import VOICES, Voice
from models.errors import N_
from models.facts import Quantity
from models.filing_events import MissingItem
from models.form import Form, FormField, Option
from models.incident import Incident


class Entry(NamedTuple):
    """One question that shows. ``chosen`` are option keys; ``value`` is the answer itself, ``said`` how it reads.

    ``open`` says why it has no answer. ``follows_on`` is the day by which it is promised, if it is.
    """

    field: FormField
    chosen: tuple[str, ...] = ()
    value: Answer = None
    said: str = ""
    open: str | None = None
    follows_on: date | None = None


def fill(form: Form, sheet: Sheet) -> tuple[Entry, ...]:
    """Return the entries of the questions that show, in the order of the form."""
    voice = VOICES[form.language]
    known = answers(sheet, voice)
    entries: dict[str, Entry] = {}
    for field in form.fields:
        if _shows(field, entries, known) and (field.answer or field.required == "true"):
            offered = {key: option for key, option in field.options.items() if _shows(option, entries, known)}
            asked = field.model_copy(update={"options": offered})
            entries[field.id] = _entry(asked, known.get(field.answer or ""), sheet, form, voice)
    return tuple(entries.values())


def _shows(asked: FormField | Option, entries: dict[str, Entry], known: dict[str, Answer]) -> bool:
    return not asked.shown_if or any(
        all(_holds(name, wanted, entries, known) for name, wanted in shown.items()) for shown in asked.shown_if
    )


def _holds(name: str, wanted: tuple[str, ...], entries: dict[str, Entry], known: dict[str, Answer]) -> bool:
    if name[0].isdigit():
        return name in entries and bool(set(entries[name].chosen) & set(wanted))
    return known[name] in wanted


def _entry(field: FormField, answer: Answer, sheet: Sheet, form: Form, voice: Voice) -> Entry:
    if field.options:
        return _choice(field, answer, sheet, form, voice)
    if answer is None:
        return _open(field, sheet, form, voice)
    return Entry(field, value=answer, said=_said(answer, voice))


def _choice(field: FormField, answer: Answer, sheet: Sheet, form: Form, voice: Voice) -> Entry:
    chosen = tuple(_chosen(field, _words(answer))) if answer is not None else ()
    unknown = _open(field, sheet, form, voice)
    if not chosen:
        chosen = _left_open(field, unknown)
    if not chosen:
        return unknown
    labels = "; ".join(field.options[key].label for key in chosen)
    return Entry(field, chosen=chosen, said=labels, follows_on=unknown.follows_on if answer is None else None)


def _words(answer: Answer) -> tuple[str, ...]:
    return tuple(map(str, answer)) if isinstance(answer, tuple) else (str(answer),)


def _chosen(field: FormField, words: tuple[str, ...]) -> Iterator[str]:
    """Yield the options that mean what we say: one for a choice, by the order of our words; else all, by the form's."""
    meant = {word: key for key, option in field.options.items() for word in option.means}
    found = [meant[word] for word in words if word in meant]
    if field.kind == "choice":
        yield from found[:1] or _standing_for(field, "other")
        return
    yield from (key for key in field.options if key in found)
    if len(found) < len(words):
        yield from (key for key in _standing_for(field, "other") if key not in found)


def _left_open(field: FormField, unknown: Entry) -> tuple[str, ...]:
    """Return the option that says that nobody knows: yet, or at all."""
    for what in (
        ("undeterminable", "to_be_determined") if unknown.follows_on is None else ("to_be_determined", "undeterminable")
    ):
        if found := tuple(_standing_for(field, what)):
            return found
    return ()


def _standing_for(field: FormField, what: str) -> Iterator[str]:
    found: Iterator[tuple[str, Option]] = iter(field.options.items())
    return (key for key, option in found if option.stands_for == what)


def _open(field: FormField, sheet: Sheet, form: Form, voice: Voice) -> Entry:
    """Say that an answer is missing: it follows by a day, it cannot be determined, or nobody knows it."""
    item = sheet.lacking(PARTICULARS.get(field.answer or "", ""))
    if item is not None and item.follows_on is None:
        because = why_missing(sheet.incident, item, voice)
        said = form.words["undeterminable"].format(because=because)
        return Entry(field, said=said, open=said)
    if item is None and not sheet.follows:
        return Entry(field, said=form.words["unknown"], open=form.words["unknown"])
    on = (item and item.follows_on) or sheet.last_on
    said = form.words["to_follow"].format(day=voice.day(on))
    return Entry(field, said=said, open=said, follows_on=on)


def why_missing(incident: Incident, item: MissingItem, voice: Voice) -> str:
    """Return why something is missing, in the language of ``voice``."""
    if voice.abroad and item.key not in incident.explained:
        return voice.say(N_("It is being investigated."))
    return voice.own(incident, f"missing_{item.key}", item.because) or ""


def _said(answer: Answer, voice: Voice) -> str:
    match answer:
        case datetime():
            return voice.stamp(answer)
        case date():
            return voice.day(answer)
        case Quantity():
            return voice.quantity(answer)[:1].upper() + voice.quantity(answer)[1:]
        case tuple():
            return voice.words(answer)
    return str(answer)
