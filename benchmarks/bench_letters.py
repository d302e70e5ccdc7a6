"""Letters from the stencil beside a naive ReportLab loop, stored sealed, and printed into one file."""

import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate

from adapters.database.engine import engine, migrate, writing
from adapters.database.keys import Keyring
from adapters.database.printed import SealedLetters
from adapters.paper.fonts import REGULAR, load
from adapters.paper.pdf import LetterPrinter
from adapters.paper.press import Press
from adapters.paper.print_file import PrintFile
from benchmarks.figure import Figure
from letters import plain
from letters.compose import letterhead
from models.recipient import Channel
from models.sheet import Sheet
from tests.letters.case import register
from tests.letters.samples import SAMPLES

MANY, FEW, NAIVE, AT_ONCE = 100_000, 20_000, 40, 1_000
CASE, LETTER = "INC-2026-0042/gdpr.34.1", "0" * 64


def figures() -> list[Figure]:
    """Ours and the peer in this process, one after the other; memory first, before anything else has used it."""
    owner = register()
    text = SAMPLES["data_subject_communication"](owner)
    date = datetime(2026, 5, 12, tzinfo=UTC)
    head = letterhead(owner.controllers[0], recipient=(), date=date, reference="INC-2026-0042", kind="")
    press = Press(LetterPrinter(), text, head, address=True, about=False)
    print_file(press, MANY // 10)
    of_few = memory()
    merged, of_many = seconds(lambda: print_file(press, MANY)), memory()
    stored = seconds(lambda: store(press))
    ours = FEW / seconds(lambda: letters(press, FEW))
    naive = NAIVE / seconds(lambda: by_the_book(plain.text(text), NAIVE))
    return [
        Figure("letters.stencil_vs_naive", ours, "letters/s", "a naive ReportLab loop", ours / naive),
        Figure("letters.stored_100k_s", stored, "s"),
        Figure("print.merged_100k_s", merged, "s"),
        Figure("print.merged_100k_rss_mb", of_many, "MB"),
        Figure("memory.100k_vs_10k", of_many, "MB", "10 000 letters before, in the same process", of_many / of_few),
    ]


def window(number: int) -> tuple[str, ...]:
    return f"Åsa Öberg {number}", f"Storgatan {number}", "291 32  KRISTIANSTAD"


def sheets(press: Press, count: int) -> Iterator[Sheet]:
    return (press.sheet(f"s{number:07}", Channel.PAPER, window(number)) for number in range(count))


def letters(press: Press, count: int) -> None:
    for sheet in sheets(press, count):
        press.frame.letter(sheet.content)


def store(press: Press) -> None:
    """Render, seal and store, a thousand at a time, on SQLite in a file."""
    with tempfile.TemporaryDirectory() as folder:
        database = engine(f"sqlite:///{Path(folder) / 'timglas.db'}")
        migrate(database)
        keyring = Keyring(database, bytes(32))
        with writing(database) as connection:
            keyring.make(connection, CASE)
        printed, every = SealedLetters(database, keyring), sheets(press, MANY)
        for _ in range(MANY // AT_ONCE):
            printed.keep(CASE, LETTER, [next(every) for _ in range(AT_ONCE)], [press.frame])
        assert printed.count(CASE) == MANY


def print_file(press: Press, count: int) -> None:
    with tempfile.TemporaryFile() as out:
        printing = PrintFile(out, 1, duplex=False)
        for number, sheet in enumerate(sheets(press, count), 1):
            printing.add(sheet, press.frame, number=number)
        printing.close()


def by_the_book(text: str, count: int) -> None:
    """Each letter a document of its own with the same text, as ReportLab's guide begins, and nothing tagged."""
    load()
    style = getSampleStyleSheet()["BodyText"]
    style.fontName = REGULAR
    for number in range(count):
        story = [Paragraph(line or "&nbsp;", style) for line in (*window(number), *text.splitlines())]
        SimpleDocTemplate(BytesIO()).build(story)


def seconds(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
