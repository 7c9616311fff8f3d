"""Determinants that are 0 at the point: their derivative is there, though no inverse is."""

from __future__ import annotations

from dataclasses import replace

from tracegen.decimals import balls
from tracegen.errors import PointError
from tracegen.evaluation import Evaluation
from tracegen.primitives import lookup
from tracegen.problem import Problem
from tracegen.profiles import Convention
from tracegen.wengert import WengertList

_BITS = 192


def evaluation_of(problem: Problem, wengert: WengertList, convention: Convention) -> Evaluation:
    """A list of a problem under a convention; where a determinant is 0 at the point, with the rule adj(A)ᵀ for
    determinants instead of det(A) A⁻ᵀ.

    Source: Jacobi's formula; J. R. Magnus and H. Neudecker, "Matrix Differential Calculus" (2019), section 8.3.
    """
    found = Evaluation(problem, wengert, convention)
    if not any(row.name == "det" for row in wengert.primitives) or not _is_zero_somewhere(found):
        return found
    primitives = [lookup("det_by_adjugate") if row.name == "det" else row for row in wengert.primitives]
    return Evaluation(problem, replace(wengert, primitives=primitives), convention)


def _is_zero_somewhere(evaluation: Evaluation) -> bool:
    """Whether a determinant is 0 at the point."""
    point = evaluation.point
    if point is None or point.letters:
        return False
    values = balls(evaluation.wengert, point.inputs, point.parameters, _BITS)
    lines = (line for line in evaluation.wengert if line.primitive is not None and line.primitive.name == "det")
    return any(values[line.index].contains(0) for line in lines)


def check_second_order(evaluation: Evaluation) -> None:
    """Raise PointError where a determinant is 0: the rule for its second derivative has an inverse in it."""
    if any(row.name == "det_by_adjugate" for row in evaluation.wengert.primitives):
        raise PointError("a determinant is 0 at the point, and the rule for its second derivative needs an inverse")
