from collections.abc import Iterator

import pytest

from models.duty import Duty, DutyStatus
from models.incident import Incident
from models.replay import evolve
from services.due import deadlines
from services.due.board import board
from services.due.case_file import case_file
from services.record import read
from services.reminding.plan import planned_anew, running, steps_of
from tests.services.office import BOARD, Office, at

PROMISED = at("2023-04-26 12.00")


def promise(incident: Incident) -> Iterator[Duty]:
    """What another part of Timglas may add: an update promised to a controller."""
    yield Duty(
        provision="promised_update",
        about=BOARD,
        owed_to="controller",
        status=DutyStatus.OWED,
        since=at("2023-04-25 12.00"),
        due_at=PROMISED,
        operate_at=PROMISED,
    )


@pytest.fixture
def promised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "COMMITMENTS", (*deadlines.COMMITMENTS, promise))


@pytest.mark.usefixtures("promised")
def test_what_is_promised_stands_on_the_board_among_what_the_law_obliges(office: Office) -> None:
    case = office.known()
    world = office.world
    rows = board([office.incident(case)], book=world.book, register=world.register, now=at("2023-04-25 13.00"))
    assert [row.duty.key for row in rows[:2]] == ["promised_update/kommunstyrelsen", "gdpr.33.1"]
    assert rows[0].what.endswith(": Kommunstyrelsen i Exempelkommun")
    assert "promised_update/kommunstyrelsen" in {
        duty.key for duty in case_file(read(case, world.timeline), world).duties
    }


@pytest.mark.usefixtures("promised")
def test_what_is_promised_is_reminded_of_under_its_own_name(office: Office) -> None:
    case = office.known()
    office.sweep(case, at("2023-04-26 10.30"))
    steps = {name for sent in office.incident(case).reminders for name in sent.steps}
    assert "promised_update/kommunstyrelsen 2023-04-26T10:00Z -12 h" in steps


def test_two_promises_of_one_kind_have_steps_of_their_own(office: Office) -> None:
    (one,) = promise(Incident())
    other = one.model_copy(update={"about": "ordningsverket"})
    incident = Incident(id="INC-2023-0001", party=BOARD)
    event = planned_anew(incident, (one, other), office.world.policy, at("2023-04-25 12.00"))
    assert event is not None
    first, second = (
        {step.name for step in steps_of(run, PROMISED)} for run in running(evolve(incident, event), (one, other))
    )
    assert first
    assert not first & second
