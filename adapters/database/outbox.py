"""Who was sent what: a message is queued, claimed before it is sent, and its end recorded after, a batch at a time.

A claim that runs out without an end belongs to a process that died: nobody knows whether its message went.
"""

import hmac
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Engine, Row, delete, exists, func, select, update
from sqlmodel import col

from adapters.database.ending import FAILED, KEY, ending, values
from adapters.database.engine import insert, patiently, writing
from adapters.database.line import Limits, halted, left, opens, take
from models.delivery import Claim, Doubt, End, Pace
from models.errors import N_, UnknownReference
from models.recipient import Channel, DeliveryState, Dispatch
from models.tables import DispatchRow, HaltRow

_TOKEN_DIGITS = 40
_communication, _recipient = col(DispatchRow.communication), col(DispatchRow.recipient)
_letter, _channel = col(DispatchRow.letter_sha256), col(DispatchRow.channel)
_state, _held_until = col(DispatchRow.state), col(DispatchRow.held_until)
_message_id, _claimed_at = col(DispatchRow.message_id), col(DispatchRow.claimed_at)
_KEY = tuple(KEY.values())
_NO_END = "no end"
_MANY, _LONG_ENOUGH = 500, 60.0
"""What a speed can be measured on: so many messages, in so many seconds."""
_GUESSED = 20.0
"""Messages in a second that a mail server which writes each of them to disk takes without effort."""


class SqlOutbox:
    """The outbox of one installation. ``domain`` ends its Message-IDs (RFC 5322, section 3.6.4).

    They are made with ``secret``, so that nobody can tell the id of a message they have not seen, and report it as
    bounced. ``limits`` say how many messages the provider takes within how long.
    """

    def __init__(self, engine: Engine, domain: str, secret: bytes, *, limits: Limits = ()) -> None:
        self._engine, self._domain, self._limits = engine, domain, limits
        self._secret = hmac.digest(secret, b"message ids", "sha256")

    def queue(self, dispatches: Iterable[Dispatch], *, channel: Channel) -> None:
        """Put in line what is not there yet; what is in line, on its way or ended stays as it is."""
        self._insert([self._row(dispatch, channel) for dispatch in dispatches])

    def record(
        self,
        dispatches: Iterable[Dispatch],
        *,
        channel: Channel,
        now: datetime,
        state: DeliveryState = DeliveryState.SENT,
    ) -> None:
        """Record as sent, or as unprintable, what needed no claim, because doing it again gives the same: a letter on paper."""
        end = {"state": state, "claimed_at": now, "ended_at": now}
        self._insert([self._row(dispatch, channel) | end for dispatch in dispatches])

    def claim(
        self, communication: str, letter: str, *, limit: int, now: datetime, urgent: bool = False
    ) -> tuple[Claim, ...]:
        """Return messages that are now ours to send, in the order of their recipients; at most ``limit``.

        None while the communication is halted. What is ``urgent`` need not wait for the provider's limits. If the
        database is away, it is waited for.
        """

        def claimed() -> tuple[Claim, ...]:
            with writing(self._engine) as connection:
                allowed = limit if urgent else min(limit, left(connection, self._limits, now))
                return take(connection, communication, letter, limit=allowed, now=now, urgent=urgent)

        return patiently(claimed)

    def settle(self, ends: Iterable[tuple[Dispatch, End]], *, now: datetime) -> None:
        """Record what became of claimed messages, waiting for the database if it is away.

        What was sent stays sent, unless it bounces (REFUSED), is brought back (RETURNED) or, printed and not posted, is
        left out (LEFT_OUT); what was left out may turn out to be posted all the same, and come back. To say the same
        again changes nothing but the time. What bounced before its sender could say that it went, came back all the same.
        Raises UnknownReference if nobody had claimed one of the messages; the others are recorded.
        """
        told = list(ends)
        if told and patiently(lambda: self._settled(told, now)) < len(told) and not self._is_over(told):
            raise UnknownReference(
                N_("There is no claimed message to settle in {communication}."),
                why=N_("The end of a message can be recorded while it is claimed or uncertain."),
                remedy=N_("Claim the message before you send it."),
                communication=told[0][0].communication,
            )

    def expire(self, communication: str, *, now: datetime) -> None:
        """Call uncertain what was claimed so long ago that its sender must have died."""
        died = (_communication == communication) & (_state == DeliveryState.CLAIMED) & (_held_until <= now)
        end = {"state": DeliveryState.UNCERTAIN, "ended_at": now, "detail": _NO_END}
        with writing(self._engine) as connection:
            connection.execute(update(DispatchRow).where(died).values(end))

    def halt(self, communication: str) -> None:
        """Let nobody claim a message of the communication from now on. What is in somebody's hands comes to its end."""
        row = {"communication": communication}
        with writing(self._engine) as connection:
            connection.execute(insert(connection, HaltRow).on_conflict_do_nothing(), row)

    def go_on(self, communication: str) -> None:
        """Take back the halt."""
        with writing(self._engine) as connection:
            connection.execute(delete(HaltRow).where(col(HaltRow.communication) == communication))

    def opens_at(self, communication: str, letter: str, *, now: datetime, urgent: bool = False) -> datetime | None:
        """Return when there is something to do here: at once (``now``), later, or never as things stand (None)."""
        own = (_communication == communication) & (_letter == letter)
        in_line = {DeliveryState.WAITING, DeliveryState.DEFERRED} if urgent else {DeliveryState.WAITING}
        held = own & _state.in_({DeliveryState.DEFERRED, DeliveryState.CLAIMED})
        with self._engine.connect() as connection:
            if connection.scalar(select(halted(communication))):
                return None
            if connection.scalar(select(exists().where(own, _state.in_(in_line)))):
                return now if urgent else opens(connection, self._limits, now)
            until = connection.scalar(select(func.min(_held_until)).where(held))
            return None if until is None else max(until, now)

    def last_claimed(self, communication: str) -> datetime | None:
        """Return when a message of ``communication`` was last taken from the line to be sent; None if none ever was.

        What went back to the line because nothing of it left the house does not count.
        """
        with self._engine.connect() as connection:
            return connection.scalar(select(func.max(_claimed_at)).where(_communication == communication))

    def pace(self) -> Pace:
        """Return how fast the last large sending went, pauses and all; a careful guess before there has been one."""
        first, last, count = func.min(_claimed_at), func.max(col(DispatchRow.ended_at)), func.count()
        sent = (_channel == Channel.EMAIL) & (_state == DeliveryState.SENT)
        newest = select(first, last, count).where(sent).group_by(_communication, _letter).having(count >= _MANY)
        with self._engine.connect() as connection:
            row = connection.execute(newest.order_by(last.desc()).limit(1)).first()
        began, ended, messages = row or (None, None, 0)
        seconds = (ended - began).total_seconds() if began and ended else 0.0
        if seconds < _LONG_ENOUGH:
            return Pace(_GUESSED, limits=self._limits)
        return Pace(messages / seconds, measured=True, limits=self._limits)

    def counts(self, communication: str, letter_sha256: str | None = None) -> dict[tuple[Channel, DeliveryState], int]:
        """Return how many messages of ``communication``, with that letter or any, go which way and where they stand."""
        own = select(_channel, _state, func.count()).where(_communication == communication)
        if letter_sha256 is not None:
            own = own.where(_letter == letter_sha256)
        with self._engine.connect() as connection:
            rows = connection.execute(own.group_by(_channel, _state))
            return {(Channel(channel), DeliveryState(state)): count for channel, state, count in rows}

    def states(self, communication: str, letter_sha256: str) -> dict[tuple[str, Channel], DeliveryState]:
        """Return where each message of ``communication`` with that letter stands, by its recipient and channel."""
        own = select(_recipient, _channel, _state).where(_communication == communication, _letter == letter_sha256)
        with self._engine.connect() as connection:
            rows = connection.execute(own)
            return {(key, Channel(channel)): DeliveryState(state) for key, channel, state in rows}

    def failed(self, communication: str, letter_sha256: str | None = None) -> dict[tuple[str, Channel], DeliveryState]:
        """Return how each message failed, with that letter or any, by its recipient and channel: refused, left out and so on."""
        own = (_communication == communication) & _state.in_(FAILED)
        if letter_sha256 is not None:
            own &= _letter == letter_sha256
        with self._engine.connect() as connection:
            rows = connection.execute(select(_recipient, _channel, _state).where(own))
            return {(key, Channel(channel)): DeliveryState(state) for key, channel, state in rows}

    def stuck(self, kind: str) -> tuple[str, ...]:
        """Return the communications of that ``kind``, which ends their name, with a message refused or uncertain."""
        lost = _state.in_({*FAILED, DeliveryState.UNCERTAIN})
        own = select(_communication).where(_communication.endswith(f"/{kind}", autoescape=True), lost).distinct()
        with self._engine.connect() as connection:
            return tuple(connection.execute(own.order_by(_communication)).scalars())

    def uncertain(self, communication: str) -> tuple[Doubt, ...]:
        """Return the messages that may or may not have arrived, oldest first."""
        own = (_communication == communication) & (_state == DeliveryState.UNCERTAIN)
        doubts = select(*_KEY, _message_id, _claimed_at, col(DispatchRow.detail)).where(own)
        with self._engine.connect() as connection:
            return tuple(_doubt(row) for row in connection.execute(doubts.order_by(_claimed_at, _recipient)))

    def find(self, token: str) -> Dispatch | None:
        """Return the message whose Message-ID begins with ``token``."""
        with self._engine.connect() as connection:
            row = connection.execute(select(*_KEY).where(_message_id == f"<{token}@{self._domain}>")).first()
        return None if row is None else _dispatch(row)

    def message_id(self, dispatch: Dispatch) -> str:
        """Return the Message-ID of the message, the same always: a second copy is recognised wherever it ends up."""
        key = f"{dispatch.communication}\n{dispatch.recipient}\n{dispatch.letter_sha256}"
        return f"<{hmac.digest(self._secret, key.encode(), 'sha256').hex()[:_TOKEN_DIGITS]}@{self._domain}>"

    def _insert(self, rows: list[dict[str, object]]) -> None:
        if rows:
            with writing(self._engine) as connection:
                connection.execute(insert(connection, DispatchRow).on_conflict_do_nothing(), rows)

    def _row(self, dispatch: Dispatch, channel: Channel) -> dict[str, object]:
        line = {"channel": channel, "state": DeliveryState.WAITING, "message_id": self.message_id(dispatch)}
        return {**dict(dispatch), **line, "tries": 0, "detail": ""}

    def _settled(self, ends: list[tuple[Dispatch, End]], now: datetime) -> int:
        def state_of(told: tuple[Dispatch, End]) -> DeliveryState:
            return told[1].state

        with writing(self._engine) as connection:
            return sum(
                connection.execute(ending(state), [values(*told, now) for told in group]).rowcount
                for state, group in groupby(sorted(ends, key=state_of), key=state_of)
            )

    def _is_over(self, ends: list[tuple[Dispatch, End]]) -> bool:
        """Tell whether each message has the end that is told of it, or was refused meanwhile."""
        with self._engine.connect() as connection:
            return all(
                connection.scalar(select(_state).where(*(KEY[name] == value for name, value in dispatch)))
                in {end.state, DeliveryState.REFUSED}
                for dispatch, end in ends
            )


def _dispatch(row: Row[Any]) -> Dispatch:
    return Dispatch(communication=row.communication, recipient=row.recipient, letter_sha256=row.letter_sha256)


def _doubt(row: Row[Any]) -> Doubt:
    return Doubt(_dispatch(row), row.message_id, row.claimed_at, row.detail)
