"""Most lines of a list are ordinary, and one look tells: each cell is of the plainest kind there is for its column.

What is told so by a glance is read without a remark by ``adapters.people_list.row``; anything else is taken apart there. A
list of a million is checked five times as fast for it.
"""

import re
from collections.abc import Callable

from adapters.paper.repertoire import REPERTOIRE
from adapters.people_list.columns import Columns

_TEXT = "".join(sorted(set(REPERTOIRE) - set(' ";,\t|')))
_WORDS = f"[{re.escape(_TEXT)}]{{1,23}}(?: [{re.escape(_TEXT)}]{{1,23}}){{0,4}}"
_PLAIN = {
    "id": "[a-z]{1,12}[0-9]{1,9}",
    "name": _WORDS,
    "first_name": _WORDS,
    "last_name": _WORDS,
    "number": r"|(?:19|20)\d{6}-?\d{4}",
    "email": r"|[A-Za-z0-9_+-]{1,25}(?:\.[A-Za-z0-9_+-]{1,25}){0,1}@(?:[A-Za-z0-9]{1,20}\.){1,2}[A-Za-z]{2,24}",
    "phone": r"|07[02369][- ]?\d(?:[- ]?\d){6}",
    "street": _WORDS,
    "postcode": r"\d{3} ?\d{2}",
    "city": _WORDS,
    "country": "|Sverige|SE",
    "protection": "|[Nn]ej|[Jj]a",
    "registration": "|[Nn]ej|[Jj]a",
    "deceased": "|[Nn]ej",
    "emigrated": "|[Nn]ej",
    "mailbox": "|[Nn]ej|[Jj]a",
    "language": "|sv|svenska",
}
"""No cell is longer than one may be: who was told by a glance, and is refused when taken apart, would be counted and gone."""
_UNREAD = r'[^"\n]{0,200}?'

Glance = Callable[[str], re.Match[str] | None]
"""What tells a person by a glance: their cells by the column, or None if the line is to be taken apart."""

_ADDRESS = frozenset({"street", "postcode", "city"})


def glance(columns: Columns, delimiter: str, width: int) -> Glance:
    """Return what looks at lines of a list with these ``columns`` among ``width``.

    Nothing is plain in a list with guardians; everybody must have a whole address, or, where there is no column for
    one, an e-mail address.
    """
    addressed = columns.keys() >= _ADDRESS
    mailed = "email" in columns and _ADDRESS.isdisjoint(columns)
    if not columns.keys() <= _PLAIN.keys() or not (addressed or mailed):
        return lambda _line: None
    plain = _PLAIN if addressed else {**_PLAIN, "email": _PLAIN["email"].removeprefix("|")}
    at = {place: name for name, place in columns.items()}
    cells = (
        f"(?P<{at[place]}>{plain[at[place]]})" if place in at else _UNREAD.replace("\\n", f"\\n{re.escape(delimiter)}")
        for place in range(max(at) + 1)
    )
    parted = re.escape(delimiter)
    rest = rf'(?:{parted}[^"\r\n{parted}]*){{0,{width - max(at) - 1}}}{parted}*\r?\n?'
    line = re.compile(parted.join(cells) + rest, re.ASCII)

    return line.fullmatch
