"""`dondoc` in a process of its own."""

import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from subprocess import CompletedProcess

from starter import main
from tests.processes import forked


def typed(*arguments: str, environment: Mapping[str, str], seconds: float) -> CompletedProcess[str]:
    """Raises TimeoutError when the command has not ended by then."""
    with tempfile.TemporaryDirectory() as folder:
        answers = Path(folder, "stdout"), Path(folder, "stderr")
        process = forked(_dondoc, arguments, dict(environment), answers)
        process.join(seconds)
        if process.exitcode is None:
            process.kill()
            raise TimeoutError(f"dondoc {' '.join(arguments)}")
        stdout, stderr = (answer.read_text(encoding="utf-8") for answer in answers)
    return CompletedProcess(arguments, process.exitcode, stdout, stderr)


def _dondoc(
    arguments: tuple[str, ...], environment: dict[str, str], answers: tuple[Path, Path]
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    for descriptor, answer in zip((1, 2), answers, strict=True):
        os.dup2(os.open(answer, os.O_WRONLY | os.O_CREAT), descriptor)
    sys.argv = ["dondoc", *arguments]
    main()
