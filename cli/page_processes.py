"""The processes that make the pages, forked from one that has read the program once."""

import ctypes
import gc
import multiprocessing
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from typing import NoReturn

import structlog

log = structlog.get_logger()

AGAIN_AFTER_SECONDS = 1
STOP_SECONDS = 8
_PR_SET_PDEATHSIG = 1
_FORK = multiprocessing.get_context("fork")


def keep_serving(serve: Callable[[], None], door: socket.socket, *, processes: int) -> None:
    """Runs `serve` in so many processes at one door, and again where one ends, until SIGTERM.
    Raises SystemExit: with 1 when none is left, because what ended all would end the next ones.

    To be called before there are threads: a fork takes none of them along.
    """
    # What was read so far stays; looking through it would copy it into each process.
    gc.freeze()
    signal.signal(signal.SIGTERM, _stop)
    running: list[BaseProcess] = []
    try:
        for _ in range(processes):
            running.append(_begin(serve))  # one by one: what was begun is to be ended
        while True:
            wait([process.sentinel for process in running])
            time.sleep(AGAIN_AFTER_SECONDS)
            if not any(process.is_alive() for process in running):
                raise SystemExit(1)
            _begin_again(running, serve)
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        # Whoever starts us again must find the port free, also while a last page is sent.
        door.close()
        _end(running)


def _begin_again(running: list[BaseProcess], serve: Callable[[], None]) -> None:
    for place, process in enumerate(running):
        if not process.is_alive():
            log.error("web.ended", pid=process.pid, exitcode=process.exitcode)
            with suppress(OSError):  # no memory, no process to be had: tried again in a moment
                running[place] = _begin(serve)


def _end(running: list[BaseProcess]) -> None:
    until = time.monotonic() + STOP_SECONDS
    for process in running:
        process.terminate()
    for process in running:
        process.join(max(0.0, until - time.monotonic()))
    for process in running:
        process.kill()


def _begin(serve: Callable[[], None]) -> BaseProcess:
    # A daemon: one that was begun as we were told to end is ended with us, not waited for.
    process = _FORK.Process(target=_serve, args=(serve, os.getpid()), daemon=True)
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
