"""Print the letters of one kind to everyone, and hear each of them back before anybody lets it out of the house.

A letter is set by the stencil of its kind. One that the stencil cannot set, because of a rare sign or a long line, is
set on its own by the printer, and looks the same.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from adapters.paper.fonts import settable
from adapters.paper.pdf import LetterPrinter
from adapters.paper.reading import Reading, drawn
from adapters.paper.stencil import Unset
from models.errors import N_, Misprint
from models.letter import Fields, Heading, Items, Letter, Letterhead, Paragraph, Signature
from models.recipient import Channel
from models.sheet import WHOLE, Frame, Sheet


class Press:
    """A press for ``letter`` under ``head``, whose recipient is left out. ``address``: there is one in the window.

    ``about``: a line names a child. Raises Misprint if what the stencil says is not, word for word, what was given.
    """

    def __init__(self, printer: LetterPrinter, letter: Letter, head: Letterhead, *, address: bool, about: bool) -> None:
        self._printer, self._letter, self._head = printer, letter, head
        self._stencil = printer.stencil(letter, head, window=address, about=about)
        self.frame: Frame = self._stencil.frame
        reading = Reading(self.frame.letter(self._stencil.content(())))
        self._fonts = reading.fonts
        if _heard(reading) != [*_around(head), *_said(letter), *_below(head)]:
            raise _misprint()

    def sheet(self, key: str, channel: Channel, window: Sequence[str], about: str = "") -> Sheet:
        """Return the letter in the envelope ``key``. Raises MissingParticular if it cannot be printed."""
        try:
            content = self._stencil.content(window, about)
        except Unset:
            pdf = self._printer.pdf(*self._alone(window, about))
            pages = pdf.count(b"/StructParents")
            return Sheet(key, channel, WHOLE, pdf, hashlib.sha256(pdf).hexdigest(), pages)
        return Sheet(key, channel, self.frame.id, content, self.frame.sha256(content), self.frame.pages)

    def proof(self, sheet: Sheet, window: Sequence[str], about: str = "") -> None:
        """Read the letter back from its bytes. Raises Misprint unless it says just that in the window and about the child."""
        if sheet.frame == WHOLE:
            letter, head = self._alone(window, about)
            expected = [*_around(head), *_said(letter), *_below(head)]
            right = _heard(Reading(sheet.content)) == expected
            right = right and hashlib.sha256(sheet.content).hexdigest() == sheet.sha256
        else:
            right = self._read(sheet.content) == [
                _lines(place) for place in (window, (about,) if about else ()) if place
            ]
            right = right and self.frame.sha256(sheet.content) == sheet.sha256
        if not right:
            raise _misprint()

    def _read(self, content: bytes) -> list[list[str]]:
        """Return the lines that ``content`` draws, place by place."""
        shown = groupby(drawn(content, self._fonts), key=itemgetter(0))
        return [_lines(text for _, text in place) for _, place in shown]

    def _alone(self, window: Sequence[str], about: str) -> tuple[Letter, Letterhead]:
        opening = (Paragraph(text=about),) if about else ()
        letter = self._letter.model_copy(update={"blocks": (*opening, *self._letter.blocks)})
        return letter, self._head.model_copy(update={"recipient": tuple(window)})


def _heard(reading: Reading) -> list[str]:
    """Return what is read aloud, without the bullets of lists and the blanks, which follow how lines are broken."""
    heard = ("".join(text.split()) for text in reading.paragraphs())
    return [text for text in heard if text not in {"", "•"}]


def _around(head: Letterhead) -> list[str]:
    window = "".join(head.recipient)
    return _squeezed((head.sender, head.department, head.kind, head.date, head.reference, window))


def _below(head: Letterhead) -> list[str]:
    return _squeezed(head.footer)


def _said(letter: Letter) -> list[str]:
    return _squeezed((letter.subject, *_texts(letter)))


def _texts(letter: Letter) -> Iterator[str]:
    for block in letter.blocks:
        match block:
            case Heading() | Paragraph():
                yield block.text
            case Items():
                yield from block.items
            case Fields():
                yield from (text for row in block.rows for text in row)
            case Signature():
                yield from block.lines


def _squeezed(texts: Sequence[str]) -> list[str]:
    return [squeezed for text in texts if (squeezed := "".join(settable(text).split()))]


def _lines(place: Iterable[str]) -> list[str]:
    return [" ".join(line.split()) for line in place]


def _misprint() -> Misprint:
    return Misprint(
        N_("A letter does not say what it should."),
        why=N_("It was read back from the printed file, and another name, address or text stands there."),
        remedy=N_("Nothing has left the house. Report the fault to those who run Timglas, with the time it happened."),
    )
