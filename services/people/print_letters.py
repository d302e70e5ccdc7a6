"""Print what goes on paper, keep it sealed, and read every letter back before it may leave the house."""

import asyncio
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from itertools import islice

from letters.compose import letterhead
from letters.personal import about, audience_of, window
from models.communication_events import CommunicationStarted
from models.errors import MissingParticular
from models.letter import Audience, Letter
from models.parties import Controller
from models.recipient import Channel, DeliveryState, Dispatch
from models.route import Envelope, Route
from models.sheet import Sheet
from services.ports.printing import Press
from services.ports.world import World

POST = "post"
"""What is added to a communication's id for its printed letters, so that a refused e-mail leaves room for one."""
_AT_A_TIME = 1000


async def print_letters(
    routes: Iterable[Route],
    letter: Letter,
    *,
    started: CommunicationStarted,
    controller: Controller,
    now: datetime,
    world: World,
) -> int:
    """Print each letter that does not go by e-mail, if it is not printed yet, and return how many of them cannot be.

    Safe to run again: what is printed is printed. Only what was read back counts as done in the outbox; what cannot be
    printed has failed there, so that its person is written to another way, or counts as out of reach. Raises Misprint
    if one of them, read back from what is kept, does not say to whom it goes; nothing of it has left the house then.
    Others have their turn between the letters, some at a time: a million of them take minutes.
    """
    printing = _Printing(letter, started, controller, now, world)
    envelopes = (one for route in routes for one in route.envelopes if one.channel is not Channel.EMAIL)
    unprintable = 0
    while some := list(islice(envelopes, _AT_A_TIME)):
        unprintable += printing.prints(some)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    return unprintable


class _Printing:
    """The presses of one letter, one for each kind of envelope, made when the first such letter comes."""

    def __init__(
        self, letter: Letter, started: CommunicationStarted, controller: Controller, now: datetime, world: World
    ) -> None:
        self._letter, self._started, self._controller = letter, started, controller
        self._now, self._world = now, world
        self._presses: dict[tuple[Audience, bool], Press] = {}

    def prints(self, envelopes: list[Envelope]) -> int:
        communication, sha256 = self._started.communication, self._started.sha256
        kept = self._world.printed.kept(communication, sha256, [one.key for one in envelopes])
        new = {one.key: one for one in envelopes if one.key not in kept}
        sheets = list(self._sheets(new.values()))
        if sheets:
            frames = [press.frame for press in self._presses.values()]
            self._world.printed.keep(communication, sha256, sheets, frames)
        for sheet in self._world.printed.read(communication, sha256, [one.key for one in sheets]):
            envelope = new[sheet.key]
            self._press(envelope).proof(sheet, window(envelope), about(envelope))
        printed = kept | {sheet.key for sheet in sheets}
        unprintable = new.keys() - printed
        self._record(envelopes, printed, DeliveryState.SENT)
        self._record(envelopes, unprintable, DeliveryState.UNPRINTABLE)
        return len(unprintable)

    def _record(self, envelopes: Iterable[Envelope], keys: Collection[str], state: DeliveryState) -> None:
        started = self._started
        for channel in Channel:
            own = (one.key for one in envelopes if one.channel is channel and one.key in keys)
            dispatches = [
                Dispatch(communication=f"{started.communication}/{POST}", recipient=key, letter_sha256=started.sha256)
                for key in own
            ]
            if dispatches:
                self._world.outbox.record(dispatches, channel=channel, now=self._now, state=state)

    def _sheets(self, envelopes: Iterable[Envelope]) -> Iterator[Sheet]:
        for one in envelopes:
            press = self._press(one)  # what is wrong with the letter itself is nobody's own
            with suppress(MissingParticular):  # it is counted by who calls
                yield press.sheet(one.key, one.channel, window(one), about(one))

    def _press(self, envelope: Envelope) -> Press:
        kind = audience_of(envelope), bool(window(envelope))
        if kind not in self._presses:
            date, reference = self._started.occurred_at, self._started.communication.partition("/")[0]
            head = letterhead(self._controller, recipient=(), date=date, reference=reference, kind="")
            text = self._letter.to(kind[0])
            naming = kind[0] is Audience.GUARDIAN
            self._presses[kind] = self._world.press(text, head, address=kind[1], about=naming)
        return self._presses[kind]
