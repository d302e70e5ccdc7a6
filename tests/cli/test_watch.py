"""The watch as a process manager's timer runs it: Prefect is dead or alive, the mail server is real."""

import asyncio
import email.policy
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from adapters.mail.sink import mail_sink
from adapters.settings import Settings
from flows.bootstrap import wire
from flows.host.server import free_port
from flows.watch.prefect_health import Api
from flows.watch.watching import watch
from models.instants import parse_local
from models.overview import marker_of
from services.people.start_communication import release_of
from services.watch.health import WATCH
from tests.cli.desk import CASE, DELEGATE, OFFICER, Desk, write
from tests.patience import PATIENCE_SECONDS

SARA, ANNA, ON_CALL = (
    "dataskyddsombud@exempelkommun.example",
    "anna.exempel@exempelkommun.example",
    "beredskap@exempelkommun.example",
)


class Prefect:
    """Prefect's API as far as the watch asks: it is up while ``alive``, its worker was last heard of at ``heard_at``.

    A sweep was last done without fault at ``done_at``.
    """

    def __init__(self) -> None:
        self.alive, self.heard_at, self.markers = True, "2023-04-24T14:40:00Z", list[str]()
        self.done_at: str | None = None
        prefect = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer("ok")

            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if self.path.endswith("/workers/filter"):
                    self._answer([{"last_heartbeat_time": prefect.heard_at}])
                elif asked["flows"]["name"]["any_"] == ["Svep"]:
                    self._answer([{"end_time": prefect.done_at}] if prefect.done_at else [])
                else:
                    self._answer([{"idempotency_key": key} for key in prefect.markers])

            def _answer(self, said: Any) -> None:
                self.send_response(200 if prefect.alive else 503)
                self.end_headers()
                self.wfile.write(json.dumps(said).encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Answers)
        self.url = f"http://127.0.0.1:{self.server.server_port}/api"


@pytest.fixture
def prefect(monkeypatch: pytest.MonkeyPatch) -> Iterator[Prefect]:
    prefect = Prefect()
    monkeypatch.setenv("PREFECT_API_URL", prefect.url)
    thread = Thread(target=prefect.server.serve_forever, daemon=True)
    thread.start()
    yield prefect
    prefect.server.shutdown()
    prefect.server.server_close()


class Sink:
    """The mail server of the installation."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._seen = folder, set[Path]()

    def new(self) -> list[EmailMessage]:
        """What came since it was last asked."""
        files = sorted(set(self._folder.rglob("*.eml")) - self._seen)
        self._seen |= set(files)
        return [BytesParser(EmailMessage, policy=email.policy.default).parsebytes(file.read_bytes()) for file in files]


@pytest.fixture
def sink(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    port = free_port()
    monkeypatch.setenv("TIMGLAS_SMTP_PORT", str(port))
    monkeypatch.setenv("TIMGLAS_SMTP_TLS", "none")
    with mail_sink(tmp_path / "sent", port):
        yield Sink(tmp_path / "sent")


def subjects(mails: list[EmailMessage]) -> list[str]:
    return [str(mail["Subject"]) for mail in mails]


def awake(desk: Desk, prefect: Prefect, at: str) -> None:
    """A sweep has gone, and every time limit has its marker."""
    desk.does("sweep", at=at)
    world = wire()
    world.overview.shown((case, len(world.timeline.read(case))) for case in world.timeline.incidents())
    prefect.markers = [marker_of(one.incident, one.duty) for one in world.overview.urgent(99)]
    prefect.heard_at = prefect.done_at = datetime.fromisoformat(at.replace(".", ":")).astimezone(UTC).isoformat()


@pytest.fixture(autouse=True)
def _sweden() -> Iterator[None]:
    """The machine stands in Sweden, and is where it was again for the tests that come after, in whatever order."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TZ", "Europe/Stockholm")
        time.tzset()
        yield
    time.tzset()


def test_health_ends_with_0_while_all_is_well_and_tells_machines_so(desk: Desk, prefect: Prefect, sink: Sink) -> None:
    desk.known()
    awake(desk, prefect, "2023-04-24 17.00")
    said = desk.does("health", "--json", at="2023-04-24 17.01").data
    assert said["healthy"] is True
    assert {one["check"] for one in said["findings"]} >= {"sweep", "mail", "markers", "uncertain", "database", "disk"}
    assert "alarm" not in {one["state"] for one in said["findings"]}
    assert len(sink.new()) == 3, "the sweep reminded; health tells nobody anything"


def test_health_ends_with_1_when_something_is_wrong_and_says_what_to_do(
    desk: Desk, prefect: Prefect, sink: Sink
) -> None:
    desk.known()
    awake(desk, prefect, "2023-04-24 17.00")
    prefect.alive = False
    said = desk.types("health", at="2023-04-24 17.10")
    assert said.code == 1
    assert "Fel  Inget svep har blivit klart på 10 minuter." in said.out
    assert "Prefect svarar inte" in said.out
    assert sink.new()
    as_json = desk.types("health", "--json", at="2023-04-24 17.10")
    assert (as_json.code, as_json.data["healthy"]) == (1, False)


def test_a_time_limit_without_its_marker_is_an_alarm_with_its_case(desk: Desk, prefect: Prefect, sink: Sink) -> None:
    desk.known()
    awake(desk, prefect, "2023-04-24 17.00")
    prefect.markers = prefect.markers[1:]
    said = desk.types("health", at="2023-04-24 17.01")
    assert said.code == 1
    assert f"1 frist saknar körning i Prefect, i {CASE}." in said.out
    assert sink.new()


def test_sweeps_that_remind_but_fail_in_prefect_are_an_alarm(desk: Desk, prefect: Prefect, sink: Sink) -> None:
    desk.known()
    awake(desk, prefect, "2023-04-24 17.00")
    prefect.done_at = "2023-04-24T14:54:30Z"
    said = desk.types("health", at="2023-04-24 17.00")
    assert said.code == 1
    assert "Inget svep i Prefect har gått utan fel på 5 minuter" in said.out
    assert sink.new()


PEOPLE = """id,name,email,street,postcode,city,protection
s1,Alva Provlund,alva@post.example,Björkvägen 1,99140,Provköping,none
s2,Björn Övningsmark,bjorn@post.example,Skolgatan 2,99150,Testvik,none
s3,Cecilia Påhittsson,,Ängsstigen 3,99160,Mallhult,none
"""


def test_letters_that_are_released_and_not_sent_or_not_posted_are_told_of_in_health_and_by_mail(
    desk: Desk, prefect: Prefect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk.decided("hög")
    desk.does("recipients", "load", CASE, str(write(desk.folder / "people.csv", PEOPLE)), by=OFFICER)
    desk.approved("registrerade", day="2023-05-02")
    here = wire()
    subject = release_of(CASE, by=DELEGATE, world=here)
    code = here.codes.make(subject.digest, subject.actor, parse_local("2023-05-03 10.00"))
    monkeypatch.setenv("TIMGLAS_SMTP_PORT", str(port := free_port()))
    monkeypatch.setenv("TIMGLAS_SMTP_TLS", "none")
    assert desk.types("send", CASE, f"--code={code}", at="2023-05-03 10.00", by=DELEGATE).code == 1, "no server"

    with mail_sink(tmp_path / "sent", port):
        sink = Sink(tmp_path / "sent")
        found = _found(desk, "2023-05-03 10.29")
        assert (found["line"]["state"], found["unposted"]["state"]) == ("well", "well")
        found = _found(desk, "2023-05-03 10.30")
        assert found["line"]["state"] == "alarm"
        assert found["line"]["said"] == (
            f"Brev är släppta men ingen skickar dem: {CASE} (2 brev, sedan 3 maj 2023 kl. 10.00)."
        )
        assert found["unposted"]["state"] == "well"

        assert desk.types("watch", at="2023-05-03 10.31").code == 1
        said = _texts(sink.new())
        assert f"{CASE} (2 brev, sedan" in said
        assert "timglas remind" in said
        assert not any(name in said for name in ("Alva", "Björn", "Cecilia", "@post.example", "Skolgatan"))

        desk.does("remind", CASE, at="2023-05-03 10.35")
        assert {str(mail["To"]) for mail in sink.new()} >= {"alva@post.example", "bjorn@post.example"}
        found = _found(desk, "2023-05-05 15.01")
        assert found["line"]["state"] == "well"
        assert found["unposted"]["state"] == "alarm"
        assert f"{CASE} (1 brev, sedan 3 maj 2023 kl. 10.00)." in found["unposted"]["said"]
        desk.does("letters", "print", CASE, at="2023-05-05 15.05", by=OFFICER)
        desk.does("letters", "posted", CASE, "1", at="2023-05-05 15.30", by=OFFICER)
        assert _found(desk, "2023-05-25 15.30")["unposted"]["state"] == "well"


def _found(desk: Desk, at: str) -> dict[str, Any]:
    return {one["check"]: one for one in desk.types("health", "--json", at=at).data["findings"]}


def _texts(mails: list[EmailMessage]) -> str:
    return "".join(str(body.get_content()) for mail in mails if (body := mail.get_body(("plain",))))


def test_a_server_whose_worker_is_silent_is_an_alarm(desk: Desk, prefect: Prefect, sink: Sink) -> None:
    desk.known()
    awake(desk, prefect, "2023-04-24 17.00")
    said = desk.types("health", at="2023-04-24 17.03")
    assert said.code == 1
    assert "arbetare är vaken. Starta Timglas igen" in said.out
    assert sink.new()


def test_prefect_is_dead_for_twelve_hours_with_a_case_in_it_and_afterwards_everything_is_caught_up_once(
    desk: Desk, prefect: Prefect, sink: Sink
) -> None:
    desk.known()
    awake(desk, prefect, "2023-04-25 12.00")
    sink.new()
    prefect.alive = False

    assert desk.types("watch", at="2023-04-25 12.10").code == 1
    alarm = sink.new()
    assert ON_CALL in {str(mail["To"]) for mail in alarm}
    assert set(subjects(alarm)) == {subjects(alarm)[0]}
    assert CASE not in subjects(alarm)[0]

    for at in ("2023-04-25 12.15", "2023-04-25 14.00", "2023-04-25 16.05"):
        assert desk.types("watch", at=at).code == 1
        assert sink.new() == [], "one episode is told of once"
    assert desk.types("watch", at="2023-04-25 16.10").code == 1
    assert len(sink.new()) == len(alarm), "and again after four hours"
    desk.types("watch", at="2023-04-25 23.55")
    sink.new()

    prefect.alive = True
    awake(desk, prefect, "2023-04-26 00.00")
    missed = sink.new()
    assert Counter(str(mail["To"]) for mail in missed).most_common(1)[0][1] == 1, "one mail each, for all that passed"
    assert SARA in {str(mail["To"]) for mail in missed}
    awake(desk, prefect, "2023-04-26 00.01")
    assert sink.new() == [], "caught up once"

    assert desk.types("watch", at="2023-04-26 00.02").code == 0
    (first, *_) = all_clear = sink.new()
    assert len(all_clear) == len(alarm)
    assert "fungerar" in str(first["Subject"])
    assert desk.types("watch", at="2023-04-26 00.02").code == 0
    assert sink.new() == []


def test_a_watch_that_may_take_over_reminds_while_nobody_else_does(desk: Desk, prefect: Prefect, sink: Sink) -> None:
    desk.known()
    prefect.alive = False
    assert desk.types("watch", "--take-over", at="2023-04-24 17.00").code == 1
    told = subjects(sink.new())
    assert sum("Timglas behöver hjälp" in one for one in told) == len(told) - 3
    said = desk.types("health", at="2023-04-24 17.01")
    assert said.code == 1, "the sweep is still dead, whoever does its work"


def test_a_watch_that_prefect_called_does_not_pass_for_the_one_that_a_timer_runs(
    desk: Desk, prefect: Prefect, sink: Sink
) -> None:
    prefect.alive = False
    assert desk.types("watch", "--called", at="2023-04-24 17.00").code == 1
    assert wire().heartbeat.last(WATCH) is None, "else it would be missed for ever after"
    desk.types("watch", at="2023-04-24 17.05")
    assert wire().heartbeat.last(WATCH) is not None
    assert sink.new()


def test_of_two_watches_at_once_one_tells(desk: Desk, prefect: Prefect, sink: Sink) -> None:
    prefect.alive = False
    desk.types("health", at="2023-04-24 17.00")
    command = [sys.executable, "-c", "from flows.cli import main; main()", "watch", "--now", "2023-04-24 17.00"]
    both = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(2)]
    assert [one.wait(timeout=PATIENCE_SECONDS) for one in both] == [1, 1]
    told = [str(mail["To"]) for mail in sink.new()]
    assert len(told) == len(set(told)) > 0


def test_what_a_watch_saw_before_another_said_that_it_is_over_is_no_new_alarm(
    desk: Desk, prefect: Prefect, sink: Sink
) -> None:
    desk.known()
    awake(desk, prefect, "2023-04-24 17.00")
    prefect.alive = False
    assert desk.types("watch", at="2023-04-24 17.10").code == 1
    sink.new()

    def works_again() -> None:
        prefect.alive = True
        awake(desk, prefect, "2023-04-24 17.15")
        assert desk.types("watch", at="2023-04-24 17.15").code == 0

    class Slow(Api):
        def get(self, path: str) -> Any:
            try:
                return super().get(path)
            except OSError:
                with ThreadPoolExecutor(1) as meanwhile:
                    meanwhile.submit(works_again).result()
                raise

    now = parse_local("2023-04-24 17.15")
    watched = asyncio.run(watch(Slow(), now=now, take_over=False, settings=Settings()))
    assert not watched.alarming
    assert not [subject for subject in subjects(sink.new()) if "behöver hjälp" in subject]


def test_an_alarm_that_reaches_nobody_ends_with_2_and_is_tried_again(
    desk: Desk, prefect: Prefect, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefect.alive = False
    monkeypatch.setenv("TIMGLAS_SMTP_PORT", str(free_port()))
    monkeypatch.setenv("TIMGLAS_SMTP_TLS", "none")
    for at in ("2023-04-24 17.00", "2023-04-24 17.05"):
        said = desk.types("watch", at=at)
        assert said.code == 2
        assert "Larmet kom inte fram" in said.err


def test_alarms_go_to_the_addresses_that_are_set(
    desk: Desk, prefect: Prefect, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMGLAS_ALARM_TO", "jour@drift.example, it@drift.example")
    prefect.alive = False
    desk.types("watch", at="2023-04-24 17.00")
    assert {str(mail["To"]) for mail in sink.new()} == {"jour@drift.example", "it@drift.example"}


def test_the_watch_tells_also_when_timglas_cannot_start(
    desk: Desk, prefect: Prefect, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    (desk.folder / "broken").mkdir()
    (desk.folder / "broken" / "timglas.db").write_bytes(b"no database " * 999)
    monkeypatch.setenv("TIMGLAS_HOME", str(desk.folder / "broken"))
    said = desk.types("watch", at="2023-04-24 17.00")
    assert said.code == 1
    assert "Timglas kan inte starta (DatabaseError)." in said.err
    assert sink.new()


def test_a_memory_of_the_last_alarm_that_cannot_be_read_means_that_people_are_told_again(
    desk: Desk, prefect: Prefect, sink: Sink
) -> None:
    prefect.alive = False
    desk.types("watch", at="2023-04-24 17.00")
    assert sink.new()
    (desk.folder / "vakt.json").write_bytes(b"\xff half a file")
    desk.types("watch", at="2023-04-24 17.05")
    assert sink.new()
    (desk.folder / "vakt.json").unlink()
    (desk.folder / "vakt.json").mkdir()
    assert desk.types("watch", at="2023-04-24 17.10").code == 1, "what cannot be remembered stops no alarm"
    assert sink.new()
