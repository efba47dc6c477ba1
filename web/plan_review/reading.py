"""Files that officers sent, each read in a process of its own with bounds on memory and time."""

import asyncio
import hashlib
import json
import os
import re
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, NamedTuple
from uuid import uuid4

import structlog

from activities.database import DatabaseUnavailable
from activities.directory import Registry
from activities.plan_reviews import PlanReviews, Review
from bound_process import bound
from intake.documents.reading import MOST_BYTES
from models.finding import BadInput, Finding, Severity
from models.imported import ImportedPlan
from models.plan import Plan
from models.plan_review import Corrections, PlanSettings
from rules.bare_text import bare
from rules.plan_review import LONGEST_ID, carried, not_carried, short_title
from web.language import gettext as _
from web.language import lazily as later

log = structlog.get_logger()

MOST_SECONDS = 900.0
AT_ONCE = 1  # in each process that serves the pages
BEAT_SECONDS = 5.0
# A reader that gave no sign of life for so long has died with its server.
DEAD_AFTER = timedelta(seconds=30)
KEPT_FOR = timedelta(days=7)
CHUNK = 1 << 20
# Nothing of ours is told to a process that reads what a stranger wrote.
TOLD = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "VIRTUAL_ENV")
# Kept in Vietnamese, shown in the language of whoever looks.
NOT_READ = later(
    "Máy chủ không đọc được tệp này: tệp cần quá nhiều bộ nhớ hoặc bị hỏng. Hãy mở tệp và lưu lại, "
    "hoặc tách thành các tệp nhỏ hơn."
)
TOO_LONG = later("Đọc tệp này mất quá nhiều thời gian nên đã dừng. Hãy tách thành các tệp nhỏ hơn.")
GONE = later("Tệp không còn trên máy chủ, hãy gửi lại.")
OUR_FAULT = later(
    "Phần mềm gặp lỗi khi đọc tệp này, không phải do anh/chị. Hãy báo người quản trị; tệp được giữ "
    "trên máy chủ một tuần để tìm nguyên nhân."
)
# The reader's own words, as `_sentence` keeps them; what names a number stays in Vietnamese.
OF_THE_READER = (
    later("Tệp cần quá nhiều bộ nhớ để đọc: hãy tách thành các tệp nhỏ hơn."),
    later("Các mục lồng nhau quá sâu: tệp không phải là một kế hoạch."),
    later("Tệp PDF được đặt mật khẩu: hãy bỏ mật khẩu rồi thử lại."),
    later("Tệp PDF bị hỏng hoặc tải về chưa xong."),
    later(
        "Tệp PDF là bản quét, không có chữ để đọc: hãy dùng bản có chữ (.docx, .pdf) hoặc nhận "
        "dạng chữ (OCR) trước."
    ),
    later("Tệp .docx được đặt mật khẩu: hãy bỏ mật khẩu rồi thử lại."),
    later("Nội dung không phải là văn bản Word (.docx)."),
    later("Tệp không có nội dung chữ nào."),
    later("Là tệp .doc kiểu cũ: hãy mở bằng Word và lưu lại thành .docx."),
    later("Tệp được đặt mật khẩu hoặc thực ra là .doc: hãy bỏ mật khẩu, lưu thành .docx."),
    later("Tệp rỗng."),
    later("Tệp không phải là văn bản UTF-8: hãy lưu lại với mã hoá UTF-8."),
)


class Interrupted(Exception):
    """The reader was told to end, as when the server stops; it says nothing of the file."""


class Kept(NamedTuple):
    """A file that was sent, kept until it is read."""

    review: str
    sha256: str
    size: int


class Readings:
    """`folder` is where files wait to be read."""

    def __init__(self, reviews: PlanReviews, registry: Registry, folder: Path) -> None:
        self._reviews = reviews
        self._registry = registry
        self._folder = folder
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._under_way: dict[str, asyncio.Task[None]] = {}

    def receive(
        self,
        name: str,
        stream: BinaryIO,
        *,
        review: str = "",
        claim: Callable[[], object] = lambda: None,
    ) -> Kept:
        """Keeps a file, durably, for a new review or for the one with this id. Others may send one
        for the same: whoever's `claim` raises has changed nothing. Blocking. Raises BadInput for
        one that is too large, OSError."""
        self._clear_away()
        review = review or uuid4().hex
        own, folder = self._folder / f"nhan-{uuid4().hex}", self._folder / review
        own.mkdir(parents=True)
        try:
            file = own / f"van-ban{_kind(name)}"
            sha256, size = _written(name, stream, file)
            claim()
            folder.mkdir(exist_ok=True)
            file.replace(folder / file.name)
        finally:
            shutil.rmtree(own, ignore_errors=True)
        return Kept(review, sha256, size)

    def has_file(self, review: str) -> bool:
        return self._file(review) is not None

    async def read(self, review: Review, *, patience: float) -> None:
        """Reads a file that was received; waits for its end for `patience` seconds."""
        task = self._under_way.get(review.id)
        if task is None:
            task = asyncio.create_task(self._read(review))
            self._under_way[review.id] = task
            task.add_done_callback(lambda _task: self._under_way.pop(review.id, None))
        await asyncio.wait({task}, timeout=patience)

    def is_dead(self, review: Review) -> bool:
        silent = datetime.now(UTC) - review.read_at
        return review.id not in self._under_way and silent > DEAD_AFTER

    async def _read(self, review: Review) -> None:
        beating = asyncio.create_task(self._beat(review.id))
        try:
            async with self._gate:
                problem = await self._run(review)
            await asyncio.to_thread(self._take, review, problem)
        except (Interrupted, DatabaseUnavailable) as stopped:
            # The officer finds it unread and has a button to try again.
            log.warning("plan_review.interrupted", review=review.id, why=repr(stopped))
        except Exception as error:
            log.exception("plan_review.reading", review=review.id, exc_info=error)
            with suppress(DatabaseUnavailable):
                await asyncio.to_thread(self._reviews.refuse, review.id, [OUR_FAULT])
        finally:
            beating.cancel()

    async def _run(self, review: Review) -> str | None:
        """Why the process came to no answer, None when it did. Raises Interrupted."""
        file = self._file(review.id)
        if file is None:
            return GONE
        otherwise = review.created_at.year
        command = [sys.executable, "-m", "intake.reading_process", str(file), str(_answer(file))]
        command += [str(review.sent.year or 0), str(otherwise)]
        async with _process(command) as process:
            try:
                async with asyncio.timeout(MOST_SECONDS):
                    await self._follow(review.id, process)
                    ended = await process.wait()
            except TimeoutError:
                return TOO_LONG
        if ended == -signal.SIGTERM:
            raise Interrupted
        return None if ended == 0 else NOT_READ

    async def _follow(self, review: str, process: asyncio.subprocess.Process) -> None:
        loop, told = asyncio.get_running_loop(), 0.0
        assert process.stdout is not None  # noqa: S101  # it was asked for
        async for line in process.stdout:
            if loop.time() - told > 1:
                told = loop.time()
                done, _, pages = line.decode().partition(" ")
                await asyncio.to_thread(self._reviews.note_progress, review, int(done), int(pages))

    async def _beat(self, review: str) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            with suppress(Exception):
                await asyncio.to_thread(self._reviews.note_alive, review)

    def _take(self, review: Review, problem: str | None) -> None:
        file = self._file(review.id)
        answer = json.loads(_answer(file).read_bytes()) if file and problem is None else {}
        if problem is not None or "refused" in answer:
            sentences = [problem] if problem else [_sentence(each) for each in answer["refused"]]
            self._reviews.refuse(review.id, sentences)
        else:
            imported = ImportedPlan.model_validate_json(answer["imported"])
            corrections, notes = self.first_corrections(review, imported)
            self._reviews.keep(
                review.id,
                answer["imported"],
                answer["lines"],
                corrections=corrections,
                notes=notes,
            )
        shutil.rmtree(self._folder / review.id, ignore_errors=True)

    def first_corrections(
        self, review: Review, imported: ImportedPlan
    ) -> tuple[Corrections, list[str]]:
        """A newer document of a plan begins with what officers corrected in the older one."""
        sent = review.sent
        like = self._registry.plan(sent.replaces or sent.conventions or "")
        settings = self._settings(review, imported, like)
        before = self._reviews.last_of(sent.replaces) if sent.replaces else None
        if before is None:
            return Corrections(settings=settings), []
        old, corrections = before
        kept = carried(old, imported, corrections)
        notes = not_carried(corrections, kept)
        return kept.model_copy(update={"settings": settings}), notes

    def _settings(self, review: Review, imported: ImportedPlan, like: Plan | None) -> PlanSettings:
        if like is not None and review.sent.replaces:
            officer = like.officer
            return PlanSettings(
                plan=officer.plan,
                short_title=officer.short_title,
                coordinator=officer.coordinator,
                leadership=officer.leadership,
            )
        return PlanSettings(
            plan=_slug(Path(review.sent.name).stem),
            short_title=short_title(imported.document.title),
            coordinator=like.officer.coordinator if like else "",
            leadership=like.officer.leadership if like else "",
        )

    def _file(self, review: str) -> Path | None:
        return next((self._folder / review).glob("van-ban*"), None)

    def _clear_away(self) -> None:
        """What nobody has read within a week."""
        oldest = (datetime.now(UTC) - KEPT_FOR).timestamp()
        for folder in self._folder.glob("*"):
            with suppress(OSError):
                if folder.stat().st_mtime < oldest:
                    shutil.rmtree(folder)


@asynccontextmanager
async def _process(command: list[str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """Ends with us, and with the block."""
    process = await asyncio.create_subprocess_exec(
        *bound(command),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={name: os.environ[name] for name in TOLD if name in os.environ},
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _written(name: str, stream: BinaryIO, to: Path) -> tuple[str, int]:
    """The SHA-256 and the size of what was written. Raises BadInput, OSError."""
    digest, size = hashlib.sha256(), 0
    with to.open("wb") as file:
        while piece := stream.read(CHUNK):
            size += len(piece)
            if size > MOST_BYTES:
                most = MOST_BYTES // 2**20
                sentence = _("Tệp nặng quá %(most)s MB, là cỡ lớn nhất được nhận.", most=most)
                raise BadInput([Finding(severity=Severity.ERROR, place=name, message=sentence)])
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest(), size


def _answer(file: Path) -> Path:
    return file.with_name("da-doc.json")


def _kind(name: str) -> str:
    """How the file's name ends, as far as a reader may know it."""
    kind = Path(name).suffix.lower()
    return kind if re.fullmatch(r"\.[a-z0-9]{1,8}", kind) else ""


def _sentence(refusal: str) -> str:
    return refusal[:1].upper() + refusal[1:].rstrip(".") + "."


def _slug(name: str) -> str:
    return bare(name).replace(" ", "-")[: LONGEST_ID - 10].strip("-")
