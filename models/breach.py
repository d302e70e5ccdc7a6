"""What the law looks at. It exists from awareness on; before that there is only an incident."""

from typing import Literal

from models.base import Instant, Value
from models.duty import Ground
from models.events import Risk


class PersonalDataBreach(Value):
    """One breach (Article 4(12)) as the duties see it.

    ``clock_at`` is where the 72 hours run from: awareness, or, when a decision of "unlikely" was overtaken by new facts
    before anything was filed, the instant those facts arrived. ``risk`` is None while nobody has decided, which
    includes a decision that new facts have re-opened.
    """

    owed_as: Literal["controller", "processor"]
    aware_at: Instant
    clock_at: Instant
    risk: Risk | None = None
    risk_at: Instant | None = None
    risk_ground: Ground | None = None
    exceptions: tuple[Ground, ...] = ()
    filed_at: Instant | None = None
    filed_complete: bool = False
    completed_at: Instant | None = None
    communicated_at: Instant | None = None
    published_at: Instant | None = None
    controllers_informed_at: Instant | None = None
    documented_at: Instant | None = None
