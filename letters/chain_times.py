"""When what happened in the supply chain, and who says so: sources that disagree stand side by side, and that is said."""

from collections.abc import Iterable, Iterator
from itertools import combinations, groupby
from typing import NamedTuple

from letters.language import say, span
from models.errors import N_
from models.notice import StatedTime
from models.supply import Supply
from models.supply_events import Milestone, NoticeReceived, Tier, TierTimeStated

_HAPPENED = {
    Milestone.BEGAN: N_("It began at {organisation}"),
    Milestone.DETECTED: N_("{organisation} detected it"),
    Milestone.CONTAINED: N_("{organisation} stopped it"),
    Milestone.TOLD: N_("{organisation} told the next in the chain"),
    Milestone.RESTORED: N_("{organisation} was in operation again"),
}


class ChainTime(NamedTuple):
    """What happened, when according to each source, and whether two of them cannot both be right."""

    what: str
    said: str
    disagree: bool


def stated_times(times: Iterable[StatedTime | TierTimeStated]) -> tuple[ChainTime, ...]:
    """Return ``times`` in the order of the chain, those of the same thing together."""
    chain = [*Tier]
    ordered = sorted(times, key=lambda one: (chain.index(one.tier), *_what(one), one.not_before, one.source))
    return tuple(_told(list(stated)) for _, stated in groupby(ordered, key=_what))


def chain_times(supply: Supply) -> tuple[ChainTime, ...]:
    """Return what a case knows of the chain: what people and notices state, and what each notice itself shows."""
    return (*stated_times(supply.times), *_of_notices(supply.received))


def _what(stated: StatedTime | TierTimeStated) -> tuple[str, Milestone]:
    return stated.organisation, stated.milestone


def _told(stated: list[StatedTime | TierTimeStated]) -> ChainTime:
    one = stated[0]
    apart = any(a.not_after < b.not_before or b.not_after < a.not_before for a, b in combinations(stated, 2))
    said = dict.fromkeys(_said(span(each.not_before, each.not_after), _source(each)) for each in stated)
    return ChainTime(say(_HAPPENED[one.milestone], organisation=one.organisation), "; ".join(said), apart)


def _said(when: str, source: str) -> str:
    return say(N_("{when} according to {source}"), when=when, source=source)


def _source(stated: StatedTime | TierTimeStated) -> str:
    sender = stated.sender if isinstance(stated, TierTimeStated) else None
    return (
        say(N_("{source}, in a notice from {sender}"), source=stated.source, sender=sender) if sender else stated.source
    )


def _of_notices(received: Iterable[NoticeReceived]) -> Iterator[ChainTime]:
    """Yield when each sender says that it became aware, and when each of its notices was sent and came here."""
    ordered = sorted(received, key=lambda one: (one.sender, one.version))
    for sender, group in groupby(ordered, key=lambda one: one.sender):
        notices = list(group)
        aware = {one.aware_at: one for one in reversed(notices) if one.aware_at is not None}
        if aware:
            said = (_said(span(at, at), _version(one)) for at, one in sorted(aware.items()))
            what = say(N_("{organisation} became aware"), organisation=sender)
            yield ChainTime(what, "; ".join(said), disagree=len(aware) > 1)
        for one in notices:
            what = say(N_("Notice version {version} from {sender}"), version=str(one.version), sender=sender)
            yield ChainTime(what, _came(one), disagree=False)


def _came(one: NoticeReceived) -> str:
    arrived = span(one.occurred_at, one.occurred_at)
    if one.sent_at is None:
        return say(N_("arrived {arrived}"), arrived=arrived)
    return say(N_("sent {sent}, arrived {arrived}"), sent=span(one.sent_at, one.sent_at), arrived=arrived)


def _version(one: NoticeReceived) -> str:
    return say(N_("notice version {version}"), version=str(one.version))
