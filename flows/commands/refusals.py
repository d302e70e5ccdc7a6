"""How the command line says no, in Swedish: what, why and what now. Never a traceback, never what somebody typed."""

import re
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

import typer
from pydantic import ValidationError

from letters.language import capital, explain, named
from models.errors import PostError, TimglasError

REFUSED, FAULT = 2, 1
"""Exit codes: we refused, and somebody must change something; or a fault, and it may work later."""

_OURS = Path(__file__).parents[2]


def refusal(said: TimglasError | typer.TyperException | ValidationError) -> tuple[str, int]:
    """Return the sentences for ``said``, and the exit code."""
    if isinstance(said, PostError):
        return explain(said), FAULT
    if isinstance(said, TimglasError):
        return explain(said), REFUSED
    if isinstance(said, ValidationError):
        return _not_accepted(said), REFUSED
    return _misspoken(said), said.exit_code


def say_fault(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    """Say that something broke, and where in our code; what the fault itself says may hold somebody's data."""
    del fault
    ours = [frame for frame in traceback.extract_tb(trace) if Path(frame.filename).is_relative_to(_OURS)]
    where = [frame for frame in ours if ".venv" not in Path(frame.filename).parts]
    place = f" i {Path(where[-1].filename).relative_to(_OURS)}, rad {where[-1].lineno}" if where else ""
    typer.echo(
        f"Något gick sönder: {kind.__name__}{place}. Det som redan var antecknat är orört. Försök igen; "
        "om det händer igen, skicka den här raden till den som sköter Timglas.",
        err=True,
    )


def _not_accepted(fault: ValidationError) -> str:
    """A value that no option checked and the models refused: say which, not what it was."""
    place = [step for step in fault.errors()[0]["loc"] if isinstance(step, str)]
    name = place[-1] if place else ""
    said = next((word for word in (named("field", name), named("fact", name)) if word != name), name)
    return f"{capital(said)}: det du skrev har inte rätt form. Rätta det, exempel finns i --help. Inget är antecknat."


def _misspoken(fault: Any) -> str:
    """Say what was wrong with how the command was typed."""
    context = getattr(fault, "ctx", None)
    help_at = f"{context.command_path if context else 'timglas'} --help"
    name = fault.param_hint if getattr(fault, "param_hint", None) else _name(getattr(fault, "param", None))
    match type(fault).__name__:
        case "MissingParameter":
            actor = " Det går också att sätta TIMGLAS_ACTOR." if name == "--by" else ""
            return f"Det saknas något: {name}.{actor} Skriv {help_at} för att se hur."
        case "NoSuchOption":
            near = [option for option in fault.possibilities or () if option != "--now"]
            meant = f" Menar du {' eller '.join(near)}?" if near else ""
            return f"Det finns inget val som heter {fault.option_name}.{meant} Skriv {help_at} för att se alla."
        case "BadOptionUsage":
            return f"{fault.option_name} är inte rätt skrivet. Skriv {help_at} för att se hur."
        case "BadParameter":
            return f"{name}: {fault.message}" if name else str(fault.message)
    guess = re.search(r"Did you mean (.+)\?$", str(fault.message))
    meant = " Menar du {}?".format(guess[1].replace("'", "").replace(", ", " eller ")) if guess else ""
    return f"Kommandot går inte att förstå.{meant} Skriv {help_at} för att se vad som finns."


def _name(param: Any) -> str:
    """Return how a parameter is called on the command line."""
    if param is None:
        return ""
    return str(param.metavar or param.name) if param.param_type_name == "argument" else str(max(param.opts, key=len))
