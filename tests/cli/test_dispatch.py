"""The command line as a user meets it: what it writes, and one line with a caret for whatever is wrong."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.planting import planted
from tracegen import scalar
from tracegen.cli.dispatch import COMMANDS, main

HOMEWORK = ("exp(2*x2) + x1*sin(3*x2**2)", "--at", "x1=2", "--at", "x2=1")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), prog_name="tracegen")


def right(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def wrong(*arguments: str) -> list[str]:
    """The lines of an error; nothing is on standard output."""
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    return result.stderr.splitlines()


def test_help_names_every_command() -> None:
    shown = right("--help")
    assert all(command in shown and line in shown for command, line in COMMANDS.items())


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from tracegen.cli.dispatch import main; main(['--help'], standalone_mode=False);"
        "heavy = {'sympy', 'numpy', 'flint', 'jinja2', 'rich', 'latex2mathml'}; assert not heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


@pytest.mark.parametrize(
    ("format", "says"),
    [("txt", "v₈ = v₃ + v₇"), ("md", "$v_8 = v_3 + v_7$"), ("tex", r"\toprule"), ("html", "<math"),
     ("csv", "v8 = v3 + v7"), ("json", '"v3 + v7"')],
)  # fmt: skip
def test_formats(format: str, says: str) -> None:
    assert says in right("trace", *HOMEWORK, "--format", format)


def test_a_point_in_one_option_or_in_several() -> None:
    one = right("trace", "x1*x2", "--at", "x1=pi/4,x2=atan2(1, 2)")
    assert one == right("trace", "x1*x2", "--at", "x1=pi/4", "--at", "x2=atan2(1, 2)")


def test_tables_inputs_outputs_and_seeds() -> None:
    both = (HOMEWORK[0], "x1*x2 + 1/(1 + exp(-x2))", *HOMEWORK[1:])
    shown = right("trace", *both, "--of", "y2", "--wrt", "x2", "--tables", "forward,jacobian")
    assert "Tangents of y₂ along x₂" in shown
    assert "y₁" not in shown
    assert "along x₁" not in shown
    assert "6·e² + sin(3)" in right("trace", *HOMEWORK, "--tables", "forward", "--seed", "x1=1,x2=3")
    assert "12·q·cos(3)" in right("trace", *HOMEWORK, "--tables", "forward", "--seed", "x1=p,x2=q")
    record = json.loads(right("trace", *HOMEWORK, "--format", "json", "--seed", "x1=1,x2=3"))
    assert [tangents["seed"] for tangents in record["lists"][0]["tangents"]] == [{"x1": "1", "x2": "3"}]


@pytest.mark.parametrize("table", ["primal", "forward", "reverse", "jacobian", "closed", "cost", "hessian"])
def test_each_table_alone(table: str) -> None:
    assert right("trace", *HOMEWORK, "--tables", table)


def test_profiles_and_choices() -> None:
    assert "v₋₁ = x₁" in right("trace", *HOMEWORK, "--profile", "baydin")
    assert "w₀ = x₁" in right("trace", *HOMEWORK, "--choice", "letter=w")
    assert "0.1411200080598672221" in right("trace", *HOMEWORK, "--digits", "30")
    joint = right("trace", "x1*x2", "x1 + x2", "--joint")
    assert "Evaluation trace of y₁, y₂" in joint


def test_an_expression_may_start_with_a_minus() -> None:
    assert "v₁ = −v₀" in right("trace", "-x", "--at", "x=-2")
    assert "v₁ = v₀²" in right("trace", "-x^2")


def test_the_table_of_operations_and_the_conventions() -> None:
    assert "sigmoid" in right("primitives")
    assert "| sigmoid |" in right("primitives", "--format", "md")
    assert "adjoint_order" in right("profiles", "--format", "csv")


def test_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "homework1" in right("example").split()
    right("example", "homework1")
    assert "v₈ = v₃ + v₇" in right("trace", "homework1.toml")
    assert wrong("example", "homework1") == ["tracegen: homework1.toml is there already and is left as it is"]
    right("example", "baydin", "--output", "sub/")
    assert (tmp_path / "sub" / "baydin.toml").exists()
    assert right("example", "baydin", "--output", "-") == (tmp_path / "sub" / "baydin.toml").read_text()


def test_files_and_folders(tmp_path: Path) -> None:
    right("trace", *HOMEWORK, "--output", str(tmp_path / "deep" / "one.md"))
    assert "$v_8" in (tmp_path / "deep" / "one.md").read_text()
    right("trace", *HOMEWORK, "--output", str(tmp_path / "two.JSON"))
    assert json.loads((tmp_path / "two.JSON").read_text())
    right("trace", *HOMEWORK, "--format", "md", "--format", "tex", "--output", f"{tmp_path}/all/")
    assert sorted(path.name for path in (tmp_path / "all").iterdir()) == ["trace.md", "trace.tex"]


E = "x1*x2"
WRONG = {
    "unknown name": (("trace", "x + foo(y)"), "expression:1:5: 'foo' is not an operation", "x + foo(y)", "    ^"),
    "bracket": (("trace", "(x1 + x2"), "expression:1:1: the bracket ( is never closed", "(x1 + x2", "^"),
    "attribute": (("trace", "x.y"), "expression:1:2: attributes are not read, only .T for a transpose", "x.y", " ^"),
    "import": (("trace", "__import__('os')"), "expression:1:1: a name starts with a letter", "__import__('os')", "^"),
    "string": (("trace", "x + 'a'"), "expression:1:5: strings are not read", "x + 'a'", "    ^"),
    "comprehension": (("trace", "[x for x in y]"), "expression:1:1: lists are not read", "[x for x in y]", "^"),
    "factorial": (("trace", "x!"), "expression:1:2: factorials are not read", "x!", " ^"),
    "template": (("trace", "{{7*7}}"), "expression:1:1: braces are not read; use round brackets", "{{7*7}}", "^"),
    "latex": (("trace", r"\input{x}"), r"expression:1:1: \input can't be read here", r"\input{x}", "^"),
    "nan": (("trace", "x", "--at", "x=nan"), "value:1:1: nan is not a value: it must be finite", "nan", "^"),
    "exponent": (
        ("trace", "x*1e999999999"),
        "expression:1:3: the number has too many digits or too large an exponent", "x*1e999999999", "  ^",
    ),
    "no expression": (("trace", ""), "expression:1:1: there is no expression"),
    "constant": (("trace", "3"), "there is no input; a problem file has it in [inputs], such as x = 2"),
    "tower": (("trace", "x*9**9**9**9"), "9^(9³⁸⁷⁴²⁰⁴⁸⁹) is too large to be worked out"),
    "bad point": (("trace", "log(x)", "--at", "x=0"), "v₁ = log(v₀) has no value at v₀ = 0"),
    "point": (("trace", E, "--at", "x1"), "--at needs name=value, not 'x1'"),
    "point twice": (("trace", E, "--at", "x1=1,x1=2"), "--at has x1 twice"),
    "of": (("trace", E, "--of", "q"), "there is no output 'q'; there are y"),
    "of nothing": (("trace", E, "--of", ","), "--of needs a name, or several between commas"),
    "wrt": (("trace", E, "--wrt", "q"), "there is no input 'q'; there are x1, x2"),
    "seed": (("trace", E, "--seed", "q=1"), "there is no input 'q'; there are x1, x2"),
    "seed of nothing": (("trace", E, "--seed", ""), "--seed needs name=value, not ''"),
    "seed that is none": (("trace", E, "--seed", "x1=1/0"), "1/0 is no finite real number"),
    "seed of a name": (
        ("trace", E, "--seed", "x1=x2"), "x2 is a name in the lists already; the letters of a direction are others"
    ),
    "table": (
        ("trace", E, "--tables", "foo"),
        "there is no table 'foo'; there are primal, forward, reverse, jacobian, ",
    ),
    "jacobian": (
        ("trace", E, "--tables", "jacobian"),
        "a Jacobian in numbers needs a point: a value for every input and parameter",
    ),
    "profile": (
        ("trace", E, "--profile", "foo"),
        "there is no profile 'foo'; there are homework, baydin, griewank, wikipedia, bishop, cs107, deisenroth",
    ),
    "value of a choice": (
        ("trace", E, "--choice", "product=foo"),
        "product can't be 'foo'; it is one of juxtaposed, dot, times",
    ),
    "digits": (("trace", E, "--choice", "digits=0"), "digits can't be 0; it is a whole number from 1 to 1,000"),
    "paper": (("trace", E, "--paper", "a9"), "there is no paper 'a9'; there are a4, a5, letter"),
    "templates": (("trace", E, "--templates", "/nowhere"), "there is no folder of templates /nowhere"),
    "file": (("trace", "/nowhere.toml"), "/nowhere.toml: can't be read: No such file or directory"),
    "file and expression": (("trace", "/nowhere.toml", "x"), "give one problem file, or expressions, not both"),
    "one file for two": (
        ("trace", E, "--format", "md", "--format", "tex", "--output", "x.md"),
        "2 formats can't be written to one file: give --output a folder, such as out/",
    ),
    "example": (("example", "../homework1"), "there is no example '../homework1'; there are"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG)
def test_wrong(case: tuple[tuple[str, ...], str]) -> None:
    arguments, message, *caret = case
    said = wrong(*arguments)
    assert said[0].startswith(f"tracegen: {message}")
    assert said[1:] == caret


@pytest.mark.parametrize("name", ["format", "choice"])
def test_what_there_is_is_said(name: str) -> None:
    (line,) = wrong("trace", E, f"--{name}", "foo=1" if name == "choice" else "foo")
    assert line.startswith(f"tracegen: there is no {name} 'foo'; there are ")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("trace",), "Missing argument 'PROBLEM.toml | EXPR…'. See tracegen trace --help."),
        (("foo",), "No such command 'foo'. See tracegen --help."),
        (("trace", "x", "--wrf=x"), "No such option '--wrf'. "),
        (("trace", "x", "--digits", "0"), "Invalid value for '--digits': 0 is not in the range 1<=x<=1000. "),
        (("trace", "x", "--at"), "Option '--at' requires an argument. See tracegen "),
        (("gradescope", "x.toml"), "Missing option '--output'. See tracegen gradescope --help."),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], says: str) -> None:
    (line,) = wrong(*arguments)
    assert line.startswith(f"tracegen: {says}")


def test_hostile_sizes_end_at_once() -> None:
    for text in ("(" * 10_000 + "x" + ")" * 10_000, "x" * 10_000_000, "2^" * 5_000 + "x", "x**9**9**9" + "*x" * 100):
        result = run("trace", text, "--tables", "primal")
        assert result.exit_code in (0, 2)


def test_nothing_is_half_written(tmp_path: Path) -> None:
    row = scalar("wrong", value=lambda f, a: f.sin(a), partials=lambda f, y, a: (f.sin(a),))
    path = tmp_path / "out.md"
    path.write_text("as it was")
    with planted(row):
        assert "disagree" in wrong("trace", "wrong(x)", "--at", "x=2", "--output", str(path))[0]
    assert path.read_text() == "as it was"
    assert wrong("trace", "x", "--output", str(path / "below.md"))
    assert list(tmp_path.iterdir()) == [path]


def test_hostile_titles_stay_words(tmp_path: Path) -> None:
    title = r"<script>alert(1)</script> {{7*7}} \input{/etc/passwd} % & # _ $x$ |a| ((( 1 ))) ((* raw *))"
    problem = tmp_path / "hostile.toml"
    problem.write_text(f"title = '{title}'\n[inputs]\nx1 = 2\n[outputs]\ny = 'x1*x1'\n")
    html = right("trace", str(problem), "--format", "html")
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "{{7*7}}" in html
    tex = right("trace", str(problem), "--format", "tex", "--standalone")
    assert r"\input{" not in tex
    assert r"\{\{7{*}7\}" in tex
    assert title in json.loads(right("trace", str(problem), "--format", "json"))["title"]
    for format in ("md", "txt", "csv"):
        assert "49" not in right("trace", str(problem), "--format", format)


# real processes


def start(*arguments: str, **more: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tracegen.cli.dispatch", *arguments]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, **streams | more)  # type: ignore[call-overload, no-any-return]


def all_of(descriptor: int) -> bytes:
    """What is written to the other end of a pipe or a terminal until it is closed."""
    found = b""
    with contextlib.suppress(OSError):  # how a terminal of which the other end is closed says so
        while part := os.read(descriptor, 4096):
            found += part
    os.close(descriptor)
    return found


def test_a_reader_who_has_seen_enough() -> None:
    process = start(
        "trace", " + ".join(f"sin({place}*x)" for place in range(1, 150)), "--at", "x=1", "--tables", "primal"
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    said = process.stderr.read().decode()
    process.stderr.close()
    process.wait(30)
    assert "Traceback" not in said


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
def test_a_full_disk() -> None:
    with open("/dev/full", "wb") as full:
        process = subprocess.run(
            [sys.executable, "-m", "tracegen.cli.dispatch", "trace", "x*x"],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert process.returncode == 2
    assert process.stderr.decode().splitlines()[-1] == "tracegen: standard output: No space left on device"


@pytest.mark.parametrize("terminal", [True, False], ids=["terminal", "pipe"])
def test_an_interrupt_ends_with_one_line(tmp_path: Path, terminal: bool) -> None:
    problem = tmp_path / "long.toml"
    lines = "\n".join(f"z{place} = 'sin(z{place - 1})*x + {place}'" for place in range(1, 60_000))
    problem.write_text(f"[inputs]\nx = 2\n[steps]\nz0 = 'x'\n{lines}\n[outputs]\ny = 'z59999'\n")
    reader, writer = os.openpty() if terminal else os.pipe()
    process = start("trace", str(problem), "--output", str(tmp_path / "out.md"), stderr=writer)
    os.close(writer)
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    said = all_of(reader)
    assert process.returncode == 130
    *before, last = said.decode().splitlines()
    assert last.removeprefix("\x1b[2K") == "tracegen: interrupted"
    assert any("1 s" in line for line in before) == terminal  # what took over a second says there what it was doing
    assert terminal or not before
    assert not (tmp_path / "out.md").exists()
