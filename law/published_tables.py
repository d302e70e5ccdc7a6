"""The guidelines' tables as dated, cited data: read once, refused if they cannot be understood."""

import re
from datetime import date
from enum import IntEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BeforeValidator, Field, ValidationError

from law.statute import StringLoader
from models.base import Value
from models.breach_events import Risk
from models.errors import N_, StatuteError

FOLDER = Path(__file__).parent / "tables"


class Gravity(IntEnum):
    """How much harm the data could do in the wrong hands (Guidelines 9/2022, section IV.B), in rising order."""

    NONE = 0
    SLIGHT = 1
    ORDINARY = 2
    PRIVATE = 3
    SERIOUS = 4
    GRAVE = 5
    COMPOUND = 6


def _gravity(name: Any) -> Any:
    return Gravity.__members__.get(str(name).upper(), name)


GravityName = Annotated[Gravity, BeforeValidator(_gravity)]
Group = Literal["life", "work", "finance", "identity", "special", "criminal"]
Stems = tuple[str, ...]


class EnisaScore(Value):
    """The score of a kind of data in ENISA's table (DPC, 1 to 4)."""

    category: Literal["simple", "behavioural", "financial", "sensitive"]
    score: int = Field(ge=1, le=4)


class Kind(Value):
    """One kind of personal data: how grave, which harm it belongs to, and the words that name it."""

    name: str
    gravity: GravityName
    group: Group
    enisa: EnisaScore
    reference: str
    stems: Stems
    before_others: bool = False


class Unrecognised(Value):
    """What a label counts as that no stem knows."""

    gravity: GravityName
    enisa: EnisaScore


class SubjectClass(Value):
    """A class of data subjects and the words that name it."""

    reference: str
    stems: Stems


class Published(Value):
    """What every table says of itself."""

    document: str
    adopted: date
    url: str


class DataKinds(Published):
    """The vocabulary: kinds of data, classes of people, incidents and stored credentials."""

    unrecognised: Unrecognised
    kinds: tuple[Kind, ...]
    subjects: dict[Literal["vulnerable", "revealing", "at_work"], SubjectClass]
    incidents: dict[Literal["viewing", "attack", "mistake", "loss", "outage"], Stems]
    credentials: dict[Literal["absent", "weak", "protected"], Stems]

    def named(self, name: str) -> Kind:
        """Return the kind ``name``."""
        return next(kind for kind in self.kinds if kind.name == name)


class Row(Value):
    """The levels of one likelihood, from the least to the most grave data."""

    levels: Annotated[tuple[Risk, ...], Field(min_length=len(Gravity), max_length=len(Gravity))]
    reference: str


class Limit(Value):
    """A number the guidelines leave open, with the examples it lies between."""

    value: int
    reference: str


class RiskMatrix(Published):
    """Severity by likelihood. The columns are the gravities, in order."""

    columns: tuple[GravityName, ...]
    rows: dict[str, Row]
    limits: dict[str, Limit]

    def limit(self, name: str) -> int:
        """Return the number ``name``."""
        return self.limits[name].value


class Band(Value):
    """A band of the severity score begins here."""

    name: str
    start: float = Field(alias="from")


class EnisaTable(Published):
    """The published points of SE = DPC x EI + CB, its bands and flags."""

    identification: dict[str, float]
    circumstances: dict[str, dict[str, float]]
    bands: tuple[Band, ...]
    flag_above_people: int
    near_edge: float


Table = TypeVar("Table", bound=Published)


def read_table(file: Path, kind: type[Table]) -> Table:
    """Read one table. Raises StatuteError naming the file and the fault."""
    try:
        return kind.model_validate(yaml.load(file.read_text(encoding="utf-8"), Loader=StringLoader))  # noqa: S506
    except (yaml.YAMLError, ValidationError, OSError) as fault:
        raise StatuteError(
            N_("The table {file} cannot be read: {fault}."),
            why=N_("Advice from a table that is not understood would be invented."),
            remedy=N_("Mend the file in law/tables; the guideline it cites has the numbers."),
            file=file.name,
            fault=" ".join(str(fault).split()).rstrip("."),
        ) from fault


@cache
def data_kinds() -> DataKinds:
    """Return the vocabulary of data, people and incidents."""
    return read_table(FOLDER / "data_kinds.yaml", DataKinds)


@cache
def risk_matrix() -> RiskMatrix:
    """Return severity by likelihood."""
    return read_table(FOLDER / "risk_matrix.yaml", RiskMatrix)


@cache
def enisa_2013() -> EnisaTable:
    """Return ENISA's points of 2013."""
    return read_table(FOLDER / "enisa_2013.yaml", EnisaTable)


@lru_cache(maxsize=4096)  # one assessment asks about the same words hundreds of times
def matches(label: str, stems: Stems) -> bool:
    """Tell whether a word of ``label`` begins with one of ``stems``; a stem that ends in ``_`` is a whole word."""
    words = f"_{re.sub(r'[^0-9a-zà-öø-ÿ]+', '_', label.casefold()).strip('_')}_"
    return any(f"_{stem}" in words for stem in stems)
