"""Gradescope: results.json as its page describes it, and a folder that it runs as an autograder."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from shlex import quote
from typing import Any

from tracegen.errors import Place, ProblemError, ToolError
from tracegen.files.run_inputs import check
from tracegen.files.signature import REPORT_MARK, is_as_written, marked
from tracegen.files.writing import check_free, write
from tracegen.files.writing import folder as folder_for
from tracegen.grading.report import Report
from tracegen.grading.verdicts import BLANK, CARRIED, EXTRA, RIGHT, Judgement
from tracegen.problems.problem_file import text_of

SETUP = """#!/usr/bin/env bash
set -e
apt-get update
apt-get install -y python3 python3-venv
PYTHON=python3
# Ubuntu 22.04 has 3.10 by this name
python3 -c "import sys; sys.exit(sys.version_info < (3, 11))" || PYTHON=python3.11
[ $PYTHON = python3 ] || apt-get install -y python3.11 python3.11-venv
$PYTHON -m venv /autograder/venv
/autograder/venv/bin/pip install {requirement}
"""

RUN = """#!/usr/bin/env bash
HERE=${AUTOGRADER_HOME:-/autograder}
RESULTS=$HERE/results/results.json
PYTHON=$HERE/venv/bin/python
[ -x "$PYTHON" ] || PYTHON=python3
cd "$HERE" && rm -f "$RESULTS"
"$PYTHON" "$HERE/source/grade.py"
# killed, or no Python at all
[ -s "$RESULTS" ] && exit 0
mkdir -p "$HERE/results"
SAID="The sheet could not be graded: the grader did not come to its end."
echo '{"score": 0, "output": "'"$SAID"'", "tests": []}' > "$RESULTS"
"""

GRADE = '''"""Grades the files in submission/ and writes results/results.json, whole, whatever happens."""

import json
import os
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
RESULTS = HOME / "results" / "results.json"


def main() -> None:
    try:
        from tracegen.grading.gradescope import autograde

        results = autograde(HOME / "source", HOME / "submission")
        text = json.dumps(results, ensure_ascii=False, allow_nan=False)
    except BaseException as error:
        said = f"The sheet could not be graded: {type(error).__name__}: {error}"[:2000]
        text = json.dumps({"score": 0.0, "output": said, "tests": []})
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    unfinished = RESULTS.with_suffix(".part")
    unfinished.write_text(text, "utf-8", "replace")
    os.replace(unfinished, RESULTS)


if __name__ == "__main__":
    sys.stdout = sys.stderr
    main()
'''


ENDINGS = {"run_autograder": "sh"}
"""What kind of file one without an ending is."""


def results(report: Report, execution_time: float | None = None) -> dict[str, Any]:
    """The report as Gradescope reads it: one test a row.

    >>> results(Report("sheet.md", ()))["tests"]
    []
    """
    rows: dict[tuple[str, str], list[Judgement]] = {}
    for cell in report.cells:
        rows.setdefault((cell.part, cell.row), []).append(cell)
    parts = list(dict.fromkeys(part for part, _ in rows))
    counts = dict.fromkeys(parts, 0)
    tests = []
    for (part, row), cells in rows.items():
        counts[part] += 1
        tests.append(_test(f"{parts.index(part) + 1}.{counts[part]}", part, row, cells))
    found: dict[str, Any] = {
        "score": _finite(report.score),
        "output": _output(report),
        "output_format": "text",
        "test_output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
        "extra_data": {
            "open": _finite(report.open),
            "max_score": _finite(report.max_score),
            "judged": round(report.judged, 4),
            "needs_person": report.needs_person,
            "generator": REPORT_MARK,
        },
    }
    if execution_time is not None:
        found["execution_time"] = round(execution_time, 3)
    return found


def _test(number: str, part: str, row: str, cells: list[Judgement]) -> dict[str, Any]:
    fine = all(cell.verdict in (RIGHT, CARRIED, EXTRA, BLANK) for cell in cells)
    lines = [_line(cell) for cell in cells if cell.verdict != RIGHT or cell.because]
    return {
        "score": _finite(sum(cell.marks for cell in cells)), "max_score": _finite(sum(cell.of for cell in cells)),
        "status": "passed" if fine else "failed", "name": f"{part} {row}".strip() or "not placed", "number": number,
        "output": "\n".join(lines), "output_format": "text",
        "tags": sorted({tag for cell in cells for tag in cell.tags}), "visibility": "visible",
    }  # fmt: skip


def _line(cell: Judgement) -> str:
    from tracegen.grading.report import _printed
    from tracegen.notation import unicode

    repair = f" Right would be: {_printed(unicode, cell.repair)}." if cell.repair is not None else ""
    return f"{cell.cell} (line {cell.line}) {cell.text[:200]}: {cell.verdict}. {cell.reason}{repair}"


def _output(report: Report) -> str:
    failure = f"This sheet could not be graded: {report.failure}" if report.failure else ""
    if not report.cells and failure:
        return failure
    count = report.needs_person
    people = f" {count} cell{'s' if count > 1 else ''} will be looked at by a person." if count else ""
    missing = f" Not on the sheet: {', '.join(report.missing)}." if report.missing else ""
    still_open = f", {report.open:g} open" if report.open else ""
    said = f"{report.score:g} of {report.max_score:g} marks{still_open}.{people}{missing} {failure}"
    absent = [sentence for sentence in report.said if sentence.startswith("Rows")]
    return " ".join([report.verdict, said.strip(), *absent]).strip()


def _finite(number: float) -> float:
    return number if math.isfinite(number) else 0.0


def autograde(source: Path, submission: Path) -> dict[str, Any]:
    """Grade what was handed in; called in the folder that Gradescope runs. Prints nothing."""
    import time

    from tracegen.grading.classes.batch import grade_sheet
    from tracegen.grading.classes.collecting import READ_AS, ZIPS, collect
    from tracegen.grading.classes.together import merged
    from tracegen.grading.rubric import Rubric
    from tracegen.problems.problem import Problem

    start = time.monotonic()
    problems = [Problem.read(path) for path in sorted(source.glob("*.toml")) if path.name != "rubric.toml"]
    if not problems:
        raise ProblemError("there is no problem file", Place(str(source)))
    rubric = Rubric.read(source / "rubric.toml") if (source / "rubric.toml").is_file() else Rubric()
    sheets = collect([submission] if submission.is_dir() else [])
    # a picture beside a sheet belongs to it
    chosen = [sheet for sheet in sheets if sheet.suffix and sheet.suffix in (*READ_AS, *ZIPS)] or sheets
    report = merged([grade_sheet(problems, sheet, rubric) for sheet in chosen], rubric)
    return results(report, time.monotonic() - start)


def folder(
    problems: list[Path], output: Path, *, rubric: Path | None = None, requirement: str = "tracegen"
) -> list[Path]:
    """Write the autograder's folder: setup.sh, run_autograder, and what they need. Gives the files written.

    ``requirement`` is what pip installs: a version of tracegen, or a wheel, which is put into the folder.

    Raises ToolError where it can't be written.
    """
    wheel = Path(requirement) if requirement.endswith(".whl") else None
    if wheel is not None:
        requirement = f"/autograder/source/{wheel.name}"
    files = {"setup.sh": SETUP.format(requirement=quote(requirement)), "run_autograder": RUN, "grade.py": GRADE}
    for place, problem in enumerate(problems, 1):
        files[f"{place:02d}-{problem.name}"] = text_of(problem)
    if rubric is not None:
        files["rubric.toml"] = text_of(rubric)
    contents = {name: marked(text, ENDINGS.get(name, Path(name).suffix[1:])) for name, text in files.items()}
    if wheel is not None:
        contents[wheel.name] = _bytes(wheel)
    check_free(output / name for name in contents if name not in _put_before(wheel, output))
    made = folder_for(output)
    for name, content in contents.items():
        write(made / name, content)
    for script in ("setup.sh", "run_autograder"):
        (made / script).chmod(0o755)
    return [made / name for name in contents]


def _put_before(wheel: Path | None, output: Path) -> list[str]:
    """The wheel, which has no room for a mark, where the folder says that it was put there.

    Raises ToolError where it is read from there."""
    if wheel is None:
        return []
    check(output / wheel.name)
    setup = output / "setup.sh"
    return [wheel.name] if is_as_written(setup) and f"/{wheel.name}" in setup.read_text("utf-8") else []


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ToolError(f"can't be read: {error.strerror or error}", Place(str(path))) from None


def main() -> None:
    """Print the results of a folder of submissions as JSON; for trying out."""
    source, submission = Path(sys.argv[1]), Path(sys.argv[2])
    sys.stdout.write(json.dumps(autograde(source, submission), allow_nan=False))
