import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, text

from adapters.database.codes import LIFETIME, WRONG_A_CODE, WRONG_AN_HOUR, SqlCodes
from models.confirmation import Verdict

NOW = datetime(2026, 11, 21, 15, 10, tzinfo=UTC)
THIS, THAT = "a" * 64, "b" * 64
ANNA = "anna.exempel"


@pytest.fixture
def codes(engine: Engine) -> SqlCodes:
    return SqlCodes(engine, b"k" * 32)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_the_right_code_works_once(codes: SqlCodes) -> None:
    code = codes.make(THIS, ANNA, NOW)
    assert codes.use(THIS, ANNA, code, NOW) is Verdict.RIGHT
    assert codes.use(THIS, ANNA, code, NOW) is Verdict.NONE


def test_a_code_opens_only_the_content_it_was_made_for(codes: SqlCodes) -> None:
    code = codes.make(THIS, ANNA, NOW)
    assert codes.use(THAT, ANNA, code, NOW) is Verdict.NONE
    assert codes.use(THIS, ANNA, code, NOW) is Verdict.RIGHT


def test_a_new_code_voids_the_earlier_one(codes: SqlCodes) -> None:
    first, second = codes.make(THIS, ANNA, NOW), codes.make(THIS, ANNA, NOW)
    if first != second:
        assert codes.use(THIS, ANNA, first, NOW) is Verdict.WRONG
    assert codes.use(THIS, ANNA, second, NOW) is Verdict.RIGHT


@pytest.mark.parametrize(
    "after, verdict", [(LIFETIME, Verdict.RIGHT), (LIFETIME + timedelta(seconds=1), Verdict.EXPIRED)]
)
def test_a_code_expires(codes: SqlCodes, after: timedelta, verdict: Verdict) -> None:
    code = codes.make(THIS, ANNA, NOW)
    assert codes.use(THIS, ANNA, code, NOW + after) is verdict


def test_wrong_codes_lock_the_code(codes: SqlCodes) -> None:
    code = codes.make(THIS, ANNA, NOW)
    tries = [codes.use(THIS, ANNA, wrong(code), NOW) for _ in range(WRONG_A_CODE)]
    assert tries == [Verdict.WRONG] * (WRONG_A_CODE - 1) + [Verdict.LOCKED]
    assert codes.use(THIS, ANNA, code, NOW) is Verdict.NONE


def test_asking_for_new_codes_does_not_give_new_tries_without_end(codes: SqlCodes) -> None:
    for _ in range(WRONG_AN_HOUR // WRONG_A_CODE):
        code = codes.make(THIS, ANNA, NOW)
        for _ in range(WRONG_A_CODE):
            codes.use(THIS, ANNA, wrong(code), NOW)
    code = codes.make(THIS, ANNA, NOW)
    assert codes.use(THIS, ANNA, code, NOW) is Verdict.LOCKED
    later = NOW + timedelta(hours=1, seconds=1)
    assert codes.use(THIS, ANNA, codes.make(THIS, ANNA, later), later) is Verdict.RIGHT


def test_of_two_who_use_a_code_at_once_one_gets_through(codes: SqlCodes) -> None:
    code, together = codes.make(THIS, ANNA, NOW), Barrier(2)

    def use(_: int) -> Verdict:
        together.wait()
        return codes.use(THIS, ANNA, code, NOW)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(use, range(2))) == [Verdict.NONE, Verdict.RIGHT]


def test_the_database_does_not_hold_the_code(codes: SqlCodes, engine: Engine) -> None:
    code = codes.make(THIS, ANNA, NOW)
    with engine.connect() as connection:
        (row,) = connection.execute(text("SELECT * FROM codes"))
    assert code not in [str(value) for value in row]
    assert row.digest not in {hashlib.sha256(code.encode()).hexdigest(), code}


def test_codes_have_six_digits(codes: SqlCodes) -> None:
    assert all(len(code) == 6 and code.isdigit() for code in (codes.make(THIS, ANNA, NOW) for _ in range(20)))
