"""Browsers that only ask and wait: a client of many features would take half of the machine."""

import asyncio
import re
from collections.abc import Mapping
from typing import NamedTuple

_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
_TOOK = re.compile(rb"\r\nserver-timing: app;dur=([\d.]+)\r\n", re.IGNORECASE)


class Answer(NamedTuple):
    """`seconds` from the request's arrival to the answer's beginning, as the server measured it."""

    status: int
    seconds: float


class Browsers:
    """Each has one connection and keeps it; so many are open as ask at once."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def get(self, path: str, header: Mapping[str, str]) -> Answer:
        """Raises OSError or EOFError where no whole answer came."""
        reader, writer = await self._connected()
        lines = [f"GET {path} HTTP/1.1", "host: do.example", "accept-encoding: gzip"]
        lines += [f"{name}: {value}" for name, value in header.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length, took = _LENGTH.search(head), _TOOK.search(head)
        if length is None or took is None:
            raise EOFError("not an answer of the pages")
        await reader.readexactly(int(length[1]))
        self._idle.append((reader, writer))
        return Answer(int(head.split(b" ", 2)[1]), float(took[1]) / 1000)

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._idle:
            reader, writer = self._idle.pop()
            if not reader.at_eof():  # a server ends what was idle for some seconds
                return reader, writer
            writer.close()
        return await asyncio.open_connection("127.0.0.1", self._port)

    def close(self) -> None:
        for _, writer in self._idle:
            writer.close()
