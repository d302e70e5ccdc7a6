"""No test asserts how long anything takes, and none draws lots: machines are noisy, and a run says the same each time.

Hypothesis draws its examples anew with ``--hypothesis-profile=explore``, from any seed with ``--hypothesis-seed=N``.
"""

from hypothesis import HealthCheck, settings

settings.register_profile("explore", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("untimed", settings.get_profile("explore"), derandomize=True)
settings.load_profile("untimed")
