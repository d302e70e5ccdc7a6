"""Run every ``benchmarks/bench_*.py``, each in a process of its own, print its figures and keep them in results.json.

A benchmark is a module with ``figures()``, which returns the Figures it measured. Names given as arguments choose some.
"""

import importlib
import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
_MARK = "figures: "


def main(chosen: list[str]) -> None:
    """Run the benchmarks in ``chosen``, or all; what was not run this time keeps its earlier figures."""
    known = {figure["name"]: figure for figure in json.loads(RESULTS.read_text())} if RESULTS.exists() else {}
    for name in chosen or sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py")):
        print(f"{name} …", flush=True)
        for figure in _measured(name):
            known[figure["name"]] = figure
            beside = f"   {figure['ratio']:.2f} x {figure['beside']}" if figure["beside"] else ""
            print(f"  {figure['name']:<34}{figure['value']:>14,.3f} {figure['unit']}{beside}", flush=True)
        RESULTS.write_text(json.dumps([known[key] for key in sorted(known)], indent=1) + "\n")


def _measured(name: str) -> list[dict]:
    """Run one benchmark alone, so that its memory is its own."""
    command = [sys.executable, "-m", "benchmarks.run", "--alone", name]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=HERE.parent)
    line = next(line for line in done.stdout.splitlines() if line.startswith(_MARK))
    return json.loads(line.removeprefix(_MARK))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--alone"]:
        module = importlib.import_module(f"benchmarks.bench_{sys.argv[2]}")
        print(_MARK + json.dumps([figure._asdict() for figure in module.figures()]))
    else:
        main(sys.argv[1:])
