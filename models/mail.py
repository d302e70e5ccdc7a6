"""One message as it is handed to the post."""

from models.base import IncidentId, Instant, Value


class Attachment(Value):
    """A file sent along; ``name`` holds ids, never a person's name."""

    name: str
    media_type: str
    content: bytes


class Mail(Value):
    """A message to one address. ``message_id`` comes from the outbox; ``incident`` threads what belongs together."""

    message_id: str
    sent_at: Instant
    incident: IncidentId
    sender_name: str
    sender: str
    reply_to: str
    to: str
    subject: str
    text: str
    html: str
    language: str = "sv"
    attachments: tuple[Attachment, ...] = ()
