from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine

from adapters.database.ledger import SqlLedger
from models.instants import parse_local as at
from models.recipient import DeliveryState
from models.reminder import Entry, StepClaim

NOW = at("2026-02-11 10.00")
CASE = "INC-2026-0001"


@pytest.fixture
def ledger(engine: Engine) -> SqlLedger:
    return SqlLedger(engine, bytes(32), "timglas.example")


def entry(step: str = "gdpr.33.1 2026-02-13T09:00Z -48 h", person: str = "sara", incident: str = CASE) -> Entry:
    return Entry(incident, "gdpr.33.1", step, person)


def claims(
    *entries: Entry, step_at: str = "2026-02-11 10.00", message_id: str = "<a@timglas.example>"
) -> list[StepClaim]:
    return [StepClaim(one, at(step_at), message_id) for one in entries]


def test_what_is_claimed_once_is_claimed_for_ever(ledger: SqlLedger) -> None:
    mine = [entry(person=name) for name in ("sara", "anna")]
    assert ledger.claim(claims(*mine), now=NOW) == set(mine)
    assert ledger.claim(claims(*mine, entry(person="omar")), now=NOW) == {entry(person="omar")}


@pytest.mark.parametrize("end", [DeliveryState.SENT, DeliveryState.REFUSED, DeliveryState.UNCERTAIN])
def test_what_has_an_end_is_not_claimed_again(ledger: SqlLedger, end: DeliveryState) -> None:
    ledger.claim(claims(entry()), now=NOW)
    ledger.settle([({entry()}, end, "")], now=NOW)
    assert ledger.claim(claims(entry()), now=NOW + timedelta(days=9)) == frozenset()


def test_what_was_put_off_is_claimed_again_in_another_message(ledger: SqlLedger) -> None:
    ledger.claim(claims(entry()), now=NOW)
    ledger.settle([({entry()}, DeliveryState.DEFERRED, "450")], now=NOW)
    assert ledger.claim(claims(entry(), message_id="<b@timglas.example>"), now=NOW) == {entry()}
    (row,) = ledger.rows(CASE)
    assert (row.state, row.message_id) == (DeliveryState.CLAIMED, "<b@timglas.example>")


def test_an_end_does_not_overwrite_another(ledger: SqlLedger) -> None:
    ledger.claim(claims(entry()), now=NOW)
    ledger.settle([({entry()}, DeliveryState.SENT, "")], now=NOW)
    ledger.settle([({entry()}, DeliveryState.DEFERRED, "")], now=NOW)
    assert ledger.rows(CASE)[0].state is DeliveryState.SENT


def test_of_two_who_claim_the_same_at_once_each_row_goes_to_one(ledger: SqlLedger) -> None:
    wanted, start = [entry(person=f"p{number}") for number in range(40)], Barrier(4)

    def claim() -> frozenset[Entry]:
        start.wait()
        return ledger.claim(claims(*wanted), now=NOW)

    with ThreadPoolExecutor(4) as pool:
        got = [each.result() for each in [pool.submit(claim) for _ in range(4)]]
    assert sum(map(len, got)) == len(wanted)
    assert frozenset().union(*got) == set(wanted)


def test_thousands_are_claimed_in_one_go(ledger: SqlLedger) -> None:
    wanted = [entry(step=f"gdpr.33.1 2026-02-13T09:00Z +{hours} h") for hours in range(1700)]
    assert len(ledger.claim(claims(*wanted), now=NOW)) == 1700


def test_the_rows_of_a_case_come_in_the_order_they_were_due(ledger: SqlLedger) -> None:
    late, early = entry(step="b"), entry(step="c")
    ledger.claim([*claims(late, step_at="2026-02-11 12.00"), *claims(early, step_at="2026-02-11 09.00")], now=NOW)
    ledger.claim(claims(entry(incident="INC-2026-0002")), now=NOW)
    assert [row.entry for row in ledger.rows(CASE)] == [early, late]


def test_what_is_not_settled_is_shown_and_a_person_settles_it(ledger: SqlLedger) -> None:
    people = {name: entry(person=name) for name in ("sent", "refused", "later", "lost", "died", "again")}
    ledger.claim(claims(*people.values()), now=NOW)
    ends = {
        "sent": DeliveryState.SENT,
        "refused": DeliveryState.REFUSED,
        "later": DeliveryState.DEFERRED,
        "lost": DeliveryState.UNCERTAIN,
    }
    ledger.settle([({people[name]}, end, "") for name, end in ends.items()], now=NOW)
    assert {row.entry.person for row in ledger.unsettled()} == {"later", "lost", "died", "again"}
    assert ledger.settle_uncertain([people["lost"], people["sent"]], arrived=True, now=NOW) == 1
    assert ledger.settle_uncertain([people["again"]], arrived=False, now=NOW) == 1
    assert {row.entry.person for row in ledger.unsettled()} == {"later", "died", "again"}
    assert ledger.claim(claims(people["again"]), now=NOW) == {people["again"]}


def test_what_a_clock_that_ran_ahead_sent_too_early_is_forgotten_and_nothing_else(ledger: SqlLedger) -> None:
    ahead = NOW + timedelta(days=2)
    too_early, caught_up, in_time = entry(step="early"), entry(step="caught up"), entry(step="in time")
    ledger.claim(claims(in_time), now=NOW - timedelta(hours=1))
    ledger.claim(claims(too_early, step_at="2026-02-12 10.00"), now=ahead)
    ledger.claim(claims(caught_up, step_at="2026-02-11 09.00"), now=ahead)
    assert ledger.forget_ahead(NOW, claimed_after=ahead) == 0
    assert ledger.forget_ahead(NOW, claimed_after=NOW + timedelta(hours=1)) == 1
    assert {row.entry for row in ledger.rows(CASE)} == {caught_up, in_time}


def test_a_message_id_is_the_same_for_the_same_reminder_and_nobody_can_guess_it(engine: Engine) -> None:
    ledger, other = SqlLedger(engine, bytes(32), "a.example"), SqlLedger(engine, b"k" * 32, "a.example")
    one, two = entry(), entry(person="anna")
    assert ledger.message_id([one, two]) == ledger.message_id([two, one])
    assert ledger.message_id([one]).startswith("<inc-2026-0001.")
    assert len({ledger.message_id([one]), ledger.message_id([two]), other.message_id([one])}) == 3
    assert len(ledger.message_id([one]).strip("<>").partition("@")[0]) <= 64 - len("timglas+"), "RFC 5321, 4.5.3.1.1"
