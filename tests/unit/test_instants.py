from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import UnreadableTime
from models.instants import local, parse_local


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21 16.10",
        "2026-11-21 16:10",
        "2026-11-21T16:10",
        "2026-11-21 kl. 16.10",
        "2026-11-21 kl 16.10",
        "  2026-11-21 16.10.00  ",
        "2026-11-21 16.10 vintertid",
    ],
)
def test_a_swedish_time_is_read_however_people_write_it(text: str) -> None:
    assert parse_local(text) == datetime(2026, 11, 21, 15, 10, tzinfo=UTC)


def test_a_date_alone_counts_from_its_first_minute() -> None:
    assert parse_local("2026-11-21") == datetime(2026, 11, 20, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text, seen",
    [
        ("2026-10-25 02.30 sommartid", "2026-10-25T00:30:00+00:00"),
        ("2026-10-25 02.30 vintertid", "2026-10-25T01:30:00+00:00"),
    ],
)
def test_the_doubled_hour_is_told_apart_by_a_word(text: str, seen: str) -> None:
    assert parse_local(text).isoformat() == seen


@pytest.mark.parametrize("clock", ["02.00", "02.30", "02.59"])
def test_the_doubled_hour_must_be_asked_about(clock: str) -> None:
    with pytest.raises(UnreadableTime, match=r"exists twice.*sommartid.*vintertid"):
        parse_local(f"2026-10-25 {clock}")


@pytest.mark.parametrize("clock", ["02.00", "02.30", "02.59"])
@pytest.mark.parametrize("season", ["", " sommartid", " vintertid"])
def test_the_hour_that_never_comes_is_refused_whatever_is_added(clock: str, season: str) -> None:
    with pytest.raises(UnreadableTime, match="does not exist"):
        parse_local(f"2026-03-29 {clock}{season}")


@pytest.mark.parametrize(
    "text, seen",
    [
        ("2026-10-25 01.59", "2026-10-24T23:59:00+00:00"),
        ("2026-10-25 03.00", "2026-10-25T02:00:00+00:00"),
        ("2026-03-29 01.59", "2026-03-29T00:59:00+00:00"),
        ("2026-03-29 03.00", "2026-03-29T01:00:00+00:00"),
    ],
)
def test_one_minute_outside_those_hours_nothing_is_asked(text: str, seen: str) -> None:
    assert parse_local(text).isoformat() == seen


@pytest.mark.parametrize(
    "text", ["", "i går", "2026-13-01 10.00", "2026-02-30", "2026-11-21 24.00", "2026-11-21 10", "21/11/2026 10.00"]
)
def test_what_is_no_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UnreadableTime, match=r"Write for example 2026-11-21 16\.10"):
        parse_local(text)


@given(st.datetimes(datetime(2018, 5, 25), datetime(2040, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_every_instant_can_be_said_in_swedish_and_read_back(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    seen = local(moment)
    season = "sommartid" if seen.utcoffset() == timedelta(hours=2) else "vintertid"
    assert parse_local(f"{seen:%Y-%m-%d %H.%M.%S} {season}") == moment
