from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.clock import calendar_month, deadline, end_of_day, limit, readings
from models.duty import Period
from models.errors import StatuteError
from models.instants import STOCKHOLM, local, parse_local

HOURS_72 = Period(amount=72, unit="hours")
INSTANTS = st.datetimes(datetime(2018, 5, 25), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def test_the_time_limit_is_seventy_two_elapsed_hours_from_every_minute_of_a_year() -> None:
    new_year, minute, three_days = parse_local("2026-01-01"), timedelta(minutes=1), timedelta(hours=72)
    year = (new_year + number * minute for number in range(365 * 24 * 60))
    assert all(deadline(moment.astimezone(STOCKHOLM), HOURS_72) - moment == three_days for moment in year)


@pytest.mark.parametrize("changes_on", ["2026-03-29", "2026-10-25", "2026-07-01"])
def test_around_a_change_of_the_clock_the_readings_keep_their_order(changes_on: str) -> None:
    night = parse_local(changes_on)
    for minute in range(-5 * 24 * 60, 2 * 24 * 60, 7):
        aware_at = night + timedelta(minutes=minute)
        read = readings(aware_at, HOURS_72)
        assert read.operate == min(read.strict, read.wall)
        assert read.strict <= read.regulation_1182_71 <= read.strict + timedelta(hours=1)
        assert abs(read.wall - read.strict) <= timedelta(hours=1)


@given(INSTANTS, INSTANTS)
def test_who_was_aware_later_has_a_later_time_limit(one: datetime, other: datetime) -> None:
    earlier, later = sorted((one, other))
    before, after = readings(earlier, HOURS_72), readings(later, HOURS_72)
    assert before.strict <= after.strict
    assert before.regulation_1182_71 <= after.regulation_1182_71
    assert end_of_day(earlier, Period(amount=4, unit="weeks")) <= end_of_day(later, Period(amount=4, unit="weeks"))


@given(INSTANTS)
def test_the_alarm_never_aims_later_than_the_law(aware_at: datetime) -> None:
    read = readings(aware_at, HOURS_72)
    assert read.operate <= read.strict
    assert read.strict == aware_at + timedelta(hours=72)


@given(INSTANTS)
def test_the_zone_a_time_was_written_in_changes_nothing(aware_at: datetime) -> None:
    assert readings(aware_at.astimezone(STOCKHOLM), HOURS_72) == readings(aware_at, HOURS_72)


def test_the_obvious_arithmetic_would_be_an_hour_late_in_october_and_early_in_march() -> None:
    for aware_at, off_by in (("2026-10-23 16.30", timedelta(hours=1)), ("2026-03-27 16.30", timedelta(hours=-1))):
        naive = local(parse_local(aware_at)) + timedelta(hours=72)
        assert naive.astimezone(UTC) - deadline(parse_local(aware_at), HOURS_72) == off_by


@pytest.mark.parametrize(
    "started_on, months, ends_on",
    [
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 2, 29), 1, date(2028, 3, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
    ],
)
def test_a_month_ends_on_the_same_date_or_on_the_last_there_is(started_on: date, months: int, ends_on: date) -> None:
    assert calendar_month(started_on, months) == ends_on


@given(st.dates(date(2018, 5, 25), date(2100, 1, 1)), st.integers(1, 24))
def test_a_month_is_never_longer_than_its_days_and_never_goes_back(day: date, months: int) -> None:
    end = calendar_month(day, months)
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == months
    assert end.day == day.day or (end + timedelta(days=1)).day == 1
    assert calendar_month(day + timedelta(days=1), months) >= end


@pytest.mark.parametrize(
    "period, ends_at",
    [
        (Period(amount=72, unit="hours"), "2026-10-26T15:30:00+01:00"),
        (Period(amount=3, unit="days"), "2026-10-26T23:59:00+01:00"),
        (Period(amount=4, unit="weeks"), "2026-11-20T23:59:00+01:00"),
        (Period(amount=1, unit="months"), "2026-11-23T23:59:00+01:00"),
    ],
)
def test_hours_end_to_the_minute_and_longer_units_at_the_end_of_the_day(period: Period, ends_at: str) -> None:
    assert limit(parse_local("2026-10-23 16.30"), period) == datetime.fromisoformat(ends_at)


def test_the_day_of_a_filing_just_after_midnight_in_sweden_is_the_swedish_day() -> None:
    filed_at = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    assert end_of_day(filed_at, Period(amount=4, unit="weeks")) == parse_local("2026-07-30 23.59")


def test_a_month_has_no_exact_length() -> None:
    with pytest.raises(StatuteError, match="Months differ in length"):
        deadline(parse_local("2026-01-01"), Period(amount=1, unit="months"))
