"""Ten thousand letters end to end, through Prefect and without it: a server of our own, its chunks, and its progress."""

import asyncio
import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.figure import Figure
from flows.host.server import QUIET, free_port, kept_in, prefect_server
from tests.sink import smtp_sink

MANY, ROUNDS = int(os.environ.get("BENCH_LETTERS", "10000")), 3
CONNECTIONS = 8


def figures() -> list[Figure]:
    """Both take turns, on a database of their own each time; the faster round of each counts."""
    with tempfile.TemporaryDirectory() as folder, smtp_sink() as port:
        memory, api = Path(folder) / "prefect", free_port()
        os.environ.update({**QUIET, **kept_in(memory)}, PREFECT_API_URL=f"http://127.0.0.1:{api}/api")
        os.environ.update(
            TIMGLAS_SMTP_PORT=str(port), TIMGLAS_SMTP_TLS="none", TIMGLAS_SMTP_CONNECTIONS=str(CONNECTIONS)
        )
        with prefect_server(memory, api):
            rounds = [
                (
                    sent(Path(folder) / f"bare-{turn}", through=False),
                    sent(Path(folder) / f"prefect-{turn}", through=True),
                )
                for turn in range(ROUNDS)
            ]
    bare, through = (min(times) for times in zip(*rounds, strict=True))
    return [
        Figure("prefect.overhead", through, "s", f"the same {MANY} letters without Prefect", through / bare),
        Figure("prefect.fixed_s", through - bare, "s"),
    ]


def sent(home: Path, *, through: bool) -> float:
    """Seconds from the release to the closing count; the people, half by e-mail and the rest on paper, are sealed before."""
    os.environ["TIMGLAS_HOME"] = str(home)
    office, case = released(home)
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
