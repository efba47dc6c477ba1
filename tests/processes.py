"""Processes forked from one that has imported the program once: each is then its own work, not
seconds of importing."""

import gc
import multiprocessing
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from typing import Any

# One server forks them all, so whatever is to be loaded there is named here, for everybody.
_FROM_ONE = multiprocessing.get_context("forkserver")
_FROM_ONE.set_forkserver_preload(["tests.cli.typed_process", "tests.workflows.worker_process"])


def forked(target: Callable[..., None], *arguments: Any, daemon: bool = False) -> BaseProcess:
    """A process that has begun with `target`."""
    process = _FROM_ONE.Process(target=_run, args=(target, *arguments), daemon=daemon)
    process.start()
    return process


def _run(target: Callable[..., None], *arguments: Any) -> None:
    gc.freeze()  # looking through all that was imported would copy it into this process
    target(*arguments)
