"""The processes that make the pages, forked from one that has read the program once."""

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from typing import NoReturn

import structlog

log = structlog.get_logger()

AGAIN_AFTER_SECONDS = 1
STOP_SECONDS = 8
_PR_SET_PDEATHSIG = 1
_FORK = multiprocessing.get_context("fork")


def keep_serving(serve: Callable[[], None], *, processes: int) -> None:
    """Runs `serve` in so many processes, and again where one ends, until SIGTERM or until none is
    left: what ends all of them would end the next ones too.

    To be called before there are threads: a fork takes none of them along.
    """
    # What was read so far stays; looking through it would copy it into each process.
    gc.freeze()
    signal.signal(signal.SIGTERM, _stop)
    running = [_begin(serve) for _ in range(processes)]
    try:
        while any(process.is_alive() for process in running):
            wait([process.sentinel for process in running])
            time.sleep(AGAIN_AFTER_SECONDS)
            running = [_alive(process, serve) for process in running]
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.join(STOP_SECONDS)
            process.kill()


def _alive(process: BaseProcess, serve: Callable[[], None]) -> BaseProcess:
    if process.is_alive():
        return process
    log.error("web.ended", pid=process.pid, exitcode=process.exitcode)
    return _begin(serve)


def _begin(serve: Callable[[], None]) -> BaseProcess:
    process = _FORK.Process(target=_serve, args=(serve, os.getpid()))
    process.start()
    return process


def _serve(serve: Callable[[], None], parent: int) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() == parent:
        serve()


def _stop(_signal: int, _frame: object) -> NoReturn:
    raise SystemExit(0)
