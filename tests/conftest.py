"""No test asserts how long anything takes: machines are noisy, and Hypothesis is told so here."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
