"""The line in which messages wait: taking some from it, so that each goes to one of those who ask, and no faster than allowed.

PostgreSQL passes over what somebody else is taking at this moment (SKIP LOCKED); on SQLite those who take wait for turns.
"""

import sys
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, exists, func, select, text, tuple_, update
from sqlmodel import col

from models.delivery import Claim
from models.recipient import Channel, DeliveryState, Dispatch
from models.tables import DispatchRow, HaltRow

LEASE = timedelta(minutes=30)
"""How long a claimed message is its sender's alone: a batch takes seconds, and the server may take ten minutes to answer."""

Limits = tuple[tuple[timedelta, int], ...]
"""How many messages the provider takes within how long."""

_ONE_AT_A_TIME = 0x71_6D_67_6C_61_74
_communication, _recipient = col(DispatchRow.communication), col(DispatchRow.recipient)
_letter, _state = col(DispatchRow.letter_sha256), col(DispatchRow.state)
_held_until, _claimed_at = col(DispatchRow.held_until), col(DispatchRow.claimed_at)
_KEY = (_communication, _recipient, _letter)
_email = col(DispatchRow.channel) == Channel.EMAIL
"""What the provider's limits are about: a letter on paper stands in the same table, and goes past no mail server."""


def take(
    connection: Connection, communication: str, letter: str, *, limit: int, now: datetime, urgent: bool
) -> tuple[Claim, ...]:
    """Claim up to ``limit`` messages: what waits, then what a server put off until now. None while they are halted."""
    own = (_communication == communication) & (_letter == letter) & ~halted(communication)
    claims = _take(connection, own & (_state == DeliveryState.WAITING), limit, now)
    if len(claims) < limit:
        put_off = own & (_state == DeliveryState.DEFERRED)
        claims += _take(connection, put_off if urgent else put_off & (_held_until <= now), limit - len(claims), now)
    return tuple(claims)


def halted(communication: str) -> ColumnElement[bool]:
    """Return the condition that a person has halted the communication."""
    return exists().where(col(HaltRow.communication) == communication)


def left(connection: Connection, limits: Limits, now: datetime) -> int:
    """Return how many messages the provider takes now. Those who ask take turns, so that nobody counts too few."""
    if not limits:
        return sys.maxsize
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
    return max(0, min(most - _claimed_since(connection, now - span) for span, most in limits))


def opens(connection: Connection, limits: Limits, now: datetime) -> datetime:
    """Return when the provider takes a message again: when the oldest that fills a span has grown out of it."""
    opens_at = [now]
    for span, most in limits:
        newest = select(_claimed_at).where(_email, _claimed_at > now - span).order_by(_claimed_at.desc())
        oldest = connection.scalar(newest.offset(most - 1).limit(1))
        opens_at += [oldest + span] if oldest else []
    return max(opens_at)


def _take(connection: Connection, which: ColumnElement[bool], limit: int, now: datetime) -> list[Claim]:
    if limit <= 0:
        return []
    line = select(*_KEY).where(which).order_by(_recipient).limit(limit).with_for_update(skip_locked=True).cte("line")
    held = {
        "state": DeliveryState.CLAIMED,
        "claimed_at": now,
        "held_until": now + LEASE,
        "ended_at": None,
        "detail": "",
    }
    mine = update(DispatchRow).where(tuple_(*_KEY).in_(select(line))).values(held)
    told = (*_KEY, col(DispatchRow.message_id), col(DispatchRow.tries))
    rows = connection.execute(mine.returning(*told))
    return [
        Claim(Dispatch(communication=communication, recipient=recipient, letter_sha256=letter), message_id, tries + 1)
        for communication, recipient, letter, message_id, tries in sorted(rows, key=lambda row: row.recipient)
    ]


def _claimed_since(connection: Connection, start: datetime) -> int:
    return connection.scalar(select(func.count()).where(_email, _claimed_at > start)) or 0
