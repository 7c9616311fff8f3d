"""The front door says the same as the command line, without loading it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner

from tracegen.cli.dispatch import main
from tracegen.cli.overview import COMMANDS, HELP, overview


@pytest.mark.parametrize("option", HELP)
def test_help_is_the_same_by_both_doors(option: str) -> None:
    front = subprocess.run([sys.executable, "-m", "tracegen", option], check=True, capture_output=True, text=True)
    assert front.stdout == CliRunner().invoke(main, [option]).stdout == overview() + "\n"


def test_the_front_door_loads_no_command_line() -> None:
    code = (
        "import sys; sys.argv = ['tracegen', '--help']; from tracegen.__main__ import main; main();"
        "assert not {'click', 'dataclasses', 'tracegen.errors'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_everything_else_is_handed_over() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tracegen", "trace", "2*x"], capture_output=True, text=True, check=True
    )
    assert "v₁ = 2·v₀" in done.stdout
    wrong = subprocess.run([sys.executable, "-m", "tracegen", "tarce"], capture_output=True, text=True, check=False)
    assert wrong.returncode == 2
    assert wrong.stderr == "tracegen: No such command 'tarce'. See tracegen --help.\n"


def test_the_options_are_clicks() -> None:
    """What the overview says of options is what click would say of them."""
    context = main.make_context("tracegen", [], resilient_parsing=True)
    formatter = context.make_formatter()
    main.format_usage(context, formatter)
    main.format_help_text(context, formatter)
    main.format_options(context, formatter)
    assert overview().split("\n\nCommands")[0] == formatter.getvalue().split("\n\nCommands")[0].rstrip()
    assert max(map(len, COMMANDS.values())) < 80
