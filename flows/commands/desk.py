"""Where every command sits: the world of this installation, and how an answer is given."""

import json
from datetime import datetime
from typing import Any

import typer

from models.instants import local
from services.ports.world import World


def world() -> World:
    """Return the world the environment describes; what takes long to import is imported only now."""
    from flows.bootstrap import wire  # noqa: PLC0415 - `timglas clock` must not wait for the database

    return wire()


def answer(data: Any) -> None:
    """Print ``data`` as JSON."""
    typer.echo(json.dumps(data, ensure_ascii=False, indent=1, default=_plain))


def _plain(value: object) -> str:
    return local(value).isoformat() if isinstance(value, datetime) else str(value)
