"""``tracegen gradescope``: makes a folder that Gradescope runs as an autograder."""

from __future__ import annotations

import click

from tracegen.cli.commands.options import INPUT, PROBLEM, WHEEL, WritingCommand


@click.command(cls=WritingCommand)
@click.argument("problems", nargs=-1, required=True, type=PROBLEM, metavar="PROBLEM.toml…")
@click.option("--output", required=True, metavar="DIR", help="The folder to write.")
@click.option("--rubric", type=INPUT, metavar="RUBRIC.toml", help="Marks; one a cell if left out.")
@click.option(
    "--requirement", default="tracegen", show_default=True, type=WHEEL, help="What pip installs: a version, or a wheel."
)
def gradescope(problems: tuple[str, ...], output: str, rubric: str | None, requirement: str) -> None:
    """Write setup.sh, run_autograder and what they need; zip the folder's content and upload it.

    \b
    tracegen gradescope homework1.toml homework2.toml --rubric rubric.toml --output autograder/
    """
    from pathlib import Path

    from tracegen.grading.grader import gradable
    from tracegen.grading.gradescope import folder
    from tracegen.grading.rubric import Rubric

    outputs = [output for problem in gradable(problems) for output in problem.outputs]
    if rubric:
        Rubric.read(rubric).check(outputs)
    written = folder(
        [Path(problem) for problem in problems], Path(output),
        rubric=Path(rubric) if rubric else None, requirement=requirement,
    )  # fmt: skip
    click.echo(f"wrote {len(written)} files to {output}", err=True)
