import ast
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median

from models import errors

ROOT = Path(__file__).parents[2]
PACKAGES = ("models", "proof", "law", "letters", "services", "adapters", "flows")
PURE = ("models", "law", "letters", "services")
LONGEST_MODULE, LONGEST_FUNCTION = 250, 40
ONE_TABLE = {"models/replay.py"}
"""How each word of the timeline changes a case: a table, to look things up in."""
ONE_ARM_A_WORD = {("models/replay.py", "_changes")}

ASKS_THE_CLOCK = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "localtime", "gmtime"}
CLOCKS = {"datetime", "date", "time"}
A_REASON = re.compile(r"# noqa: [A-Z]+\d+(?:, [A-Z]+\d+)* - \S+")


def modules(*packages: str) -> list[str]:
    return [
        file.relative_to(ROOT).as_posix() for package in packages for file in sorted((ROOT / package).rglob("*.py"))
    ]


def tree(module: str) -> ast.Module:
    return ast.parse((ROOT / module).read_text(encoding="utf-8"))


def functions(node: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (inner for inner in ast.walk(node) if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef))


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines from ``def`` to the end, without the docstring."""
    first = function.body[0]
    documented = ast.get_docstring(function) is not None
    docstring = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def offenders(*packages: str, rule: Callable[[str], Iterable[object]]) -> dict[str, list[object]]:
    """What breaks ``rule``, by module; nothing, one hopes."""
    broken = {module: list(rule(module)) for module in modules(*packages)}
    return {module: found for module, found in broken.items() if found}


def test_a_module_fits_in_the_head() -> None:
    sizes = {module: (ROOT / module).read_text(encoding="utf-8").count("\n") for module in modules(*PACKAGES)}
    assert {name: size for name, size in sizes.items() if size > LONGEST_MODULE and name not in ONE_TABLE} == {}


def test_most_modules_are_a_page() -> None:
    sizes = [(ROOT / module).read_text(encoding="utf-8").count("\n") for module in modules(*PACKAGES)]
    assert median(sizes) <= 90


def test_a_function_fits_on_a_screen() -> None:
    def too_long(module: str) -> Iterator[str]:
        for one in functions(tree(module)):
            if length(one) > LONGEST_FUNCTION and (module, one.name) not in ONE_ARM_A_WORD:
                yield f"{one.name}: {length(one)} lines"

    assert offenders(*PACKAGES, rule=too_long) == {}


def test_the_core_asks_nobody_what_time_it_is() -> None:
    def asked(module: str) -> Iterator[str]:
        for node in ast.walk(tree(module)):
            asks = isinstance(node, ast.Attribute) and node.attr in ASKS_THE_CLOCK
            if asks and isinstance(node.value, ast.Name) and node.value.id in CLOCKS:
                yield f"{node.value.id}.{node.attr} in line {node.lineno}"

    assert offenders(*PURE, rule=asked) == {}


def test_an_adapter_is_told_the_date_of_what_it_handles() -> None:
    def asked(module: str) -> Iterator[int]:
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}:
                yield node.lineno

    assert offenders("adapters", rule=asked) == {}


def test_no_fault_is_swallowed() -> None:
    def swallowed(module: str) -> Iterator[int]:
        lines = (ROOT / module).read_text(encoding="utf-8").splitlines()
        for handler in (node for node in ast.walk(tree(module)) if isinstance(node, ast.ExceptHandler)):
            broad = handler.type is None or ast.unparse(handler.type) in {"Exception", "BaseException"}
            raised = any(isinstance(node, ast.Raise) for node in ast.walk(handler))
            if broad and (handler.type is None or not (raised or A_REASON.search(lines[handler.lineno - 1]))):
                yield handler.lineno

    assert offenders(*PACKAGES, "migrations", rule=swallowed) == {}


def test_the_seventy_two_hours_stand_in_the_statutes_and_nowhere_else() -> None:
    def written(module: str) -> Iterator[int]:
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.Constant) and node.value == 72:
                yield node.lineno

    assert offenders(*PURE, rule=written) == {}


def test_everything_public_says_what_it_means() -> None:
    def silent(module: str) -> Iterator[str]:
        root = tree(module)
        if ast.get_docstring(root) is None:
            yield "the module"
        classes = [one for one in ast.walk(root) if isinstance(one, ast.ClassDef) and not one.name.startswith("_")]
        for node in (node for holder in (root, *classes) for node in holder.body):
            named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            if named and not node.name.startswith("_") and ast.get_docstring(node) is None:
                yield node.name

    assert offenders(*PACKAGES, rule=silent) == {}


MAY_IMPORT = {
    "models": {"models"},
    "proof": {"models", "proof"},
    "law": {"models", "law"},
    "letters": {"models", "letters"},
    "services": {"models", "proof", "law", "letters", "services"},
    "adapters": {"models", "proof", "adapters"},
    "flows": set(PACKAGES),
}


def test_nobody_imports_upwards_or_sideways() -> None:
    def wrong(module: str) -> Iterator[str]:
        allowed = MAY_IMPORT[module.partition("/")[0]]
        for name in (name.partition(".")[0] for node in ast.walk(tree(module)) for name in _imported(node)):
            if name in PACKAGES and name not in allowed:
                yield name

    assert offenders(*PACKAGES, rule=wrong) == {}


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []


def test_no_test_patches_what_it_tests() -> None:
    forbidden = re.compile(
        "|".join(("mock" + r"\.patch", "import " + "mock", r"unittest\." + "mock", "mocker" + r"\."))
    )
    files = [file for file in (ROOT / "tests").rglob("*.py") if forbidden.search(file.read_text(encoding="utf-8"))]
    assert files == []


def test_the_errors_are_drawn_as_the_tree_they_are() -> None:
    drawing = errors.__doc__ or ""
    kinds = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.TimglasError)]
    assert [one.__name__ for one in kinds if not re.search(rf"\b{one.__name__}\b", drawing)] == []
    places = [drawing.index(one.__name__) for one in kinds]
    assert all(earlier < later for earlier, later in pairwise(places)), "the drawing has the order of the file"


def test_every_folder_of_ours_is_on_the_map() -> None:
    on_the_map = (ROOT / "docs" / "map.md").read_text(encoding="utf-8")
    folders = {Path(module).parent.name for module in modules(*PACKAGES)}
    assert {folder for folder in folders if f"`{folder}/`" not in on_the_map} == set()
