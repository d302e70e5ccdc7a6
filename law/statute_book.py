"""Read the statutes once, and answer what was in force on a day."""

from datetime import date
from pathlib import Path
from typing import TypeVar

from law.statute import DatedValue, ParallelRegime, Particular, Statute, read_statute, unreadable
from models.duty import Period
from models.errors import N_, StatuteError

__all__ = ["FOLDER", "PROPOSED", "DatedValue", "LawInForce", "Particular", "Statute", "StatuteBook"]

FOLDER = Path(__file__).parent / "statutes"
PROPOSED = FOLDER / "_proposed"
"""Law that is not law yet; never loaded unless somebody asks what it would change."""

_T = TypeVar("_T")


class LawInForce:
    """The law of one day. A question it cannot answer is a StatuteError, never a default."""

    def __init__(self, statutes: dict[str, Statute], day: date) -> None:
        self.day = day
        self._statutes = statutes

    def statute(self, provision: str) -> Statute:
        """Return the paragraph ``provision``. Raises StatuteError."""
        if provision not in self._statutes:
            raise StatuteError(
                N_("The statute book has no {provision}."),
                why=N_("Every provision is one file in law/statutes."),
                remedy=N_("Check the spelling, or add the file with its citation."),
                provision=provision,
            )
        return self._statutes[provision]

    def value(self, provision: str, name: str) -> DatedValue:
        """Return the value ``name`` of ``provision`` in force. Raises StatuteError."""
        return self._in_force(provision, name, self.statute(provision).values.get(name, {}))

    def period(self, provision: str, name: str = "time_limit") -> Period | None:
        """Return the time limit of ``provision``; None means "without undue delay" and nothing else."""
        value = self.value(provision, name)
        if value.undue_delay:
            return None
        if value.amount is None or value.unit is None:
            raise self._silent(provision, f"{name} (a period)", [])
        return Period(amount=value.amount, unit=value.unit)

    def text(self, provision: str, name: str) -> str:
        """Return the text ``name`` of ``provision`` in force. Raises StatuteError."""
        value = self.value(provision, name)
        if value.text is None:
            raise self._silent(provision, f"{name} (a text)", [])
        return value.text

    def particulars(self, provision: str) -> tuple[Particular, ...]:
        """Return the items of content ``provision`` demands. Raises StatuteError."""
        return self._in_force(provision, "particulars", self.statute(provision).particulars)

    def duties_under(self, regime: ParallelRegime | None) -> tuple[str, ...]:
        """Return the provisions of ``regime`` (None: the GDPR) with a time limit on this day; none before the law came."""
        clocked = (s for s in self._statutes.values() if s.regime == regime and "time_limit" in s.values)
        return tuple(statute.id for statute in clocked if min(statute.values["time_limit"]) <= self.day)

    def recipient(self, provision: str) -> str:
        """Return who receives what ``provision`` demands under another law, by the name of the day."""
        named = self.statute(provision).recipient or ""
        return self.text(named, "name") if named in self._statutes else named

    def _in_force(self, provision: str, name: str, dated: dict[date, _T]) -> _T:
        days = [day for day in dated if day <= self.day]
        if not days:
            raise self._silent(provision, name, list(dated))
        return dated[max(days)]

    def _silent(self, provision: str, name: str, days: list[date]) -> StatuteError:
        return StatuteError(
            N_("{provision} has no '{name}' in force on {day}."),
            why=N_("The earliest value is valid from {earliest}."),
            remedy=N_("Add the value with its date and reference to the file of the provision in law/statutes."),
            provision=provision,
            name=name,
            day=self.day.isoformat(),
            earliest=min(days).isoformat() if days else "-",
        )


class StatuteBook:
    """All statutes, read once."""

    def __init__(self, statutes: dict[str, Statute]) -> None:
        self.statutes = statutes

    @classmethod
    def load(cls, folder: Path = FOLDER) -> "StatuteBook":
        """Read every file below ``folder`` except ``_proposed``. Raises StatuteError naming the file and the fault."""
        by_id: dict[str, Statute] = {}
        for file in sorted(folder.rglob("*.yaml")):
            if PROPOSED.name in file.relative_to(folder).parts:
                continue
            statute = read_statute(file)
            if statute.id in by_id:
                raise unreadable(file.name, f"id: another file is called {statute.id} too")
            by_id[statute.id] = statute
        if not by_id:
            raise unreadable(folder.name, "there is no statute in it")
        _check(by_id)
        return cls(by_id)

    def on(self, day: date) -> LawInForce:
        """Return the law in force on ``day``: for a breach, the day of awareness."""
        return LawInForce(self.statutes, day)

    def if_adopted(self, proposal: Path, starts_on: date) -> "StatuteBook":
        """Return the book as it would be if the ``proposal`` applied from ``starts_on``: a question, never the law."""
        statutes = dict(self.statutes)
        for proposed in map(read_statute, sorted(proposal.rglob("*.yaml"))):
            current = statutes[proposed.id]
            values = {
                name: {**current.values.get(name, {}), starts_on: dated[max(dated)]}
                for name, dated in proposed.values.items()
            }
            statutes[proposed.id] = current.model_copy(update={"values": {**current.values, **values}})
        return StatuteBook(statutes)


def _check(statutes: dict[str, Statute]) -> None:
    """Refuse a parallel clock without its time limit, and a period counted from what no file describes."""
    for statute in statutes.values():
        if statute.regime is not None and statute.values and "time_limit" not in statute.values:
            raise unreadable(statute.id, "values: a duty under another law says its time_limit")
        for name, dated in statute.values.items():
            for value in dated.values():
                if "." in value.counted_from and value.counted_from not in statutes:
                    raise unreadable(statute.id, f"values.{name}: there is no {value.counted_from} to count from")
