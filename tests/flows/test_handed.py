"""What the registrar's mailbox refused is handed over by hand and registered by a form, on a real Prefect server."""

import json
import os
import subprocess
import sys
from pathlib import Path

from adapters.settings import CHECKOUT


def test_the_form_ends_the_alarm_and_refuses_in_words_where_nothing_waits(tmp_path: Path) -> None:
    script = Path(__file__).with_name("handed.py")
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    with (tmp_path / "said.log").open("wb") as said:
        ended = subprocess.run(
            [sys.executable, script, tmp_path], check=False, env=environment, stdout=said, stderr=said
        )
    assert ended.returncode == 0, (tmp_path / "said.log").read_text(encoding="utf-8")[-3000:]
    told = json.loads((tmp_path / "told.json").read_text(encoding="utf-8"))
    assert told["states"] == ["alarm", "well", "well"]
    (first, _), (again, why) = told["ends"]
    assert (first, again) == ("Completed", "Avvisat")
    assert "väntar på att lämnas till registratorn för hand" in why
    assert [by for by, _ in told["handed"]] == ["sara.exempel"]
