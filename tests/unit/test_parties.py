from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from adapters.files import read_register
from models.parties import Absence, Person, Role

EXAMPLES = Path(__file__).parents[2] / "deployments" / "examples"


def person(*absences: Absence) -> Person:
    return Person(id="bo.exempel", name="Bo Exempel", title="jurist", email="bo@exempel.example", absences=absences)


def test_a_person_is_away_from_the_first_day_to_the_last() -> None:
    away = person(Absence(first=date(2026, 7, 6), last=date(2026, 7, 26)))
    days = [date(2026, 7, 5), date(2026, 7, 6), date(2026, 7, 26), date(2026, 7, 27)]
    assert [away.is_away(day) for day in days] == [False, True, True, False]
    assert not person().is_away(date(2026, 7, 6))


def test_an_absence_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValidationError, match="ends on the day it begins"):
        Absence(first=date(2026, 7, 6), last=date(2026, 7, 5))


def test_every_controller_of_the_example_has_somebody_to_turn_to_when_nobody_answers() -> None:
    register = read_register(EXAMPLES / "parties.yaml")
    for controller in register.controllers:
        roles = controller.roles
        assert {Role.STAND_IN, Role.REGISTRAR, Role.HEAD_OF_ADMINISTRATION, Role.ON_CALL} <= set(roles)
        assert [register.person(actor).id for actor in roles.values()] == list(roles.values())
