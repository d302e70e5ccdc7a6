"""When to remind: steps before and after each time limit, and for duties without one."""

from pydantic import PositiveInt

from models.base import Value


class Steps(Value):
    """Hours, counted from the time limit (before, after) or, for a duty without a number, from when it arose.

    ``then_every`` repeats after the last step, so that nothing open ever falls silent.
    """

    before: tuple[int, ...] = ()
    after: tuple[int, ...] = ()
    since: tuple[int, ...] = ()
    then_every: PositiveInt


class ReminderPolicy(Value):
    """The steps for each duty, by provision id; ``default`` for the rest."""

    default: Steps
    duties: dict[str, Steps] = {}

    def steps(self, provision: str) -> Steps:
        """Return the steps for the duty under ``provision``."""
        return self.duties.get(provision, self.default)
