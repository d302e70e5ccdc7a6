"""Which column of a list holds what, by the names people give columns, in Swedish and in English."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from models.errors import N_, UnreadableFile

_NAMES: Mapping[str, str] = {
    "id": "id mottagarid löpnummer referens",
    "name": "namn name fullständigtnamn förochefternamn fullname",
    "first_name": "förnamn tilltalsnamn firstname givenname",
    "last_name": "efternamn lastname surname familyname",
    "number": "personnummer persnr pnr personnr samordningsnummer personsamordningsnummer personorganisationsnummer "
    "personorgnr organisationsnummer orgnr identitetsbeteckning idnummer nationalidnumber",
    "born": "födelsedatum född dateofbirth birthdate born",
    "email": "epost epostadress mejl mejladress mail mailadress email emailaddress",
    "phone": "telefon telefonnummer tel mobil mobilnummer mobiltelefon phone telephone",
    "care_of": "co coadress careof",
    "street": "adress gatuadress gata utdelningsadress utdelningsadress2 street address streetaddress",
    "postcode": "postnummer postnr zip zipcode postcode postalcode",
    "city": "ort postort stad city town",
    "country": "land country",
    "protection": "skyddadepersonuppgifter skyddadeuppgifter skydd skyddad skyddadidentitet skyddsmarkering sekretessmarkering "
    "sekretess sekretessmarkerad protection protected",
    "registration": "skyddadfolkbokföring kvarskrivning",
    "language": "språk language",
    "deceased": "avliden avlidendatum död dödsdatum deceased",
    "emigrated": "utvandrad utflyttad emigrerad emigrated",
    "mailbox": "digitalbrevlåda digitalpost mailbox",
}
_FIELDS = {name: field for field, names in _NAMES.items() for name in names.split()}
_KIN = r"(?:vårdnadshavare(?:ns|s|n)?|vh|guardians?|målsman(?:nens|s)?|förälder(?:ns|s|n)?)"
_GUARDIAN = re.compile(rf"(?:{_KIN}(?P<first>\d?)(?P<after>.*?)|(?P<before>.+?){_KIN})(?P<last>\d?)")
_OF_PROTECTION = re.compile(r"skydd|sekr(?!eterar)|kvarskriv|spärrmark|hemlig|protect|secre[ct]")
_OF_REGISTRATION = re.compile(r"folkbokf|kvarskriv|registration")
_OF_DEATH = re.compile(r"(?!.*(?:namn|nummer|kontakt)).*(?:avlid|dödsda|dödsfall|deceased|death)")
_OF_EMIGRATION = re.compile(r"(?!.*(?:land|till|orsak)).*(?:utvandr|emigr)")
"""No list of names is long enough here, and a column that is passed over would open what it closes: a letter to the dead."""
GUARDIAN_FIELDS = (
    "name",
    "first_name",
    "last_name",
    "number",
    "email",
    "care_of",
    "street",
    "postcode",
    "city",
    "protection",
    "deceased",
)
_EACH_COUNTS = ("protection", "registration", "deceased", "emigrated")
Columns = Mapping[str, int]
"""Where each field stands; a guardian's as ``guardian1.name``, further columns about protection or death as ``protection2``."""


def columns(heading: Sequence[str]) -> dict[str, int]:
    """Return where each field stands that ``heading`` names.

    The first of two columns with the same name counts, but of those about protection, death and emigration every one does.
    """
    found: dict[str, int] = {}
    for place, text in enumerate(heading):
        field = _field(_bare(text))
        if field is None:
            continue
        if field in found and field.rpartition(".")[2].startswith(_EACH_COUNTS):
            own = field if field.endswith(".deceased") else field.rpartition(".")[2]
            field = f"{own}{len(found)}"
        found.setdefault(field, place)
    return found


def is_protection(field: str) -> bool:
    """Tell whether ``field`` says something of protected personal data: the person's own, or a guardian's."""
    return field.rpartition(".")[2].startswith(("protection", "registration"))


def find_heading(start: Sequence[list[str]], file: str) -> tuple[int, dict[str, int]]:
    """Return the place in ``start`` of the row that names the columns, and what it names. Raises UnreadableFile."""
    named = [(columns(row), place) for place, row in enumerate(start)]
    best, place = max(named, key=lambda one: len(one[0]), default=({}, 0))
    if "name" in best or {"first_name", "last_name"} <= best.keys():
        return place, best
    raise UnreadableFile(
        N_("The file {file} has no column with names."),
        why=N_("None of its first rows names the columns, or none of them is the name of the people."),
        remedy=N_(
            "Name the columns in the first row, for example: Namn, Personnummer, E-post, Adress, Postnummer, Ort."
        ),
        file=file,
    )


def _field(name: str) -> str | None:
    if name in _FIELDS:
        return _FIELDS[name]
    guardian = _GUARDIAN.fullmatch(name)
    if guardian is None:
        return _of_protection(name) or _of_life(name)
    says = guardian["after"] or guardian["before"] or "namn"
    field = _FIELDS.get(says) or ("protection" if _of_protection(says) else _of_life(says))
    return f"guardian{guardian['first'] or guardian['last'] or 1}.{field}" if field in GUARDIAN_FIELDS else None


def _of_protection(name: str) -> str | None:
    """Return which protection a heading is about that is in no list of names, or None."""
    if not _OF_PROTECTION.search(name):
        return None
    return "registration" if _OF_REGISTRATION.search(name) else "protection"


def _of_life(name: str) -> str | None:
    """Return whether a heading that is in no list of names is about death or emigration, or None."""
    if _OF_DEATH.match(name):
        return "deceased"
    return "emigrated" if _OF_EMIGRATION.match(name) else None


def _bare(text: str) -> str:
    """Return the heading in small letters without what stands between the words."""
    return "".join(char for char in unicodedata.normalize("NFC", text).casefold() if char.isalnum())
