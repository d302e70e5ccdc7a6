"""What a machine must have for some tests: on a machine of ours it may be missing, in CI it may not."""

import os
import shutil
from pathlib import Path

import pytest

_ALSO_LOOK_IN = "/usr/sbin:/usr/lib/postfix/sbin"


def program(name: str, package: str) -> Path:
    """Return where the program ``name`` of the Debian ``package`` is; skip the test without it, and fail it in CI."""
    found = shutil.which(name) or shutil.which(name, path=_ALSO_LOOK_IN)
    if found:
        return Path(found)
    reason = f"needs the program {name}: apt-get install {package}"
    if "CI" in os.environ:
        pytest.fail(reason)
    pytest.skip(reason)
