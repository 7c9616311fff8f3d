"""The trace of a problem: its lists, its tables, and every format, from one call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracegen.document.table import Document, Table, Words
from tracegen.document.view import View
from tracegen.errors import FormatError, ProblemError, with_options_checked
from tracegen.evaluation.bad_points import KinkAt, PointReport, bad_point, check_point
from tracegen.evaluation.batches import InFloats
from tracegen.evaluation.checks import Checked, check
from tracegen.evaluation.evaluation import Evaluation, evaluation_of
from tracegen.formula import Formula
from tracegen.mathtext.known_words import name_of
from tracegen.notation.profiles import Convention, convention
from tracegen.problems.meant_formulas import has_products_by_element
from tracegen.problems.problem import Problem
from tracegen.problems.problem_lists import lists
from tracegen.rules.seeds import seed_of
from tracegen.rules.trace_rows import Kind, TraceRow, adjoint_rows, in_sympy, line_rows, tangent_rows
from tracegen.sources.sources import Source, problem_of
from tracegen.tables import (
    closed_hessian_table,
    closed_table,
    cost_table,
    derivation_tables,
    forward_table,
    forward_tables,
    gradient_table,
    hessian_formula_table,
    hessian_tables,
    jacobian_formula_table,
    jacobian_tables,
    moving_product_table,
    partials_table,
    primal_table,
    product_table,
    reverse_table,
    shapes_table,
)  # fmt: skip
from tracegen.tables.record import record_of, to_json
from tracegen.tables.whole_trace import USUAL, document_of
from tracegen.wengert.wengert_list import ONE, ZERO, Line, WengertList

BY_ELEMENT = "A product * of arrays is taken element by element, as NumPy's; @ is the product of matrices."

if TYPE_CHECKING:
    from tracegen.graph import Graph
    from tracegen.symbolic.rows_in_sympy import TraceInSympy


GRAPHS = ("svg", "png")
"""The endings of a file that is a picture of the graph."""


def trace(
    source: Source,
    *,
    at: Mapping[str, Any] | Sequence[Any] | None = None,
    parameters: Mapping[str, Any] | None = None,
    steps: Mapping[str, Any] | str | None = None,
    shapes: Mapping[str, Any] | None = None,
    profile: str | Convention = "homework",
    digits: int | None = None,
    joint: bool | None = None,
    **choices: Any,
) -> Trace:
    """The trace of functions at a point.

    ``source`` is a text or several, a SymPy expression or several, a Python function, a dictionary of named outputs,
    a :class:`~tracegen.Problem`, or the path of a problem file. ``at`` has the inputs' values, as numbers
    or exact texts such as ``"pi/16"``, in the order in which the inputs are to be listed; without it the tables are
    symbolic. ``steps`` are formulas with names, in order; as a text it is the choice ``"lines"`` or ``"whole"``.
    ``shapes`` are those of vectors and matrices that have no values, such as ``{"W": ("K", "N"), "x": ("N",)}``.
    ``digits`` are the digits of decimals, 6 by default and at most 1,000; ``joint`` makes one list of
    several outputs; ``choices`` change single conventions of the profile.

    Raises a subclass of TracegenError for whatever cannot be traced.

    >>> t = trace("x1*x2 + sin(x1)", at={"x1": 2, "x2": "pi"})
    >>> [line.primitive.name for line in t.lines if line.primitive]
    ['mul', 'sin', 'add']
    >>> print(t.jacobian().to("csv").splitlines()[1])
    jacobian/exact,y,y,pi + cos(2),2
    """
    if isinstance(steps, str):
        steps, choices = None, {"steps": steps, **choices}
    chosen = convention(profile, digits, joint, **choices)  # first: a wrong choice is said before a long reading
    return Trace(problem_of(source, at, parameters, steps, shapes), chosen)


class Trace(InFloats):
    """The evaluation traces of a problem under a convention. It is made by :func:`trace`.

    Everything is worked out when it is first asked for, and then kept. In a notebook it shows its tables.
    """

    def __init__(self, problem: Problem, convention: Convention) -> None:
        self.problem = problem
        self.convention = convention
        self.evaluations = [evaluation_of(problem, wengert, convention) for wengert in lists(problem, convention)]
        for entry in self.evaluations:
            # the printer has to know which names are matrices, and only shapes tell
            self.convention = self.convention.with_(matrices=self.convention.matrices | entry.convention.matrices)
        if len(self.evaluations) == 1:
            self.convention = self.convention.with_(function=self.evaluations[0].convention.function)

    @property
    def lines(self) -> list[Line]:
        """The lines of all lists, one list after the other."""
        return [line for evaluation in self.evaluations for line in evaluation.wengert]

    @property
    def inputs(self) -> list[str]:
        """The names of the inputs that derivatives are taken by: all but given data."""
        return [entry.name for entry in self.problem.inputs if not entry.constant]

    @property
    def has_matrices(self) -> bool:
        """Whether any input or line is a vector or a matrix."""
        return any(entry.wengert.shapes for entry in self.evaluations)

    @property
    def outputs(self) -> list[str]:
        """The names of the outputs."""
        return list(self.problem.outputs)

    @cached_property
    def checked(self) -> dict[str, Checked]:
        """What was checked of each list. Raises CheckError where sweeps disagree, PointError for a bad point."""
        checked = {}
        for entry, report in zip(self.evaluations, self._reports, strict=True):
            fixed = {text for missing in report.missing for text in missing.by}
            if not fixed.issuperset(self.inputs):
                checked["+".join(entry.wengert.outputs)] = check(entry, report.kinks, fixed)
        return checked

    @property
    def kinks(self) -> list[KinkAt]:
        """The lines that have no derivative at the point, with what was used for it."""
        return [kink for report in self._reports for kink in report.kinks]

    @cached_property
    def _reports(self) -> list[PointReport]:
        return [check_point(evaluation) for evaluation in self.evaluations]

    @with_options_checked
    def primal(self, of: str | Iterable[str] | None = None) -> View:
        """The lines and their values, a table a list; of all outputs or of some."""
        return self._view([primal_table(entry) for entry in self._of(of)])

    @with_options_checked
    def forward(
        self,
        wrt: str | Iterable[str] | None = None,
        *,
        of: str | Iterable[str] | None = None,
        seed: Mapping[str, Any] | None = None,
    ) -> View:
        """The tangents, a table for each input of ``wrt``; or one along ``seed``, numbers or letters."""
        if seed is not None:
            along = self.seed(seed)
            moved = [text for text, formula in along.items() if formula != ZERO]
            return self._view([forward_table(entry, along, None) for entry in self._of(of, moved)])
        inputs = self.chosen_inputs(wrt)
        return self._view([table for entry in self._of(of, inputs) for table in forward_tables(entry, inputs)])

    @with_options_checked
    def reverse(
        self,
        of: str | Iterable[str] | None = None,
        wrt: str | Iterable[str] | None = None,
        *,
        cotangent: Mapping[str, Any] | None = None,
    ) -> View:
        """The adjoints, a table for each output of ``of``; or one of a joint list's outputs with a cotangent.

        Given data has adjoint rows where ``wrt`` names it.
        """
        asked = [] if wrt is None else self.chosen_inputs(wrt)
        if cotangent is not None:
            return self._view([self._reverse_with(cotangent)])
        return self._view(
            [
                reverse_table(entry, {output: ONE}, asked)
                for entry in self._of(of, self.chosen_inputs(wrt))
                for output in entry.wengert.outputs
                if output in self.chosen_outputs(of)
            ]
        )

    def _reverse_with(self, cotangent: Mapping[str, Any]) -> Table:
        given = {self._checked_output(output): value for output, value in cotangent.items()}
        seed = seed_of(given, self.problem, self.evaluations)
        for entry in self._of(list(seed), self.inputs):
            if all(output in entry.wengert.outputs for output in seed):
                return reverse_table(entry, seed)
        raise ProblemError("a cotangent of several outputs needs one joint list: joint=True")

    @with_options_checked
    def jacobian(self, of: str | Iterable[str] | None = None, wrt: str | Iterable[str] | None = None) -> View:
        """The Jacobian at the point, exact and in decimals, and that of a vector as a formula.

        Raises ProblemError where there is neither a point nor a vector.
        """
        outputs, inputs = self.chosen_outputs(of), self.chosen_inputs(wrt)
        listed = [(self._list_of(output), output) for output in outputs]
        tables = [
            jacobian_formula_table(entry, output, inputs)
            for entry, output in listed
            if entry.wengert.shape(entry.output(output))
        ]
        if not tables or self.problem.has_point:
            self._need_point("a Jacobian")
            tables += jacobian_tables(self._of(of, inputs), outputs, inputs)
        return self._view(tables)

    @with_options_checked
    def hessian(
        self,
        of: str | Iterable[str] | None = None,
        wrt: str | Iterable[str] | None = None,
        *,
        seed: Mapping[str, Any] | None = None,
    ) -> View:
        """The Hessian of outputs by forward over reverse: its rows for each input, and the matrix at the point.

        Along ``seed``, numbers or letters, the rows of the Hessian times that direction.
        """
        if seed is not None:
            along = self.seed(seed)
            chosen = [(self._list_of(output, self.inputs), output) for output in self.chosen_outputs(of)]
            return self._view([moving_product_table(entry, output, list(along), along) for entry, output in chosen])
        tables: list[Table] = []
        inputs = self.chosen_inputs(wrt)
        for output in self.chosen_outputs(of):
            entry = self._list_of(output, inputs)
            if entry.wengert.shapes:
                tables += [moving_product_table(entry, output, inputs), closed_hessian_table(entry, output, inputs)]
                as_matrices = hessian_formula_table(entry, output, inputs)
                tables += [as_matrices] if as_matrices else []
                continue
            tables += [product_table(entry, output, text) for text in inputs]
            tables += hessian_tables(entry, output, inputs) if entry.point else []
        return self._view(tables)

    @with_options_checked
    def closed(self, of: str | Iterable[str] | None = None, wrt: str | Iterable[str] | None = None) -> View:
        """Every line, and the derivatives of the outputs, as formulas in the inputs; see also :meth:`gradient`."""
        outputs, inputs = self.chosen_outputs(of), self.chosen_inputs(wrt)
        tables = []
        for entry in self._of(of, inputs):
            own = [output for output in entry.wengert.outputs if output in outputs]
            tables.append(closed_table(entry, own, inputs))
        return self._view(tables)

    @with_options_checked
    def gradient(self, of: str | Iterable[str] | None = None, wrt: str | Iterable[str] | None = None) -> View:
        """The gradient of each output by each input in one piece, over the names of the lines."""
        inputs = self.chosen_inputs(wrt)
        return self._view(
            [gradient_table(self._list_of(text, inputs), text, inputs) for text in self.chosen_outputs(of)]
        )

    @with_options_checked
    def partials(self, of: str | Iterable[str] | None = None) -> View:
        """The local partials of every line by the lines that it uses, as formulas.

        >>> print(trace("sin(x1*x2)").partials().to("csv"), end="")
        table,row,partial
        y/partials,"v2,v0",dv2_dv0 = v1
        y/partials,"v2,v1",dv2_dv1 = v0
        y/partials,"v3,v2",dv3_dv2 = cos(v2)
        """
        return self._view([partials_table(entry) for entry in self._of(of)])

    @with_options_checked
    def shapes(self, of: str | Iterable[str] | None = None) -> View:
        """The shape of every input and line."""
        return self._view([shapes_table(entry) for entry in self._of(of)])

    @with_options_checked
    def why(self, of: str | Iterable[str] | None = None) -> View:
        """Why each rule of a line with matrices is what it is: by inner products, in four lines."""
        return self._view([table for entry in self._of(of) for table in derivation_tables(entry)])

    @with_options_checked
    def cost(self, of: str | Iterable[str] | None = None) -> View:
        """What the lists, the sweeps, and the Jacobian in each mode cost in operations."""
        return self._view([cost_table(entry) for entry in self._of(of)])

    def rows(
        self, kind: Kind = "line", of: str | Iterable[str] | None = None, wrt: str | Iterable[str] | None = None
    ) -> list[TraceRow]:
        """The rows of the lines, or with ``kind`` ``"tangent"`` or ``"adjoint"`` those of the derivatives.

        >>> [row.sympy.definition for row in trace("x*sin(x)", at={"x": 2}).rows("adjoint")]
        [1, v0*v2_bar, v1*v2_bar + v1_bar*cos(v0)]
        """
        inputs, outputs = self.chosen_inputs(wrt), self.chosen_outputs(of)
        entries = self._of(of, () if kind == "line" else inputs)
        if kind == "line":
            return [row for entry in entries for row in line_rows(entry)]
        if kind == "tangent":
            return [row for entry in entries for wanted in inputs for row in tangent_rows(entry, wanted)]
        return [row for output in outputs for row in adjoint_rows(self._list_of(output), output)]

    def sympy(self) -> TraceInSympy:
        """The trace as SymPy's expressions, which SymPy can differentiate, substitute into and print.

        Raises ProblemError where there are matrices.

        >>> found = trace("x*y + x", at={"x": 2, "y": 3}).sympy()
        >>> found.outputs["f"], found.jacobian, found.lines["f"]["v2"].definition, found.adjoints["f"]["v0_bar"].exact
        (x*y + x, Matrix([[y + 1, x]]), v0*v1, 4)
        """
        return in_sympy(self._of(None, self.inputs), self.outputs, self.inputs)

    def graph(self, of: str | Iterable[str] | None = None, **choices: Any) -> Graph:
        """The computational graph, one picture a list; see :func:`tracegen.graph.graph_of` for the choices.

        It shows itself in a notebook; ``.to("svg")`` and other formats give the text or bytes of a file.
        """
        from tracegen.graph import graph_of

        return with_options_checked(graph_of)(self, of, **choices)

    def document(
        self,
        tables: Sequence[str] = USUAL,
        *,
        of: str | Iterable[str] | None = None,
        wrt: str | Iterable[str] | None = None,
        seed: Mapping[str, Any] | None = None,
        progress: Callable[[str], None] = lambda stage: None,
    ) -> Document:
        """Some tables of the trace as one document that says what was checked."""
        return document_of(self, tables, of=of, wrt=wrt, seed=seed, progress=progress)

    def record(
        self,
        of: str | Iterable[str] | None = None,
        wrt: str | Iterable[str] | None = None,
        seed: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The trace as plain data for programs; its layout is documented in the README."""
        outputs, inputs = self.chosen_outputs(of), self.chosen_inputs(wrt)
        lists = self._of(of, inputs)
        return record_of(self.problem, lists, self.checked, outputs, inputs, None if seed is None else self.seed(seed))

    def to(self, format: str, **options: Any) -> str:
        """The usual tables in a format: md, tex, txt, html, csv or json, or one of the user's own templates; options
        are those of :meth:`View.to`."""
        if format == "json" and not options:
            return to_json(self.record())
        if format in ("pdf", *GRAPHS):
            raise FormatError(f"{format} is no text: t.save({f'trace.{format}'!r}) makes the file")
        return self._shown.to(format, **options)

    @with_options_checked
    def save(self, path: str | Path, *, standalone: bool = True, paper: str = "a4") -> None:
        """Write the usual tables to a file, in the format that its ending says: md, tex, txt, html, csv, json or pdf;
        or the graph, as svg or png.

        Raises FormatError for another ending, ToolError where the file can't be written or LaTeX is not installed.
        """
        from tracegen.document.render import SUFFIXES
        from tracegen.files.writing import write

        path = Path(path)
        format = SUFFIXES.get(path.suffix[1:].lower(), path.suffix[1:].lower())
        if format in GRAPHS:
            write(path, self.graph().to(format))
        elif format == "pdf":
            from tracegen.document.typeset import typeset

            write(path, typeset(self.to("tex", standalone=True, paper=paper)))
        else:
            write(path, self.to(format, standalone=standalone, paper=paper) if format == "tex" else self.to(format))

    def __getitem__(self, row: str | tuple[str, str]) -> TraceRow:
        """A row of the lines by its name: that of the line, of an input, a step or an output. Where several lists have
        it, ``t["y1", "v3"]`` is the one of the list of y1.

        Raises ProblemError where there is no such row, or several.

        >>> row = trace("x1*x2 + sin(x1)", at={"x1": 2, "x2": 3})["v3"]
        >>> row.rule, row.exact, row.decimal, row.latex
        ('sin(v0)', 'sin(2)', '0.909297', 'v_3 = \\\\sin(v_0)')
        >>> row.adjoint.rule, row.tangents["x1"].decimal
        ('v4_bar', '-0.416147')
        """
        of, text = (None, row) if isinstance(row, str) else map(str, row)
        found = [line for entry in self._of(of) for line in _lines_called(entry, text)]
        if not found:
            names = ", ".join(dict.fromkeys(line.name for line in self.rows(of=of)))
            raise ProblemError(f"there is no row {text!r}; there are {names}")
        if len(found) > 1:
            raise ProblemError(
                f"several lists have a row {text}: say of which output, as in t[{self.outputs[0]!r}, {text!r}]"
            )
        return found[0]

    def __reduce__(self) -> tuple[type[Trace], tuple[Problem, Convention]]:
        return Trace, (self.problem, self.convention)

    def __str__(self) -> str:
        return str(self._shown)

    def seed(self, seed: Mapping[str, Any]) -> dict[str, Formula]:
        """A direction: the tangent of each input as a formula.

        Raises ProblemError for what is no input, and for a letter in it that is a name already; PointError for a number
        that is none.
        """
        along = {self.problem.input(text).name: value for text, value in seed.items()}
        return seed_of(along, self.problem, self.evaluations)

    def chosen_inputs(self, wrt: str | Iterable[str] | None) -> list[str]:
        """The inputs of a choice, in its order; all where there is none. ProblemError for one that is not there."""
        if wrt is None:
            return self.inputs
        return [self.problem.input(text).name for text in _several(wrt)]

    def chosen_outputs(self, of: str | Iterable[str] | None) -> list[str]:
        """The outputs of a choice, in its order; all where there is none. ProblemError for one that is not there."""
        if of is None:
            return self.outputs
        return [self._checked_output(text) for text in _several(of)]

    def _checked_output(self, output: str) -> str:
        output = str(name_of(output))
        if output not in self.problem.outputs:
            raise ProblemError(f"there is no output {output!r}; there are {', '.join(self.problem.outputs)}")
        return output

    def check(self, of: str | Iterable[str] | None = None, wrt: str | Iterable[str] | None = None) -> None:
        """Raise CheckError where sweeps disagree, PointError where there is no value, or no derivative by ``wrt``."""
        self._of(of, self.chosen_inputs(wrt))

    def _of(self, of: str | Iterable[str] | None, by: Iterable[str] = ()) -> list[Evaluation]:
        """The lists of some outputs; PointError where they have no derivative by some inputs."""
        wanted, by = self.chosen_outputs(of), list(by)
        right = zip(self._right, self._reports, strict=True)
        chosen = [pair for pair in right if any(output in wanted for output in pair[0].wengert.outputs)]
        for entry, report in chosen:
            missing = report.lacks(by)
            if missing is not None:
                raise bad_point(entry, missing.words)
        return [entry for entry, _ in chosen]

    def _list_of(self, output: str, by: Iterable[str] = ()) -> Evaluation:
        return self._of(output, by)[0]

    @property
    def _right(self) -> list[Evaluation]:
        """The lists, once they are checked: nothing is shown of one that is wrong."""
        assert self.checked is not None
        return self.evaluations

    def _need_point(self, what: str) -> None:
        if not self.problem.has_point:
            raise ProblemError(f"{what} in numbers needs a point: a value for every input and parameter")

    def _view(self, tables: Sequence[Table]) -> View:
        return View(Document(self.problem.title, tuple(tables), self.notes()), self.convention)

    def notes(self) -> tuple[tuple[Any, ...], ...]:
        """What was checked, what was taken for granted, and the kinks, as notes of a document."""
        checked = tuple((Words(text),) for text in dict.fromkeys(entry.words() for entry in self.checked.values()))
        if has_products_by_element(self.problem):
            checked += ((Words(BY_ELEMENT),),)
        said = "{0} is Euler's number here; to have an input of that name, give it a value, at={{'{0}': 2}}."
        assumed = tuple((Words(said.format(text)),) for text in self.problem.assumed)
        without = tuple(
            (Words(f"{missing.words}, so that nothing is differentiated by {', '.join(sorted(missing.by))}."),)
            for report in self._reports
            for missing in report.missing[:1]
            if missing.by.intersection(self.inputs)
        )
        return checked + assumed + without + tuple((kink.definition, Words(f": {kink.used}.")) for kink in self.kinks)

    @property
    def wengerts(self) -> list[WengertList]:
        """The lists."""
        return [entry.wengert for entry in self.evaluations]

    def _repr_html_(self) -> str:
        return self._shown._repr_html_()

    def _repr_markdown_(self) -> str:
        return self._shown._repr_markdown_()

    def _repr_latex_(self) -> str:
        return self._shown._repr_latex_()

    @cached_property
    def _shown(self) -> View:
        return View(self.document(), self.convention)

    def __repr__(self) -> str:
        sizes = ", ".join(f"{'+'.join(e.wengert.outputs)}: {len(e.wengert)} lines" for e in self.evaluations)
        return f"<trace of {sizes}>"


def _several(names: str | Iterable[str]) -> Iterable[str]:
    """Names, of which there may be one alone."""
    return names if isinstance(names, Iterable) and not isinstance(names, str) else [names]


def _lines_called(entry: Evaluation, text: str) -> list[TraceRow]:
    """The rows of a list whose line has a name, or is the input, step or output of this name."""
    wengert = entry.wengert
    places = {place for place, label in enumerate(entry.labels) if str(label.args[0]) == text}
    if not places:
        places = {place for place, name in enumerate(wengert.inputs) if name == text}
        places |= {place for output, place in wengert.outputs.items() if output == text and place >= 0}
        places |= {place for place, name in wengert.names.items() if name == text}
    return [row for place, row in enumerate(line_rows(entry)) if place in places] if places else []
