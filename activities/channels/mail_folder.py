"""Mail kept as files, where no mail server is set."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from activities.channels.mime import Sender, mail
from activities.channels.port import ChannelDown, Parcel


class MailFolder:
    """Keeps each mail as an `.eml` file any mail program opens. Sending again replaces the file."""

    at_once = 1

    def __init__(self, folder: Path, sender: Sender) -> None:
        self._folder = folder
        self._sender = sender

    @asynccontextmanager
    async def session(self) -> AsyncIterator["MailFolder"]:
        yield self

    async def send(self, parcel: Parcel, to: str) -> str:
        made = mail(parcel, to, self._sender)
        name = hashlib.sha256(made["Message-ID"].encode()).hexdigest()[:24]
        path = self._folder / f"{parcel.day.isoformat()}-{name}.eml"
        await asyncio.to_thread(self._keep, path, made.as_bytes())
        return f"đã lưu {path.name}"

    async def check(self) -> str:
        probe = self._folder / ".kiem-tra"
        await asyncio.to_thread(self._keep, probe, b"")
        await asyncio.to_thread(probe.unlink)
        return f"lưu thành tệp trong {self._folder}"

    def _keep(self, path: Path, content: bytes) -> None:
        # A reader of the folder never sees half a mail.
        partial = path.with_suffix(".part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            partial.write_bytes(content)
            partial.replace(path)
        except OSError as error:
            raise ChannelDown(f"Không ghi được thư vào {self._folder}: {error.strerror}") from error
