"""A list of the people concerned: judged row by row, and read as recipients, each person once. In memory that stays flat.

A list is gone through twice. First every row is judged, and what tells each person apart leaves a mark. Then those who
share a mark are held in memory, compared and merged (``adapters.people_list.twins``); nobody else ever is.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from adapters.people_list.judging import Judging, Noted, Rows
from adapters.people_list.list_file import opened
from adapters.people_list.twins import Marks, Twin, Twins, keys_of, told_by
from models.people_list import ListReport
from models.recipient import Recipient


class RecipientFile:
    """The list in ``file``, as things stand ``on`` a day.

    ``checked``: it was compared with the population register, so that an empty cell means no protection. ``progress``
    is told now and then which row it is.
    """

    def __init__(
        self, file: Path, *, on: date, checked: bool = False, progress: Callable[[int], None] = lambda _row: None
    ) -> None:
        self._file, self._on, self._checked, self._progress = file, on, checked, progress

    @property
    def heading(self) -> list[str]:
        """The names of the columns, as the list has them. Raises UnreadableFile."""
        with self._opened() as rows:
            return rows.heading

    def check(self) -> ListReport:
        """Judge every row, and store nothing. Raises UnreadableFile if it is no list of people at all."""
        judging = Judging()
        for _ in self.judge(judging):
            pass
        return judging.report()

    def judge(self, judging: Judging) -> Iterator[Noted]:
        """Yield what there is to say of the rows, with their cells, and keep the sum of it in ``judging``."""
        with self._opened() as rows:
            yield from judging.judge(rows)
        marks, twins = self._marks(judging), Twins()
        if marks.twice:
            innocent = (lambda _keys: False) if judging.is_mixed else (lambda keys: not marks.suspects(keys))
            for twin in self._everybody(innocent=innocent):
                if marks.suspects(keys_of(twin.person)):
                    twins.add(twin)
        yield from map(judging.twin, twins.reports)

    def people(self, name_of: Callable[[str], str]) -> Iterator[Recipient]:
        """Yield everybody who can be taken, each once. Who has no id in the list gets ``name_of`` what tells them."""
        judging = Judging()
        with self._opened() as rows:
            for _ in judging.judge(rows):
                pass
        marks, twins = self._marks(judging), Twins()
        for twin in self._everybody(name_of):
            if marks.suspects(keys_of(twin.person)):
                twins.add(twin)
            else:
                yield twin.recipient
        yield from twins.merged()

    def _marks(self, judging: Judging) -> Marks:
        """Return the marks that were left; in a mixed list those of the names too, also of who has a number."""
        if not judging.is_mixed:
            return judging.marks
        marks = Marks()
        for twin in self._everybody():
            for key in keys_of(twin.person):
                marks.mark(key)
        return marks

    def _everybody(
        self, name_of: Callable[[str], str] = str, *, innocent: Callable[[list[str]], bool] = lambda _keys: False
    ) -> Iterator[Twin]:
        """Yield everybody; who is ``innocent`` by what a glance tells is left out, and not even taken apart."""
        with self._opened() as rows:
            for number, text in rows.records:
                plain = rows.look(text)
                if plain and (keys := rows.tell(plain)) is not None and innocent(keys):
                    continue
                cells = rows.cells(text)
                person, _ = rows.reader.read(number, cells)
                if person is not None:
                    recipient_id = person.fields.get("id") or name_of(told_by(person))
                    yield Twin(person, person.recipient(recipient_id), cells)

    @contextmanager
    def _opened(self) -> Iterator[Rows]:
        with opened(self._file) as listed:
            yield Rows(listed, self._file.name, on=self._on, checked=self._checked, progress=self._progress)
