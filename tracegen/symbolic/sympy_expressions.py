"""Formulas from SymPy expressions and back, in the order in which a person reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cache, reduce
from typing import Any

from tracegen.algebra.constructors import add, div, mul, negative
from tracegen.algebra.machine import value
from tracegen.errors import ParseError
from tracegen.formula import NAME, PI, E, Formula, name, number
from tracegen.mathtext.known_words import normal
from tracegen.mathtext.unicode_text import greek_word
from tracegen.primitives import Primitive, find
from tracegen.primitives.algebras import EXACT
from tracegen.symbolic.sympy_choices import READERS, parts_of
from tracegen.symbolic.sympy_functions import has_rule, row_of_class
from tracegen.symbolic.sympy_matrices import below, is_matrix, matrix_formula

ZERO = number(0)

Order = Callable[[Sequence[Any]], Sequence[Any]]
"""Puts the arguments of a sum or a product into the order in which they are to be read."""


def to_sympy(formula: Formula, values: Mapping[str, Any] | None = None) -> Any:
    """The SymPy expression of a formula; names are symbols unless ``values`` has them.

    >>> to_sympy(Formula("add", (name("x"), name("x"))))
    2*x
    """
    import sympy

    known = values or {}
    return value(formula, EXACT, sympy.Rational, lambda text: known.get(text, sympy.Symbol(text)))


def from_sympy(
    expression: Any,
    order: Order | None = None,
    *,
    powers_of_e: bool = False,
    known: Mapping[Any, Formula] | None = None,
) -> Formula:
    """The formula of a SymPy expression.

    An expression that was built unevaluated is read in the order of its arguments; another in ``order``, or else
    the order in which SymPy prints it. With ``powers_of_e``, exp(2) is written e²; ``known``
    has expressions whose formulas are known.

    Raises ParseError where it holds something that is no operation of the table, or a symbol whose name is none here.

    >>> import sympy
    >>> from_sympy(sympy.Symbol("x") / 2).head
    'div'
    """
    expression = expression.as_immutable() if hasattr(expression, "as_immutable") else expression
    done: dict[Any, Formula] = dict(known or {})
    stack = [expression]
    while stack:
        node = stack[-1]
        parts = below(node) if is_matrix(node) else _below(node)
        waiting = [arg for arg in parts if arg not in done] if node not in done else []
        if waiting:
            stack.extend(waiting)
            continue
        stack.pop()
        if node not in done and is_matrix(node):
            done[node] = matrix_formula(node, done)
        elif node not in done:
            done[node] = _formula(node, done, order or _reading_order(node), powers_of_e)
    return done[expression]


def formula_of_sympy(expression: Any) -> Formula:
    """The formula of a SymPy expression. Raises ParseError where two of its symbols share a name."""
    names = [str(symbol) for symbol in expression.free_symbols]
    for text in names:
        if names.count(text) > 1:
            raise ParseError(f"two different symbols of SymPy are both called {text}")
    return from_sympy(expression)


def _below(node: Any) -> Sequence[Any]:
    """The expressions that an expression is made of; ParseError where it is no operation of the table."""
    if type(node).__name__ in READERS:
        return parts_of(node)
    if node.args and not (node.is_Add or node.is_Mul or node.is_Pow) and _row(node) is None:
        raise ParseError(f"SymPy's {type(node).__name__} is no operation of the table of primitives")
    return node.args  # type: ignore[no-any-return]


def _row(node: Any) -> Primitive | None:
    spelled = type(node).__name__
    if has_rule(type(node)):
        return row_of_class(type(node), lambda derivative, known: from_sympy(derivative, known=known))
    return find(spelled) or find(spelled.lower())


def _reading_order(node: Any) -> Order:
    """As written where SymPy would have arranged the arguments otherwise, else as SymPy prints them."""
    if not (node.is_Add or node.is_Mul) or tuple(node.func(*node.args).args) != tuple(node.args):
        return lambda args: args
    if node.is_Add:
        return lambda args: list(node.as_ordered_terms())
    return lambda args: list(node.as_ordered_factors())


def _formula(node: Any, done: Mapping[Any, Formula], order: Order, powers_of_e: bool) -> Formula:
    import sympy

    reader = READERS.get(type(node).__name__)
    if reader is not None:
        return reader([done[part] for part in parts_of(node)])
    if node.is_Symbol:
        return node.formula if isinstance(node, _stand_ins()) else _name(node)
    if node.is_Rational:
        return number(Fraction(int(node.p), int(node.q)))
    if node.is_Float:
        return number(Fraction(str(node)))
    if node == sympy.pi:
        return PI
    if node == sympy.E:
        return E
    if node.is_Add:
        return reduce(add, [_known(arg, done, order, powers_of_e) for arg in order(node.args)])
    if node.is_Mul:
        return _product(order(node.args), done, order, powers_of_e)
    if node.is_Pow and not isinstance(node, sympy.exp):
        return _power(done[node.base], done[node.exp], node.exp)
    if isinstance(node, sympy.exp):
        return Formula("pow", (E, done[node.args[0]])) if powers_of_e else Formula("exp", (done[node.args[0]],))
    return _applied(node, [done[arg] for arg in node.args])


def stand_in(formula: Formula) -> Any:
    """A symbol that stands for a formula where SymPy's functions are applied to it.

    >>> import sympy
    >>> from_sympy(sympy.sin(stand_in(name("x")))).args[0]
    Formula(head='name', args=('x',))
    """
    symbol = _stand_ins()()
    symbol.formula = formula
    return symbol


@cache
def _stand_ins() -> Any:
    import sympy

    class StandIn(sympy.Dummy):  # type: ignore[misc]
        """A symbol with its formula."""

    return StandIn


def _name(symbol: Any) -> Formula:
    """The name of a symbol: ``\\alpha``, ``α`` and ``alpha`` are one, and so are ``x_{1}``, ``x_1`` and ``x1``."""
    text = normal(greek_word(symbol.name.removeprefix("\\")))
    if not NAME.fullmatch(text):
        raise ParseError(f"SymPy's symbol {symbol.name!r} has no name that can be used here: a letter, then letters, …")
    return name(text)


def _known(node: Any, done: Mapping[Any, Formula], order: Order, powers_of_e: bool) -> Formula:
    """The formula of an argument; SymPy's printed order may split off arguments of its own."""
    known = done.get(node)
    return from_sympy(node, order, powers_of_e=powers_of_e, known=done) if known is None else known


def _power(base: Formula, exponent: Formula, value: Any) -> Formula:
    if value.is_Rational and value < 0:
        return div(number(1), _power(base, number(Fraction(-int(value.p), int(value.q))), -value))
    if value.is_Rational and value.q == 2 and value.p == 1:
        return Formula("sqrt", (base,))
    if value == 1:
        return base
    return Formula("pow", (base, exponent))


def _product(args: Sequence[Any], done: Mapping[Any, Formula], order: Order, powers_of_e: bool) -> Formula:
    """A product with its negative powers as a denominator: a·b⁻² is a/b²."""
    import sympy

    over: list[Formula] = []
    under: list[Formula] = []
    sign = False
    for arg in args:
        if arg.is_Rational:
            sign = sign != (arg < 0)
            over.extend([number(abs(int(arg.p)))] if abs(int(arg.p)) != 1 else [])
            under.extend([number(int(arg.q))] if arg.q != 1 else [])
        elif arg.is_Pow and not isinstance(arg, sympy.exp) and arg.exp.is_Rational and arg.exp < 0:
            under.append(_power(_known(arg.base, done, order, powers_of_e), number(Fraction(str(-arg.exp))), -arg.exp))
        else:
            over.append(_known(arg, done, order, powers_of_e))
    top = reduce(mul, over) if over else number(1)
    whole = div(top, reduce(mul, under)) if under else top
    return negative(whole) if sign else whole


def _applied(node: Any, operands: list[Formula]) -> Formula:
    row = _row(node)
    if row is None or not operands:
        raise ParseError(f"{node} is no number that can be traced")
    if row.name == "heaviside" and operands[1] == ZERO:
        return Formula("step", (operands[0],))
    if len(operands) > row.arity == 2:
        return reduce(lambda a, b: Formula(row.name, (a, b)), operands)
    if len(operands) != row.arity:
        raise ParseError(f"{row.name} takes {row.arity} operand{'s' * (row.arity != 1)}, not {len(operands)}")
    return Formula(row.name, tuple(operands))
