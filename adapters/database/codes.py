"""One-time codes: six digits, kept as keyed digests, each for one person and one content, once, and not for long."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, func, select, update
from sqlmodel import col

from adapters.database.engine import insert, writing
from models.base import ActorId, Sha256
from models.confirmation import Verdict
from models.tables import CodeRow

LIFETIME = timedelta(minutes=15)
"""How long a code can be used: long enough to find the mail, short enough that an open mailbox tempts nobody."""

WRONG_A_CODE, WRONG_AN_HOUR = 5, 15
"""After so many wrong entries a code, or for an hour the person, is locked: a million codes at fifteen an hour."""


class SqlCodes:
    """The codes of one installation. ``key`` makes their digests useless to whoever copies the database."""

    def __init__(self, engine: Engine, key: bytes) -> None:
        self._engine, self._key = engine, hashlib.sha256(b"timglas codes" + key).digest()

    def make(self, subject: Sha256, actor: ActorId, now: datetime) -> str:
        """Return a new code for ``subject``. An earlier one for the same subject is void."""
        code, name = f"{secrets.randbelow(10**6):06d}", secrets.token_hex(16)
        row = {"id": name, "actor": actor, "subject": subject, "digest": self._digest(name, code), "wrong": 0}
        times = {"made_at": now, "expires_at": now + LIFETIME, "ended_at": None}
        with writing(self._engine) as connection:
            _end(connection, subject, now)
            connection.execute(insert(connection, CodeRow), {**row, **times})
        return code

    def use(self, subject: Sha256, actor: ActorId, code: str, now: datetime) -> Verdict:
        """Use ``code`` for ``subject``. A right one works once; a wrong one counts, whatever it was meant for."""
        with writing(self._engine) as connection:
            open_one = select(CodeRow.id, CodeRow.digest, CodeRow.expires_at, CodeRow.wrong).where(  # type: ignore[call-overload]
                col(CodeRow.subject) == subject, col(CodeRow.ended_at).is_(None)
            )
            found = connection.execute(open_one.with_for_update()).first()
            if _wrong_lately(connection, actor, now) >= WRONG_AN_HOUR:
                return Verdict.LOCKED
            if found is None:
                return Verdict.NONE
            if now > found.expires_at:
                _end(connection, subject, now)
                return Verdict.EXPIRED
            if hmac.compare_digest(found.digest, self._digest(found.id, code.strip())):
                _end(connection, subject, now)
                return Verdict.RIGHT
            locked = found.wrong + 1 >= WRONG_A_CODE
            wrong = {"wrong": found.wrong + 1, "ended_at": now if locked else None}
            connection.execute(update(CodeRow).where(col(CodeRow.id) == found.id).values(wrong))
            return Verdict.LOCKED if locked else Verdict.WRONG

    def _digest(self, name: str, code: str) -> str:
        return hmac.new(self._key, f"{name}\n{code}".encode(), hashlib.sha256).hexdigest()


def _end(connection: Connection, subject: Sha256, now: datetime) -> None:
    still_open = (col(CodeRow.subject) == subject, col(CodeRow.ended_at).is_(None))
    connection.execute(update(CodeRow).where(*still_open).values(ended_at=now))


def _wrong_lately(connection: Connection, actor: ActorId, now: datetime) -> int:
    lately = (col(CodeRow.actor) == actor, col(CodeRow.made_at) > now - timedelta(hours=1))
    return connection.scalar(select(func.coalesce(func.sum(col(CodeRow.wrong)), 0)).where(*lately)) or 0
