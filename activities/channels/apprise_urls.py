"""Messages through any service that Apprise knows, named by its URL."""

import asyncio
import json
import os
import sys
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from activities.channels.addresses import Reach
from activities.channels.port import ChannelDown, Never, NotNow, Parcel

SENDING_SECONDS = 60.0


class AppriseUrls:
    """Apprise runs in a process of its own: there every connection is checked by `reach`, and a
    service that hangs is killed."""

    at_once = 1

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    @asynccontextmanager
    async def session(self) -> AsyncIterator["_Caller"]:
        caller = _Caller(self._reach)
        try:
            yield caller
        finally:
            await caller.close()

    async def check(self) -> str:
        async with self.session() as caller:
            return await caller.ask()


class _Caller:
    """One process, started when first needed and again after it had to be killed."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._process: Process | None = None

    async def send(self, parcel: Parcel, to: str) -> str:
        said = {"url": to, "title": parcel.subject, "body": f"{parcel.text}\n"}
        answer = await self._asked(said)
        match answer["verdict"]:
            case "sent":
                return str(answer["said"])
            case "never":
                raise Never(str(answer["said"]))
        raise NotNow(str(answer["said"]))

    async def ask(self) -> str:
        return str((await self._asked({}))["said"])

    async def close(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
        self._process = None

    async def _asked(self, said: dict[str, str]) -> dict[str, object]:
        to_it, from_it = await self._started()
        try:
            async with asyncio.timeout(SENDING_SECONDS):
                to_it.write(json.dumps(said).encode() + b"\n")
                await to_it.drain()
                line = await from_it.readline()
        except (TimeoutError, OSError) as error:
            await self.close()
            raise NotNow("Dịch vụ nhận tin không trả lời.") from error
        if not line:
            await self.close()
            raise NotNow("Tiến trình gửi tin qua Apprise đã dừng.")
        answer: dict[str, object] = json.loads(line)
        return answer

    async def _started(self) -> tuple[StreamWriter, StreamReader]:
        if self._process is None:
            try:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    *("-m", "activities.channels.apprise_process", *self._reach.allowed),
                    stdin=PIPE,
                    stdout=PIPE,
                    env=_environment(),
                )
            except OSError as error:
                raise ChannelDown(f"Không chạy được Apprise: {error.strerror}.") from error
        to_it, from_it = self._process.stdin, self._process.stdout
        if to_it is None or from_it is None:  # both were asked for
            raise ChannelDown("Không nói chuyện được với tiến trình Apprise.")
        return to_it, from_it


def _environment() -> dict[str, str]:
    """Ours, without a proxy that would connect in our place and without our secrets."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.lower().endswith("_proxy") and not name.startswith("DONDOC_")
    } | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
