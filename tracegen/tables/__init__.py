"""The tables of a trace, built once for any format."""

from tracegen.tables.closed import closed_table
from tracegen.tables.cost import cost_table
from tracegen.tables.derivative_matrices import (
    closed_hessian_table,
    hessian_formula_table,
    hessian_tables,
    jacobian_formula_table,
    jacobian_tables,
    moving_product_table,
    partials_table,
    product_table,
)
from tracegen.tables.forward import forward_table, forward_tables
from tracegen.tables.matrix_tables import derivation_tables, gradient_table, shapes_table
from tracegen.tables.primal import primal_table
from tracegen.tables.reverse import reverse_table

__all__ = [
    "closed_hessian_table",
    "closed_table",
    "cost_table",
    "derivation_tables",
    "forward_table",
    "forward_tables",
    "gradient_table",
    "hessian_formula_table",
    "hessian_tables",
    "jacobian_formula_table",
    "jacobian_tables",
    "moving_product_table",
    "partials_table",
    "primal_table",
    "product_table",
    "reverse_table",
    "shapes_table",
]
