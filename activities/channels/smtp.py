"""Mail handed to a mail server."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple, Self
from urllib.parse import parse_qs, unquote, urlsplit

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPDataError,
    SMTPException,
    SMTPHeloError,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from activities.channels.mime import Sender, mail
from activities.channels.port import ChannelDown, Never, NotNow, Parcel, one_line
from models.directory import is_address

TIMEOUT_SECONDS = 30.0
SHUTTING_DOWN = 421
ANSWER_LENGTH = 300


class SmtpServer(NamedTuple):
    """Where and how mail is handed over. `tls`: `implicit` from the first byte, `starttls` or
    nothing is sent, `auto` where it is offered, `none` never."""

    host: str
    port: int
    tls: str
    user: str | None = None
    password: str | None = None
    ca_file: Path | None = None

    @classmethod
    def from_url(cls, url: str, *, ca_file: Path | None = None) -> Self:
        """`smtps://user:password@host:465` or `smtp://host:587?tls=starttls|auto|none`. Without
        `tls` the upgrade is required, except from a server on this machine. Raises ValueError."""
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("cần dạng smtps://người_dùng:mật_khẩu@máy:465 hoặc smtp://máy:587")
        usual = "auto" if _is_here(parts.hostname) else "starttls"
        tls = parse_qs(parts.query).get("tls", [usual])[-1]
        if tls not in ("starttls", "auto", "none"):
            raise ValueError(f"tls={tls}: chỉ nhận starttls, auto hoặc none")
        implicit = parts.scheme == "smtps"
        return cls(
            host=parts.hostname,
            port=parts.port or (465 if implicit else 587),
            tls="implicit" if implicit else tls,
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            ca_file=ca_file,
        )

    @property
    def place(self) -> str:
        return f"{self.host}:{self.port}"


class Smtp:
    """`at_once` connections, each used for many mails."""

    def __init__(self, server: SmtpServer, sender: Sender, *, at_once: int) -> None:
        self.at_once = at_once
        self._server = server
        self._sender = sender

    @asynccontextmanager
    async def session(self) -> AsyncIterator["_Connection"]:
        connection = _Connection(self._server, self._sender)
        try:
            yield connection
        finally:
            await connection.close()

    async def check(self) -> str:
        """Connects, signs in and asks, without a mail."""
        async with self.session() as connection:
            return await connection.ask()


class _Connection:
    """Opened when first needed, and again when the server has closed it between two mails."""

    def __init__(self, server: SmtpServer, sender: Sender) -> None:
        self._server = server
        self._sender = sender
        self._smtp: SMTP | None = None

    async def send(self, parcel: Parcel, to: str) -> str:
        if not is_address(to):
            raise Never(f"Địa chỉ thư “{one_line(to)}” không hợp lệ.")
        made = mail(parcel, to, self._sender).as_bytes()
        smtp = await self._addressed(to)
        try:
            answer = await smtp.data(made)
        except SMTPDataError as refusal:
            await self._refused(refusal)
        except (SMTPServerDisconnected, SMTPTimeoutError, OSError) as cut:
            # Whether it was taken cannot be known: the next attempt has the same Message-ID.
            self._drop()
            raise NotNow(
                f"Mất kết nối với máy chủ thư {self._server.place} khi đang gửi nội dung; gửi lại "
                "cùng mã thư."
            ) from cut
        return _answer(answer.code, answer.message)

    async def ask(self) -> str:
        smtp = await self._open()
        answer = await smtp.noop()
        return _answer(answer.code, answer.message)

    async def close(self) -> None:
        if self._smtp is not None:
            with suppress(SMTPException, OSError):
                await self._smtp.quit()
            self._drop()

    async def _addressed(self, to: str) -> SMTP:
        """The connection with this mail's envelope. One that was closed since the last mail is
        opened again: nothing of this mail was handed over yet."""
        reused = self._smtp is not None
        smtp = await self._open()
        try:
            await smtp.mail(self._sender.address)
            await smtp.rcpt(to)
        except SMTPRecipientRefused as refusal:
            await self._refused(refusal)
        except SMTPResponseException as refusal:
            self._drop()
            if refusal.code == SHUTTING_DOWN and reused:
                return await self._addressed(to)
            raise ChannelDown(
                f"Máy chủ thư {self._server.place} không nhận thư từ {self._sender.address}: "
                f"{_answer(refusal.code, refusal.message)}"
            ) from refusal
        except (SMTPException, OSError) as cut:
            self._drop()
            if reused:
                return await self._addressed(to)
            raise ChannelDown(f"Máy chủ thư {self._server.place} ngắt kết nối.") from cut
        return smtp

    async def _refused(self, refusal: SMTPResponseException) -> None:
        """Raises what an answer about one mail means; the connection stays for the next."""
        answer = _answer(refusal.code, refusal.message)
        if refusal.code == SHUTTING_DOWN:
            self._drop()
            raise ChannelDown(f"Máy chủ thư {self._server.place} tạm ngừng: {answer}") from refusal
        try:
            if self._smtp is not None:
                await self._smtp.rset()
        except (SMTPException, OSError):
            self._drop()
        if refusal.code >= 500:
            raise Never(answer) from refusal
        raise NotNow(answer) from refusal

    async def _open(self) -> SMTP:
        if self._smtp is not None and self._smtp.is_connected:
            return self._smtp
        self._smtp = None
        server = self._server
        smtp = SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            timeout=TIMEOUT_SECONDS,
            use_tls=server.tls == "implicit",
            start_tls={"starttls": True, "auto": None}.get(server.tls, False),
            tls_context=_trust(server.ca_file),
        )
        try:
            await smtp.connect()
        except SMTPAuthenticationError as refusal:
            raise ChannelDown(
                f"Máy chủ thư {server.place} không nhận tên đăng nhập hoặc mật khẩu của "
                f"DONDOC_SMTP_URL: {_answer(refusal.code, refusal.message)}"
            ) from refusal
        except ssl.SSLCertVerificationError as error:
            raise _untrusted(server, error) from error
        except (SMTPException, OSError, ValueError) as error:
            if isinstance(error.__cause__, ssl.SSLCertVerificationError):
                raise _untrusted(server, error.__cause__) from error
            raise ChannelDown(_why_not(server, error)) from error
        self._smtp = smtp
        return smtp

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None


def _untrusted(server: SmtpServer, error: ssl.SSLCertVerificationError) -> ChannelDown:
    return ChannelDown(
        f"Chứng thư của máy chủ thư {server.place} không tin được ({error.verify_message}); chứng "
        "thư nội bộ khai báo bằng DONDOC_SMTP_CA_FILE."
    )


def _why_not(server: SmtpServer, error: Exception) -> str:
    if isinstance(error, SMTPHeloError | SMTPResponseException):
        return f"Máy chủ thư {server.place} từ chối: {_answer(error.code, error.message)}"
    if isinstance(error, SMTPTimeoutError | asyncio.TimeoutError):
        return f"Máy chủ thư {server.place} không trả lời."
    if isinstance(error, SMTPConnectError | OSError):
        return f"Không kết nối được với máy chủ thư {server.place}."
    if server.tls == "starttls":
        return (
            f"Máy chủ thư {server.place} không nhận mã hóa STARTTLS ({one_line(str(error))}); nếu "
            "chấp nhận gửi không mã hóa, thêm ?tls=none vào DONDOC_SMTP_URL."
        )
    return f"Không dùng được máy chủ thư {server.place}: {one_line(str(error))}"


def _trust(ca_file: Path | None) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=ca_file)


def _answer(code: int, message: str) -> str:
    """What the server said, in one line of bounded length."""
    return one_line(f"{code} {message}")[:ANSWER_LENGTH]


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
