"""What an e-archive wants to know of a package, as dated data: which format, and how sure we are of each part of it."""

from datetime import date
from functools import cache
from typing import Literal

from law.published_tables import FOLDER, Published, read_table
from models.base import Value

Confidence = Literal["high", "medium", "low"]


class Stated(Value):
    """One value of the format, the requirement it answers, and how sure we are of it."""

    value: str
    requirement: str
    confidence: Confidence


class Package(Value):
    """What ``METS.xml`` says of the whole package."""

    profile: Stated
    type: Stated
    content_type: Stated
    package_type: Stated
    map_label: Stated
    checksum_type: Stated

    @property
    def uncertain(self) -> tuple[str, ...]:
        """The requirements whose value somebody should check before a package is handed over."""
        stated = (getattr(self, name) for name in type(self).model_fields)
        return tuple(one.requirement for one in stated if one.confidence != "high")


class ArchiveFormat(Published):
    """The format as we know it, and when we looked."""

    verified_on: date
    confidence: Confidence
    caveat: str
    package: Package


@cache
def archive_format() -> ArchiveFormat:
    """Return the format of the packages that Swedish e-archives take."""
    return read_table(FOLDER / "e_archive.yaml", ArchiveFormat)
