"""What a person holds in Python can be looked at, taken apart, kept, and says what was wrong in a call."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pytest
import sympy

import tracegen
from tracegen.errors import FormatError, ProblemError, TracegenError
from tracegen.traces import Trace

PROBLEMS = {
    "scalars": {"source": "x1*x2 + sin(x1)/x2", "at": {"x1": 2, "x2": "pi/4"}},
    "symbolic": {"source": "x1*exp(x2)"},
    "parameters": {"source": {"f": "c*w**2"}, "at": {"w": 3}, "parameters": {"c": 2}},
    "several": {"source": ["a*b", "a + sin(b)"], "at": {"a": 1, "b": 2}},
    "matrices": {"source": "norm(W @ x)**2", "at": {"W": [[1, 2], [3, 4]], "x": [1, 2]}},
}


@pytest.fixture(params=PROBLEMS)
def traced(request: pytest.FixtureRequest) -> Trace:
    return tracegen.trace(**PROBLEMS[request.param])  # type: ignore[arg-type]


def test_the_package_shows_its_public_names() -> None:
    assert set(dir(tracegen)) >= {*tracegen.__all__, "__version__"}
    assert all(name in tracegen.__all__ or name.startswith("__") for name in dir(tracegen))
    assert tracegen.__version__.count(".") == 2


def test_a_row_has_what_stands_on_it(traced: Trace) -> None:
    for row in traced.rows() if len(traced.evaluations) == 1 else ():
        same = traced[row.name]
        assert same.latex == row.latex
        assert same.latex.count(" = ") == 1
        assert same.rule
        assert str(same).startswith(f"{row.name} = {row.rule}")


def test_the_rules_and_values_of_rows_are_read_by_sympy() -> None:
    t = tracegen.trace("x1*x2 + sin(x1)/x2", at={"x1": 2, "x2": "pi/4"})
    values = {}
    for row in t.rows():
        inputs = {name: sympy.sympify(t[name].exact) for name in t.inputs}
        value = sympy.sympify(row.rule).subs(inputs | values)
        values[row.name] = sympy.sympify(row.exact)
        assert sympy.simplify(value - values[row.name]) == 0
        assert abs(float(row.decimal or "nan") - float(values[row.name])) < 1e-5
        adjoint = row.adjoint
        assert abs(float(adjoint.decimal or "nan") - float(sympy.sympify(adjoint.exact))) < 1e-5
        assert set(row.tangents) == {"x1", "x2"}


def test_a_row_is_found_by_the_name_of_an_input_a_step_or_an_output() -> None:
    t = tracegen.trace({"f": "h*x"}, at={"x": 2}, steps={"h": "sin(x)"})
    assert t["x"].exact == "2"
    assert t["h"].rule == "sin(v0)"
    assert t["f"].exact == "2*sin(2)"


def test_a_row_that_is_not_there_or_in_several_lists_is_said() -> None:
    t = tracegen.trace(["a*b", "a + sin(b)"], at={"a": 1, "b": 2})
    with pytest.raises(ProblemError, match="there is no row 'v9'; there are v0, v1, v2"):
        t["v9"]
    with pytest.raises(ProblemError, match=r"several lists have a row v2: say of which output"):
        t["v2"]
    assert t[t.outputs[1], "v2"].rule == "sin(v1)"


def test_tables_are_short_in_a_prompt_and_whole_in_print(traced: Trace) -> None:
    for table in (traced.primal(), traced.reverse(), traced.gradient()):
        assert len(repr(table)) < 200
        assert repr(table).startswith("<")
        assert str(table) == table.to("txt")
        assert len(list(table)) == len(table.records()) == len(table)
        assert table[0] == table.records()[0]
        assert table[str(table[0]["row"])]["row"] == table[0]["row"]
    assert str(traced).startswith("The problem:")


def test_a_dataframe_has_the_rows_with_decimals_as_floats(traced: Trace) -> None:
    pytest.importorskip("pandas")
    table = traced.primal()
    frame = table.to_dataframe()
    assert len(frame) == len(table)
    assert list(frame["row"]) == [record["row"] for record in table]
    if "decimal" in frame and not traced.has_matrices:
        assert frame["decimal"].dtype == float


@pytest.mark.parametrize("kept", [lambda t: pickle.loads(pickle.dumps(t)), copy.copy, copy.deepcopy])
def test_a_trace_goes_through_pickle(traced: Trace, kept: object) -> None:
    again = kept(traced)  # type: ignore[operator]
    for format in ("md", "json"):
        assert again.to(format) == traced.to(format)


def test_symbols_are_their_names() -> None:
    x, y = sympy.symbols("x y")
    t = tracegen.trace(x * y**2, at={x: 2, y: 3})
    assert t.to("json") == tracegen.trace(x * y**2, at={"x": 2, "y": 3}).to("json")
    assert t.evaluate({x: 1, y: 2}) == t.evaluate({"x": 1, "y": 2}) == {"f": 4.0}
    assert t.gradient_at({x: 1, y: 2}) == t.gradient_at({"x": 1, "y": 2})
    assert str(t.forward(wrt=x)) == str(t.forward(wrt="x"))
    assert str(t.jacobian(wrt=[y, x])) == str(t.jacobian(wrt=["y", "x"]))
    assert str(t.forward(seed={x: 1})) == str(t.forward(seed={"x": 1}))
    assert tracegen.trace("norm(a)", shapes={sympy.Symbol("a"): "N"}).has_matrices


@pytest.mark.parametrize(
    "call",
    [
        lambda t: t.primal(foo=1),
        lambda t: t.reverse(outputs="y"),
        lambda t: t.forward("x1", "x2"),
        lambda t: t.graph(shw="reverse"),
        lambda t: t.to("txt", digits=3, foo=1),
        lambda t: t.to("json", digits=3),
        lambda t: t.primal().to("md", foo=1),
        lambda t: t.save("x.md", foo=1),
        lambda t: t.evaluate([[1, 2], [3]]),
        lambda t: t.evaluate({"x1": "a", "x2": 2}),
        lambda t: t.to("pdf"),
        lambda t: t.primal()[99],
        lambda t: tracegen.trace("x", foo=1),
        lambda t: tracegen.trace(lambda x, y: x * y, at={"x": 2}),
    ],
)
def test_what_is_wrong_in_a_call_is_said(call: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TracegenError) as raised:
        call(tracegen.trace("x1*x2", at={"x1": 2, "x2": 3}))  # type: ignore[operator]
    assert "\n" not in str(raised.value)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_option_is_a_type_error_too_and_says_what_there_is() -> None:
    with pytest.raises(TypeError, match="it takes trace, of, show, wrt, direction, inside"):
        tracegen.trace("x").graph(shw="reverse")
    with pytest.raises(ProblemError, match=r"the array of points is .*, which is no number that a float can hold"):
        tracegen.trace("x*y").evaluate([[1, 2], [3]])


@pytest.mark.parametrize("ending", ["md", "tex", "txt", "html", "csv", "json", "markdown", "svg"])
def test_a_trace_is_saved_in_the_format_of_the_ending(ending: str, tmp_path: Path) -> None:
    t = tracegen.trace("x1*x2", at={"x1": 2, "x2": 3})
    t.save(tmp_path / f"trace.{ending}")
    written = (tmp_path / f"trace.{ending}").read_text(encoding="utf-8")
    expected = {"markdown": "md"}.get(ending, ending)
    if ending not in ("svg", "tex"):
        assert written == t.to(expected)
    assert r"\documentclass" in written or ending != "tex"


def test_an_ending_that_is_no_format_is_said(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="there is no format 'docx'"):
        tracegen.trace("x").save(tmp_path / "trace.docx")
    assert list(tmp_path.iterdir()) == []


def test_a_function_that_returns_a_dictionary_names_its_outputs() -> None:
    t = tracegen.trace(lambda a, b: {"area": a * b, "edge": 2 * (a + b)}, at=[2, 3])
    assert t.outputs == ["area", "edge"]
    assert t.evaluate() == {"area": 6.0, "edge": 10.0}
    with pytest.raises(TracegenError, match="the function returns a list for c"):
        tracegen.trace(lambda a: {"c": [a, a]})
    with pytest.raises(TracegenError, match="sin is the name of an operation"):
        tracegen.trace(lambda a: {"sin": a})
