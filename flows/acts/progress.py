"""How far a sending has come, shown in Prefect while the work goes on."""

import asyncio
from types import TracebackType
from typing import Self
from uuid import UUID

from prefect.artifacts import acreate_progress_artifact, aupdate_progress_artifact

from letters.language import number, say
from models.base import IncidentId
from models.errors import N_
from models.recipient import DeliveryState
from services.people.print_letters import POST
from services.ports.world import World
from services.record import read

_EVERY_SECONDS = 10.0
"""How often the bar of a sending is shown. One that is over sooner has none: how the run ended says it all."""
_UNDER_WAY = {DeliveryState.WAITING, DeliveryState.CLAIMED, DeliveryState.DEFERRED}


class Progress:
    """The bar of one run, shown beside the work: no letter waits for it.

    Left as a context, it shows where a run ended that had one; a bar that Prefect would not take fails the run there.
    """

    def __init__(self, incident_id: IncidentId, world: World) -> None:
        self._incident_id, self._world = incident_id, world
        self._over = asyncio.Event()
        self._shown: UUID | None = None

    async def __aenter__(self) -> Self:
        self._showing = asyncio.create_task(self._show_at_times())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._over.set()
            await self._showing
        else:
            self._showing.cancel()

    async def _show_at_times(self) -> None:
        while not await self._is_over_soon():
            await self._show()
        if self._shown is not None:
            await self._show()

    async def _is_over_soon(self) -> bool:
        try:
            return await asyncio.wait_for(self._over.wait(), _EVERY_SECONDS)
        except TimeoutError:
            return False

    async def _show(self) -> None:
        """Show how many messages have found their end, as a share and as numbers; whom they are for stands nowhere."""
        share, told = self._how_far()
        if self._shown is None:
            key = f"utskick-{self._incident_id.lower()}"
            self._shown = await acreate_progress_artifact(share, key=key, description=told)
        else:
            await aupdate_progress_artifact(self._shown, share, description=told)

    def _how_far(self) -> tuple[float, str]:
        """Return the share in percent, and it in words. How many letters go on paper is known once they are written."""
        incident = read(self._incident_id, self._world.timeline).incident
        started = incident.started
        if started is None:
            return 0.0, ""
        counts = self._world.outbox.counts(started.communication, started.sha256)
        mails = sum(counts.values())
        done = mails - sum(count for (_, state), count in counts.items() if state in _UNDER_WAY)
        letters = sum(self._world.outbox.counts(f"{started.communication}/{POST}", started.sha256).values())
        every = max(started.recipients, mails + letters, 1)
        share = 100.0 if incident.completed is not None else 100 * (done + letters) / every
        sent = N_("{done} of {total} e-mails have found their end.")
        written = N_("{letters} letters on paper are written.")
        told = (
            say(sent, done=number(done), total=number(mails)) if mails else "",
            say(written, letters=number(letters)) if letters else "",
        )
        return share, " ".join(filter(None, told))
