"""Documents in every format: golden files that were read, what compiles, and what a user may have written."""

from __future__ import annotations

import csv
import html.parser
import io
import re
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest
from rich.cells import cell_len

from tracegen.document.cells import CsvCells, HtmlCells, LatexCells, MarkdownCells, PlainCells
from tracegen.document.render import formats, render
from tracegen.document.table import Column, Decimal, Document, Mark, Row, Table, Words
from tracegen.document.typeset import typeset
from tracegen.errors import FormatError, ToolError
from tracegen.formula import DOTS, Formula, name, number
from tracegen.notation import HOMEWORK

GOLDEN = Path(__file__).parents[1] / "golden"
HOSTILE = [
    "{{7*7}}", "{% for x in y %}", "((* raise *))", r"\input{/etc/passwd}", "<script>alert(1)</script>", "a|b", "$x$",
    "&amp;", "=HYPERLINK(\"http://x\")", "@SUM(1)", "100% #1 _a_ ~b~ ^c^ `d` [e](f)", "\x1b[31mred\x1b[0m",
    "two\nlines", "größer, 中文, ∂x → v̄ 🙂", "'quoted' \"twice\"", "\ud800",
]  # fmt: skip


def op(head: str, *args: Formula | str | int) -> Formula:
    formulas = (name(arg) if isinstance(arg, str) else number(arg) if isinstance(arg, int) else arg for arg in args)
    return Formula(head, tuple(formulas))


def bar(line: str) -> Formula:
    return Formula("adjoint", (name(line),))


def along(line: str) -> Formula:
    return Formula("tangent", (name(line), name("x1")))


def contribution(line: str, operand: str) -> Formula:
    return op("mul", bar(line), Formula("partial", (name(line), name(operand))))


def chain(*members: Formula) -> Formula:
    return Formula("equals", members)


E2, S3, C3 = op("exp", 2), op("sin", 3), op("cos", 3)
LEAF = op("add", op("mul", 2, E2), op("mul", 12, C3))

PRIMAL = [
    ("v0", name("x1"), number(2), "2.00000"),
    ("v1", name("x2"), number(1), "1.00000"),
    ("v2", op("mul", 2, "v1"), number(2), "2.00000"),
    ("v3", op("exp", "v2"), E2, "7.38906"),
    ("v4", op("pow", "v1", 2), number(1), "1.00000"),
    ("v5", op("mul", 3, "v4"), number(3), "3.00000"),
    ("v6", op("sin", "v5"), S3, "0.141120"),
    ("v7", op("mul", "v0", "v6"), op("mul", 2, S3), "0.282240"),
    ("v8", op("add", "v3", "v7"), op("add", E2, op("mul", 2, S3)), "7.67130"),
]
ADJOINT = [
    ("v0", chain(contribution("v7", "v0"), op("mul", bar("v7"), "v6")), S3, "0.141120"),
    (
        "v1",
        chain(
            op("add", contribution("v2", "v1"), contribution("v4", "v1")),
            op("add", op("mul", 2, bar("v2")), op("mul", op("mul", 2, "v1"), bar("v4"))),
        ),
        LEAF,
        "2.89820",
    ),
    ("v2", chain(contribution("v3", "v2"), op("mul", bar("v3"), op("exp", "v2"))), E2, "7.38906"),
    ("v3", contribution("v8", "v3"), number(1), "1.00000"),
    ("v4", chain(contribution("v5", "v4"), op("mul", 3, bar("v5"))), op("mul", 6, C3), "-5.93995"),
    ("v5", chain(contribution("v6", "v5"), op("mul", bar("v6"), op("cos", "v5"))), op("mul", 2, C3), "-1.97998"),
    ("v6", chain(contribution("v7", "v6"), op("mul", bar("v7"), "v0")), number(2), "2.00000"),
    ("v7", contribution("v8", "v7"), number(1), "1.00000"),
    ("v8", Formula("partial", (name("y1"), name("v8"))), number(1), "1.00000"),
]  # fmt: skip
TANGENT = [
    ("v6", op("mul", op("cos", "v5"), along("v5")), number(0), "0"),
    ("v7", op("add", op("mul", "v0", along("v6")), op("mul", "v6", along("v0"))), S3, "0.141120"),
    ("v9", op("mul", op("neg", op("div", 1, op("pow", "v5", 2))), along("v5")), Mark("too long to show"), "1.5e-7"),
    ("v10", op("exp", op("div", "v1", op("add", 1, op("exp", op("neg", 1))))), number(Fraction(-1, 2)), "-2.5e+21"),
    ("v11", op("abs", op("max", "v1", op("sqrt", op("sub", "v2", "xi")))), DOTS, "1.00000"),
]  # fmt: skip
COLUMNS = (
    Column("line", Words("line")),
    Column("definition", Words("definition")),
    Column("exact", Words("exact")),
    Column("decimal", Words("decimal"), numeric=True),
)


def rows(listed: list[tuple[str, Formula, Formula | Mark, str]], mark: str = "name") -> tuple[Row, ...]:
    heads = {"name": name, "bar": bar, "tangent": along}
    return tuple(Row(key, (heads[mark](key), rule, exact, Decimal(digits))) for key, rule, exact, digits in listed)


def sample() -> Document:
    adjoint = (Column("line", Words("line")), Column("rule", Words("rule")), *COLUMNS[2:])
    return Document(
        "Homework 2, problem 1",
        (
            Table("y1/primal", (Words("Evaluation trace of "), name("y1")), COLUMNS, rows(PRIMAL)),
            Table(
                "y1/reverse",
                (Words("Adjoints of "), name("y1")),
                adjoint,
                rows(ADJOINT, "bar"),
                ((Words("The seed is "), chain(bar("y1"), number(1)), Words(".")),),
            ),
            Table("y1/forward", (Words("Some tangents along "), name("x1")), adjoint, rows(TANGENT, "tangent")),
        ),
        ((Words("Checked: forward, reverse and an independent evaluation agree to 30 digits."),),),
    )


def hostile() -> Document:
    columns = (Column("words", Words(HOSTILE[0])), Column("name", Words(HOSTILE[4])))
    listed = tuple(Row(str(at), (Words(words), name(words))) for at, words in enumerate(HOSTILE))
    tables = (Table("hostile", (Words(HOSTILE[3]),), columns, listed, ((Words(HOSTILE[1]),),)),)
    return Document(HOSTILE[0] + HOSTILE[3] + HOSTILE[4], tables, ((Words(HOSTILE[4]),),))


@pytest.mark.parametrize("form", ["md", "tex", "txt", "html", "csv"])
def test_a_document_comes_out_as_it_was_read_and_approved(form: str) -> None:
    assert render(sample(), form) == (GOLDEN / f"sample.{form}").read_text(encoding="utf-8")


def test_a_box_is_no_wider_than_the_terminal_and_keeps_every_word() -> None:
    narrow = render(sample(), "txt", width=60)
    assert max(map(cell_len, narrow.splitlines()[1:-2])) <= 60
    folded = [line.split("│")[2].strip() for line in narrow.splitlines() if line.startswith("│")]
    assert "v̄₂·∂v₂/∂v₁ + v̄₄·∂v₄/∂v₁ = 2·v̄₂ + 2·v₁·v̄₄" in " ".join(folded)


def test_every_format_is_a_template_and_has_a_golden_file() -> None:
    assert {path.suffix[1:] for path in GOLDEN.glob("sample.*")} == set(formats())


def test_markdown_tables_have_as_many_cells_as_columns_and_no_bare_bar() -> None:
    lines = [line for document in (sample(), hostile()) for line in render(document, "md").splitlines()]
    tables = [line for line in lines if line.startswith("|")]
    counts = {len(re.findall(r"(?<!\\)\|", line)) for line in tables}
    assert counts == {3, 5}


def test_markdown_of_a_matrix_has_no_doubled_backslash() -> None:
    cells = MarkdownCells(HOMEWORK)
    matrix = Formula("matrix", ((name("a"),), (name("b"),)))
    assert cells(matrix) == r"$\begin{bmatrix} a \cr b \end{bmatrix}$"


class Page(html.parser.HTMLParser):
    """Collects a page's tags, and fails on one that closes what is not open."""

    VOID = frozenset(["meta", "br", "mspace"])

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("document", [sample(), hostile()], ids=["sample", "hostile"])
def test_a_page_is_well_formed_and_neither_runs_nor_fetches(document: Document) -> None:
    page = Page(render(document, "html"))
    assert page.open == []
    tags = {tag for tag, _ in page.seen}
    assert not tags & {"script", "link", "img", "iframe", "object"}
    assert not [attrs for _, attrs in page.seen if any(key in ("src", "href") or key.startswith("on") for key in attrs)]
    assert {attrs.get("scope") for tag, attrs in page.seen if tag == "th"} == {"col", "row"}


def test_csv_is_read_back_cell_by_cell() -> None:
    read = list(csv.reader(io.StringIO(render(sample(), "csv"))))
    assert read[0] == ["table", "row", "line", "definition", "exact", "decimal"]
    assert read[4] == ["y1/primal", "v3", "v3", "exp(v2)", "exp(2)", "7.38906"]
    assert ["y1/reverse", "v4", "v4_bar", "v5_bar*dv5_dv4 = 3*v5_bar", "6*cos(3)", "-5.93995"] in read


@pytest.mark.parametrize("words", HOSTILE)
def test_no_word_is_a_formula_of_a_spreadsheet(words: str) -> None:
    (read,) = csv.reader(io.StringIO(CsvCells(HOMEWORK)(Words(words))))
    assert read[0][0] not in "=+-@\t\r"


@pytest.mark.parametrize(
    ("cells", "words", "wanted"),
    [
        (MarkdownCells, "<b>a_1|b</b> $x$", r"&lt;b&gt;a\_1\|b&lt;/b&gt; \$x\$"),
        (LatexCells, r"\input{x} 5% a_b", r"\textbackslash{}input\{x\}\allowbreak{} 5\% a\_b"),
        (LatexCells, "中 é", r"\texttt{U+4E2D} é"),
        (HtmlCells, "<script>\"a\" & 'b'", "&lt;script&gt;&quot;a&quot; &amp; &#x27;b&#x27;"),
        (PlainCells, "a\x1b[31mb\nc", "a [31mb c"),
        (CsvCells, "=1+1", "'=1+1"),
        (CsvCells, 'say "a, b"', '"say ""a, b"""'),
    ],
)
def test_words_are_escaped(cells: type, words: str, wanted: str) -> None:
    assert cells(HOMEWORK)(Words(words)) == wanted


@pytest.mark.parametrize("form", ["md", "tex", "txt", "html", "csv"])
def test_nothing_that_a_user_wrote_is_filled_in(form: str) -> None:
    text = render(hostile(), form)
    assert "7*7" in text.replace("\\", "").replace("$*$", "*")
    assert "49" not in text
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        (None, ["", "", "", "", ""]),
        (Decimal("-1.25000e-07"), [r"$-1.25000 \times 10^{-7}$"] * 2 + ["−1.25000×10⁻⁷"] * 2 + ["-1.25000e-07"]),
        (Mark("too long"), ["—", "---", "—", "—", ""]),
        (op("neg", "v"), ["$-v$"] * 2 + ["<math><mrow><mo>&#x02212;</mo><mi>v</mi></mrow></math>", "−v", "-v"]),
    ],
)
def test_a_cell_in_each_format(cell: Formula | Decimal | Mark | None, wanted: list[str]) -> None:
    kinds = [MarkdownCells, LatexCells, HtmlCells, PlainCells, CsvCells]
    assert [kind(HOMEWORK)(cell) for kind in kinds] == wanted


def test_a_new_format_is_one_template(tmp_path: Path) -> None:
    (tmp_path / "trace.org.j2").write_text(
        "{% for table in document.tables %}{% for row in table.rows %}| {{ row.cells|cells|join(' | ') }} |\n"
        "{% endfor %}{% endfor %}"
    )
    assert "org" in formats(tmp_path)
    assert "| v₃ | exp(v₂) | exp(2) | 7.38906 |\n" in render(sample(), "org", templates=tmp_path)


def test_the_users_template_comes_first(tmp_path: Path) -> None:
    (tmp_path / "trace.tex.j2").write_text(r"\emph{((( document.title|cell )))}")
    assert render(sample(), "tex", templates=tmp_path) == r"\emph{Homework 2, problem 1}"
    assert render(sample(), "md", templates=tmp_path) == render(sample(), "md")


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("{{ nothing }}", "'nothing' is undefined"),
        ("{{ document.nothing }}", "no attribute 'nothing'"),
        ("{% for %}", "the template trace.x.j2, line 1"),
        ("{{ document.__class__.__mro__ }}", "unsafe"),
        ("{{ 1|unknown }}", "unknown"),
        ("{{ 1/0 }}", "division by zero"),
    ],
)
def test_a_template_that_cannot_be_filled_is_one_clear_error(tmp_path: Path, template: str, sentence: str) -> None:
    (tmp_path / "trace.x.j2").write_text(template)
    with pytest.raises(FormatError, match=re.escape(sentence)) as caught:
        render(sample(), "x", templates=tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"format": "docx"}, "there is no format 'docx'; there are csv, html, md, tex, txt"),
        ({"format": "../trace"}, "there is no format '../trace'"),
        ({"format": "tex", "paper": "a3"}, "there is no paper 'a3'"),
        ({"format": "md", "templates": Path("nowhere")}, "there is no folder of templates nowhere"),
    ],
)
def test_what_is_not_there_is_named(choices: dict[str, object], sentence: str) -> None:
    with pytest.raises(FormatError, match=re.escape(sentence)):
        render(sample(), **choices)  # type: ignore[arg-type]


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="needs pdflatex")
@pytest.mark.parametrize("paper", ["a4", "a5", "letter"])
@pytest.mark.parametrize("document", [sample(), hostile()], ids=["sample", "hostile"])
def test_a_standalone_document_compiles(document: Document, paper: str) -> None:
    assert typeset(render(document, "tex", standalone=True, paper=paper)).startswith(b"%PDF-")


def long(lines: int) -> Document:
    listed = [(f"v{at}", op("mul", f"v{at - 2}", op("sin", f"v{at - 1}")), E2, "1.00000") for at in range(2, lines)]
    return Document("Long", (Table("y/primal", (Words("long"),), COLUMNS, rows(listed)),))


def wide(columns: int) -> Document:
    listed = Row("v9", tuple(ADJOINT[1][1] for _ in range(columns)))
    heads = tuple(Column(f"c{at}", Words(f"column {at}")) for at in range(columns))
    return Document("Wide", (Table("y/wide", (Words("wide"),), heads, (listed,)),))


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="needs pdflatex")
@pytest.mark.parametrize(
    ("document", "pages", "turned"),
    [(long(20), 1, False), (long(70), 3, False), (wide(3), 1, False), (wide(5), 2, True)],
    ids=["short", "long", "shrunk", "turned"],
)
def test_a_long_table_breaks_over_pages_and_a_wide_one_fits(
    document: Document, pages: int, turned: bool, tmp_path: Path
) -> None:
    source = render(document, "tex", standalone=True)
    (tmp_path / "document.tex").write_text(source)
    for _ in range(2):
        command = ["pdflatex", "-interaction=batchmode", "-halt-on-error", "document.tex"]
        subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    log = (tmp_path / "document.log").read_text(errors="replace")
    assert "Overfull" not in log
    assert f"({pages} page" in log
    assert (r"\begin{landscape}" in source) == turned


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="needs pdflatex")
def test_a_document_that_latex_refuses_is_one_clear_error() -> None:
    with pytest.raises(ToolError, match="refuses the document: Undefined control sequence"):
        typeset(r"\documentclass{article}\begin{document}\nonsense\end{document}")


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="needs pdflatex")
def test_a_document_can_neither_run_a_program_nor_read_outside(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    typeset(rf"\documentclass{{article}}\begin{{document}}\immediate\write18{{touch {ran}}}x\end{{document}}")
    assert not ran.exists()
    secret = tmp_path / "secret.tex"
    secret.write_text("secret")
    with pytest.raises(ToolError, match="refuses"):
        typeset(rf"\documentclass{{article}}\begin{{document}}\input{{{secret}}}\end{{document}}")


def test_without_a_latex_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ToolError, match="needs a LaTeX"):
        typeset("x")


@pytest.mark.parametrize("form", ["md", "tex", "html", "csv"])
def test_ten_thousand_lines_are_written(form: str) -> None:
    document = long(10_002)
    text = render(document, form)
    assert text.count("9999") >= 3


@pytest.mark.parametrize("suffix", ["md", "txt", "html", "csv", "tex", "org"])
@pytest.mark.parametrize(
    "wrong",
    [
        "document.tables[0].title|cell", "document.tables[99].key", "document.nothing", "1/0", "none|cells",
        "document.tables|rows|list", "5|line", "document|boxed", "range(3)|unknown", "document.title.upper(1, 2)",
    ],
)  # fmt: skip
def test_a_mistake_in_a_template_is_one_line_with_its_place(suffix: str, wrong: str, tmp_path: Path) -> None:
    begin, end = ("(((", ")))") if suffix == "tex" else ("{{", "}}")
    (tmp_path / f"trace.{suffix}.j2").write_text(f"first\n\n{begin} {wrong} {end}\n", "utf-8")
    with pytest.raises(FormatError) as raised:
        render(sample(), suffix, templates=tmp_path)
    assert str(raised.value).startswith(f"the template trace.{suffix}.j2, line 3")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("statement", ["{{ document.title|cell }}", "{% for table in document.tables %}x{% endfor %}"])
def test_the_delimiters_of_other_templates_are_refused_in_latex(statement: str, tmp_path: Path) -> None:
    (tmp_path / "trace.tex.j2").write_text(f"% mine\n{statement}\n", "utf-8")
    with pytest.raises(FormatError, match=r"the template trace.tex.j2, line 2: a template of LaTeX has \(\(\* \*\)\)"):
        render(sample(), "tex", templates=tmp_path)
    (tmp_path / "trace.tex.j2").write_text("\\newcommand{\\x}{%\n{{\\bf a}}}((( document.title|cell )))\n", "utf-8")
    assert "Homework" in render(sample(), "tex", templates=tmp_path)


def test_the_readme_names_every_filter_and_field() -> None:
    from dataclasses import fields

    from tracegen.document.render import _environment
    from tracegen.document.table import Column, Document, Row, Table
    from tracegen.notation import HOMEWORK

    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    told = readme.partition("A template of LaTeX")[2].partition("A **profile**")[0]
    from jinja2.defaults import DEFAULT_FILTERS

    own = set(_environment("md", None, HOMEWORK, 120).filters) - set(DEFAULT_FILTERS)
    assert {name for name in own if f"`{name}`" not in told} == set()
    hidden = {"folded"}  # for long tables of words, which reports have
    for kind in (Document, Table, Column, Row):
        for entry in fields(kind):
            assert entry.name in hidden or f".{entry.name}`" in told, entry.name
