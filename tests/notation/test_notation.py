"""Formulas in four notations, and ASCII that SymPy reads back to the same value."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from sympy.parsing.sympy_parser import parse_expr

from tracegen.errors import FormatError
from tracegen.formula import DOTS, PI, E, Formula, name, number
from tracegen.notation import latex, mathml, text, unicode
from tracegen.notation.profiles import PROFILES, Convention, choices, profile
from tracegen.primitives import Primitive, lookup, rows
from tracegen.primitives.algebras import FLOATS


def op(head: str, *args: Formula | str | int) -> Formula:
    formulas = (name(arg) if isinstance(arg, str) else number(arg) if isinstance(arg, int) else arg for arg in args)
    return Formula(head, tuple(formulas))


def bar(line: str) -> Formula:
    return Formula("adjoint", (name(line),))


def dot(line: str) -> Formula:
    return Formula("tangent", (name(line), None))


def along(line: str, direction: str = "x1") -> Formula:
    return Formula("tangent", (name(line), name(direction)))


def partial(over: str, under: str) -> Formula:
    return Formula("partial", (name(over), name(under)))


HALF = op("div", 1, 2)


@pytest.mark.parametrize(
    ("formula", "in_latex", "in_unicode", "in_text"),
    [
        # names
        (name("v3"), "v_3", "v₃", "v3"),
        (name("v10"), "v_{10}", "v₁₀", "v10"),
        (name("v-1"), "v_{-1}", "v₋₁", "vm1"),
        (name("x"), "x", "x", "x"),
        (name("xi"), r"\xi", "ξ", "xi"),
        (name("theta_2"), r"\theta_2", "θ₂", "theta_2"),
        (name("Sigma"), r"\Sigma", "Σ", "Sigma"),
        (name("loss"), r"\mathit{loss}", "loss", "loss"),
        (name("x_max"), r"x_{\mathrm{max}}", "xₘₐₓ", "x_max"),
        (name("lambda"), r"\lambda", "λ", "lambda_"),
        # marks
        (bar("v3"), r"\bar v_3", "v̄₃", "v3_bar"),
        (bar("xi"), r"\bar \xi", "ξ̄", "xi_bar"),
        (bar("loss"), r"\bar{\mathit{loss}}", "l̄ōs̄s̄", "loss_bar"),
        (dot("v-1"), r"\dot v_{-1}", "v̇₋₁", "vm1_dot"),
        (along("v3"), r"\frac{\partial v_3}{\partial x_1}", "∂v₃/∂x₁", "dv3_dx1"),
        (partial("v8", "v3"), r"\frac{\partial v_8}{\partial v_3}", "∂v₈/∂v₃", "dv8_dv3"),
        # products
        (op("mul", 2, "v1"), "2 v_1", "2·v₁", "2*v1"),
        (op("mul", "v0", "v6"), "v_0 v_6", "v₀·v₆", "v0*v6"),
        (op("mul", 3, op("exp", "v2")), r"3 \exp(v_2)", "3·exp(v₂)", "3*exp(v2)"),
        (op("mul", 2, 5), r"2 \cdot 5", "2·5", "2*5"),
        (op("mul", bar("v8"), 1), r"\bar v_8 \cdot 1", "v̄₈·1", "v8_bar*1"),
        (op("mul", bar("v5"), -1), r"\bar v_5 \cdot (-1)", "v̄₅·(−1)", "v5_bar*(-1)"),
        (op("mul", 2, op("div", 1, 2)), r"2 \cdot \frac{1}{2}", "2·(1/2)", "2*(1/2)"),
        (op("mul", "a", op("mul", "b", "c")), "a (b c)", "a·(b·c)", "a*(b*c)"),
        (op("mul", op("add", "a", "b"), "c"), "(a + b) c", "(a + b)·c", "(a + b)*c"),
        # sums, signs, quotients
        (op("sub", "a", op("sub", "b", "c")), "a - (b - c)", "a − (b − c)", "a - (b - c)"),
        (op("sub", op("sub", "a", "b"), "c"), "a - b - c", "a − b − c", "a - b - c"),
        (op("add", "a", op("neg", "b")), "a + (-b)", "a + (−b)", "a + (-b)"),
        (op("neg", op("mul", "a", "b")), "-a b", "−a·b", "-a*b"),
        (op("neg", op("add", "a", "b")), "-(a + b)", "−(a + b)", "-(a + b)"),
        (op("div", op("add", "a", 1), "b"), r"\frac{a + 1}{b}", "(a + 1)/b", "(a + 1)/b"),
        (op("div", "a", op("div", "b", "c")), r"\frac{a}{\frac{b}{c}}", "a/(b/c)", "a/(b/c)"),
        # powers
        (op("pow", "v1", 2), "v_1^2", "v₁²", "v1**2"),
        (op("pow", "v1", 10), "v_1^{10}", "v₁¹⁰", "v1**10"),
        (op("pow", "x", HALF), "x^{1/2}", "x^(1/2)", "x**(1/2)"),
        (op("pow", op("neg", "x"), -1), "(-x)^{-1}", "(−x)⁻¹", "(-x)**(-1)"),
        (op("pow", op("pow", "a", "b"), "c"), "(a^b)^c", "(a^b)^c", "(a**b)**c"),
        (op("pow", "a", op("pow", "b", "c")), "a^{b^c}", "a^(b^c)", "a**(b**c)"),
        (op("pow", op("div", "a", "b"), 2), r"\left(\frac{a}{b}\right)^2", "(a/b)²", "(a/b)**2"),
        # functions, whose brackets grow with what is in them
        (op("log", "v-1"), r"\log(v_{-1})", "log(v₋₁)", "log(vm1)"),
        (op("exp", op("div", "a", "b")), r"\exp\left(\frac{a}{b}\right)", "exp(a/b)", "exp(a/b)"),
        (op("sqrt", op("add", "a", "b")), r"\sqrt{a + b}", "√(a + b)", "sqrt(a + b)"),
        (op("sqrt", "v1"), r"\sqrt{v_1}", "√v₁", "sqrt(v1)"),
        (op("abs", "a"), r"\lvert a \rvert", "|a|", "Abs(a)"),
        (op("asin", "a"), r"\arcsin(a)", "arcsin(a)", "asin(a)"),
        (op("max", "a", 0), r"\max(a, 0)", "max(a, 0)", "Max(a, 0)"),
        (Formula("letter", ("sigma", 1, name("z"))), r"\sigma'(z)", "σ′(z)", "sigma_prime(z)"),
        # the rest
        (Formula("equals", (name("a"), name("b"), number(1))), "a = b = 1", "a = b = 1", "a = b = 1"),
        (PI, r"\pi", "π", "pi"),
        (E, "e", "e", "exp(1)"),
        (DOTS, r"\dots", "…", "..."),
        (Formula("number", ("1.5e-07",)), r"1.5 \times 10^{-7}", "1.5×10⁻⁷", "1.5e-07"),
        (
            Formula("matrix", ((name("a"), name("b")), (number(1), number(2)))),
            r"\begin{bmatrix} a & b \\ 1 & 2 \end{bmatrix}",
            "[a, b; 1, 2]",
            "Matrix([[a, b], [1, 2]])",
        ),
    ],
)
def test_a_formula_is_printed_as_a_person_writes_it(
    formula: Formula, in_latex: str, in_unicode: str, in_text: str
) -> None:
    assert (latex(formula), unicode(formula), text(formula)) == (in_latex, in_unicode, in_text)


@pytest.mark.parametrize(
    ("choice", "formula", "in_latex", "in_unicode"),
    [
        ({"product": "times"}, op("mul", "v0", "v1"), r"v_0 \times v_1", "v₀×v₁"),
        ({"product": "dot"}, op("mul", "v0", "v1"), r"v_0 \cdot v_1", "v₀·v₁"),
        ({"logarithm": "ln"}, op("log", "v0"), r"\ln(v_0)", "ln(v₀)"),
        ({"exponential": "power"}, op("exp", op("neg", 1)), "e^{-1}", "e⁻¹"),
        ({"calls": "bare"}, op("mul", dot("v0"), op("cos", "v0")), r"\dot v_0 \cos v_0", "v̇₀·cos v₀"),
        ({"calls": "bare"}, op("mul", op("cos", "v0"), dot("v0")), r"(\cos v_0) \dot v_0", "(cos v₀)·v̇₀"),
        ({"calls": "bare"}, op("cos", op("mul", 2, "v0")), r"\cos(2 v_0)", "cos(2·v₀)"),
        ({"calls": "bare"}, op("pow", op("cos", "v0"), 2), r"(\cos v_0)^2", "(cos v₀)²"),
        ({"tangent": "dot"}, along("v3"), r"\dot v_3", "v̇₃"),
        ({"tangent": "prime"}, along("v3"), "v_3'", "v₃′"),
        ({"tangent": "directional"}, dot("v3"), "D_p v_3", "Dₚ v₃"),
        ({"adjoint": "partial"}, bar("c"), r"\frac{\partial f}{\partial c}", "∂f/∂c"),
        ({"adjoint": "total", "function": "L"}, bar("q"), r"\frac{dL}{dq}", "dL/dq"),
        ({"matrices": ["W1"]}, name("W1"), "W^{(1)}", "W⁽¹⁾"),
        ({"matrices": ["W1"]}, bar("W1"), r"\bar W^{(1)}", "W̄⁽¹⁾"),
        ({"matrices": ["W1"], "matrix_index": "subscript"}, name("W1"), "W_1", "W₁"),
    ],
)
def test_a_choice_changes_how_it_is_printed(
    choice: dict[str, object], formula: Formula, in_latex: str, in_unicode: str
) -> None:
    convention = Convention().with_(**choice)
    assert (latex(formula, convention), unicode(formula, convention)) == (in_latex, in_unicode)


def read_back(printed: str, **values: float) -> float:
    return float(parse_expr(printed, local_dict={key: sympy.Float(value) for key, value in values.items()}))


@pytest.mark.parametrize("row", [row for row in rows() if row.partials], ids=lambda row: row.name)
def test_sympy_reads_an_operation_back_to_its_value(row: Primitive) -> None:
    values = [low + 0.37 * (high - low) for low, high in row.domain]
    operands = [op("add", name(letter), number(0)) for letter in "abc"[: row.arity]]
    printed = text(op(row.name, *operands))
    assert read_back(printed, **dict(zip("abc", values, strict=False))) == pytest.approx(row.value(FLOATS, *values))


SMALL = st.one_of(
    st.sampled_from([name("a"), name("b"), PI, E]), st.integers(-3, 9).map(number), st.just(op("div", 1, 2))
)
BINARY, UNARY = ["add", "sub", "mul", "div", "max"], ["neg", "sin", "atan", "abs", "square"]
FORMULAS = st.recursive(
    SMALL,
    lambda below: st.one_of(
        st.tuples(st.sampled_from(BINARY), below, below).map(lambda t: op(*t)),
        st.tuples(st.sampled_from(UNARY), below).map(lambda t: op(*t)),
        st.tuples(st.just("pow"), below, st.sampled_from([number(2), number(3)])).map(lambda t: op(*t)),
    ),
    max_leaves=12,
)
VALUES = {"a": 0.7, "b": -1.3}


def value(formula: Formula) -> float:
    """The formula's value by Python's own arithmetic; NaN where it has none."""
    head, args = formula
    if head == "name":
        return VALUES[args[0]]
    if head == "constant":
        return {"e": math.e, "pi": math.pi}[args[0]]
    if head == "number":
        return float(args[0])
    try:
        return float(lookup(head).value(FLOATS, *map(value, args)))
    except ArithmeticError:
        return math.nan


@given(FORMULAS)
def test_brackets_keep_the_value_of_any_formula(formula: Formula) -> None:
    wanted = value(formula)
    if not math.isfinite(wanted) or abs(wanted) > 1e12:
        return
    # SymPy rounds each step to fifteen digits
    with_values = {key: sympy.Rational(str(number)) for key, number in VALUES.items()}
    read = parse_expr(text(formula), local_dict=with_values)
    if read.is_finite:
        assert float(read) == pytest.approx(wanted, rel=1e-6, abs=1e-6)


@given(FORMULAS)
def test_mathml_of_any_formula_is_one_well_formed_element(formula: Formula) -> None:
    tree = ElementTree.fromstring(mathml(formula))
    counts = {"mfrac": 2, "msup": 2, "msub": 2, "msubsup": 3, "mover": 2, "mroot": 2}
    assert all(len(element) == counts[element.tag] for element in tree.iter() if element.tag in counts)
    assert len(tree) == 1


@pytest.mark.parametrize("row", list(rows()), ids=lambda row: row.name)
def test_every_operation_has_four_notations(row: Primitive) -> None:
    operands = [op("div", letter, 2) for letter in "abcde"[: row.arity]]
    formula = op(row.name, *operands)
    for convention in PROFILES.values():
        assert latex(formula, convention).count("{") == latex(formula, convention).count("}")
        assert "a" in unicode(formula, convention)
        assert len(ElementTree.fromstring(mathml(formula, convention))) == 1
    assert text(formula).isascii()


@pytest.mark.parametrize(
    ("formula", "element"),
    [
        (op("pow", "v1", 2), "<msubsup><mi>v</mi><mn>1</mn><mn>2</mn></msubsup>"),
        (bar("v3"), '<msub><mover><mi>v</mi><mo stretchy="false">¯</mo></mover><mn>3</mn></msub>'),
        (name("<b>"), "<mi>&lt;b&gt;</mi>"),
        (op("mul", 2, 5), "<mrow><mn>2</mn><mo>·</mo><mn>5</mn></mrow>"),
    ],
)
def test_mathml(formula: Formula, element: str) -> None:
    assert mathml(formula) == f"<math>{element}</math>"


@pytest.mark.parametrize("printed", [latex, unicode, text, mathml])
def test_depth_costs_no_stack(printed: object) -> None:
    formula = name("x")
    for _ in range(5_000):
        formula = op("sin", op("neg", formula))
    assert callable(printed)
    assert printed(formula).count("sin") == 5_000


@pytest.mark.parametrize(
    ("printed", "term"),
    [(latex, " - (a - y)"), (unicode, " − (a − y)"), (text, " - (a - y)"), (mathml, "</mrow>")],
)
def test_a_sum_has_any_number_of_terms(printed: Callable[[Formula], str], term: str) -> None:
    total = name("x")
    for _ in range(3_000):
        total = op("sub", total, op("sub", "a", "y"))
    if printed is not mathml:
        assert printed(total) == "x" + term * 3_000
        return
    assert printed(total).count("<mo>&#x02212;</mo>") == 6_000
    assert printed(total).count("<mrow>") == printed(total).count(term)


@pytest.mark.parametrize("hostile", ["{{7*7}}", r"\input{x}", "<script>", "a|b", "$x$", "%", "x y"])
def test_a_hostile_name_is_harmless(hostile: str) -> None:
    printed = latex(name(hostile))
    assert r"\input" not in printed
    assert not any(bad in printed.replace(r"\$", "").replace(r"\%", "") for bad in "$%|`")
    assert text(name(hostile)).isidentifier()
    assert "<script>" not in mathml(name(hostile))


def test_every_profile_is_one_entry_and_can_be_changed() -> None:
    assert set(PROFILES) == {"homework", "baydin", "griewank", "wikipedia", "bishop", "cs107", "deisenroth"}
    assert PROFILES["homework"] == Convention()
    assert profile("baydin", digits="5", closing_rows="no").closing_rows is False


def test_every_choice_says_what_it_means_and_takes_its_own_values() -> None:
    for choice in choices():
        assert choice.doc
        for allowed in choice.allowed:
            assert getattr(Convention().with_(**{choice.name: allowed}), choice.name) == allowed


@pytest.mark.parametrize(
    ("name", "overrides", "sentence"),
    [
        ("nobody", {}, "there is no profile 'nobody'; there are homework, baydin"),
        ("homework", {"colour": "red"}, "there is no choice 'colour'; there are letter, naming"),
        ("homework", {"product": "star"}, "product can't be 'star'; it is one of juxtaposed, dot, times"),
        ("homework", {"digits": "many"}, "digits can't be 'many'; it is a whole number"),
        ("homework", {"closing_rows": "perhaps"}, "closing_rows can't be 'perhaps'; it is yes or no"),
        ("homework", {"letter": "{{"}, "letter can't be '{{'; it is a letter"),
    ],
)
def test_what_cannot_be_chosen_is_named(name: str, overrides: dict[str, str], sentence: str) -> None:
    with pytest.raises(FormatError) as caught:
        profile(name, **overrides)
    assert sentence in str(caught.value)


def test_a_dot_over_an_adjoint_stands_over_the_letter() -> None:
    moving = Formula("tangent", (Formula("adjoint", (name("v10"),)), None))
    assert latex(moving) == r"\dot{\bar v}_{10}"
    assert mathml(moving).index("<msub><mover><mover><mi>v</mi>") > 0


def test_a_transpose_goes_beside_a_raised_index() -> None:
    raised = Convention(matrices=frozenset(["W1"]))
    for formula in (name("W1"), Formula("adjoint", (name("W1"),)), Formula("tangent", (name("W1"), None))):
        turned = Formula("transpose", (formula,))
        assert latex(turned, raised).endswith(r"W^{(1)\top}")
        assert mathml(turned, raised).count("msup") == 2
