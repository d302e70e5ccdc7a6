from dataclasses import replace
from pathlib import Path

import pytest

from adapters.customer_file import read_customers
from adapters.files import read_register
from models.duty import Period
from models.errors import UnknownReference, UnreadableFile
from models.parties import Agreement, Controller, Register
from services.ports.world import World
from services.supply.load_register import Change, differences, load_register, succeeding, with_customers
from tests.small_world import BOARD, OFFICER, PROCESSOR, REGISTER, at, small_world

EXAMPLES = Path("deployments/examples")
NOW = at("2026-11-26 09.00")


def load(world: World, register: Register) -> tuple[Change, ...]:
    return load_register(register, source="parties.yaml", by=OFFICER, now=NOW, world=world)


def changed(party: str = BOARD, **values: object) -> Register:
    controllers = tuple(one.model_copy(update=values) if one.id == party else one for one in REGISTER.controllers)
    return Register(controllers=controllers, processors=REGISTER.processors, people=REGISTER.people)


def test_the_first_load_is_kept_although_nothing_differs_from_the_file() -> None:
    world = small_world()
    assert load(world, REGISTER) == ()
    (kept,) = world.registers.versions()
    assert (kept.version, kept.loaded_by, kept.loaded_at, kept.source) == (1, OFFICER, NOW, "parties.yaml")


def test_the_same_register_again_changes_and_records_nothing() -> None:
    world = small_world()
    load(world, REGISTER)
    load(world, REGISTER)
    assert len(world.registers.versions()) == 1


def test_a_change_says_which_value_was_what_and_is_kept() -> None:
    world = small_world()
    load(world, REGISTER)
    (change,) = load(world, changed(email="ny@exempelkommun.example"))
    assert (change.kind, change.id, change.what) == ("controller", BOARD, "changed")
    assert change.fields == (("email", "kommunstyrelsen@exempelkommun.example", "ny@exempelkommun.example"),)
    before, after = world.registers.versions()
    assert differences(before.content, after.content) == (change,)


def test_whoever_is_not_in_the_new_register_stays_but_has_ended_and_left() -> None:
    left_out = Register(
        controllers=tuple(
            one.model_copy(update={"roles": {}, "agreements": ()}) for one in REGISTER.controllers if one.id != BOARD
        ),
        people=REGISTER.people[:1],
    )
    after = succeeding(REGISTER, left_out)
    assert after.controller(BOARD).ended
    assert after.party(PROCESSOR).ended
    assert not after.person(REGISTER.people[0].id).left
    assert after.person(REGISTER.people[1].id).left
    ended = {change.id for change in differences(REGISTER, after) if change.what == "ended"}
    assert ended == {BOARD, PROCESSOR, *(person.id for person in REGISTER.people[1:])}


def test_nobody_changes_the_register_who_is_in_neither() -> None:
    world = small_world()
    with pytest.raises(UnknownReference, match="okand"):
        load_register(REGISTER, source="parties.yaml", by="okand.person", now=NOW, world=world)
    assert world.registers.versions() == ()


@pytest.mark.parametrize(
    "line, said",
    [
        ("roles: {officer: nagon.annan}", "there is no person nagon.annan"),
        ("agreements: [{processor: okand-leverantor}]", "there is no processor okand-leverantor"),
        ("agreements: [{processor: rekryteringssystem, products: [lonesystemet]}]", "has no product lonesystemet"),
        ("contacts: [{name: Jouren, email: jour at exempelkommun}]", "this is no e-mail address"),
    ],
)
def test_a_register_that_does_not_hold_together_is_refused_with_its_fault(tmp_path: Path, line: str, said: str) -> None:
    text = (EXAMPLES / "parties.yaml").read_text(encoding="utf-8")
    first = text.index("    diary_prefix: KS")
    file = tmp_path / "parties.yaml"
    key = line.partition(":")[0]
    head = text[:first].partition("    roles:")[0] if key == "roles" else text[:first]
    rest = text[first:].partition("  - id: barn-och")
    file.write_text(f"{head}    diary_prefix: KS\n    {line}\n  - id: barn-och{rest[2]}", encoding="utf-8")
    with pytest.raises(UnknownReference, match=said):
        read_register(file)


# customers in a table


def test_customers_come_with_their_contacts_in_order_and_what_is_agreed() -> None:
    board, region = read_customers(EXAMPLES / "customers.csv", PROCESSOR)
    assert [contact.email for contact in board.reached_at] == [
        "jour@exempelkommun.example",
        "dataskyddsombud@exempelkommun.example",
    ]
    assert [contact.round_the_clock for contact in board.contacts] == [True, False]
    assert board.address.postcode == "99101"
    assert region.agreement(PROCESSOR) == Agreement(
        processor=PROCESSOR,
        products=("rekryteringssystemet",),
        notice_within=Period(amount=12, unit="hours"),
        customer_number="K-1104",
    )


def test_customers_are_added_and_what_their_rows_do_not_say_stays() -> None:
    customers = read_customers(EXAMPLES / "customers.csv", PROCESSOR)
    own = customers[0].model_copy(update={"id": BOARD, "agreements": ()})
    after = with_customers(REGISTER, (own, customers[1]))
    assert after.controller(BOARD).roles == REGISTER.controller(BOARD).roles
    assert after.controller(BOARD).agreements == REGISTER.controller(BOARD).agreements
    assert after.controller(BOARD).name == "Socialnämnden"
    assert after.customers(PROCESSOR, "rekryteringssystemet")[-1].id == "provregionen"
    assert len(after.controllers) == len(REGISTER.controllers) + 1


def test_a_customer_that_had_ended_is_one_again_when_its_row_comes_back() -> None:
    customers = read_customers(EXAMPLES / "customers.csv", PROCESSOR)
    world = replace(small_world(), register=with_customers(REGISTER, customers))
    ended = succeeding(world.register, REGISTER)
    assert ended.controller("provregionen").ended
    assert PROCESSOR in {one.processor for one in ended.controller("provregionen").agreements}
    assert "provregionen" not in {one.id for one in ended.customers(PROCESSOR)}
    assert not with_customers(ended, customers).controller("provregionen").ended


def test_every_value_at_fault_is_named_by_row_and_column_and_none_is_kept(tmp_path: Path) -> None:
    text = (EXAMPLES / "customers.csv").read_text(encoding="utf-8")
    file = tmp_path / "kunder.csv"
    file.write_text(text.replace("212000-0000", "212000").replace("vakthavande@", "vakthavande"), encoding="utf-8")
    with pytest.raises(UnreadableFile) as refusal:
        read_customers(file, PROCESSOR)
    assert refusal.value.values["place"] == ("2 organisationsnummer", "3 kontakt 1 e-post")


@pytest.mark.parametrize("delimiter, encoding", [(",", "utf-8"), ("\t", "utf-8-sig"), (";", "cp1252")])
def test_a_table_is_read_however_a_spreadsheet_saves_it(tmp_path: Path, delimiter: str, encoding: str) -> None:
    file = tmp_path / "kunder.csv"
    text = (EXAMPLES / "customers.csv").read_text(encoding="utf-8")
    file.write_text(text.replace(";", delimiter), encoding=encoding)
    names = [customer.name for customer in read_customers(file, PROCESSOR)]
    assert names == ["Socialnämnden", "Regionstyrelsen"]


def test_a_controller_without_contact_points_is_reached_at_its_own_mailbox() -> None:
    alone: Controller = REGISTER.controllers[0].model_copy(update={"contacts": ()})
    assert [contact.email for contact in alone.reached_at] == [alone.email]
