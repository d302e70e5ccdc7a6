"""Who has not been told although letters have gone out: written and not posted, come back, or out of every letter's reach."""

from collections.abc import Collection, Iterable

from models.communication_events import CommunicationCompleted, CommunicationStarted, LettersPosted


def unposted(
    told: Iterable[CommunicationCompleted], left_out: Iterable[Collection[int]], posted: Iterable[LettersPosted]
) -> int:
    """Return how many letters, on paper or to digital mailboxes, are written and nobody has said to be posted."""
    written = sum(one.on_paper + one.sealed + one.by_mailbox if one.printed is None else one.printed for one in told)
    return max(0, written - sum(map(len, left_out)) - sum(batch.letters for batch in posted))


def to_everybody(
    told: Iterable[CommunicationCompleted], releases: Iterable[CommunicationStarted]
) -> tuple[CommunicationCompleted, ...]:
    """Return the letters that went to everybody on the list, without the corrections: those go only to some."""
    corrections = {release.sha256 for release in releases if not release.lets_in}
    return tuple(one for one in told if one.sha256 not in corrections)


def unreachable(told: Iterable[CommunicationCompleted], releases: Iterable[CommunicationStarted]) -> int:
    """Return how many people no letter reaches, as the last letter to everybody says."""
    letters = to_everybody(told, releases)
    return letters[-1].unreachable if letters else 0
