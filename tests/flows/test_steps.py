"""When a step that failed is taken again."""

import asyncio

import pytest
from prefect.states import Completed, Failed
from sqlalchemy.exc import OperationalError

from flows.steps import worth_another_try
from models.errors import NotApproved, TimelineConflict, TimglasError, TransientPostError


def again(fault: Exception) -> bool:
    """Ask as Prefect does: where a loop runs."""
    return asyncio.run(worth_another_try(None, None, Failed(data=fault)))


def refusal(kind: type[TimglasError]) -> TimglasError:
    return kind("What.", why="Why.", remedy="Remedy.")


@pytest.mark.parametrize("kind", [TimelineConflict, TransientPostError])
def test_a_rival_writer_and_a_busy_mail_server_are_worth_another_try(kind: type[TimglasError]) -> None:
    assert again(refusal(kind))


def test_a_database_that_is_away_is_worth_another_try() -> None:
    assert again(OperationalError("SELECT 1", {}, Exception("gone")))


@pytest.mark.parametrize("fault", [refusal(NotApproved), ValueError("no")], ids=lambda fault: type(fault).__name__)
def test_what_will_fail_the_same_way_is_not(fault: Exception) -> None:
    assert not again(fault)


def test_what_went_well_is_not_done_again() -> None:
    assert not asyncio.run(worth_another_try(None, None, Completed(data=1)))
