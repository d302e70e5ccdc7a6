"""How the end of a message is written down: over what stood there before it, and over nothing else."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Update, bindparam, or_, update
from sqlmodel import col

from models.delivery import End
from models.recipient import DeliveryState, Dispatch
from models.tables import DispatchRow

KEY = {
    "communication": col(DispatchRow.communication),
    "recipient": col(DispatchRow.recipient),
    "letter_sha256": col(DispatchRow.letter_sha256),
}
"""What tells a message from any other."""
FAILED = {DeliveryState.REFUSED, DeliveryState.RETURNED, DeliveryState.LEFT_OUT, DeliveryState.UNPRINTABLE}
"""The ends of a message that nobody has."""
_OPEN = {DeliveryState.CLAIMED, DeliveryState.UNCERTAIN}
_BEFORE_IT_FAILED = {DeliveryState.SENT, DeliveryState.LEFT_OUT}


def ending(state: DeliveryState) -> Update:
    """Return the statement that ends a message in ``state``. What fails after it was sent, or left out, failed late."""
    before = _OPEN | {state} | (_BEFORE_IT_FAILED if state in FAILED else set())
    own: list[ColumnElement[bool]] = [column == bindparam(f"its_{name}") for name, column in KEY.items()]
    new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in ("state", "ended_at", "held_until", "detail")}
    if state is DeliveryState.DEFERRED:
        new["tries"] = col(DispatchRow.tries) + 1
    if state is DeliveryState.WAITING:
        new["claimed_at"] = None
    return update(DispatchRow).where(*own, or_(*(col(DispatchRow.state) == one for one in before))).values(new)


def values(dispatch: Dispatch, end: End, now: datetime) -> dict[str, object]:
    """Return what the statement is executed with for one message."""
    return {
        **{f"its_{name}": value for name, value in dispatch},
        "new_state": end.state,
        "new_ended_at": None if end.state is DeliveryState.WAITING else now,
        "new_held_until": end.until,
        "new_detail": end.detail,
    }
