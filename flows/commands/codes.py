"""Acts that a certain person confirms: the first try mails the code, the next one enters it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated

import typer

from services.confirm import CodeNeeded, send_code
from services.ports.world import World

CodeOption = Annotated[
    str | None, typer.Option("--code", metavar="KOD", help="Koden du fick med e-post. Utan den skickas en.")
]


@contextmanager
def confirmed(*, now: datetime, here: World) -> Iterator[None]:
    """Where the act in the block waits for a code, mail it, say so, and end with status 2: nothing is done yet."""
    try:
        yield
    except CodeNeeded as needed:
        asyncio.run(send_code(needed.subject, now=now, world=here))
        typer.echo(
            f"En kod har skickats till {needed.subject.actor}. Gör om samma sak inom 15 minuter med --code KOD. "
            "Inget är gjort än.",
            err=True,
        )
        raise typer.Exit(2) from None
