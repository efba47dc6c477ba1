"""`dondoc` in a process of its own, forked from one that has imported the program once: a command
is then its own work, not a second of importing."""

import multiprocessing
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from subprocess import CompletedProcess

from starter import main

_FROM_ONE = multiprocessing.get_context("forkserver")
_FROM_ONE.set_forkserver_preload([__name__])


def typed(*arguments: str, environment: Mapping[str, str], seconds: float) -> CompletedProcess[str]:
    """Raises TimeoutError when the command has not ended by then."""
    with tempfile.TemporaryDirectory() as folder:
        answers = Path(folder, "stdout"), Path(folder, "stderr")
        process = _FROM_ONE.Process(target=_dondoc, args=(arguments, dict(environment), answers))
        process.start()
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
