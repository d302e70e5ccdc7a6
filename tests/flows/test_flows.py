"""What can be said of the flows without a server."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from adapters.settings import CHECKOUT

_DESCRIBE = """
import json
from flows.demo import replay
print(json.dumps({
    "flows": {
        name: {"shown": flow.name, "schema": flow.parameters.model_dump(), "persist": flow.persist_result}
        for name, flow in replay._FLOWS.items()
    },
    "scenes": [
        {"do": scene.do, "given": sorted(scene.given)}
        for scene in replay.read_story(replay.Path("deployments/examples/spring_2023.yaml"))
    ],
}))
"""


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The flows as Prefect sees them, asked in a process of their own with a home of its own."""
    home = str(tmp_path_factory.mktemp("prefect"))
    environment = {**os.environ, "PREFECT_HOME": home, "PYTHONPATH": str(CHECKOUT)}
    said = subprocess.run(
        [sys.executable, "-c", _DESCRIBE], cwd=CHECKOUT, env=environment, check=True, capture_output=True, text=True
    )
    answer = json.loads(said.stdout)
    assert isinstance(answer, dict)
    return answer


def test_every_scene_of_the_story_names_a_flow_there_is(described: dict[str, Any]) -> None:
    assert {scene["do"] for scene in described["scenes"]} - set(described["flows"]) == set()


def test_every_scene_gives_what_its_flow_asks_for_and_nothing_else(described: dict[str, Any]) -> None:
    by_the_replay = {"incident_id", "by", "now", "sha256"}
    for scene in described["scenes"]:
        schema = described["flows"][scene["do"]]["schema"]
        asked, required = set(schema["properties"]), set(schema.get("required", ()))
        assert set(scene["given"]) <= asked, scene["do"]
        assert required <= set(scene["given"]) | by_the_replay, scene["do"]


def test_every_flow_asks_who_acts_and_takes_the_hour_as_an_argument(described: dict[str, Any]) -> None:
    for name, flow in described["flows"].items():
        assert "by" in flow["schema"]["properties"], name
        assert "now" in flow["schema"]["properties"], name
        assert "now" not in flow["schema"].get("required", ()), name


def test_no_flow_stores_its_result_with_prefect(described: dict[str, Any]) -> None:
    assert {name for name, flow in described["flows"].items() if flow["persist"] is not False} == set()


def test_every_flow_has_a_swedish_name_of_its_own(described: dict[str, Any]) -> None:
    shown = [flow["shown"] for flow in described["flows"].values()]
    assert len(set(shown)) == len(shown)
    assert not any(name.replace(" ", "_").lower() in described["flows"] for name in shown)


def test_the_story_is_told_in_the_order_it_happened() -> None:
    import yaml

    from models.instants import parse_local

    story = yaml.safe_load(Path(CHECKOUT, "deployments/examples/spring_2023.yaml").read_text(encoding="utf-8"))
    hours = [parse_local(scene["at"]) for scene in story]
    assert hours == sorted(hours)
