"""Formulas as text: LaTeX for paper, Unicode for a terminal, ASCII for SymPy, MathML for a browser."""

from __future__ import annotations

from functools import lru_cache

from tracegen.formula import Formula
from tracegen.notation.latex import Latex
from tracegen.notation.mathml import MathML
from tracegen.notation.plain import Source, Text, Unicode
from tracegen.notation.printer import Printer
from tracegen.notation.profiles import Convention

__all__ = ["HOMEWORK", "Latex", "MathML", "Text", "Unicode", "latex", "mathml", "printer", "source", "text", "unicode"]

HOMEWORK = Convention()


@lru_cache(maxsize=64)
def printer(notation: type[Printer], convention: Convention = HOMEWORK) -> Printer:
    """The printer of a notation under a convention; keep it where many formulas are printed."""
    return notation(convention)


def latex(formula: Formula, convention: Convention = HOMEWORK) -> str:
    r"""A formula as LaTeX mathematics, without dollar signs.

    >>> from tracegen.formula import name
    >>> v3, v8 = name("v3"), name("v8")
    >>> latex(Formula("mul", (Formula("adjoint", (v8,)), Formula("partial", (v8, v3)))))
    '\\bar v_8 \\frac{\\partial v_8}{\\partial v_3}'
    """
    return printer(Latex, convention)(formula)


def unicode(formula: Formula, convention: Convention = HOMEWORK) -> str:
    """A formula on one line in Unicode, as a terminal shows it.

    >>> from tracegen.formula import name, number
    >>> unicode(Formula("mul", (number(2), Formula("pow", (name("v10"), number(2))))))
    '2·v₁₀²'
    """
    return printer(Unicode, convention)(formula)


def text(formula: Formula) -> str:
    """A formula in ASCII that SymPy reads back; v̄3 is v3_bar, v̇3 is v3_dot, ∂v8/∂v3 is dv8_dv3, v-1 is vm1.

    The members of a chain of equations can be read back one by one.

    >>> from tracegen.formula import name
    >>> text(Formula("max", (name("v-1"), Formula("adjoint", (name("v3"),)))))
    'Max(vm1, v3_bar)'
    """
    return printer(Text)(formula)


def source(formula: Formula) -> str:
    """A formula in ASCII as a problem file has it, which is read back as the same formula.

    >>> from tracegen.formula import name
    >>> source(Formula("sigmoid", (name("z"),)))
    'sigmoid(z)'
    """
    return printer(Source)(formula)


def mathml(formula: Formula, convention: Convention = HOMEWORK) -> str:
    """A formula as a ``<math>`` element.

    >>> from tracegen.formula import name
    >>> mathml(name("v3"))
    '<math><msub><mi>v</mi><mn>3</mn></msub></math>'
    """
    return f"<math>{printer(MathML, convention)(formula)}</math>"
