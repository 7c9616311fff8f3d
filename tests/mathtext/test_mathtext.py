"""Answers as people write them: what each is read to, its second readings, the errors, the bounds, the speed."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracegen import notation
from tracegen.errors import BoundError, ParseError, UnknownNameError
from tracegen.formula import Formula, name, number
from tracegen.grading.equal import same
from tracegen.mathtext import Limits, Reading, read, read_cells
from tracegen.primitives import rows


def shown(formula: object) -> str:
    """A tree as nested calls, which a table of tests can hold; rows of a matrix are in square brackets."""
    if not isinstance(formula, Formula):
        return "" if formula is None else str(formula)
    if formula.head in ("number", "name", "constant"):
        return str(formula.args[0])
    if formula.head == "matrix":
        return f"[{'; '.join(', '.join(map(shown, row)) for row in formula.args)}]"
    return f"{formula.head}({', '.join(map(shown, formula.args))})"


def every(reading: Reading) -> list[str]:
    return [shown(formula) for formula in reading.alternatives]


NAMES = [
    ("v_1", "v1"), ("v_{1}", "v1"), ("v1", "v1"), ("v₁", "v1"), ("v_{10}", "v10"), ("v_10", "v10"), ("v₁₀", "v10"),
    ("v_{-1}", "v-1"), ("v₋₁", "v-1"), (r"\mathbf{v}_1", "v1"), ("{v}_1", "v1"), ("$v_1$", "v1"), ("$$v_1$$", "v1"),
    (r"\(v_1\)", "v1"), ("`v1`", "v1"), ("**v1**", "v1"), ("v_1.", "v1"), ("v_1^2", "pow(v1, 2)"),
    ("v^2_1", "pow(v1, 2)"), ("v^{2}_{1}", "pow(v1, 2)"), ("v₁²", "pow(v1, 2)"), ("v²₁", "pow(v1, 2)"),
    (r"\xi", "xi"), ("ξ", "xi"), ("ξ₁", "xi1"), ("ξ1", "xi1"), (r"\alpha_1", "alpha1"), (r"\varphi", "phi"),
    ("w^{(1)}", "w1"), ("W_1", "W1"), ("W^{[2]}", "W2"), ("W⁽¹⁾", "W1"), ("w_{ij}", "w_ij"), ("x_i", "x_i"),
    ("𝑥₁", "x1"), ("ｘ", "x"),
]  # fmt: skip

MARKS = [
    (r"\bar v_1", "adjoint(v1)"), (r"\bar{v}_1", "adjoint(v1)"), (r"\bar{v_1}", "adjoint(v1)"),
    (r"\bar{v}_{1}", "adjoint(v1)"), (r"\overline{v}_1", "adjoint(v1)"), (r"\overline{v_{-1}}", "adjoint(v-1)"),
    ("v̄₁", "adjoint(v1)"), ("v̄1", "adjoint(v1)"), ("v̄_1", "adjoint(v1)"), ("v₁̄", "adjoint(v1)"),
    ("ȳ", "adjoint(y)"),
    (r"\bar\xi", "adjoint(xi)"), (r"\bar{\xi}", "adjoint(xi)"), ("ξ̄", "adjoint(xi)"),
    (r"\bar W^{(1)}", "adjoint(W1)"), (r"\bar{W}^{(2)T} x", "mul(transpose(adjoint(W2)), x)"),
    (r"\bar v_1v_2", "mul(adjoint(v1), v2)"), (r"\bar{v}_1^2", "pow(adjoint(v1), 2)"),
    (r"\bar{v}_1(x+1)", "mul(adjoint(v1), add(x, 1))"),
    (r"\dot v_2", "tangent(v2, )"), (r"\dot{v}_2", "tangent(v2, )"), ("v̇₂", "tangent(v2, )"), ("ẋ₁", "tangent(x1, )"),
    ("v_2'", "tangent(v2, )"), ("v2'", "tangent(v2, )"), ("v₂′", "tangent(v2, )"), (r"v_2^\prime", "tangent(v2, )"),
    (r"\frac{\partial v_2}{\partial x_1}", "partial(v2, x1)"), ("∂v₂/∂x₁", "partial(v2, x1)"),
    ("∂v2/∂x1", "partial(v2, x1)"), ("dv2/dx1", "partial(v2, x1)"), (r"\frac{dv_2}{dx_1}", "partial(v2, x1)"),
    (r"\frac{d v_2}{d x_1}", "partial(v2, x1)"), (r"\frac{\mathrm{d}y}{\mathrm{d}x}", "partial(y, x)"),
    (r"\frac{\partial f(x_1, x_2)}{\partial x_2}", "partial(f, x2)"),
    (r"\dfrac{\partial y}{\partial v_8}", "partial(y, v8)"),
    (r"\frac{\partial L}{\partial W^{(1)}}", "partial(L, W1)"),
    (r"\frac{ \partial  v_2 }{ \partial  x_1 }", "partial(v2, x1)"),
    (r"\sigma'(z)", "letter(sigma, 1, z)"), ("σ′(z)", "letter(sigma, 1, z)"), (r"\sigma''(z)", "letter(sigma, 2, z)"),
    (r"\sigma(z)", "letter(sigma, 0, z)"), (r"\bar{\sigma}'(z)", "letter(sigma, 1, z)"), ("f'(x)", "letter(f, 1, x)"),
]  # fmt: skip

NUMBERS = [
    (r"\frac12", "div(1, 2)"), (r"\frac{1}2", "div(1, 2)"), (r"\frac1{v_5}", "div(1, v5)"), ("½", "div(1, 2)"),
    ("0.50", "0.50"), (".5", ".5"), ("-1", "neg(1)"), ("−1", "neg(1)"), ("|", "1"), ("0.333…", "0.333"),
    ("e^{-1}", "pow(e, neg(1))"), ("e⁻¹", "pow(e, neg(1))"), ("−2√3", "mul(neg(2), sqrt(3))"), ("π/2", "div(pi, 2)"),
    (r"\mathrm{e}^2", "pow(e, 2)"), (r"10^{-3}", "pow(10, neg(3))"), ("9^{9^{9}}", "pow(9, pow(9, 9))"),
    (r"\sin 30^\circ", "sin(div(mul(30, pi), 180))"), ("sin(30°)", "sin(div(mul(30, pi), 180))"),
    (r"2 \times 5", "mul(2, 5)"), (r"2 \cdot 5", "mul(2, 5)"), ("2·5", "mul(2, 5)"), (r"6 \div 3", "div(6, 3)"),
]  # fmt: skip

FUNCTIONS = [
    (r"\sin 3", "sin(3)"), (r"\sin(3)", "sin(3)"), (r"\sin{3}", "sin(3)"), (r"\cos{(3)}", "cos(3)"),
    (r"\sin\left(3\right)", "sin(3)"), (r"\sin^2 v", "pow(sin(v), 2)"), (r"\sin^{-1} x", "asin(x)"),
    (r"\sin^{-1}(x)", "asin(x)"), (r"\sin(x)^2", "pow(sin(x), 2)"), (r"\sin x^2", "sin(pow(x, 2))"),
    (r"\sin v_0 \cos v_1", "mul(sin(v0), cos(v1))"), (r"\cos v_0 \dot v_0", "mul(cos(v0), tangent(v0, ))"),
    (r"\cos v_5 \frac{\partial v_5}{\partial x_1}", "mul(cos(v5), partial(v5, x1))"),
    (r"\cos v_5 \bar{v}_6", "mul(cos(v5), adjoint(v6))"), (r"\sin 3 \cdot v_4", "mul(sin(3), v4)"),
    (r"\exp(-1) + 1", "add(exp(neg(1)), 1)"), (r"2\exp(2)", "mul(2, exp(2))"), (r"\ln|x|", "log(abs(x))"),
    (r"\sin -x", "sin(neg(x))"), (r"\log_2 x", "log2(x)"), (r"\log_{10} x", "log10(x)"), ("log_2(8)", "log2(8)"),
    (r"\log_b(x)", "log_base(x, b)"), (r"\max(v_1, 0)", "max(v1, 0)"), (r"\max\{0, x\}", "max(0, x)"),
    (r"\text{sigmoid}(v_3)", "sigmoid(v3)"), (r"\operatorname{relu}(x)", "relu(x)"), (r"\sqrt[3]{x}", "cbrt(x)"),
    (r"\sqrt[4]{x}", "pow(x, div(1, 4))"), ("√(x+1)", "sqrt(add(x, 1))"), (r"\mathbf{1}[x > 0]", "mul(1, step(x))"),
    ("|x|y|z|", "mul(mul(abs(x), y), abs(z))"), ("|x - |y||", "abs(sub(x, abs(y)))"), (r"\lvert x \rvert", "abs(x)"),
]  # fmt: skip

PRODUCTS = [
    ("2v1v4", "mul(mul(2, v1), v4)"), ("2v_1v_4", "mul(mul(2, v1), v4)"), ("v₀·v₆", "mul(v0, v6)"),
    ("v0v6", "mul(v0, v6)"),
    (r"v_0 \cdot v_6", "mul(v0, v6)"), ("v_1(x+1)", "mul(v1, add(x, 1))"), ("2e^2", "mul(2, pow(e, 2))"),
    (r"-\frac{1}{v_5^2} \dot{v}_5", "mul(neg(div(1, pow(v5, 2))), tangent(v5, ))"), (r"x \ast y", "mul(x, y)"),
    (r"\frac{x}{y}z", "mul(div(x, y), z)"), ("x^{2}y", "mul(pow(x, 2), y)"),
    (r"\frac{x}{1+\frac{1}{y}}", "div(x, add(1, div(1, y)))"),
]  # fmt: skip

MATRICES = [
    (r"W^T x", "mul(transpose(W), x)"), (r"W^{\top} x", "mul(transpose(W), x)"),
    (r"w^{(1)T} v_0", "mul(transpose(w1), v0)"),
    (r"W^{(2)\top} \bar v_2", "mul(transpose(W2), adjoint(v2))"), ("W₁ᵀ z̄", "mul(transpose(W1), adjoint(z))"),
    ("r^Th", "mul(transpose(r), h)"), ("W.T @ x", "matmul(transpose(W), x)"), ("A^{-T}", "transpose(pow(A, neg(1)))"),
    (r"\bar h \circ \sigma'(z)", "hadamard(adjoint(h), letter(sigma, 1, z))"), (r"x \odot y", "hadamard(x, y)"),
    ("x ∘ y", "hadamard(x, y)"), (r"\|y - s\|^2", "pow(norm(sub(y, s)), 2)"), ("‖y − s‖²", "pow(norm(sub(y, s)), 2)"),
    (r"\lVert x \rVert_2", "norm(x)"), ("||x||", "norm(x)"), (r"\langle x, y \rangle", "inner(x, y)"),
    (r"\mathrm{diag}(\sigma'(z))\,\bar h", "mul(diag(letter(sigma, 1, z)), adjoint(h))"),
    (r"\mathrm{tr}(A)", "trace(A)"),
    (r"\begin{pmatrix} 1 & x \\ 0 & 2 \end{pmatrix}", "[1, x; 0, 2]"),
    (r"\begin{bmatrix} 1 \\ 2 \\ \end{bmatrix}", "[1; 2]"),
    (r"\left[\begin{array}{cc} 1 & 2 \\[2pt] 3 & 4 \end{array}\right]", "[1, 2; 3, 4]"),
    ("A[0, 1]", "index(A, 0, 1)"), (r"\dot A[0, 1]", "index(tangent(A, ), 0, 1)"),
    ("Ȧ[0, 1]", "index(tangent(A, ), 0, 1)"),
    (r"\bar{v}_1[0{:}N, 0{:}1]", "index(adjoint(v1), slice(0, N), slice(0, 1))"),
    ("v̄₁[1:, :]", "index(adjoint(v1), slice(1, ), slice(, ))"),
    ("(2 u)[0:N + K]", "index(mul(2, u), slice(0, add(N, K)))"),
    (r"A^\top[0:1, 0:2]", "index(transpose(A), slice(0, 1), slice(0, 2))"), ("x[-1:]", "index(x, slice(neg(1), ))"),
    (r"\begin{bmatrix} x \\ z \end{bmatrix}[0{:}2]", "index([x; z], slice(0, 2))"), ("A [x, y]", "mul(A, [x, y])"),
    ("2[x + y]", "mul(2, add(x, y))"), ("v_3[1 - v_4]", "mul(v3, sub(1, v4))"), (r"\sqrt[3]{x}", "cbrt(x)"),
    ("[[1, 2], [3, 4]]", "[1, 2; 3, 4]"), ("(1, 2)", "[1; 2]"), (r"x^{\circ 2}", "hadamard_power(x, 2)"),
]  # fmt: skip

CHAINS = [
    (r"v_3 = \exp(v_2) = 7.389", "equals(v3, exp(v2), 7.389)"), (r"x \equiv y", "equals(x, y)"),
    ("x ≈ 2", "equals(x, 2)"),
    (r"= \sin(3)", "sin(3)"), ("x := y", "equals(x, y)"),
    (r"\bar v_0 \mathrel{+}= \bar v_2 v_1", "equals(adjoint(v0), add(adjoint(v0), mul(adjoint(v2), v1)))"),
    (r"\bar{v}_2 = \bar{v}_3 \cdot \frac{\partial v_3}{\partial v_2} = 1 \times \exp(4)",
     "equals(adjoint(v2), mul(adjoint(v3), partial(v3, v2)), mul(1, exp(4)))"),
    (r"\begin{aligned} \frac{\partial v_7}{\partial x_1} &= v_0 \frac{\partial v_6}{\partial x_1} \\ &= \sin(3)"
     r"\end{aligned}",
     "equals(partial(v7, x1), mul(v0, partial(v6, x1)), sin(3))"),
    (r"\begin{aligned} x &\equiv y \\ &\quad + z \end{aligned}", "equals(x, add(y, z))"),
    (r"\xi = \frac{1}{2} \|y - s\|^2", "equals(xi, mul(div(1, 2), pow(norm(sub(y, s)), 2)))"),
    (r"L = \xi + R.", "equals(L, add(xi, R))"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "tree"), NAMES + MARKS + NUMBERS + FUNCTIONS + PRODUCTS + MATRICES + CHAINS)
def test_first_reading(text: str, tree: str) -> None:
    assert every(read(text))[0] == tree


@pytest.mark.parametrize(
    ("text", "trees"),
    [
        ("1/2x", ["mul(div(1, 2), x)", "div(1, mul(2, x))"]),
        (r"2\frac12", ["mul(2, div(1, 2))", "add(2, div(1, 2))"]),
        (r"-2\frac12", ["mul(neg(2), div(1, 2))", "neg(add(2, div(1, 2)))"]),
        ("2e-3", ["2e-3", "sub(mul(2, e), 3)"]),
        (r"\sin 3 v_4", ["sin(mul(3, v4))", "mul(sin(3), v4)"]),
        (r"\sin x/2", ["div(sin(x), 2)", "sin(div(x, 2))"]),
        (r"\pi x^23", ["mul(pi, pow(x, 23))", "mul(mul(pi, pow(x, 2)), 3)"]),
        ("xy", ["xy", "mul(x, y)"]),
        (r"\frac{1}{2}x", ["mul(div(1, 2), x)"]),
        ("1/2*x", ["mul(div(1, 2), x)"]),
        ("x[0]", ["mul(x, 0)", "index(x, 0)"]),
        ("A[0, 1]", ["index(A, 0, 1)", "mul(A, [0, 1])"]),
    ],
)
def test_every_usual_reading_is_kept(text: str, trees: list[str]) -> None:
    reading = read(text)
    assert every(reading) == trees
    assert reading.notes[0] == ""
    assert all(reading.notes[1:])


@pytest.mark.parametrize(
    ("text", "trees"),
    [
        (r"\bar{v}_1 = x \quad 2 \exp(2)", ["equals(adjoint(v1), x)", "mul(2, exp(2))"]),
        (r"x = y \qquad -1", ["equals(x, y)", "neg(1)"]),
        (
            r"\begin{aligned} x &= y \\ &\quad + z \end{aligned} \quad 12 \cos(3)",
            ["equals(x, add(y, z))", "mul(12, cos(3))"],
        ),
        (r"\begin{align*} v_1 &= x \\ v_2 &= y \end{align*}", ["equals(v1, x)", "equals(v2, y)"]),
        (r"x = \begin{pmatrix} 1 & 2 \end{pmatrix} \quad 3", ["equals(x, [1, 2])", "3"]),
        (r"x = y \Rightarrow 2", ["equals(x, y)", "2"]),
        ("x", ["x"]),
    ],
)
def test_formulas_side_by_side(text: str, trees: list[str]) -> None:
    assert [shown(reading.formula) for reading in read_cells(text)] == trees


def test_one_formula_is_not_two() -> None:
    with pytest.raises(ParseError, match="side by side"):
        read(r"x \quad 2")


def test_names_are_those_declared() -> None:
    declared = ["x1", "x2", "W1", "v-1", "xi"]
    assert every(read("x1x2", names=declared)) == ["mul(x1, x2)"]
    assert every(read("w^{(1)} x_1", names=declared)) == ["mul(W1, x1)"]
    assert every(read("x_1^{(2)}", names=declared)) == ["pow(x1, 2)"]
    assert every(read("2xi", names=declared)) == ["mul(2, xi)"]
    assert every(read("e + x_1", names=[*declared, "e"]))[0] == "add(e, x1)"
    assert read("e", names=["e"]).formula.head == "name"
    assert every(read("2e-3", names=["e"])) == ["sub(mul(2, e), 3)", "2e-3"]
    assert every(read("x^T", names=["x", "T"])) == ["pow(x, T)"]
    assert every(read("v_1", names=["v_1"])) == ["v_1"]


def test_the_base_of_the_logarithm_can_be_told() -> None:
    assert every(read(r"\log x")) == ["log(x)"]
    assert every(read(r"\log(x) + \ln(x)", log="10")) == ["add(log10(x), log(x))"]


@pytest.mark.parametrize(
    ("text", "column", "says", "kind"),
    [
        ("", 1, "nothing to read", ParseError),
        ("x +", 4, "ends where an operand", ParseError),
        (r"\frac{1}", 9, "ends where an operand", ParseError),
        ("(x", 1, "never closed", ParseError),
        ("x)", 2, "closes no bracket", ParseError),
        ("x + foo", 5, "'foo'", UnknownNameError),
        (r"\bar{q}_1", 6, "'q1'", UnknownNameError),
        (r"\frac{\partial v_2}{\partial q}", 30, "'q'", UnknownNameError),
        (r"x + \unknown", 5, r"\unknown can't be read", ParseError),
        (r"x \pm y", 3, "two values", ParseError),
        ("2 3", 3, "operator is missing", ParseError),
        ("x < y", 3, "comparisons", ParseError),
        ("5!", 2, "factorials", ParseError),
        (r"\sin", 5, "no operand", ParseError),
        ("hypot(x)", 1, "takes 2 operands", ParseError),
        (r"\dotsmax", 1, "can't be read", ParseError),
        (r"\frac{\partial^2 v_1}{\partial x^2}", 15, "second derivatives", ParseError),
        (r"\begin{pmatrix} 1 & 2 \\ 3 \end{pmatrix}", 1, "differ in length", ParseError),
        (r"\begin{pmatrix} 1", 1, "never ended", ParseError),
        (r"\text{not a formula}", 1, "can't be read", ParseError),
        ("v₁ + ☃", 6, "☃", ParseError),
        ("x₁ + foo₂", 6, "'foo2'", UnknownNameError),
    ],
)
def test_errors_have_a_sentence_and_a_place(text: str, column: int, says: str, kind: type[ParseError]) -> None:
    with pytest.raises(kind) as caught:
        read(text, names=["x", "y", "x1", "v1", "v2"])
    assert says in caught.value.message
    assert caught.value.place is not None
    assert caught.value.place.column == column


@pytest.mark.parametrize(
    "text",
    ["x" * 2_001, "x+" * 300 + "x", "(" * 51 + "x" + ")" * 51, "{" * 60, r"\bar" * 60, "-" * 60 + "x", "x^" * 60 + "x",
     r"\frac" * 400, r"\sqrt" * 400, r"\mathbf" * 280, r"\hat" * 400, r"\partial" * 240, r"\frac x" * 240,
      "|" * 101, "1e999", "sin " * 60 + "x"],
)  # fmt: skip
def test_bounds_are_checked(text: str) -> None:
    with pytest.raises(ParseError):
        read(text)


def test_the_length_is_checked_before_any_work() -> None:
    with pytest.raises(BoundError, match="2,000 are read"):
        read("v̄₁ + " * 2_000_000)
    with pytest.raises(BoundError):
        read("x + y", limits=Limits(tokens=2))


SCALAR = [row for row in rows() if row.shapes is None and row.arity > 0]


@pytest.mark.parametrize("row", SCALAR, ids=lambda row: row.name)
@pytest.mark.parametrize("written", [notation.latex, notation.unicode, notation.text], ids=lambda form: form.__name__)
def test_what_is_printed_is_read_back(row, written) -> None:  # type: ignore[no-untyped-def]
    operands = [name(f"v{index}") for index in range(row.arity)]
    ranges = {operand.args[0]: interval for operand, interval in zip(operands, row.domain, strict=True)}
    plain = Formula(row.name, tuple(operands))
    sums = Formula(row.name, tuple(Formula("add", (operand, name("x"))) for operand in operands))
    for formula in (plain, sums, Formula("mul", (name("y"), plain)), Formula("pow", (plain, number(2)))):
        found = read(written(formula)).formula
        verdict = same(found, formula, ranges={**ranges, "x": (-0.05, 0.05)})
        assert verdict.verdict == "equal", (written(formula), shown(found), verdict.reason)


def formulas() -> st.SearchStrategy[Formula]:
    names = st.sampled_from([name("v1"), name("v12"), name("x"), name("v-1"), name("xi")])
    leaves = st.one_of(
        names,
        st.integers(0, 99).map(number),
        names.map(lambda of: Formula("adjoint", (of,))),
        st.tuples(names, names).map(lambda pair: Formula("partial", pair)),
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.tuples(st.sampled_from(["add", "sub", "mul", "div"]), inner, inner).map(lambda t: Formula(t[0], t[1:])),
            st.tuples(st.sampled_from(["neg", "sin", "exp", "abs"]), inner).map(lambda t: Formula(t[0], t[1:])),
            inner.map(lambda base: Formula("pow", (base, number(2)))),
        ),
        max_leaves=8,
    )


def nested_bars() -> list[Formula]:
    """Absolute values that begin or end where another one does."""
    within = [Formula("abs", (name("v1"),)), Formula("abs", (number(3),))]
    found = list(within)
    for _ in range(3):
        grown = [Formula("pow", (one, number(2))) for one in found[-4:]]
        grown += [
            Formula(head, (one, other)) for head in ("add", "sub", "mul") for one in found[-3:] for other in within
        ]
        grown += [Formula("div", (within[0], found[-1])), Formula("neg", (found[-1],)), found[-1]]
        found += [Formula("abs", (one,)) for one in grown]
    return found


@pytest.mark.parametrize("formula", nested_bars(), ids=notation.text)
def test_bars_in_bars_are_read_back(formula: Formula) -> None:
    for written in (notation.latex, notation.unicode):
        verdicts = {same(other, formula).verdict for other in read(written(formula)).alternatives}
        assert verdicts & {"equal", "unsure"}, written(formula)


@given(formulas())
def test_any_printed_formula_has_its_value_back(formula: Formula) -> None:
    for written in (notation.latex, notation.unicode):
        found = read(written(formula))
        verdicts = {same(other, formula).verdict for other in found.alternatives}
        assert verdicts & {"equal", "unsure"}, (written(formula), every(found))


@given(st.text(max_size=60) | st.text(alphabet="xve12.^_*/+-()[]{}|\\&=,'∂√²₁̄̇ barfcsinquadT", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(ParseError):
        assert all(isinstance(reading.formula, Formula) for reading in read_cells(text))


@pytest.mark.parametrize("word", ["lambda", "is", "as", "pass", "del"])
def test_a_name_that_is_written_for_programs_is_read_back(word: str) -> None:
    from tracegen import trace

    t = trace(f"{word}*x**2 + {word}", at={word: 2, "x": 3})
    written = str(t.record()["outputs"]["y"])
    assert f"{word}_" in written
    assert trace(written, at={word: 2, "x": 3}).record()["jacobian"] == t.record()["jacobian"]
