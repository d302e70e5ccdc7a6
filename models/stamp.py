"""A time stamp (RFC 3161): an authority's signed word that something existed at an instant."""

from models.base import Instant, Value


class Stamped(Value):
    """The authority's whole ``answer``, as it came (DER), and the instant ``at`` which it vouches for."""

    answer: bytes
    at: Instant
