"""The JSON of the README: its shape to the letter, and its formulas read back by SymPy and proved by sympy.diff."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sympy

from tracegen import trace
from tracegen.examples import path_of

LINE = {"name", "kind", "primitive", "operands", "definition", "exact", "decimal"}
ROW = {"name", "rule", "exact", "decimal"}


@pytest.fixture(scope="module")
def homework() -> dict[str, Any]:
    return trace(path_of("homework1")).record()


def read(text: str, values: dict[str, Any] | None = None) -> Any:
    """What SymPy makes of a text, every name a symbol unless it has a value."""
    return sympy.sympify(text, locals=values or {})


def test_the_shape(homework: dict[str, Any]) -> None:
    assert list(homework) == ["title", "inputs", "parameters", "steps", "outputs", "lists", "jacobian", "checked"]
    assert homework["inputs"] == {"x1": "2", "x2": "1"}
    assert homework["outputs"] == {"y1": "exp(2*x2) + x1*sin(3*x2**2)", "y2": "x1*x2 + 1/(1 + exp(-x2))"}
    assert [entry["outputs"] for entry in homework["lists"]] == [["y1"], ["y2"]]
    for entry in homework["lists"]:
        assert set(entry) == {"outputs", "lines", "tangents", "adjoints"}
        assert all(set(line) == LINE for line in entry["lines"])
        assert [tangents["seed"] for tangents in entry["tangents"]] == [{"x1": "1", "x2": "0"}, {"x1": "0", "x2": "1"}]
        assert [adjoints["of"] for adjoints in entry["adjoints"]] == entry["outputs"]
        for swept in (*entry["tangents"], *entry["adjoints"]):
            assert len(swept["lines"]) == len(entry["lines"])
            assert all(set(row) == ROW for row in swept["lines"])
    assert set(homework["jacobian"]) == {"outputs", "inputs", "exact", "decimal"}
    assert set(homework["checked"]) == {"y1", "y2"}


def test_the_first_and_the_last_line(homework: dict[str, Any]) -> None:
    lines = homework["lists"][0]["lines"]
    assert lines[0] == {
        "name": "v0", "kind": "input", "primitive": "input", "operands": [], "definition": "x1", "exact": "2",
        "decimal": "2.00000",
    }  # fmt: skip
    assert lines[2]["operands"] == ["2", "v1"]
    assert (lines[8]["kind"], lines[8]["primitive"], lines[8]["definition"]) == ("output", "add", "v3 + v7")
    first, *_, last = homework["lists"][0]["adjoints"][0]["lines"]
    assert first == {"name": "v8", "rule": "1", "exact": "1", "decimal": "1.00000"}
    assert last["name"] == "v0"


# the functions, as SymPy writes them, and a point
FUNCTIONS = [
    ("exp(2*x2) + x1*sin(3*x2**2)", {"x1": "2", "x2": "1"}),
    ("x1*x2 + 1/(1 + exp(-x2))", {"x1": "2", "x2": "1"}),
    ("log(x1) + x1*x2 - sin(x2)", {"x1": "2", "x2": "5"}),
    ("sqrt(x1**2 + exp(x1**2)) + cos(x1**2 + exp(x1**2))", {"x1": "1/2"}),
    ("x1**x2 - x1/x2 + (x1 - (x2 - 3))", {"x1": "3/2", "x2": "2"}),
    ("-x1**2 - (-x2)**3 + 2**x1", {"x1": "3", "x2": "1/3"}),
    ("tanh(x1)*atan(x2)/cosh(x1 - x2)", {"x1": "1/5", "x2": "2/5"}),
    ("erf(x1) + log(1 + exp(x2)) + atan2(x1, x2)", {"x1": "1", "x2": "2"}),
]


@pytest.mark.parametrize(("text", "at"), FUNCTIONS, ids=[text for text, _ in FUNCTIONS])
def test_every_line_is_right_by_sympy(text: str, at: dict[str, str]) -> None:
    record = trace(text, at=at, digits=25).record()
    (entry,) = record["lists"]
    point = {sympy.Symbol(name): sympy.Rational(value) for name, value in at.items()}
    formulas: dict[str, Any] = {}
    for line in entry["lines"]:
        formulas[line["name"]] = read(line["definition"], formulas)
    output = list(formulas.values())[-1]
    assert same(output, sympy.sympify(text), point)
    for line in entry["lines"]:
        agree(line, formulas[line["name"]], point)
    for tangents in entry["tangents"]:
        (along,) = (name for name, value in tangents["seed"].items() if value == "1")
        for row in tangents["lines"]:
            agree(row, sympy.diff(formulas[row["name"]], sympy.Symbol(along)), point)
    for row in entry["adjoints"][0]["lines"]:
        agree(row, by_line(entry, row["name"], at), point)
    expected = [sympy.diff(output, sympy.Symbol(name)) for name in record["jacobian"]["inputs"]]
    for exact, value in zip(record["jacobian"]["exact"][0], expected, strict=True):
        assert same(read(exact), value, point)


def by_line(entry: dict[str, Any], wanted: str, at: dict[str, str]) -> Any:
    """The derivative of the output by a line: the lines after it as functions of a symbol, differentiated by it."""
    symbol = sympy.Symbol("moved")
    values: dict[str, Any] = {}
    for line in entry["lines"]:
        values[line["name"]] = symbol if line["name"] == wanted else read(line["definition"], values)
    held = next(line for line in entry["lines"] if line["name"] == wanted)
    return sympy.diff(list(values.values())[-1], symbol).subs(symbol, read(held["exact"]))


def agree(row: dict[str, Any], formula: Any, point: dict[Any, Any]) -> None:
    """A row's exact value is the formula's value, and its decimal that value rounded."""
    value = formula.subs(point).evalf(40)
    assert abs(read(row["exact"]).evalf(40) - value) < sympy.Float(10) ** -30 * (1 + abs(value))
    assert abs(sympy.Float(row["decimal"], 40) - value) <= sympy.Float(10) ** -24 * abs(value)


def same(a: Any, b: Any, point: dict[Any, Any]) -> bool:
    return bool(abs((a - b).subs(point).evalf(40)) < sympy.Float(10) ** -30)


@pytest.mark.parametrize(("text", "at"), FUNCTIONS, ids=[text for text, _ in FUNCTIONS])
def test_every_rule_gives_its_value(text: str, at: dict[str, str]) -> None:
    """A rule is a formula in the names of lines, of tangents (dv3_dx1) and of adjoints (v3_bar)."""
    (entry,) = trace(text, at=at).record()["lists"]
    values = {line["name"]: read(line["exact"]) for line in entry["lines"]}
    for swept, name_of in [
        *((tangents, lambda name, tangents=tangents: f"d{name}_d{along(tangents)}") for tangents in entry["tangents"]),
        (entry["adjoints"][0], lambda name: f"{name}_bar"),
    ]:
        known = dict(values)
        for row in swept["lines"]:
            value = read(row["rule"], known)
            known[name_of(row["name"])] = value
            assert abs((value - read(row["exact"])).evalf(30)) < 1e-20


def along(tangents: dict[str, Any]) -> str:
    return next(name for name, value in tangents["seed"].items() if value == "1")


def test_without_a_point_there_are_no_values() -> None:
    record = trace("x1*sin(x2)").record()
    assert record["inputs"] == {"x1": None, "x2": None}
    assert record["jacobian"]["exact"] == [[None, None]]
    assert all(line["exact"] is line["decimal"] is None for line in record["lists"][0]["lines"])
    json.dumps(record, allow_nan=False)


def test_parameters_stay_letters() -> None:
    record = trace("a*x**2", parameters={"a": None}, at={"x": 3}).record()
    assert record["parameters"] == {"a": None}
    assert record["jacobian"]["exact"] == [["6*a"]]
    assert record["jacobian"]["decimal"] == [[None]]


def test_a_seed_of_ones_own() -> None:
    record = trace("x1*x2", at={"x1": 2, "x2": 3}).record(seed={"x1": "p", "x2": 1})
    (tangents,) = record["lists"][0]["tangents"]
    assert tangents["seed"] == {"x1": "p", "x2": "1"}
    assert sympy.sympify(tangents["lines"][-1]["exact"]) == 2 + 3 * sympy.Symbol("p")


def test_a_joint_list_has_all_its_outputs() -> None:
    record = trace(["x1*x2", "x1 + x2"], at={"x1": 2, "x2": 3}, joint=True).record()
    (entry,) = record["lists"]
    assert entry["outputs"] == ["y1", "y2"]
    assert [adjoints["of"] for adjoints in entry["adjoints"]] == ["y1", "y2"]
    assert [line["kind"] for line in entry["lines"]] == ["input", "input", "output", "output"]


def test_some_outputs_and_inputs_of_it() -> None:
    record = trace(path_of("homework1")).record(of="y2", wrt="x2")
    assert [entry["outputs"] for entry in record["lists"]] == [["y2"]]
    assert record["jacobian"] == {
        "outputs": ["y2"], "inputs": ["x2"], "exact": [["2 + exp(-1)/(1 + exp(-1))**2"]], "decimal": [["2.19661"]],
    }  # fmt: skip


def test_a_function_is_spelled_out_unless_it_is_too_long() -> None:
    def squares(count: int) -> Any:
        def function(x: Any) -> Any:
            for _ in range(count):
                x = x * x + 1
            return x

        return function

    assert trace(squares(2)).record()["outputs"] == {"y": "(x*x + 1)*(x*x + 1) + 1"}
    assert trace(squares(100)).record()["outputs"] == {"y": None}


def test_long_values_are_null_and_everything_is_json() -> None:
    steps = {f"z{place}": f"exp(z{place - 1}) + sin(z{place - 1})" for place in range(1, 8)}
    record = trace("sin(z7)", steps={"z0": "-x**2", **steps}, at={"x": 3}).record
    from tracegen.errors import PointError

    with pytest.raises(PointError):  # exp(exp(exp(…))) has no value that can be held
        record()
    steps = {f"z{place}": f"sin(z{place - 1} + z{place - 1}*exp(z{place - 1}))" for place in range(1, 20)}
    made = trace("z19", steps={"z0": "x", **steps}, at={"x": "1/7"}).record()
    assert made["lists"][0]["lines"][-1]["exact"] is None
    assert made["lists"][0]["lines"][-1]["decimal"] is not None
    json.dumps(made, allow_nan=False)


def test_the_text_is_json() -> None:
    t = trace(path_of("homework1"))
    assert json.loads(t.to("json")) == t.record()
