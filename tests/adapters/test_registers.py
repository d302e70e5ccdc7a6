import pytest
from sqlalchemy import Engine

from adapters.database.registers import SqlRegisters
from models.errors import TimelineConflict
from models.parties import LoadedRegister
from tests.small_world import OFFICER, REGISTER, at


def version(number: int) -> LoadedRegister:
    return LoadedRegister(
        version=number, content=REGISTER, loaded_at=at("2026-11-26 09.00"), loaded_by=OFFICER, source="parties.yaml"
    )


def test_what_is_kept_comes_back_as_it_was(engine: Engine) -> None:
    registers = SqlRegisters(engine)
    assert registers.current() is None
    registers.keep(version(1))
    assert registers.current() == REGISTER
    assert registers.versions() == (version(1),)


def test_the_newest_holds_also_when_another_process_loaded_it(engine: Engine) -> None:
    mine, theirs = SqlRegisters(engine), SqlRegisters(engine)
    mine.keep(version(1))
    assert mine.current() == REGISTER
    another = REGISTER.people[0].model_copy(update={"id": "ny.exempel"})
    more = REGISTER.model_copy(update={"people": (*REGISTER.people, another)})
    theirs.keep(version(2).model_copy(update={"content": more}))
    assert mine.current() == more


def test_of_two_who_load_at_once_the_second_is_refused(engine: Engine) -> None:
    SqlRegisters(engine).keep(version(1))
    with pytest.raises(TimelineConflict):
        SqlRegisters(engine).keep(version(1))
