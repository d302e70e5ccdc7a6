"""What one cell of a list says: an e-mail address, a telephone, a word for yes. Never a trace of it in what is raised."""

import re
import unicodedata
from datetime import date

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from adapters.paper.fonts import load as signs
from models.people_list import Fault, Remark, Said
from models.recipient import Protection

Noted = list[tuple[Said, str]]
"""What there is to say of a row; the reader of each cell adds to it."""

_PLAIN_EMAIL = re.compile(
    r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
)
_LONGEST_LOCAL, _LONGEST_EMAIL = 64, 254
_MOBILE = re.compile(r"07[02369][- ]?\d(?:[- ]?\d){6}", re.ASCII)
_NO_DIGITS = str.maketrans("", "", "- ")
_INVISIBLE = {"Cc", "Cf", "Co", "Cs"}
_RIGHT_TO_LEFT = {"R", "AL"}

_NO = frozenset({"nej", "n", "no", "none", "0", "false", "falskt", "ingen", "inga", "inget", "saknas"})
_YES = frozenset({"ja", "j", "y", "yes", "1", "true", "sant", "x"})
_PROTECTED = {
    **dict.fromkeys(_YES, Protection.SECRECY_MARKED),
    **dict.fromkeys(
        ("sekretess", "sekretessmarkering", "sekretessmarkerad", "secrecy_marked"), Protection.SECRECY_MARKED
    ),
    **dict.fromkeys(
        ("skyddad folkbokföring", "kvarskrivning", "protected_registration"), Protection.PROTECTED_REGISTRATION
    ),
    **dict.fromkeys(_NO, Protection.NONE),
}
_LIVING = frozenset({"lever", "levande", "alive", "living"})
_NOTHING = _NO | _LIVING | {"-", "–"}
_SOMETHING = _YES | {"avliden", "död", "deceased", "utvandrad", "utflyttad", "emigrerad", "emigrated"}
_YEAR = re.compile(r"(?:19|20)\d\d(?:\D.*|\d{4})?")
_SWEDISH = frozenset({"sv", "svenska", "swe", "swedish", "sv-se"})


def tidied(text: str, noted: Noted) -> str:
    """Return ``text`` composed, on one line, without what no reader can see; note that, and signs no letter can show."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    seen = "".join(char for char in line if unicodedata.category(char) not in _INVISIBLE)
    if seen != line:
        noted.append((Remark.SIGNS, ""))
    for char in seen:
        if ord(char) not in signs() or unicodedata.bidirectional(char) in _RIGHT_TO_LEFT:
            noted.append((Remark.GLYPHS, f"U+{ord(char):04X}"))
            break
    return seen


def email(text: str, noted: Noted) -> str | None:
    """Return the address as a mail server takes it, its domain in ASCII; note and leave out what is none."""
    local, _, domain = text.rpartition("@")
    if _PLAIN_EMAIL.fullmatch(text) and len(local) <= _LONGEST_LOCAL and len(text) <= _LONGEST_EMAIL:
        return f"{local}@{domain.lower()}"
    try:
        found = validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        noted.append((Remark.EMAIL, ""))
        return None
    return found.ascii_email or found.normalized


def phone(text: str, noted: Noted) -> str | None:
    """Return the number in international form; note and leave out what is none."""
    if _MOBILE.fullmatch(text):
        return f"+46{text[1:].translate(_NO_DIGITS)}"
    try:
        found = phonenumbers.parse(text, "SE")
    except phonenumbers.NumberParseException:
        found = None
    if found is None or not phonenumbers.is_possible_number(found):
        noted.append((Remark.PHONE, ""))
        return None
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)


def protection(text: str, noted: Noted) -> Protection:
    """Return what a cell says of protection. What is not understood is protection."""
    said = _PROTECTED.get(text.casefold())
    if said is None:
        noted.append((Remark.PROTECTION, ""))
        return Protection.UNKNOWN
    return said


def registration(text: str, noted: Noted) -> Protection:
    """Return what a column of its own says of protected registration."""
    said = protection(text, noted)
    return Protection.PROTECTED_REGISTRATION if said is Protection.SECRECY_MARKED else said


def truth(text: str, noted: Noted) -> bool:
    """Tell whether a cell says that somebody is dead or gone: also by a date. Note what says neither yes nor no."""
    said = text.casefold()
    if said not in _NOTHING and said not in _SOMETHING and not _YEAR.fullmatch(said):
        noted.append((Fault.UNCLEAR, ""))
    return said not in _NOTHING


def living(text: str, _noted: Noted) -> bool:
    """Tell whether a cell says in so many words that somebody lives. A mere no may stand there for everybody, unexamined."""
    return text.casefold() in _LIVING


def yes(text: str, _noted: Noted) -> bool:
    """Tell whether a cell says yes in so many words."""
    return text.casefold() in _YES


def language(text: str, noted: Noted) -> str:
    """Return the language people asked for; there are letters in Swedish only, and that is noted."""
    if text.casefold() not in _SWEDISH:
        noted.append((Remark.LANGUAGE, ""))
    return "sv" if text.casefold() in _SWEDISH else text.casefold()[:20]


def day(text: str) -> date | None:
    """Return a day written as ``2015-03-15`` or ``20150315``; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
