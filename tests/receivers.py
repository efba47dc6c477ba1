"""Real servers for messages: one that takes mail, one that takes what is posted."""

import asyncio
import email
import email.policy
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as ServerProtocol
from aiosmtpd.smtp import Envelope, Session

from tests.servers import a_free_port


class Mailbox:
    """A mail server's rules and what it has taken. An answer is given by the first of `answers`
    that has something to say about a mail; `cut_after_data` closes the connection instead."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.rejected: list[str] = []
        self.answers: list[Callable[[str, int], str | None]] = []
        self.cut_after_data = 0
        self.connections = 0
        self.taken: Callable[[], None] = lambda: None
        self._tries: dict[str, int] = {}
        self._lock = threading.Lock()

    async def handle_EHLO(self, server, session: Session, envelope, hostname, responses):
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope: Envelope, address: str, options):
        with self._lock:
            self._tries[address] = self._tries.get(address, 0) + 1
            tried = self._tries[address]
        for answer in self.answers:
            if said := answer(address, tried):
                self.rejected.append(address)
                return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: ServerProtocol, session, envelope: Envelope):
        content = envelope.content
        assert isinstance(content, bytes)
        mail = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        with self._lock:
            self.mails.append(mail)
            number = len(self.mails)
            if self.cut_after_data:
                self.cut_after_data -= 1
                assert isinstance(server.transport, asyncio.WriteTransport)
                server.transport.abort()
        self.taken()
        return f"250 OK: queued as M{number}"

    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.mails]

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if mail["To"].addresses[0].addr_spec == address]


class MailServer(NamedTuple):
    box: Mailbox
    port: int

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


@contextmanager
def mail_server(
    box: Mailbox | None = None, *, port: int = 0, **options: Any
) -> Iterator[MailServer]:
    """Takes mail as long as the block runs; `port` is where, to come back after an outage."""
    box = box or Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=port or a_free_port(), **options)
    controller.start()
    try:
        yield MailServer(box, controller.port)
    finally:
        controller.stop(no_assert=True)


class Posted(NamedTuple):
    path: str
    headers: dict[str, str]
    body: bytes


class Receiver:
    """What was posted, and what is answered: a status, a body, and headers."""

    def __init__(self) -> None:
        self.posted: list[Posted] = []
        self.answer: tuple[int, bytes, dict[str, str]] = (200, b"ok", {})
        self.endless = False
        self.written = 0
        self.port = 0

    def url(self, scheme: str = "http", host: str = "127.0.0.1", path: str = "/nhan") -> str:
        return f"{scheme}://{host}:{self.port}{path}"


@contextmanager
def http_receiver() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            receiver.posted.append(Posted(self.path, dict(self.headers), body))
            status, content, headers = receiver.answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if not receiver.endless:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if receiver.endless:
                self._without_end()
            else:
                self.wfile.write(content)

        def _without_end(self) -> None:
            try:
                while receiver.written < 1 << 30:
                    receiver.written += self.wfile.write(b"x" * 65536)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
