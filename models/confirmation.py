"""A one-time code: proof that a certain person, at their registered mailbox, agreed to exactly this."""

import hashlib
import json
from enum import StrEnum

from models.base import ActorId, IncidentId, Sha256, Value


class Act(StrEnum):
    """The acts that need a certain person."""

    APPROVE_LETTER = "approve_letter"
    DECIDE_NOT_TO_NOTIFY = "decide_not_to_notify"
    RELEASE_LETTERS = "release_letters"
    FORWARD_SEALED = "forward_sealed"
    RELEASE_NOTICES = "release_notices"


class Verdict(StrEnum):
    """What an entered code turned out to be."""

    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"
    LOCKED = "locked"
    NONE = "none"


class Subject(Value):
    """What is agreed to: the act, the case, and the digest of its content. Another content is another subject."""

    act: Act
    incident_id: IncidentId
    actor: ActorId
    content: Sha256
    said: str = ""

    @property
    def digest(self) -> Sha256:
        """The SHA-256 a code is bound to; ``said`` only tells the person what it is."""
        return digest_of(self.model_dump(mode="json", exclude={"said"}))


def digest_of(content: object) -> Sha256:
    """Return the SHA-256 of ``content`` as canonical JSON."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()
