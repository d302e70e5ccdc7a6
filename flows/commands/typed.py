"""What people type: times, texts, ids and choices, read in Swedish or refused in Swedish. What was typed is never repeated."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

import typer
from pydantic import TypeAdapter, ValidationError

from letters.choices import chosen
from letters.language import named, word
from models.base import ActorId, IncidentId, PlainText, holds_personal_identity_number
from models.breach_events import ExceptionProvision
from models.filing_events import NotificationAcknowledged
from models.instants import read_instant
from services.documents.drafts import LETTERS

Kind = TypeVar("Kind", bound=StrEnum)
Choice = TypeVar("Choice")


def instant(typed: str | datetime) -> datetime:
    """Read Swedish local time, exact time with an offset, or the word ``nu``. Raises UnreadableTime."""
    if isinstance(typed, datetime):
        return typed
    return datetime.now(UTC) if typed.strip().lower() == "nu" else read_instant(typed)


def plain_text(typed: str) -> str:
    """Read a text for the record. Refuses one that holds a personnummer, an empty one and one that is too long."""
    if holds_personal_identity_number(typed):
        raise typer.BadParameter(
            "Texten innehåller ett personnummer. Det som antecknas i ett ärende går inte att radera. "
            "Skriv personens roll i stället."
        )
    return _fits(TypeAdapter(PlainText), typed, "Texten är tom eller längre än 20 000 tecken. Skriv en kortare text.")


def actor(typed: str) -> str:
    """Read the id of a role-bearer."""
    return _fits(
        TypeAdapter(ActorId),
        typed,
        "Den som gör något anges med sitt id i registret, inte med sitt namn. Skriv till exempel sara.exempel.",
    )


def incident_id(typed: str) -> str:
    """Read a case reference, in capitals or not."""
    return _fits(
        TypeAdapter(IncidentId),
        typed.strip().upper(),
        "Ett ärendenummer ser ut så här: INC-2026-0042. Skriv timglas board för att se de ärenden som finns.",
    )


def diary_number(typed: str) -> str:
    """Read the number the authority gave a file."""
    kind = Annotated[str, NotificationAcknowledged.model_fields["diary_number"]]
    return _fits(TypeAdapter(kind), typed.strip().upper(), "Ett diarienummer hos IMY ser ut så här: IMY-2026-1234.")


def member(kind: type[Kind]) -> Callable[[str], Kind]:
    """Return the reader of ``kind``: a member's own value, its Swedish words, or one word of them that no other has."""

    def read(typed: str | Kind) -> Kind:
        return choose(typed, {one: (one.value, word(one)) for one in kind})

    return read


def letter(typed: str) -> str:
    """Read the name of a letter a person approves."""
    return choose(typed, {name: (name, named("letter", name)) for name in LETTERS})


def exception(typed: str) -> ExceptionProvision:
    """Read one of the three exceptions: ``c``, ``34.3 c`` or ``gdpr.34.3.c``."""
    point = typed.lower().removeprefix("gdpr.").removeprefix("34.3").strip(" .")
    return choose(point, {provision: (provision[-1],) for provision in get_args(ExceptionProvision)})


def day(typed: str) -> date:
    """Read a day."""
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise typer.BadParameter("Skriv dagen som år, månad och dag, till exempel 2026-03-01.") from None


def existing_file(typed: str) -> Path:
    """Read the name of a file that is there."""
    file = Path(typed)
    if not file.is_file():
        raise typer.BadParameter(f"Det finns ingen fil som heter {file.name}. Kontrollera namnet och mappen.")
    return file


def whole_number(typed: str) -> int:
    """Read a positive whole number."""
    if not typed.isascii() or not typed.isdigit():
        raise typer.BadParameter("Skriv ett heltal, till exempel 7.")
    return int(typed)


def choose(typed: str, choices: Mapping[Choice, Iterable[str]]) -> Choice:
    """Return the choice that ``typed`` says; the last of its words are those shown. Refuses what says none or several."""
    found = chosen(typed, choices)
    if found is None:
        raise typer.BadParameter(f"Välj ett av de här: {'; '.join([*words][-1] for words in choices.values())}.")
    return found


def _fits(kind: TypeAdapter[str], typed: str, otherwise: str) -> str:
    try:
        return kind.validate_python(typed)
    except ValidationError:
        raise typer.BadParameter(otherwise) from None


def text(says: str, *flags: str) -> Any:
    """Return an option that takes a text for the record."""
    return typer.Option(*flags, parser=plain_text, metavar="TEXT", help=says)


def when(says: str, *flags: str) -> Any:
    """Return an option that takes a time."""
    return typer.Option(*flags, parser=instant, metavar="TID", help=says, show_default=False)


Case = Annotated[
    str, typer.Argument(parser=incident_id, metavar="ÄRENDE", help="Ärendets nummer, till exempel INC-2026-0042.")
]
By = Annotated[
    str,
    typer.Option(parser=actor, envvar="TIMGLAS_ACTOR", metavar="ID", help="Vem du är i registret."),
]
Now = Annotated[datetime, typer.Option(parser=instant, hidden=True, default_factory=lambda: datetime.now(UTC))]
AsJson = Annotated[bool, typer.Option("--json", metavar=" ", help="Skriv svaret som JSON.")]
DryRun = Annotated[bool, typer.Option("--dry-run", metavar=" ", help="Visa vad som skulle hända. Inget antecknas.")]
