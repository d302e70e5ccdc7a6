"""What anchoring needs of a time-stamping authority."""

from typing import Protocol

from models.stamp import Stamped


class TimeStamper(Protocol):
    """A time-stamping authority."""

    async def stamp(self, statement: bytes) -> Stamped:
        """Have ``statement`` stamped: only its digest leaves us.

        Raises TransientPostError if the authority does not answer, RefusedPostError for a stamp that does not hold.
        """
        ...
