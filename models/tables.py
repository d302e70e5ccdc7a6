"""The rows. They have no methods and no rules: values are in the other modules, triggers in the migrations."""

from datetime import datetime

from sqlalchemy import Column, DateTime, LargeBinary, Text
from sqlmodel import Field, SQLModel


class TimelineRow(SQLModel, table=True):
    """One event. The pair of keys refuses a rival writer; the triggers refuse UPDATE and DELETE."""

    __tablename__ = "timeline"

    incident_id: str = Field(primary_key=True)
    sequence: int = Field(primary_key=True)
    type: str = Field(index=True)
    payload: str = Field(sa_column=Column(Text, nullable=False))
    occurred_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    recorded_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    recorded_by: str
    previous_hash: str
    hash: str


class IncidentViewRow(SQLModel, table=True):
    """A projection of the timeline, rebuildable at any time. ``next_at`` is when a sweep must look again."""

    __tablename__ = "incident_view"

    incident_id: str = Field(primary_key=True)
    family: str = Field(index=True)
    party: str
    length: int
    next_at: datetime | None = Field(sa_column=Column(DateTime(timezone=True), index=True))


class CommunicationKeyRow(SQLModel, table=True):
    """The wrapped key of one communication. Deleting it makes the recipients' data unreadable for ever."""

    __tablename__ = "communication_keys"

    communication: str = Field(primary_key=True)
    wrapped_key: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class RecipientRow(SQLModel, table=True):
    """One recipient, sealed with the key of its communication."""

    __tablename__ = "recipients"

    communication: str = Field(primary_key=True)
    recipient_id: str = Field(primary_key=True)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class DispatchRow(SQLModel, table=True):
    """One message: claimed before it is sent, its end recorded after. The three keys make it unique."""

    __tablename__ = "dispatches"

    communication: str = Field(primary_key=True)
    recipient: str = Field(primary_key=True)
    letter_sha256: str = Field(primary_key=True)
    channel: str
    state: str = Field(index=True)
    message_id: str = Field(unique=True)
    claimed_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    ended_at: datetime | None = Field(sa_column=Column(DateTime(timezone=True)))
    detail: str = ""
