"""Writes files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tracegen.errors import Place, ToolError
from tracegen.files.run_inputs import check
from tracegen.files.signature import is_as_written


def folder(path: str | Path) -> Path:
    """A folder to write several files to, made where it is not there.

    Raises ToolError where it can't be made: before any work is done for it.
    """
    made = Path(path)
    try:
        made.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise ToolError("is a file; several files need a folder", Place(str(path))) from None
    except (OSError, ValueError) as error:
        raise ToolError(f"can't be made: {getattr(error, 'strerror', None) or error}", Place(str(path))) from None
    return made


def is_free(path: Path) -> bool:
    """Whether a file may have a name that tracegen chose: nothing is there, or a file that is as tracegen wrote it.

    Raises ToolError where an input of the run is there.
    """
    check(path)
    return not os.path.lexists(path) or is_as_written(path)


def check_free(paths: Iterable[Path]) -> None:
    """Raise ToolError where one of the files that can't have another name is there, not as tracegen wrote it."""
    wanted = list(paths)
    for path in wanted:
        check(path)
    for path in wanted:
        if not is_free(path):
            raise ToolError("is there, and is not as tracegen writes it: give another folder", Place(str(path)))


def write(path: Path, content: str | bytes) -> None:
    """Write a file by way of a temporary one beside it, so that nothing is ever half written.

    Raises ToolError where the folder can't be written to, or the file is an input of the run.
    """
    check(path)
    data = content.encode("utf-8") if isinstance(content, str) else content
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except (OSError, ValueError) as error:  # a name with a zero byte is a ValueError
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise ToolError(f"can't be written: {getattr(error, 'strerror', None) or error}", Place(str(path))) from None
    except BaseException:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise
