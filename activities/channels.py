"""How a message leaves the system. A channel is one method; adding one changes nothing else."""

import hashlib
from email.message import Message
from pathlib import Path
from typing import Protocol


class ChannelDown(Exception):
    """The channel cannot be used now; what waits for it waits."""


class Channel(Protocol):
    def send(self, mail: Message) -> str:
        """Hands `mail` over and returns what the other side answered. Sending the same Message-ID
        again must do no harm. Raises ChannelDown."""
        ...


class MailFolder:
    """Keeps each mail as an `.eml` file any mail program opens."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, mail: Message) -> str:
        name = hashlib.sha256(mail["Message-ID"].encode()).hexdigest()[:24]
        path = self._folder / f"{mail['X-Dondoc-Day']}-{name}.eml"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            # A reader of the folder never sees half a mail.
            partial = path.with_suffix(".part")
            partial.write_bytes(mail.as_bytes())
            partial.replace(path)
        except OSError as error:
            raise ChannelDown(f"Không ghi được thư vào {self._folder}: {error.strerror}") from error
        return f"đã lưu {path.name}"
