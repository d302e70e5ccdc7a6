import pytest

from models.instants import parse_local
from services.case.report_breach import report_breach
from tests.small_world import BOARD, OFFICER, Desk, small_world


@pytest.fixture
def desk() -> Desk:
    world, now = small_world(), parse_local("2026-02-10 10.00")
    case = report_breach(
        BOARD,
        family="f-1",
        summary="Ett mejl kom fel.",
        source="Registrator",
        reported_at=now,
        by=OFFICER,
        now=now,
        world=world,
    )
    return Desk(world, case, now)
