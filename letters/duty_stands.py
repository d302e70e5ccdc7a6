"""How a duty stands, in words: its status, and who has not been told yet where letters have gone out."""

from collections.abc import Iterator

from letters.language import capital, counted, number, word
from models.duty import Duty, Untold


def stands(duty: Duty) -> str:
    """Return how it stands as it stands alone, as in "Ska göras (3 brev är inte postade)"."""
    return capital(stands_within(duty))


def stands_within(duty: Duty) -> str:
    """Return the same as it stands within a sentence."""
    left = left_to_tell(duty.untold)
    return f"{word(duty.status)} ({left})" if left else word(duty.status)


def left_to_tell(untold: Untold | None) -> str:
    """Return what is left until everyone has been told, and what to do for whom no letter reaches; empty if nothing is."""
    return "; ".join(_left(untold)) if untold else ""


def _left(untold: Untold) -> Iterator[str]:
    if count := untold.unposted:
        yield counted("{number} letter is not posted", "{number} letters are not posted", count).format(
            number=number(count)
        )
    if count := untold.returned:
        yield counted(
            "what was sent to {number} person came back, and another way is tried",
            "what was sent to {number} people came back, and another way is tried",
            count,
        ).format(number=number(count))
    if count := untold.unreachable:
        yield counted(
            "{number} person could not be reached: find another way, or inform the public under Article 34(3)(c)",
            "{number} people could not be reached: find another way, or inform the public under Article 34(3)(c)",
            count,
        ).format(number=number(count))
