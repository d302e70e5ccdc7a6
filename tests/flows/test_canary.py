"""Names, numbers and addresses are planted wherever they may come in; what Prefect and the logs hold is searched after."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.mail.sink import mail_sink
from flows.bootstrap import wire
from flows.host.server import free_port
from models.incident import Incident
from models.replay import replay
from tests.flows.haunted import NUMBERS, PERSON, SECRETS, TYPED, mails_to, work_the_case
from tests.planted import found_in
from tests.running import Running, desk

MAY_HOLD_PEOPLE = {"mail", "inkorg", "files", "akter"}
"""Where people may stand: what went out and came in as mail, and what was handed in as the copy of a filing."""


@pytest.fixture(scope="module")
def haunted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A desk at which a case has been worked to its end with a planted person in every list, mail and answer."""
    home, files, smtp_port = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("files"), free_port()
    with mail_sink(home / "mail", smtp_port), desk(home, free_port(), TIMGLAS_SMTP_PORT=str(smtp_port)) as up:
        work_the_case(up, files)
        yield up


def incident(haunted: Running) -> Incident:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TIMGLAS_HOME", str(haunted.home))
        return replay(wire().timeline.read(haunted.case))


def test_the_person_was_written_to_so_that_there_was_something_to_leak(haunted: Running) -> None:
    assert len(mails_to(haunted, PERSON["email"])) == 1
    assert found_in(haunted.home / "mail", [PERSON["email"]])


def test_the_whole_case_was_worked_to_the_archive_and_the_people_erased(haunted: Running) -> None:
    worked = incident(haunted)
    assert worked.closed is not None
    assert worked.archived is not None
    assert [file.suffix for file in (haunted.home / "akter").iterdir()] == [".zip"]


def test_what_somebody_types_in_a_form_is_found_in_prefect_so_that_the_search_can_find(haunted: Running) -> None:
    assert found_in(haunted.home / "prefect", [TYPED])
    assert found_in(haunted.home / "prefect", ["sara.exempel"])


def test_prefect_knows_the_officer_and_nothing_of_any_data_subject(haunted: Running) -> None:
    assert found_in(haunted.home / "prefect", SECRETS) == {}


def test_our_own_record_holds_nothing_of_any_data_subject_in_the_open(haunted: Running) -> None:
    for file in haunted.home.glob("timglas.db*"):
        assert found_in(file, SECRETS) == {}


def test_no_log_tells_of_any_data_subject(haunted: Running) -> None:
    logs = {file.name: file for file in haunted.home.rglob("*.log")}
    assert {"up.log", "server.log", "worker.log", "terminal.log"} <= set(logs)
    assert found_in(logs["up.log"], ["igång"])
    assert found_in(logs["terminal.log"], ["Kommunstyrelsen"])
    for log in logs.values():
        assert found_in(log, SECRETS) == {}


def test_no_file_name_of_ours_tells_of_any_data_subject(haunted: Running) -> None:
    names = "\n".join(str(file.relative_to(haunted.home)) for file in haunted.home.rglob("*"))
    assert [word for word in SECRETS if word in names] == []


def test_people_stand_in_the_mail_and_in_what_was_handed_in_and_nowhere_else(haunted: Running) -> None:
    hits = found_in(haunted.home, SECRETS)
    assert {Path(file).relative_to(haunted.home).parts[0] for file in hits} <= MAY_HOLD_PEOPLE


@pytest.mark.parametrize("number", NUMBERS)
def test_each_spelling_of_a_number_is_one_that_the_search_would_find(tmp_path: Path, number: str) -> None:
    (tmp_path / "prefect.log").write_text(f"Om {number}, elev", encoding="utf-8")
    assert found_in(tmp_path, SECRETS)
