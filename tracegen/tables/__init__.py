"""The tables of a trace, built once for any format."""

from tracegen.tables.cost import cost_table
from tracegen.tables.forward import forward_table
from tracegen.tables.hessian import hessian_tables, product_table
from tracegen.tables.jacobian import jacobian_tables
from tracegen.tables.primal import primal_table
from tracegen.tables.reverse import reverse_table

__all__ = [
    "cost_table",
    "forward_table",
    "hessian_tables",
    "jacobian_tables",
    "primal_table",
    "product_table",
    "reverse_table",
]
