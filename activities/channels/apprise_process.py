"""The process in which Apprise runs: `python -m activities.channels.apprise_process NETWORK …`.

Reads one JSON object a line (`url`, `title`, `body`) and answers each with one (`verdict`, `said`).
"""

import json
import logging
import os
import resource
import sys
from typing import Any, TextIO

from activities.channels.addresses import Reach

# A service that answers without end fills this process's memory and nobody else's.
MOST_MEMORY = 1 << 30
CONNECTING = ("socket.connect", "socket.sendto", "socket.sendmsg")
# Services of this machine's own, which a message has no business to start.
STARTING = (
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "syslog.syslog",
)


class Guard:
    """Looks at every connection before it is made, whichever library makes it."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self.refused: list[str] = []

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in STARTING:
            self._refuse("dịch vụ của máy này")
        if event in CONNECTING:
            address = arguments[1]
            if not isinstance(address, tuple):
                if address is not None:
                    self._refuse("dịch vụ của máy này")
            elif not self._reach.may(str(address[0])):
                self._refuse(f"địa chỉ mạng nội bộ {address[0]}")

    def _refuse(self, what: str) -> None:
        self.refused.append(what)
        raise PermissionError(f"not allowed: {what}")


def main() -> None:
    import apprise

    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # What a service prints must not look like an answer.
    os.dup2(2, 1)
    logging.disable(logging.CRITICAL)
    guard = Guard(Reach(sys.argv[1:]))
    sys.addaudithook(guard)
    for line in sys.stdin:
        _answer(answers, _done(apprise, guard, json.loads(line)))


def _done(apprise: Any, guard: Guard, said: dict[str, str]) -> tuple[str, str]:
    if not said:
        return "sent", f"Apprise {apprise.__version__}"
    service = apprise.Apprise()
    if not service.add(said["url"]):
        return "never", "Apprise không hiểu địa chỉ đã khai báo."
    guard.refused.clear()
    try:
        sent = bool(service.notify(title=said["title"], body=said["body"]))
    except MemoryError:
        return "never", "Dịch vụ nhận tin trả lời quá dài."
    except Exception as error:  # a service's own mistakes are no reason to stop
        return "later", f"Dịch vụ nhận tin lỗi: {type(error).__name__}."
    if guard.refused:
        return "never", f"Không được gửi tới {guard.refused[0]} (DONDOC_ALLOWED_NETWORKS)."
    return ("sent", "dịch vụ đã nhận") if sent else ("later", "Dịch vụ chưa nhận tin.")


def _answer(answers: TextIO, answer: tuple[str, str]) -> None:
    verdict, said = answer
    answers.write(json.dumps({"verdict": verdict, "said": said}, ensure_ascii=False) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
