"""What left the house, document by document: its name in Swedish, who approved it, its files and its checksum."""

import re
from collections.abc import Iterator
from itertools import groupby

from letters.chronicle import who
from letters.compose.diary_entry import registry_title
from letters.dossier.matter import Document, Matter, Part, Row
from letters.language import capital, clock_time, say, word
from letters.senders import full_name
from models.errors import N_
from models.filing_events import LetterApproved, Phase
from models.letter import Audience
from models.parties import Register

_FILED = re.compile(r"anmalan/(\d+)-([a-z]+)(?:-(\d+))?(-en)?")
_RECEIPT = re.compile(r"anmalan/(\d+)-kvittens")
_TOGETHER = re.compile(r"anmalan/samlad-(inc-\d{4}-\d+)(-kvittens|-en)?")
_BY_POST = re.compile(r"anmalan/(\d+)-med-post-(\d+)(-bevis)?")
_DECIDED = re.compile(r"beslut/att-inte-anmala(?:-(\d+))?")
_NOTICE = re.compile(r"till-allmanheten/meddelande-(\d+)")
_LETTER = re.compile(r"till-registrerade/brev(?:-(\d+))?(?:-([a-z]+))?")
_INFORMED = re.compile(r"till-personuppgiftsansvariga/([a-z0-9-]+)-(\d+)")
_ANSWER = re.compile(r"fragor/svar-(\d+)")

_TOLD_TOGETHER = {
    "": N_("First notification, told in {lead}"),
    "-en": N_("First notification, told in {lead}, in English"),
    "-kvittens": N_("Copy of the first notification, told in {lead}"),
}


def documents(matter: Matter) -> tuple[Part, ...]:
    """Return each document once, in all its forms, in the order of its name."""
    ordered = sorted(matter.documents, key=lambda document: (_natural(document.stem), document.path))
    return tuple(
        (document_title(stem, matter.register), tuple(_rows(list(forms), matter)))
        for stem, forms in groupby(ordered, key=lambda document: document.stem)
    )


def document_title(stem: str, register: Register) -> str:
    """Return what the document with this name in the archive is called; of no known kind, its name as it stands."""
    name = stem.removeprefix("handlingar/")
    return next((title for title in _titles(name, register) if title), name)


def _titles(name: str, register: Register) -> Iterator[str | None]:
    if found := _RECEIPT.fullmatch(name):
        yield say(N_("Copy of filing {number} as the authority's service gave it"), number=int(found[1]))
    if found := _TOGETHER.fullmatch(name):
        yield say(_TOLD_TOGETHER[found[2] or ""], lead=found[1].upper())
    if found := _BY_POST.fullmatch(name):
        said = N_("Proof that the service was down, filing {number}, attempt {attempt}")
        said = said if found[3] else N_("Filing {number} by post, attempt {attempt}")
        yield say(said, number=int(found[1]), attempt=int(found[2]))
    if (found := _FILED.fullmatch(name)) and found[2] in set(Phase):
        said = N_("Filing {number}, in English: {phase}") if found[4] else N_("Filing {number}: {phase}")
        yield _version(say(said, number=int(found[1]), phase=word(Phase(found[2]))), found[3])
    if found := _DECIDED.fullmatch(name):
        yield _version(say(N_("Decision not to notify")), found[1])
    if found := _NOTICE.fullmatch(name):
        yield _version(say(N_("Notice to the public")), found[1])
    if found := _LETTER.fullmatch(name):
        yield _version(_letter(found[2]), found[1])
    if (found := _INFORMED.fullmatch(name)) and found[1] in {one.id for one in register.controllers}:
        yield _version(say(N_("Notice to {party}"), party=full_name(register.controller(found[1]))), found[2])
    if found := _ANSWER.fullmatch(name):
        yield say(N_("Answer to the authority's question in line {line}"), line=int(found[1]))


def _letter(audience: str | None) -> str:
    if audience in set(Audience):
        return say(N_("Letter to the people concerned, to {audience}"), audience=Audience(audience))
    return say(N_("Letter to the people concerned"))


def _version(title: str, number: str | None) -> str:
    return say(N_("{title}, version {number}"), title=title, number=int(number)) if number else title


def _rows(forms: list[Document], matter: Matter) -> Iterator[Row]:
    digests = {form.sha256 for form in forms}
    for event in matter.history:
        if isinstance(event, LetterApproved) and event.sha256 in digests:
            yield say(N_("Approved")), f"{capital(clock_time(event.recorded_at))}, {who(event, matter.register)}"
            break
    if kind := _registry_kind(forms[0].stem.removeprefix("handlingar/")):
        yield say(N_("Title in the diary")), registry_title(kind)
    yield say(N_("Files")), ", ".join(form.path for form in forms)
    first = next((form for form in forms if form.path.endswith(".pdf")), forms[0])
    yield say(N_("SHA-256")), first.sha256


def _registry_kind(name: str) -> str | None:
    """Return what the diary takes a document for; None for what does not go there."""
    kinds = {_RECEIPT: "copy", _BY_POST: "by_post", _DECIDED: "not_notified", _ANSWER: "answer"}
    if found := next((kind for pattern, kind in kinds.items() if pattern.fullmatch(name)), None):
        return found
    filed = _FILED.fullmatch(name)
    return filed[2] if filed and filed[2] in set(Phase) else None


def _natural(name: str) -> list[tuple[bool, int, str]]:
    """Sort what is numbered by its number: 2 before 10."""
    parts = re.split(r"(\d+)", name)
    return [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts]
