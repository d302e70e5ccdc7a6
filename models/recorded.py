"""What every event of a timeline carries."""

from models.base import ActorId, Instant, Value


class Recorded(Value):
    """When it happened, when we wrote it down, and who did (an id, never a name)."""

    occurred_at: Instant
    recorded_at: Instant
    recorded_by: ActorId
