"""Hand over by the form what the registrar's mailbox refused, and try to once more: ``handed.py FOLDER``.

A script of its own, because Prefect reads its settings when it is imported.
"""

import asyncio
import json
import sys
from pathlib import Path

import pytest

from flows.host.server import free_port, prefect_server
from tests.flows.desk import _settle_in


def hand(folder: Path) -> None:
    memory, api_port = folder / "prefect", free_port()
    _settle_in(folder, memory, api_port, free_port())

    from adapters.files import read_register
    from adapters.settings import Settings
    from flows.acts.authority import hand_to_registrar
    from flows.bootstrap import wire
    from models.breach_events import Risk
    from models.errors import RefusedPostError
    from models.health import Check
    from models.parties import Role
    from services.documents.drafts import NOTIFICATION
    from services.watch.health import health
    from tests.fakes import refused
    from tests.services.office import OFFICER, Office, at

    wire()  # makes the database
    register = read_register(Settings().parties)
    office = Office(folder, url=Settings().database).with_parts(register=register)
    case = office.decided(Risk.RISK)
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    office.file(case, when="2023-04-26 15.20")
    registrar = register.party("kommunstyrelsen").roles[Role.REGISTRAR]
    office.post.answers[register.person(registrar).email] = refused()
    with pytest.raises(RefusedPostError):
        office.sweep(case, at("2023-04-26 15.21"))

    def told(now: str) -> str:
        found = asyncio.run(health(now=at(now), world=office.world))
        return next(one.state.value for one in found if one.check is Check.REGISTRAR)

    ends, states = [], [told("2023-04-26 15.30")]
    with prefect_server(memory, api_port):
        for now in ("2023-04-26 16.00", "2023-04-26 16.10"):
            done = asyncio.run(hand_to_registrar(case, by=OFFICER, now=at(now), return_state=True))
            ends.append((done.name, done.message or ""))
            states.append(told(now))
    handed = [(one.recorded_by, one.line) for one in office.incident(case).handed_to_registrar]
    (folder / "told.json").write_text(json.dumps({"ends": ends, "states": states, "handed": handed}), encoding="utf-8")


if __name__ == "__main__":
    hand(Path(sys.argv[1]))
