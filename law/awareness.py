"""How long may lie between detection and awareness: a short investigation, and no drifting (Guidelines 9/2022, II.A.2)."""

from datetime import datetime, timedelta

from law.statute_book import LawInForce
from models.base import Value


class Gap(Value):
    """The time between detection and awareness. ``must_be_explained`` over a day; ``is_long`` over two."""

    length: timedelta
    must_be_explained: bool
    is_long: bool


def gap(detected_at: datetime | None, aware_at: datetime, law: LawInForce) -> Gap:
    """Return the gap between ``detected_at`` and ``aware_at``; none if nobody knows when it was detected.

    A short investigation may come first (para 34; Annex B, example v: 24 hours), but drifting in it can itself be a
    failure to notify (para 40).
    """
    length = max(aware_at - detected_at, timedelta()) if detected_at else timedelta()
    return Gap(
        length=length,
        must_be_explained=length > _hours("investigation_within", law),
        is_long=length > _hours("investigation_flag", law),
    )


def _hours(name: str, law: LawInForce) -> timedelta:
    period = law.period("gdpr.33.1", name)
    return period.elapsed if period else timedelta.max
