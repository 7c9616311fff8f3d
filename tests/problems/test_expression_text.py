"""The text of a problem: what it is read to, and the error that each unreadable text gets."""

from __future__ import annotations

import ast
import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracegen.errors import BoundError, ParseError, UnknownNameError
from tracegen.formula import Formula, postorder
from tracegen.problems.expression_text import parse, parse_matrix, parse_value

NAMES = ["x", "y", "x1", "x2", "xi", "z", "h", "W1", "b1", "r", "a", "A"]


def shown(formula: Formula | None) -> str:
    """A tree as nested calls, which a table of tests can hold."""
    if formula is None:
        return ""
    if formula.head in ("number", "name", "constant"):
        return str(formula.args[0])
    inner = ", ".join(shown(arg) if isinstance(arg, Formula | None) else str(arg) for arg in formula.args)
    return f"{formula.head}({inner})"


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("exp(2*x2) + x1*sin(3*x2**2)", "add(exp(mul(2, x2)), mul(x1, sin(mul(3, pow(x2, 2)))))"),
        (r"\exp(2x_2) + x_1\sin(3x_2^2)", "add(exp(mul(2, x2)), mul(x1, sin(mul(3, pow(x2, 2)))))"),
        ("x1*x2 + 1/(1 + exp(-x2))", "add(mul(x1, x2), div(1, add(1, exp(neg(x2)))))"),
        (r"\frac{1}{1+e^{-x_2}}", "div(1, add(1, exp(neg(x2))))"),
        ("x+(y+z)", "add(x, add(y, z))"),
        ("x-y-z", "sub(sub(x, y), z)"),
        ("x/y*z", "mul(div(x, y), z)"),
        ("x^y^z", "pow(x, pow(y, z))"),
        ("-x**2", "neg(pow(x, 2))"),
        ("-x*y", "mul(neg(x), y)"),
        ("x**-y", "pow(x, neg(y))"),
        ("2x1", "mul(2, x1)"),
        ("3 sin(x2)", "mul(3, sin(x2))"),
        ("x1(x2+1)", "mul(x1, add(x2, 1))"),
        ("1/2x", "mul(div(1, 2), x)"),
        ("2x**2", "mul(2, pow(x, 2))"),
        ("0.50 + .5 + 1e-3", "add(add(0.50, .5), 1e-3)"),
        ("pi*E", "mul(pi, e)"),
        ("ln(x) + arcsin(x) + Abs(x)", "add(add(log(x), asin(x)), abs(x))"),
        ("Max(x, y, z)", "max(max(x, y), z)"),
        ("hypot(x, y)", "hypot(x, y)"),
        ("log(x, 2) + log(x, y)", "add(log2(x), log_base(x, y))"),
        ("W1 @ x + b1", "add(matmul(W1, x), b1)"),
        ("r.T @ h", "matmul(transpose(r), h)"),
        (r"W_1^\top x", "mul(transpose(W1), x)"),
        ("sigma(z)", "letter(sigma, 0, z)"),
        (r"\sigma(z)", "letter(sigma, 0, z)"),
        ("a[0] + a[0:2] + a[1:] + A[1, -1]",
         "add(add(add(index(a, 0), index(a, slice(0, 2))), index(a, slice(1, ))), index(A, 1, neg(1)))"),
        ("ξ + x₁²", "add(xi, pow(x1, 2))"),
        ("x·y − 3", "sub(mul(x, y), 3)"),
        ("x\n+ y", "add(x, y)"),
        ("$x_1$", "x1"),
    ],
)  # fmt: skip
def test_reads_as_written(text: str, tree: str) -> None:
    assert shown(parse(text, NAMES, letters=["sigma"])) == tree


def test_a_declared_name_comes_before_a_constant() -> None:
    assert shown(parse("e*pi", ["e", "pi"])) == "mul(e, pi)"
    assert parse("e", ["e"]).head == "name"
    assert parse("e", []).head == "constant"


def test_a_declared_name_may_be_a_word_of_python() -> None:
    assert shown(parse(r"\lambda x", ["lambda", "x"])) == "mul(lambda, x)"
    assert shown(parse("λ*x", ["lambda", "x"])) == "mul(lambda, x)"
    assert shown(parse(r"\lambda x")) == "mul(lambda, x)"


def test_any_name_is_taken_where_none_is_declared() -> None:
    assert shown(parse("alpha*w_out + x_1")) == "add(mul(alpha, w_out), x1)"


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("", 1, "no expression"),
        ("  ", 1, "no expression"),
        ("x.__class__", 2, "attributes"),
        ("x.real", 2, "attributes"),
        ("__import__('os')", 1, "starts with a letter"),
        ("'abc'", 1, "strings"),
        ('"abc"', 1, "strings"),
        ("[i for i in x]", 1, "lists"),
        ("lambda x: x", 1, "'lambda' is not read"),
        ("x if y else z", 3, "'if' is not read"),
        ("x < y < z", 7, "a chain of comparisons"),
        ("x = 1", 3, "equal sign"),
        ("zz = x + 1", 4, "equal sign"),
        (r"2 \sum_{i} x", 3, "sums over an index are not read"),
        (r"\sum_{i=1}^n x_i", 1, "sums over an index are not read"),
        ("sin(x=1)", 6, "not by name"),
        ("((x)", 1, "never closed"),
        ("x\n+ (y", 3, "never closed"),
        ("(x))", 4, "closes no bracket"),
        ("sin(x]", 6, "] closes a bracket that was opened with ("),
        ("sin", 4, "sin has no operand"),
        ("sin()", 1, "takes 1 operand, not 0"),
        ("sin(x, y)", 1, "takes 1 operand, not 2"),
        ("hypot(x)", 1, "takes 2 operands, not 1"),
        ("()", 1, "nothing in the brackets"),
        ("nan", 1, "not a value"),
        ("x + inf", 5, "not a value"),
        ("x!", 2, "factorials"),
        ("(x, y)", 3, "several expressions"),
        ("x, y", 2, "one formula"),
        ("{{7*7}}", 1, "braces"),
        (r"\input{/etc/passwd}", 1, r"\input can't be read"),
        ("<script>", 1, "comparisons"),
        ("x +", 4, "ends where an operand"),
        ("* x", 1, "* can't be read"),
        ("x 2", 3, "an operator is missing"),
        ("2.5.3", 4, "an operator is missing"),
        ("a[x]", 3, "whole number"),
        (r"\bar{x}", 1, "not read in a problem"),
        ("x ☃", 3, "☃ can't be read"),
    ],
)
def test_each_unreadable_text_has_its_own_error(text: str, column: int, says: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(text, NAMES, source="y1")
    assert says in caught.value.message
    assert "\n" not in str(caught.value)
    assert caught.value.place is not None
    assert (caught.value.place.source, caught.value.place.column) == ("y1", column)


def test_an_error_has_its_line_and_a_caret() -> None:
    with pytest.raises(ParseError) as caught:
        parse("x +\nx*foo", ["x"])
    assert caught.value.place is not None
    assert caught.value.place.line == 2
    assert caught.value.place.caret() == "x*foo\n  ^"


@pytest.mark.parametrize(
    ("text", "says"),
    [("foo(x)", "'foo' is not an operation"), ("expp(x)", "did you mean exp?"), ("x3", "did you mean x"),
     (r"\alpha x", "'alpha' is not a name")],
)  # fmt: skip
def test_an_unknown_name_is_named(text: str, says: str) -> None:
    with pytest.raises(UnknownNameError, match=says.replace("?", r"\?")):
        parse(text, NAMES)


@pytest.mark.parametrize(
    "text",
    ["(" * 10_000, "(" * 10_000 + "x" + ")" * 10_000, "-" * 10_000 + "x", "x^" * 10_000 + "x", "sin " * 10_000 + "x",
     "x" * 1_000_001, "1e999999999", "9" * 2_000],
)  # fmt: skip
def test_bounds(text: str) -> None:
    with pytest.raises(BoundError):
        parse(text)


def test_brackets_nest_to_the_bound() -> None:
    assert parse("1+sin(" * 95 + "x" + ")" * 95).head == "add"


def test_long_sums_need_no_stack() -> None:
    formula = parse("+".join(f"x{index}" for index in range(100_000)))
    assert sum(node.head == "add" for node in postorder(formula)) == 99_999


@pytest.mark.parametrize(
    ("value", "tree"),
    [("pi/16", "div(pi, 16)"), ("1/2", "div(1, 2)"), ("sqrt(2)", "sqrt(2)"), (0.5, "0.5"), (-3, "neg(3)"),
     (1e-7, "1e-07"), ("-1/2", "div(neg(1), 2)"), (0.1, "0.1")],
)  # fmt: skip
def test_values_are_exact(value: str | int | float, tree: str) -> None:
    assert shown(parse_value(value)) == tree


@pytest.mark.parametrize(
    ("value", "says"),
    [("x", "'x' is not a name"), ("nan", "finite"), ("-inf", "finite"), (math.nan, "finite"), (math.inf, "finite"),
     (True, "not bool"), (None, "not NoneType"), ("1e999", "too large an exponent"), (10**400, "too many digits"),
     ("", "no expression")],
)  # fmt: skip
def test_what_is_no_value_is_refused(value: object, says: str) -> None:
    with pytest.raises(ParseError, match=says):
        parse_value(value)  # type: ignore[arg-type]


OPERATORS = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.Pow: "pow", ast.MatMult: "matmul"}


def python_tree(node: ast.AST) -> str:
    """The tree that Python's own parser makes of an expression."""
    if isinstance(node, ast.Expression):
        return python_tree(node.body)
    if isinstance(node, ast.BinOp):
        return f"{OPERATORS[type(node.op)]}({python_tree(node.left)}, {python_tree(node.right)})"
    if isinstance(node, ast.UnaryOp):
        return f"neg({python_tree(node.operand)})"
    if isinstance(node, ast.Call):
        assert isinstance(node.func, ast.Name)
        return f"{node.func.id}({', '.join(map(python_tree, node.args))})"
    return ast.unparse(node)


def expressions() -> st.SearchStrategy[str]:
    leaves = st.sampled_from(["x", "y1", "w_out", "2", "0.5", "10"])
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "**", " @ "]), inner).map("".join),
            inner.map(lambda text: f"-{text}"),
            inner.map(lambda text: f"({text})"),
            inner.map(lambda text: f"sin({text})"),
            st.tuples(inner, inner).map(lambda pair: f"max({pair[0]}, {pair[1]})"),
        ),
        max_leaves=12,
    )


@given(expressions())
def test_groups_as_python_does(text: str) -> None:
    expected = python_tree(ast.parse(text, mode="eval"))
    assert shown(parse(text)) == expected


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(ParseError):
        assert isinstance(parse(text, NAMES), Formula)


@pytest.mark.parametrize("text", ["[[1, 2], [3]]", "[]x", "[[1, 2], 3]"])
def test_a_list_that_is_no_matrix_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        parse_matrix(text, parse_value)
