"""The desk as a person runs it: one command, a kill, and the same command again."""

import os
import signal
import socket
from pathlib import Path

from flows.host.server import free_port
from models.chain import first_broken
from tests.running import desk, until

SARA = "sara.exempel – dataskyddsombud"
BOARD = "kommunstyrelsen – Kommunstyrelsen i Exempelkommun"


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_the_desk_takes_a_case_by_form_and_comes_up_again_after_kill_9_with_nothing_lost(tmp_path: Path) -> None:
    port, own = free_port(), tmp_path / "own"
    own.mkdir()
    with desk(tmp_path, port, first=True, HOME=str(own)) as running:
        opened = running.fills_in(
            "Ny incident",
            parties=[BOARD],
            family="prov-2026",
            summary="Ett mejl gick till fel mottagare.",
            source="Telefonsamtal",
            reported_at="2026-11-20 16.10",
            by=SARA,
        )
        assert opened.startswith("COMPLETED")
        watched = running.asks("/automations/filter", {})
        assert [(one["name"], one["enabled"]) for one in watched] == [("Svepet har tystnat", True)]
        aware = running.fills_in(
            "Fastställ kännedom",
            incident_id=running.case,
            aware_at="2026-11-20 16.10",
            evidence="Mejlet",
            reasoning="Mottagaren har bekräftat.",
            by=SARA,
        )
        assert "måndagen den 23 november 2026 kl. 16.10" in aware
        asked = running.waiting("Bedöm risk", running.case)
        handed_in = running.starts(
            "Rätta tidpunkt",
            incident_id=running.case,
            aware_at="2026-11-20 15.10",
            because="Fel timme.",
            evidence="Mejlet",
            by=SARA,
        )
        os.kill(running.process.pid, signal.SIGKILL)
        running.process.wait()
    until(lambda: is_free(port), "the killed desk to listen no more")

    with desk(tmp_path, port, HOME=str(own)) as running:
        assert running.ended(handed_in).startswith("COMPLETED")
        running.waiting("Bedöm risk", running.case, after=asked)
        waits = [
            run["name"] for run in running.runs("Att besluta", tag=running.case) if run["state"]["name"] == "Suspended"
        ]
        (risk,) = [name for name in waits if name.startswith("Bedöm risk")]
        assert risk.endswith("kl. 15.10")
        refused = running.fills_in(
            "Bedöm risk",
            incident_id=running.case,
            level="Risk",
            reasoning="Vi vet inte vem som har läst.",
            by=SARA,
        )
        assert "Dataskyddsombudet ger råd men beslutar inte" in refused
        assert [one["id"] for one in running.asks("/automations/filter", {})] == [watched[0]["id"]]

    assert running.process.returncode == 0, "told to stop, it stops, and leaves nothing running"
    until(lambda: is_free(port), "the stopped desk to listen no more")
    assert list(own.iterdir()) == [], "everything is kept in its one folder"

    from adapters.database.engine import engine
    from adapters.database.timeline import SqlTimeline

    timeline = SqlTimeline(engine(f"sqlite:///{tmp_path / 'timglas.db'}"))
    planned = "reminders_planned.v1"  # by a sweep, whenever one came by
    words = [event.type for event in timeline.read(running.case) if event.type != planned]
    assert words == [
        "breach_reported.v1",
        "awareness_established.v1",
        "duties_determined.v1",
        "awareness_corrected.v1",
        "duties_determined.v1",
    ]
    assert first_broken(timeline.rows(running.case)) is None
