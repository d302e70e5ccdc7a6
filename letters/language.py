"""How we say things in Swedish: dates, numbers and lists from CLDR, words from the catalogue."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.support import Translations
from babel.units import format_unit

from models.duty import Period
from models.errors import N_, TimglasError
from models.facts import Facts, Quantity
from models.instants import STOCKHOLM, comes_twice, local

LANGUAGE = "sv"
CATALOGUE = Path(__file__).parent.parent / "locale" / LANGUAGE / "LC_MESSAGES" / "timglas.po"

_FOUR_DAYS = timedelta(hours=96)
_YES, _NO = N_("yes"), N_("no")


def moment(instant: datetime) -> str:
    """Return ``instant`` in Swedish time, as in "torsdag 27 april 2023 kl. 16.10"."""
    return _said(instant, "EEEE d MMMM y 'kl.' HH.mm")


def on_the(instant: datetime) -> str:
    """Return ``instant`` as it stands in a sentence, as in "torsdagen den 27 april 2023 kl. 16.10"."""
    return _said(instant, "EEEE'en den' d MMMM y 'kl.' HH.mm")


def span(first: datetime, last: datetime) -> str:
    """Return an instant or a span as it stands in a sentence, in whole days where it begins and ends with them.

    As in "den 24 april 2023 kl. 13.20", "den 24 april 2023", "mellan den 23 och den 24 april 2023".
    """
    if first == last:
        return say(N_("on {when}"), when=clock_time(first))
    begins, ends = local(first), local(last)
    whole_days = (begins.hour, begins.minute, ends.hour, ends.minute) == (0, 0, 23, 59)
    said = day if whole_days else clock_time
    if whole_days and begins.date() == ends.date():
        return say(N_("on {when}"), when=day(first))
    return say(N_("between {first} and {last}"), first=said(first), last=said(last))


def soon(instant: datetime) -> str:
    """Return ``instant`` without the year, as in "torsdag 27 april kl. 16.10", for what lies near."""
    return _said(instant, "EEEE d MMMM 'kl.' HH.mm")


def near(instant: datetime, now: datetime) -> str:
    """Return ``instant`` as short as it can be told ``now``: "kl. 14.20" of the same day, otherwise as ``soon``."""
    same_day = local(instant).date() == local(now).date()
    return _said(instant, "'kl.' HH.mm") if same_day else soon(instant)


def weekday(when: date) -> str:
    """Return the day without the year, as in "onsdag 17 maj", for what lies near."""
    return format_date(when, "EEEE d MMMM", locale=LANGUAGE)


def clock_time(instant: datetime) -> str:
    """Return ``instant`` without the weekday, as in "27 april 2023 kl. 16.10"."""
    return _said(instant, "d MMMM y 'kl.' HH.mm")


def stamp(instant: datetime) -> str:
    """Return ``instant`` as in a table, "2023-04-27 16.10"; ``models.instants.parse_local`` reads it back."""
    return _said(instant, "yyyy-MM-dd HH.mm")


def day(when: date) -> str:
    """Return the day of a date or an instant, in Swedish time, as in "27 april 2023"."""
    return format_date(local(when) if isinstance(when, datetime) else when, "d MMMM y", locale=LANGUAGE)


def number(value: float) -> str:
    """Return ``value`` with a no-break space between the thousands, and a decimal comma."""
    return format_decimal(value, locale=LANGUAGE)


def percent(share: float) -> str:
    """Return a share of one as in a table, "12 %"."""
    return format_percent(share, locale=LANGUAGE)


def listed(texts: Iterable[str]) -> str:
    """Return the texts as one list, as in "namn, adress och personnummer"."""
    return format_list(tuple(texts), locale=LANGUAGE)


def quantity(value: Quantity) -> str:
    """Return a number as far as it is known: "8 400", "cirka 8 400", "mellan 20 och 30", "minst 5", "högst 5"."""
    low, high = value.at_least, value.at_most
    if high is None:
        return say(N_("at least {number}"), number=low)
    if low is None:
        return say(N_("at most {number}"), number=high)
    if low == high:
        return say(N_("about {number}"), number=low) if value.about else number(low)
    return say(N_("about {low} to {high}") if value.about else N_("between {low} and {high}"), low=low, high=high)


def people(value: Quantity) -> str:
    """Return a number of people, as in "cirka 8 400 personer"."""
    count = value.at_least if value.at_most is None else value.at_most
    return counted("{number} person", "{number} people", count or 0).format(number=quantity(value))


def duration(length: timedelta) -> str:
    """Return a length of time to the whole minute, as in "47 timmar och 10 minuter"; above 96 hours also in days."""
    days, rest = (length.days, length - timedelta(days=length.days)) if length > _FOUR_DAYS else (0, length)
    minutes = rest // timedelta(minutes=1)
    parts = (("day", days), ("hour", minutes // 60), ("minute", minutes % 60))
    said = [format_unit(amount, f"duration-{unit}", locale=LANGUAGE) for unit, amount in parts if amount]
    return listed(said) if said else say(N_("less than a minute"))


def period(length: Period) -> str:
    """Return a period with its unit, as in "24 timmar": hours are not days."""
    return str(format_unit(length.amount, f"duration-{length.unit.removesuffix('s')}", locale=LANGUAGE))


def word(member: StrEnum) -> str:
    """Return an enum member as it stands inside a sentence, as in "hög risk"."""
    return named(type(member).__name__, member.value)


def label(member: StrEnum) -> str:
    """Return an enum member as it stands alone, as in "Hög risk"."""
    return capital(word(member))


def facts_label(field: str) -> str:
    """Return the label of a field of ``models.facts.Facts``, as it stands alone."""
    return capital(named("fact", field))


def category_label(category: str) -> str:
    """Return a word of the open vocabularies as it stands inside a sentence; an unknown one as somebody wrote it."""
    return named("category", category)


def named(context: str, key: str) -> str:
    """Return what the catalogue calls ``key`` among the words of ``context``; the key itself if it has no name."""
    return str(_translations().pgettext(context, key))


def place(provision: str) -> str:
    """Return where a provision stands, as short as people say it: "art. 33.1", "2 kap. 6 § cybersäkerhetslagen"."""
    return named("provision", provision).rpartition("(")[2].rstrip(")").replace("artikel", "art.")


def slug(text: str) -> str:
    """Return ``text`` as it stands in an address or a file name: small, without Swedish letters and blanks."""
    return text.lower().translate(str.maketrans("åäö", "aao")).replace(" ", "-")


def capital(text: str) -> str:
    """Return ``text`` with its first letter large, to stand first."""
    return text[:1].upper() + text[1:]


def say(message: str, **values: object) -> str:
    """Return the sentence marked with ``N_`` in Swedish, with its values filled in."""
    return _translations().gettext(message).format(**{name: spoken(value, name) for name, value in values.items()})


def counted(one: str, many: str, count: int) -> str:
    """Return the form of the sentence that goes with ``count``, not filled in."""
    return _translations().ngettext(one, many, count)


def explain(error: TimglasError) -> str:
    """Say a refusal in Swedish: what is wrong, why, and what to do now."""
    values = {name: str(value) if type(value) is int else value for name, value in error.values.items()}
    return " ".join(say(sentence, **values) for sentence in (error.what, error.why, error.remedy))


def fact(name: str, facts: Facts) -> str | None:
    """Return the value of one field as it stands alone, an instant as in a table; None if it is unknown."""
    value = getattr(facts, name)
    if value is None:
        return None
    return stamp(value) if isinstance(value, datetime) else capital(spoken(value))


def spoken(value: object, context: str = "category") -> str:  # noqa: PLR0911 - one arm a kind of value
    """Return any value of the models in Swedish. A text is looked up among the words of ``context``."""
    match value:
        case bool():
            return say(_YES if value else _NO)
        case StrEnum():
            return word(value)
        case int():
            return number(value)
        case datetime():
            return moment(value)
        case date():
            return day(value)
        case timedelta():
            return duration(value)
        case Quantity():
            return quantity(value)
        case tuple() | list():
            return _series([spoken(item, context) for item in value])
        case _:
            return named(context, str(value))


def _series(texts: list[str]) -> str:
    """Whole sentences follow one another; words make a list."""
    return " ".join(texts) if any(text.endswith((".", "!", "?")) for text in texts) else listed(texts)


def _said(instant: datetime, pattern: str) -> str:
    """In the hour of October that comes twice, add which of the two it is."""
    wall = local(instant)
    text = format_datetime(wall, pattern, tzinfo=STOCKHOLM, locale=LANGUAGE)
    return f"{text} {'vintertid' if wall.fold else 'sommartid'}" if comes_twice(instant) else text


@cache
def _translations() -> Translations:
    """Read the catalogue once; there is no compiled file to forget."""
    compiled = BytesIO()
    with CATALOGUE.open("rb") as file:
        write_mo(compiled, read_po(file, locale=LANGUAGE))
    compiled.seek(0)
    return Translations(compiled)
