"""A signed notice that somebody puts as a file into the drop folder, without a mail around it."""

import os
from pathlib import Path

import pytest

from models.facts import Facts, Quantity
from models.instants import parse_local as at
from services.supply.state_slices import Slice
from tests.suppliers.installation import ADDRESSES, BOARD, OTHER, Installation, Supplier

WHEN, ARRIVED, READ = "2026-11-23 16.05", "2026-11-23 16.10", "2026-11-24 07.30"
CASE = "INC-2026-0001"


@pytest.fixture
def case(supplier: Supplier) -> str:
    counted = Facts(n_subjects=Quantity(at_least=8431, at_most=8431))
    case = supplier.happens(Slice(BOARD, counted), Slice(OTHER, Facts()), when="2026-11-23 13.20")
    supplier.informs(case, when=WHEN)
    return case


def files_of(supplier: Supplier, case: str) -> tuple[bytes, bytes]:
    kept = f"till-personuppgiftsansvariga/{BOARD}-1"
    content, signature = (supplier.world.archive.read(case, f"{kept}.{kind}") for kind in ("json", "sig"))
    return content, signature


def drop(
    town: Installation, content: bytes, signature: bytes | None, *, name: str = "fran-biträdet", arrived: str
) -> Path:
    town.inbox.mkdir(parents=True, exist_ok=True)
    file = town.inbox / f"{name}.json"
    file.write_bytes(content)
    if signature is not None:
        file.with_name(f"{file.name}.sig").write_bytes(signature)
    os.utime(file, (at(arrived).timestamp(),) * 2)
    return file


def inside(folder: Path) -> list[str]:
    return sorted(one.name.partition(".")[2] for one in folder.iterdir())


def test_it_opens_the_case_with_when_it_arrived_and_is_confirmed_to_the_supplier(
    supplier: Supplier, town: Installation, case: str
) -> None:
    content, signature = files_of(supplier, case)
    file = drop(town, content, signature, arrived=ARRIVED)
    assert town.reads(READ) == 1
    incident = town.incident(CASE)
    assert incident.party == BOARD
    assert incident.facts.n_subjects == Quantity(at_least=8431, at_most=8431)
    assert incident.report is not None
    assert incident.report.occurred_at == at(ARRIVED)
    assert town.world.archive.read(CASE, f"fran-bitrade/rekryteringssystem-{case.lower()}-1.json") == content
    assert not file.exists()
    assert inside(town.inbox / "klart") == ["json", "json.sig"]
    assert town.carries(supplier, arrived="2026-11-24 07.31") == 1
    supplier.reads("2026-11-24 07.35")
    assert set(supplier.answers(case)) == {BOARD}


def test_the_same_file_again_and_the_mail_it_lay_in_change_nothing(
    supplier: Supplier, town: Installation, case: str
) -> None:
    content, signature = files_of(supplier, case)
    drop(town, content, signature, arrived=ARRIVED)
    town.reads(READ)
    before = town.history(CASE)
    drop(town, content, signature, name="en-kopia", arrived="2026-11-24 08.00")
    supplier.carries(town, ADDRESSES[BOARD], arrived="2026-11-24 08.05")
    assert town.reads("2026-11-24 08.10") == 2
    assert town.history(CASE) == before
    assert town.world.timeline.incidents() == (CASE,)


def test_the_first_arrival_counts_whether_it_came_by_mail_or_as_a_file(
    supplier: Supplier, town: Installation, case: str
) -> None:
    supplier.carries(town, ADDRESSES[BOARD], arrived="2026-11-23 18.00")
    town.reads("2026-11-23 18.05")
    drop(town, *files_of(supplier, case), arrived=ARRIVED)
    town.reads(READ)
    first = town.incident(CASE).supply.first_arrival
    assert first is not None
    assert first.occurred_at == at(ARRIVED)


@pytest.mark.parametrize("fault", ["changed", "unsigned", "another's signature", "another's notice"])
def test_what_is_not_genuine_or_not_ours_is_refused_moved_aside_and_said_to_somebody(
    supplier: Supplier, town: Installation, case: str, fault: str
) -> None:
    content, signature = files_of(supplier, case)
    given: bytes | None = signature
    if fault == "changed":
        content = content.replace(b'"at_least": 8431', b'"at_least": 1')
    elif fault == "unsigned":
        given = None
    elif fault == "another's signature":
        given = supplier.world.archive.read(case, f"till-personuppgiftsansvariga/{OTHER}-1.sig")
    else:
        kept = f"till-personuppgiftsansvariga/{OTHER}-1"
        content, given = (supplier.world.archive.read(case, f"{kept}.{kind}") for kind in ("json", "sig"))
        left = tuple(one for one in town.world.register.controllers if one.id != OTHER)
        town.knows(town.world.register.model_copy(update={"controllers": left}), by="sara.exempel")
    drop(town, content, given, arrived=ARRIVED)
    town.reads(READ)
    assert town.world.timeline.incidents() == ()
    assert town.aside() == ["UnknownReference" if fault == "another's notice" else "NotApproved"]
    kept_aside = [one.read_bytes() for one in (town.inbox / "att-lasa").iterdir() if one.suffix == ".json"]
    assert kept_aside == [content]
    told = [str(mail["To"]) for _, mail in town.outgoing("@exempelkommun.example")]
    assert "dataskyddsombud@exempelkommun.example" in told


def test_a_notice_waits_a_moment_for_the_signature_that_is_copied_after_it(
    supplier: Supplier, town: Installation, case: str
) -> None:
    content, signature = files_of(supplier, case)
    file = drop(town, content, None, arrived=ARRIVED)
    os.utime(file)  # it lies there since this moment
    assert town.reads(READ) == 0
    file.with_suffix(".sig").write_bytes(signature)
    os.utime(file, (at(ARRIVED).timestamp(),) * 2)
    assert town.reads(READ) == 1
    assert town.incident(CASE).party == BOARD


def test_another_file_of_that_kind_is_left_to_a_person(town: Installation) -> None:
    drop(town, b'{"hej": 1}', None, arrived=ARRIVED)
    town.reads(READ)
    assert town.aside() == ["not_understood"]
