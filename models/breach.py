"""What the law looks at. It exists from awareness on; before that there is only a suspicion, read as if it were one."""

from typing import Literal

from models.base import Instant, Value
from models.breach_events import AuthorityOrderReceived, Risk
from models.duty import Ground, Untold
from models.facts import Facts


class PersonalDataBreach(Value):
    """One breach (Article 4(12)) as the duties see it.

    ``clock_at`` is where the 72 hours run from: awareness, or, when a decision of "unlikely" was overtaken by new facts
    before anything was filed, the instant those facts arrived. After the first filing it never moves to a later one, so
    that what was late stays late. ``risk`` is None while nobody has decided, which includes a decision that new facts
    have re-opened. ``set_aside`` is the decision that another law takes the place of Articles 33 and 34.
    ``communicated`` is when each letter to everybody had left, none while one lies here, and ``published`` when each notice
    came out, the first one first; ``untold`` is who has not been told.
    ``reopened_at`` is when facts arrived that the authority has not been told although a filing was complete.
    """

    owed_as: Literal["controller", "processor"]
    aware_at: Instant
    clock_at: Instant
    facts: Facts = Facts()
    set_aside: Ground | None = None
    risk: Risk | None = None
    risk_at: Instant | None = None
    risk_ground: Ground | None = None
    exceptions: tuple[Ground, ...] = ()
    order: AuthorityOrderReceived | None = None
    filed_at: Instant | None = None
    filed_complete: bool = False
    completed_at: Instant | None = None
    reopened_at: Instant | None = None
    withdrawn: Ground | None = None
    communicated: tuple[Instant, ...] = ()
    untold: Untold | None = None
    published: tuple[Instant, ...] = ()
    controllers_informed_at: Instant | None = None
    documented_at: Instant | None = None
