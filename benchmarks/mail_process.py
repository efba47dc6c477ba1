"""A real mail server in a process of its own: says its port, and at the end what it has taken."""

import json
import re
import socket
import sys
from collections import Counter

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

MESSAGE_ID = re.compile(rb"^Message-ID: (.+?)\r?$", re.MULTILINE | re.IGNORECASE)


class Taking:
    def __init__(self) -> None:
        self.ids: Counter[bytes] = Counter()

    async def handle_DATA(self, _server, _session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        found = MESSAGE_ID.search(content)
        self.ids[found[1] if found else b""] += 1
        return f"250 OK: queued as M{self.ids.total()}"


def main() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    taking = Taking()
    controller = Controller(taking, hostname="127.0.0.1", port=port)
    controller.start()
    print(port, flush=True)
    sys.stdin.read()
    controller.stop()
    print(json.dumps({"mails": taking.ids.total(), "different": len(taking.ids)}), flush=True)


if __name__ == "__main__":
    main()
