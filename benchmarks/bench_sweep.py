"""What a sweep costs when a hundred cases are due: with a hundred thousand open, and with a thousand."""

import asyncio
import tempfile
import time
from pathlib import Path

from benchmarks.crowd import DUE, crowd
from benchmarks.figure import Figure
from services.sweep.sweep import sweep
from tests.services.office import Office
from tests.sink import smtp_sink

OPEN, FEW_OPEN, ARE_DUE = 100_000, 1_000, 100


def figures() -> list[Figure]:
    """Both sweeps remind the same people of the same, over SMTP; only how many cases wait beside them differs."""
    with tempfile.TemporaryDirectory() as folder, smtp_sink() as port:
        many = crowd(Path(folder) / "many", port, due=ARE_DUE, later=OPEN - ARE_DUE)
        few = crowd(Path(folder) / "few", port, due=ARE_DUE, later=FEW_OPEN - ARE_DUE)
        swept(crowd(Path(folder) / "first", port, due=ARE_DUE, later=ARE_DUE))  # what is done once in a process
        beside, took = swept(few), swept(many)
    return [Figure("sweep.100k_open_100_due_s", took, "s", "the same sweep with 1 000 open", took / beside)]


def swept(office: Office) -> float:
    """Seconds from the start of the sweep to its end, with every reminder in the hands of the mail server."""
    began = time.perf_counter()
    done = asyncio.run(sweep(now=DUE, world=office.world))
    took = time.perf_counter() - began
    assert (done.due, done.faults) == (ARE_DUE, {})
    assert office.world.timeline.due(DUE) == ()
    assert office.world.ledger.unsettled() == ()
    return took
