from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from models.base import has_right_check_digit
from models.identity import NumberFault, NumberKind, born_on, is_minor, kind_of, read_number, shown

ON = date(2026, 11, 26)


def number(first_nine: str) -> str:
    """The nine digits with the check digit that belongs to them."""
    return next(first_nine + digit for digit in "0123456789" if has_right_check_digit(first_nine + digit))


@pytest.mark.parametrize(
    "written, read",
    [
        ("811228-9874", "198112289874"),
        ("8112289874", "198112289874"),
        ("19811228-9874", "198112289874"),
        ("198112289874", "198112289874"),
        (" 811228-9874 ", "198112289874"),
        ("19811228 - 9874", "198112289874"),
        ("811228–9874", "198112289874"),
        ("1981 12 28 9874", "198112289874"),
        ("811228+9874", "188112289874"),
        ("701063-2391", "197010632391"),
        ("556016-0680", "165560160680"),
        ("165560160680", "165560160680"),
    ],
)
def test_a_number_is_read_in_every_usual_way(written: str, read: str) -> None:
    assert read_number(written, on=date(1985, 1, 1) if "+" in written else ON) == read


@pytest.mark.parametrize(
    "written, fault",
    [
        ("", NumberFault.FORM),
        ("okänt", NumberFault.FORM),
        ("811228-987", NumberFault.FORM),
        ("811228-987T", NumberFault.FORM),
        ("TF81122898740", NumberFault.FORM),
        ("811228-9875", NumberFault.CHECK_DIGIT),
        (number("811328987"), NumberFault.DATE),
        ("20" + number("991228987"), NumberFault.DATE),
        ("16" + number("811228987"), NumberFault.FORM),
        ("٨١١٢٢٨٩٨٧٤", NumberFault.FORM),
    ],
)
def test_what_is_no_number_says_why(written: str, fault: NumberFault) -> None:
    assert read_number(written, on=ON) is fault


def test_a_month_that_cannot_be_is_an_organisation() -> None:
    read = read_number("556016-0680", on=ON)
    assert kind_of(read) is NumberKind.ORGANISATION
    assert born_on(read) is None


@pytest.mark.parametrize("sign, year", [("-", 2023), ("", 2023), ("+", 1923)])
def test_without_a_century_the_youngest_reading_holds_unless_a_plus_says_a_hundred_years(sign: str, year: int) -> None:
    ten = number("230115123")
    assert born_on(read_number(ten[:6] + sign + ten[6:], on=ON)) == date(year, 1, 15)


def test_who_is_older_than_anybody_known_is_no_child_if_a_plus_says_a_hundred_years() -> None:
    ten = number("150315239")
    assert born_on(read_number(f"{ten[:6]}+{ten[6:]}", on=ON)) == date(1915, 3, 15)


def test_a_samordningsnummer_without_century_and_sign_is_never_a_childs() -> None:
    ten = number("230175123")
    assert born_on(read_number(ten, on=ON)) == date(1923, 1, 15)
    assert born_on(read_number(f"{ten[:6]}-{ten[6:]}", on=ON)) == date(2023, 1, 15)
    assert born_on(read_number(f"20{ten}", on=ON)) == date(2023, 1, 15)


def test_the_sixty_of_a_samordningsnummer_is_no_day() -> None:
    assert kind_of("197010632391") is NumberKind.COORDINATION
    assert born_on("197010632391") == date(1970, 10, 3)


def test_a_samordningsnummer_without_a_known_day_tells_an_age_that_is_not_too_low() -> None:
    ten = number("080060123")
    read = read_number(f"20{ten}", on=ON)
    assert born_on(read) == date(2008, 1, 1)
    assert not is_minor(born_on(read), on=ON)


def test_somebody_is_a_minor_until_the_day_they_turn_eighteen() -> None:
    birthday = date(2008, 11, 26)
    assert is_minor(birthday, on=ON - timedelta(days=1))
    assert not is_minor(birthday, on=ON)


def test_who_was_born_on_the_leap_day_comes_of_age_on_the_first_of_march() -> None:
    assert is_minor(date(2008, 2, 29), on=date(2026, 2, 28))
    assert not is_minor(date(2008, 2, 29), on=date(2026, 3, 1))


@given(some.dates(date(1917, 1, 1), ON), some.integers(0, 999))
def test_every_number_of_twelve_digits_is_read_back_as_it_stands(born: date, serial: int) -> None:
    twelve = f"{born:%Y}" + number(f"{born:%y%m%d}{serial:03}")[2:]
    assert read_number(shown(twelve), on=ON) == twelve
    assert born_on(twelve) == born


@given(some.text(max_size=20))
def test_no_text_breaks_the_reading(text: str) -> None:
    read = read_number(text, on=ON)
    assert isinstance(read, NumberFault) or len(read) == 12
