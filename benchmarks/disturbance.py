"""How much of the machine others took while something was measured."""

import os
import resource
from pathlib import Path
from time import perf_counter

STAT = Path("/proc/stat")


class Disturbance:
    """Begins when it is made. What is measured must end all its processes before it is asked."""

    def __init__(self) -> None:
        self._begun = perf_counter()
        self._busy = _busy()
        self._own = _own()

    def share(self) -> float | None:
        """Of all cores, since the beginning; None where the machine does not tell."""
        busy = _busy()
        if busy is None or self._busy is None:
            return None
        others = (busy - self._busy) - (_own() - self._own)
        return max(0.0, others) / ((perf_counter() - self._begun) * (os.cpu_count() or 1))


def _busy() -> float | None:
    """CPU seconds of everybody; what a hypervisor took is somebody's too."""
    if not STAT.exists():
        return None
    user, nice, system, _idle, _waiting, *rest = map(
        int, STAT.read_text().partition("\n")[0].split()[1:9]
    )
    return (user + nice + system + sum(rest)) / os.sysconf("SC_CLK_TCK")


def _own() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
