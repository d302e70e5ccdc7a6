"""Ten thousand letters end to end, through Prefect and without it: a server of our own, its chunks, and its progress."""

import asyncio
import gc
import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean, median
from typing import Any

from benchmarks.figure import Figure
from flows.host.server import QUIET, free_port, kept_in, prefect_server
from tests.sink import smtp_sink

MANY, ROUNDS = int(os.environ.get("BENCH_LETTERS", "10000")), 16
CONNECTIONS = 8


def figures() -> list[Figure]:
    """Both take turns at being first and last, on a database of their own each time.

    One of each goes before, unmeasured: what Prefect takes to be loaded is no part of what a sending takes.
    """
    with tempfile.TemporaryDirectory() as folder, smtp_sink() as port:
        memory, api = Path(folder) / "prefect", free_port()
        os.environ.update({**QUIET, **kept_in(memory)}, PREFECT_API_URL=f"http://127.0.0.1:{api}/api")
        os.environ.update(
            TIMGLAS_SMTP_PORT=str(port), TIMGLAS_SMTP_TLS="none", TIMGLAS_SMTP_CONNECTIONS=str(CONNECTIONS)
        )
        with prefect_server(memory, api):
            _round(Path(folder) / "before", flow_first=True)
            rounds = [_round(Path(folder) / str(turn), flow_first=bool(turn % 2)) for turn in range(ROUNDS)]
    return [
        Figure(
            "prefect.overhead",
            median(through for _, through in rounds),
            "s",
            f"the same {MANY} letters without Prefect, median of {ROUNDS} rounds of two each",
            median(through / bare for bare, through in rounds),
        ),
        Figure("prefect.fixed_s", median(through - bare for bare, through in rounds), "s"),
    ]


def _round(home: Path, *, flow_first: bool) -> tuple[float, float]:
    """Seconds without Prefect and through it, each the mean of two: the one, the other twice, and the one again.

    So a machine that grows slower or faster from minute to minute favours neither.
    """
    took: dict[bool, list[float]] = {True: [], False: []}
    for turn, through in enumerate((flow_first, not flow_first, not flow_first, flow_first)):
        took[through].append(sent(home / str(turn), through=through))
    return mean(took[False]), mean(took[True])


def sent(home: Path, *, through: bool) -> float:
    """Seconds from the release to the closing count; the people, half by e-mail and the rest on paper, are sealed before."""
    os.environ["TIMGLAS_HOME"] = str(home)
    office, case = released(home)
    gc.collect()  # or what was left to collect before falls to either of them
    began = time.perf_counter()
    asyncio.run(by_flow(case) if through else directly(case, office))
    took = time.perf_counter() - began
    completed = office.incident(case).completed
    assert completed is not None
    assert completed.reached == MANY
    return took


async def by_flow(case: str) -> None:
    from flows.acts.sending import send_letters  # noqa: PLC0415 - Prefect reads its settings as it is imported

    await send_letters(case)


async def directly(case: str, office: Any) -> None:

    from services.people.communicate import communicate  # noqa: PLC0415 - Prefect reads its settings as it is imported

    await communicate(case, now=datetime.now(UTC), world=office.world)


def released(home: Path) -> tuple[Any, str]:
    from flows.bootstrap import wire  # noqa: PLC0415 - Prefect reads its settings as it is imported
    from tests.services.office import Office, person  # noqa: PLC0415 - Prefect reads its settings as it is imported

    office = Office(home)
    office.world = wire()
    case = office.ready_to_write(person(number, email=bool(number % 2)) for number in range(1, MANY + 1))
    office.release(case, when="2023-05-15 11.00")
    return office, case
