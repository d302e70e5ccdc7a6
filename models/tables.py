"""The rows. They have no methods and no rules: values are in the other modules, triggers in the migrations."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel, UniqueConstraint

from models.columns import Key, UtcDateTime

_UNSHOWN = text("shown <> length")
_UNSETTLED = text("state IN ('claimed', 'uncertain', 'deferred')")


class TimelineRow(SQLModel, table=True):
    """One event. The pair of keys refuses a rival writer; the triggers refuse UPDATE and DELETE."""

    __tablename__ = "timeline"

    incident_id: str = Field(primary_key=True, sa_type=Key)
    sequence: int = Field(primary_key=True)
    type: str = Field(index=True)
    payload: str
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by: str
    previous_hash: str
    hash: str


class IncidentViewRow(SQLModel, table=True):
    """A projection of the timeline, rebuildable at any time. ``next_at`` is when a sweep must look again.

    ``shown`` is the length of the timeline that Prefect shows.

    A party has one incident in a family: the pair is unique, so two intakes of the same notice cannot open two.
    """

    __tablename__ = "incident_view"
    __table_args__ = (
        UniqueConstraint("family", "party"),
        Index("ix_incident_view_unshown", "incident_id", sqlite_where=_UNSHOWN, postgresql_where=_UNSHOWN),
    )

    incident_id: str = Field(primary_key=True, sa_type=Key)
    family: str
    party: str
    length: int
    next_at: datetime | None = Field(sa_type=UtcDateTime, index=True)
    shown: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class CommunicationKeyRow(SQLModel, table=True):
    """The wrapped key of one communication. Deleting it makes the recipients' data unreadable for ever."""

    __tablename__ = "communication_keys"

    communication: str = Field(primary_key=True)
    wrapped_key: bytes


class RecipientRow(SQLModel, table=True):
    """One recipient, sealed with the key of its communication."""

    __tablename__ = "recipients"

    communication: str = Field(primary_key=True)
    recipient_id: str = Field(primary_key=True, sa_type=Key)
    sealed: bytes


class FrameRow(SQLModel, table=True):
    """What many printed letters share. It holds no person's data; its id is its SHA-256."""

    __tablename__ = "frames"

    id: str = Field(primary_key=True)
    prefix: bytes
    number: int
    rows: bytes
    pages: int


class PrintedRow(SQLModel, table=True):
    """One printed letter: what of it is a person's own, sealed, and the SHA-256 of the whole."""

    __tablename__ = "printed"

    communication: str = Field(primary_key=True)
    letter_sha256: str = Field(primary_key=True)
    recipient: str = Field(primary_key=True, sa_type=Key)
    channel: str
    frame: str
    sealed: bytes
    sha256: str
    pages: int


class BatchRow(SQLModel, table=True):
    """Letters that were printed in one file. ``posted_at`` is when a person says that they were posted."""

    __tablename__ = "batches"

    communication: str = Field(primary_key=True)
    letter_sha256: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    channel: str
    letters: int
    pages: int
    sha256: str
    made_at: datetime = Field(sa_type=UtcDateTime)
    posted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class LedgerRow(SQLModel, table=True):
    """Which page of which batch is whose."""

    __tablename__ = "ledger"

    communication: str = Field(primary_key=True)
    letter_sha256: str = Field(primary_key=True)
    recipient: str = Field(primary_key=True, sa_type=Key)
    batch: int
    number: int
    first_page: int


class DispatchRow(SQLModel, table=True):
    """One message: queued, claimed before it is sent, its end recorded after. The three keys make it unique.

    Nobody takes it before ``held_until``: the end of a claim, or when a server asked for another try.
    """

    __tablename__ = "dispatches"
    __table_args__ = (Index("ix_dispatches_queue", "communication", "state", "recipient"),)

    communication: str = Field(primary_key=True)
    recipient: str = Field(primary_key=True)
    letter_sha256: str = Field(primary_key=True)
    channel: str
    state: str
    message_id: str = Field(index=True)
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    held_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    tries: int = 0
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    detail: str = ""


class RegisterRow(SQLModel, table=True):
    """One version of the register of parties, whole; the newest is the one that holds."""

    __tablename__ = "registers"

    version: int = Field(primary_key=True)
    content: str
    loaded_at: datetime = Field(sa_type=UtcDateTime)
    loaded_by: str
    source: str


class HaltRow(SQLModel, table=True):
    """A communication of which no message is claimed until a person lets it go on."""

    __tablename__ = "halts"

    communication: str = Field(primary_key=True)


class CodeRow(SQLModel, table=True):
    """One one-time code, known only by its keyed digest. ``ended_at``: used, replaced or locked."""

    __tablename__ = "codes"

    id: str = Field(primary_key=True)
    actor: str = Field(index=True)
    subject: str = Field(index=True)
    digest: str
    made_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    wrong: int = 0
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class IncomingRow(SQLModel, table=True):
    """One message that came in, known only by its digest. ``tries`` counts how often it was handed over."""

    __tablename__ = "incoming"

    key: str = Field(primary_key=True)
    state: str = Field(index=True)
    claimed_until: datetime = Field(sa_type=UtcDateTime)
    tries: int
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    why: str = ""


class ReminderRow(SQLModel, table=True):
    """The ledger of reminders: one step of one deadline to one person, claimed before it is sent, its end recorded after.

    ``step_at`` is when the step was due, by the clock that claimed it.
    """

    __tablename__ = "reminders"
    __table_args__ = (Index("ix_reminders_unsettled", "state", sqlite_where=_UNSETTLED, postgresql_where=_UNSETTLED),)

    incident_id: str = Field(primary_key=True, sa_type=Key)
    deadline: str = Field(primary_key=True)
    step: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    step_at: datetime = Field(sa_type=UtcDateTime)
    message_id: str
    state: str
    claimed_at: datetime = Field(sa_type=UtcDateTime, index=True)
    ended_at: datetime | None = Field(sa_type=UtcDateTime)
    detail: str = ""


class HeartbeatRow(SQLModel, table=True):
    """When something that must be awake last ran: a sweep. ``clock_back_at`` is when the clock was found set back."""

    __tablename__ = "heartbeats"

    name: str = Field(primary_key=True)
    started_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(sa_type=UtcDateTime)
    due: int
    faults: int
    clock_back_at: datetime | None = Field(sa_type=UtcDateTime)


class DeadlineViewRow(SQLModel, table=True):
    """One open deadline, as it was when its case was last swept; ``version`` numbers its calendar file. Rebuildable."""

    __tablename__ = "deadline_view"
    __table_args__ = (Index("ix_deadline_view_party", "party", "due_at"),)

    incident_id: str = Field(primary_key=True, sa_type=Key)
    deadline: str = Field(primary_key=True)
    party: str
    due_at: datetime | None = Field(sa_type=UtcDateTime, index=True)
    version: int
    duty: str
