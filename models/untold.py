"""Who has not been told although letters have gone out: written and not posted, come back, or out of every letter's reach."""

from collections.abc import Collection, Iterable

from models.communication_events import CommunicationCompleted, CommunicationStarted, LettersPosted


def unposted(
    told: Iterable[CommunicationCompleted], left_out: Iterable[Collection[int]], posted: Iterable[LettersPosted]
) -> int:
    """Return how many letters, on paper or to digital mailboxes, are written and nobody has said to be posted."""
    written = sum(one.on_paper + one.sealed + one.by_mailbox if one.printed is None else one.printed for one in told)
    return max(0, written - sum(map(len, left_out)) - sum(batch.letters for batch in posted))


def unreachable(told: Iterable[CommunicationCompleted], releases: Iterable[CommunicationStarted]) -> int:
    """Return how many people no letter reaches. A correction goes only to some: the last letter to everybody says so."""
    corrections = {release.sha256 for release in releases if not release.lets_in}
    to_all = [one for one in told if one.sha256 not in corrections]
    return to_all[-1].unreachable if to_all else 0
