from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from adapters.files import read_register
from models.parties import Absence, Person, Product, Register, Role

EXAMPLES = Path(__file__).parents[2] / "deployments" / "examples"


def person(*absences: Absence) -> Person:
    return Person(id="bo.exempel", name="Bo Exempel", title="jurist", email="bo@exempel.example", absences=absences)


def with_stand_ins(**stand_ins: list[str]) -> dict[str, object]:
    """The example's register, in which the first controller's roles have stand-ins."""
    register = read_register(EXAMPLES / "parties.yaml").model_dump(mode="json")
    register["controllers"][0]["stand_ins"] = stand_ins
    return register


def test_whoever_stands_in_comes_after_the_bearer_of_the_role() -> None:
    board = Register.model_validate(with_stand_ins(officer=["omar.exempel", "kim.exempel"])).controllers[0]
    assert board.who(Role.OFFICER) == ("sara.exempel", "omar.exempel", "kim.exempel")
    assert board.who(Role.DELEGATE) == ("anna.exempel",)
    assert board.who(Role.INCIDENT_MANAGER) == ()


@pytest.mark.parametrize(
    "stand_ins, fault",
    [
        ({"officer": ["ingen.exempel"]}, "there is no person ingen.exempel"),
        ({"incident_manager": ["kim.exempel"]}, "incident_manager has stand-ins and no bearer"),
        ({"delegate": ["sara.exempel"]}, "the officer advises and cannot decide"),
        ({"officer": ["anna.exempel"]}, "the officer advises and cannot decide"),
    ],
)
def test_stand_ins_that_cannot_be_are_refused(stand_ins: dict[str, list[str]], fault: str) -> None:
    with pytest.raises(ValidationError, match=fault):
        Register.model_validate(with_stand_ins(**stand_ins))


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


def test_only_who_stands_behind_the_products_one_uses_is_named_each_once() -> None:
    supplier = read_register(EXAMPLES / "parties.yaml").processors[0]
    products = (
        Product(name="rekrytering", sub_processors=("Drift AB", "Lagring AB")),
        Product(name="lön", sub_processors=("Lagring AB", "Utskrift AB")),
        Product(name="schema"),
    )
    supplier = supplier.model_copy(update={"products": products})
    assert supplier.stand_behind(["lön"]) == ("Lagring AB", "Utskrift AB")
    assert supplier.stand_behind(["lön", "rekrytering"]) == ("Drift AB", "Lagring AB", "Utskrift AB")
    assert supplier.stand_behind(["schema", "okänd"]) == ()
