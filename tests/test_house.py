"""The rules of the house: lint, types, floors, and a wheel that works elsewhere."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

OTHERWISE = ("grading", "cli/commands")
"""The room that is still to be divided, and the one whose files are called as the commands are."""

ROOMS = sorted(
    path
    for path in (ROOT / "tracegen").rglob("*")
    if path.is_dir() and any(path.glob("*.py")) and not str(path.relative_to(ROOT / "tracegen")).startswith(OTHERWISE)
)
LONGEST_FILE = 600
LONGEST_FUNCTION = 50
"""Its docstring is not counted: it makes a function easier to read, and that of a command is what --help prints."""

MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): ast.parse(path.read_bytes())
    for path in (ROOT / "tracegen").rglob("*.py")
}
DIVIDED = [module for module in MODULES if not module.startswith("tracegen.grading")]


def run(*command: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=options.pop("cwd", ROOT), capture_output=True, text=True, **options)  # type: ignore[call-overload, no-any-return]


def tool(name: str) -> str:
    """A program of the environment that the tests run in."""
    path = Path(sys.executable).parent / name
    if not path.exists():
        pytest.skip(f"{name} is not installed: pip install 'tracegen[test]'")
    return str(path)


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy"],
        ["lint-imports"],
    ],
    ids=["lint", "format", "types", "floors"],
)
def test_rule(command: list[str]) -> None:
    done = run(tool(command[0]), *command[1:])
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", sorted((ROOT / "tracegen").rglob("*.py")), ids=lambda path: path.name)
def test_a_file_has_one_meaning(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LONGEST_FILE
    assert not lines or lines[0].startswith('"""'), "a module says in a line what it lets you do"


def longest_functions(module: ast.Module) -> Iterator[tuple[str, int]]:
    """The functions that are longer than a reader holds in mind, and their lines without the docstring."""
    for node in ast.walk(module):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        told = node.body[0] if ast.get_docstring(node) is not None else None
        lines = (node.end_lineno or 0) - node.lineno + 1
        lines -= (told.end_lineno or 0) - told.lineno + 1 if told else 0
        if lines > LONGEST_FUNCTION:
            yield node.name, lines


@pytest.mark.parametrize("module", DIVIDED)
def test_a_function_can_be_looked_over(module: str) -> None:
    assert list(longest_functions(MODULES[module])) == []


@pytest.mark.parametrize(("lines", "longest"), [(LONGEST_FUNCTION - 1, []), (LONGEST_FUNCTION, [("f", 51)])])
def test_the_lines_of_a_function_are_counted_without_its_docstring(lines: int, longest: list[object]) -> None:
    body = ["    x = 0"] * lines
    assert (
        list(longest_functions(ast.parse("\n".join(["def f():", '    """A', '    docstring."""', *body])))) == longest
    )


def imported(module: str, modules: Mapping[str, ast.Module]) -> Iterator[str]:
    """The modules that one imports anywhere in its text: at its top, in a function, or for types only."""
    for node in ast.walk(modules[module]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} imports from a place that depends on its own"
            for alias in node.names:
                below = f"{node.module}.{alias.name}"
                if below in modules:
                    yield below
                elif node.module in modules:
                    yield node.module


def circle(modules: Mapping[str, ast.Module]) -> list[str]:
    """The first circle of imports, in which each module is imported by the next; empty where there is none."""
    try:
        TopologicalSorter({module: set(imported(module, modules)) for module in modules}).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_imports_go_in_a_circle_not_even_for_types() -> None:
    assert circle({module: MODULES[module] for module in DIVIDED}) == []


@pytest.mark.parametrize(
    "hidden", ["from b import x", "import b", "def f():\n    import b", "if TYPE_CHECKING:\n    from b import X"]
)
def test_a_circle_is_seen_wherever_the_import_stands(hidden: str) -> None:
    assert set(circle({"a": ast.parse(hidden), "b": ast.parse("import a")})) == {"a", "b"}
    assert circle({"a": ast.parse(hidden), "b": ast.parse("import os")}) == []


@pytest.mark.parametrize("word", ["eval(", "exec(", "sympify(", "parse_expr(", "lambdify("])
def test_no_text_is_run(word: str) -> None:
    for path in (ROOT / "tracegen").rglob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            code = line.split("#")[0].replace(f".{word}", "")
            assert word not in code or f"_{word}" in code or f"`{word}" in code, f"{path.name}: {line.strip()}"


def test_a_wheel_finds_its_templates_and_examples_elsewhere(tmp_path: Path) -> None:
    pytest.importorskip("build", reason="build is not installed: pip install 'tracegen[test]'")
    built = run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path / "dist"))
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    place = tmp_path / "elsewhere"
    installed = run(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(place), str(wheel))
    assert installed.returncode == 0, installed.stderr
    environment = os.environ | {"PYTHONPATH": str(place)}
    code = (
        "import tracegen, tracegen.examples as examples; from pathlib import Path;"
        f"assert Path(tracegen.__file__).is_relative_to({str(place)!r});"
        "print(tracegen.trace(examples.path_of('homework1')).to('md'))"
    )
    done = run(sys.executable, "-c", code, cwd=tmp_path, env=environment)
    assert done.returncode == 0, done.stderr
    assert r"$v_8 = v_3 + v_7$" in done.stdout


GROUND = {"__init__", "__main__", "errors", "formula", "shapes", "traces"}
FULL = 12


def test_what_lies_outside_of_the_rooms_is_the_ground_and_the_doors() -> None:
    assert {path.stem for path in (ROOT / "tracegen").glob("*.py")} == GROUND


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: str(room.relative_to(ROOT / "tracegen")))
def test_a_room_can_be_looked_over(room: Path) -> None:
    assert (room / "__init__.py").exists()
    assert len(list(room.glob("*.py"))) <= FULL


def test_a_file_has_a_name_of_its_own() -> None:
    paths = [path for room in ROOMS for path in room.glob("*.py") if path.name != "__init__.py"]
    found = Counter(path.name for path in paths)
    assert [name for name, count in found.items() if count > 1] == []
