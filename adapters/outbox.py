"""Who was sent what: a message is claimed before it is sent and settled after, each in a transaction of its own."""

import hashlib
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, func, select, tuple_, update
from sqlmodel import col

from adapters.database import insert, writing
from models.errors import N_, UnknownReference
from models.recipient import Channel, DeliveryState, Dispatch
from models.tables import DispatchRow

_key = (col(DispatchRow.communication), col(DispatchRow.recipient), col(DispatchRow.letter_sha256))
_state = col(DispatchRow.state)
_OPEN = (DeliveryState.CLAIMED, DeliveryState.UNCERTAIN)


class SqlOutbox:
    """The outbox of one installation; ``domain`` ends its Message-IDs (RFC 5322, section 3.6.4)."""

    def __init__(self, engine: Engine, domain: str) -> None:
        self._engine, self._domain = engine, domain

    def claim(self, dispatch: Dispatch, *, channel: Channel, now: datetime) -> str | None:
        """Return the Message-ID if this message is now ours to send; None if it was sent, refused or claimed before.

        A deferred message may be claimed again. One statement asks and answers, so of two who claim one wins.
        """
        claimed = {"channel": channel, "state": DeliveryState.CLAIMED, "claimed_at": now}
        claimed |= {"ended_at": None, "detail": ""}
        row = {**dispatch.model_dump(), "message_id": self.message_id(dispatch), **claimed}
        with writing(self._engine) as connection:
            again = insert(connection, DispatchRow).on_conflict_do_update(
                index_elements=_key, set_=claimed, where=_state == DeliveryState.DEFERRED
            )
            return connection.scalar(again.returning(col(DispatchRow.message_id)), row)

    def settle(self, dispatch: Dispatch, *, state: DeliveryState, now: datetime, detail: str = "") -> None:
        """Record what became of a claimed message. ``detail`` holds the server's code, never an address.

        What was sent stays sent, unless it bounces late (REFUSED); to say the same again changes nothing but the time.
        Raises UnknownReference if nobody had claimed the message.
        """
        before = {*_OPEN, state} | ({DeliveryState.SENT} if state is DeliveryState.REFUSED else set())
        end = {"state": state, "ended_at": now, "detail": detail}
        with writing(self._engine) as connection:
            mine = update(DispatchRow).where(_is(dispatch), _state.in_(before)).values(end)
            if connection.execute(mine).rowcount == 0:
                raise UnknownReference(
                    N_("There is no claimed message to recipient {recipient} in {communication}."),
                    why=N_("The end of a message can be recorded while it is claimed or uncertain."),
                    remedy=N_("Claim the message before you send it."),
                    recipient=dispatch.recipient,
                    communication=dispatch.communication,
                )

    def counts(self, communication: str) -> dict[tuple[Channel, DeliveryState], int]:
        """Return how many messages of ``communication`` went which way and how they ended."""
        ways = (col(DispatchRow.channel), _state)
        own = select(*ways, func.count()).where(col(DispatchRow.communication) == communication)
        with self._engine.connect() as connection:
            rows = connection.execute(own.group_by(*ways))
            return {(Channel(channel), DeliveryState(state)): count for channel, state, count in rows}

    def states(self, communication: str, letter_sha256: str) -> dict[tuple[str, Channel], DeliveryState]:
        """Return what became of each message of ``communication`` with that letter, by its recipient and channel."""
        ends = select(col(DispatchRow.recipient), col(DispatchRow.channel), _state)
        with self._engine.connect() as connection:
            own = (col(DispatchRow.communication) == communication, col(DispatchRow.letter_sha256) == letter_sha256)
            rows = connection.execute(ends.where(*own))
            return {(recipient, Channel(channel)): DeliveryState(state) for recipient, channel, state in rows}

    def refused(self, communication: str) -> frozenset[str]:
        """Return the ids of the recipients whose message by e-mail was refused for good."""
        by_email = col(DispatchRow.channel) == Channel.EMAIL
        ids = select(col(DispatchRow.recipient)).where(by_email, _state == DeliveryState.REFUSED)
        with self._engine.connect() as connection:
            return frozenset(connection.scalars(ids.where(col(DispatchRow.communication) == communication)))

    def uncertain(self) -> tuple[Dispatch, ...]:
        """Return the messages that may or may not have arrived, also those claimed and never settled."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(*_key).where(_state.in_(_OPEN)).order_by(*_key))
            return tuple(Dispatch.model_validate(row._asdict()) for row in rows)

    def message_id(self, dispatch: Dispatch) -> str:
        """Return the same id for the same message, always: a second copy can be recognised wherever it ends up."""
        key = f"{dispatch.communication}\n{dispatch.recipient}\n{dispatch.letter_sha256}"
        return f"<{hashlib.sha256(key.encode()).hexdigest()}@{self._domain}>"


def _is(dispatch: Dispatch) -> ColumnElement[bool]:
    return tuple_(*_key) == (dispatch.communication, dispatch.recipient, dispatch.letter_sha256)
