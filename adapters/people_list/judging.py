"""The rows of an open list, and the first time through them: each is judged, and what tells a person leaves a mark."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from re import Match

from adapters.people_list.columns import Columns, find_heading
from adapters.people_list.glance import glance
from adapters.people_list.list_file import OpenList
from adapters.people_list.row import Person, RowReader
from adapters.people_list.twins import Marks, keys_of
from models.identity import NumberFault, read_number
from models.likeness import name_keys, number_key
from models.people_list import ListReport, Remark, RowReport, Said

_LOOKED_AT = 10
_EXAMPLES = 20
"""Of each kind of report, how many are kept; those of a million rows would fill the memory that the rows do not."""
_NOW_AND_THEN = 5_000

Noted = tuple[RowReport, list[str]]
"""What there is to say of a row, and its cells."""


class Rows:
    """An open list, after its heading."""

    def __init__(
        self, listed: OpenList, name: str, *, on: date, checked: bool, progress: Callable[[int], None]
    ) -> None:
        self._records, self._progress, self.cells = listed.records(), progress, listed.cells
        start = [(number, listed.cells(text), text) for number, text in islice(self._records, _LOOKED_AT)]
        place, self.columns = find_heading([cells for _, cells, _ in start], name)
        self.heading = start[place][1]
        read = set(self.columns.values())
        self.unread = tuple(name for at, name in enumerate(self.heading) if at not in read and name.strip())
        self._start = [(number, text) for number, _, text in start[place + 1 :]]
        self.look, self.tell = glance(self.columns, listed.delimiter, len(self.heading)), _teller(self.columns, on)
        self.reader = RowReader(self.columns, width=len(self.heading), on=on, checked=checked)

    @property
    def records(self) -> Iterator[tuple[int, str]]:
        """The records, with the numbers of their rows."""
        yield from self._start
        for number, text in self._records:
            if number % _NOW_AND_THEN == 0:
                self._progress(number)
            yield number, text


class Judging:
    """What is known of a list so far."""

    def __init__(self) -> None:
        self.marks = Marks()
        self._rows, self._taken, self._numbered, self._merged = 0, 0, 0, 0
        self._counts, self._examples = Counter[Said](), list[RowReport]()
        self._columns, self._unread = tuple[str, ...](), tuple[str, ...]()

    @property
    def is_mixed(self) -> bool:
        """Whether some have a number and some have none, so that one may be the other."""
        return 0 < self._numbered < self._taken

    def judge(self, rows: Rows) -> Iterator[Noted]:
        """Judge all rows, and yield what there is to say of them."""
        self._columns, self._unread = tuple(rows.columns), rows.unread
        look, tell = rows.look, rows.tell
        for number, text in rows.records:
            plain = look(text)
            keys = tell(plain) if plain else None
            if keys is None:
                yield from self._taken_apart(number, text, rows)
            else:
                self._rows += 1
                self._take(keys)

    def twin(self, noted: Noted) -> Noted:
        """Count a row that told of somebody who is known already, or of two people as one."""
        merged = noted[0].said is Remark.MERGED
        self._merged += merged
        self._taken -= not merged
        return self._counted(noted)

    def report(self) -> ListReport:
        """Return what the list holds."""
        kinds = (self._counts, self._examples, self._columns, self._unread)
        return ListReport(self._rows, self._taken, self._taken - self._merged, *kinds)

    def _taken_apart(self, number: int, text: str, rows: Rows) -> Iterator[Noted]:
        cells = rows.cells(text)
        if not any(cells):
            return
        self._rows += 1
        person, reports = rows.reader.read(number, cells)
        if person is not None:
            self._take(_marks_of(person))
        yield from (self._counted((report, cells)) for report in reports)

    def _take(self, keys: list[str]) -> None:
        self._taken += 1
        self._numbered += bool(keys) and keys[0].startswith("n")
        for key in keys:
            self.marks.mark(key)

    def _counted(self, noted: Noted) -> Noted:
        report, _ = noted
        self._counts[report.said] += 1
        if self._counts[report.said] <= _EXAMPLES:
            self._examples.append(report)
        return noted


def _marks_of(person: Person) -> list[str]:
    """Return what of ``person`` is marked: with a number, the name is looked at only in lists where some have none."""
    numbered = bool(person.fields.get("number"))
    return [key for key in keys_of(person) if key[0] in "ni" or not numbered]


def _teller(columns: Columns, on: date) -> Callable[[Match[str]], list[str] | None]:
    """Return what marks a plain line leaves; None for a number that is none, so that the row is taken apart."""
    names = [name for name in ("name", "first_name", "last_name") if name in columns]
    identified, numbered, mailed, housed = (
        "id" in columns,
        "number" in columns,
        "email" in columns,
        "street" in columns,
    )

    def tell(plain: Match[str]) -> list[str] | None:
        ids = [f"i{plain['id']}"] if identified else []
        if numbered and (written := plain["number"]):
            number = read_number(written, on=on)
            return None if isinstance(number, NumberFault) else [number_key(number), *ids]
        street, postcode = (plain["street"], plain["postcode"]) if housed else ("", "")
        name = " ".join(filter(None, (plain[each] for each in names)))
        return ids + name_keys(name, plain["email"] if mailed else None, street, postcode)

    return tell
