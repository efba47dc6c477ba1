"""Evidence as files: checked while it arrives, kept by the SHA-256 of its bytes."""

import hashlib
import os
import secrets
import tempfile
import zipfile
from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import IO, Any, BinaryIO, cast
from urllib.parse import urlsplit

from sqlalchemy import Engine, select
from sqlmodel import col

from activities.database import database_errors, insert, reading
from models.report import Attachment, ReportProblem
from models.tables import AttachmentTable
from rules.evidence import HEAD_BYTES, media_type_of, plain_name

CHUNK = 1 << 20
MEGABYTE = 1 << 20
MOST_OF_ONE = 50  # tệp của một phần việc
_ATTACHMENT = tuple(
    col(getattr(AttachmentTable, name)) for name in ("sha256", "name", "media_type", "size")
)


class Unacceptable(ReportProblem):
    """Evidence that is not taken, and why, as a Vietnamese sentence."""


class StorageUnavailable(ReportProblem):
    """The place where evidence is kept does not answer; nothing was kept."""


class Attachments:
    """`root` is a folder or an address fsspec understands, such as `s3://bucket/dondoc`."""

    def __init__(
        self, engine: Engine, root: str, *, most_megabytes: int, kinds: Collection[str]
    ) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._storage: _Folder | _Remote = (
            _Remote(root) if "://" in root and not root.startswith("file://") else _Folder(root)
        )
        self._most = most_megabytes * MEGABYTE
        self._kinds = frozenset(kinds)

    def keep(
        self, assignment: str, name: str, stream: BinaryIO, *, at: datetime, by: str
    ) -> Attachment:
        """Keeps one file. Never more of it is read than may be kept, and never more than a piece
        of it is in memory. The same bytes sent again are the file that is kept. Raises
        Unacceptable or StorageUnavailable, having kept nothing."""
        name = plain_name(name)
        with self._storage.incoming() as file:
            attachment = self._receive(name, stream, file)
            kept = self.of(assignment)
            for each in kept:
                if each.sha256 == attachment.sha256:
                    return each
            if len(kept) >= MOST_OF_ONE:
                raise Unacceptable(f"Phần việc này đã có {MOST_OF_ONE} tệp, là số tệp nhiều nhất.")
            _check_archive(name, attachment.media_type, file)
            self._storage.keep(file, attachment.sha256)
        row = {
            "assignment": assignment,
            "added_at": at,
            "added_by": by,
            **attachment.model_dump(),
        }
        with database_errors(), self._engine.begin() as connection:
            connection.execute(insert(connection, AttachmentTable).on_conflict_do_nothing(), row)
        return attachment

    def of(self, assignment: str) -> list[Attachment]:
        query = (
            select(*_ATTACHMENT)
            .where(col(AttachmentTable.assignment) == assignment)
            .order_by(col(AttachmentTable.added_at), col(AttachmentTable.sha256))
        )
        with database_errors(), self._reading.begin() as connection:
            rows = connection.execute(query).mappings()
            return [Attachment.model_validate(dict(row)) for row in rows]

    def open(self, assignment: str, sha256: str) -> tuple[Attachment, BinaryIO]:
        """One file of an assignment, to be closed by the caller. Raises KeyError for one it does
        not have, StorageUnavailable when it cannot be read."""
        for attachment in self.of(assignment):
            if attachment.sha256 == sha256:
                return attachment, self._storage.open(sha256)
        raise KeyError(sha256)

    def _receive(self, name: str, stream: BinaryIO, file: IO[bytes]) -> Attachment:
        digest, size = hashlib.sha256(), 0
        head = stream.read(HEAD_BYTES)
        try:
            media_type = media_type_of(name, head, self._kinds)
        except ValueError as error:
            raise Unacceptable(str(error)) from error
        piece = head
        while piece:
            size += len(piece)
            if size > self._most:
                limit = self._most // MEGABYTE
                raise Unacceptable(f"Tệp “{name}” lớn hơn {limit} MB, là cỡ tệp lớn nhất.")
            digest.update(piece)
            file.write(piece)
            piece = stream.read(CHUNK)
        file.flush()
        return Attachment(sha256=digest.hexdigest(), name=name, media_type=media_type, size=size)


class _Folder:
    """A folder: written beside, made durable, then renamed, so that a file is whole or absent."""

    def __init__(self, root: str) -> None:
        self._root = Path(root.removeprefix("file://"))

    def incoming(self) -> "IO[bytes]":
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            return tempfile.NamedTemporaryFile(dir=self._root, prefix=".incoming-")
        except OSError as error:
            raise StorageUnavailable(
                f"Không ghi được vào nơi lưu minh chứng {self._root}: {error.strerror}."
            ) from error

    def keep(self, file: IO[bytes], sha256: str) -> None:
        path = self._path(sha256)
        try:
            os.fsync(file.fileno())
            path.parent.mkdir(exist_ok=True)
            if not path.exists():
                os.link(file.name, path)
                _sync_folder(path.parent)
        except FileExistsError:
            return  # the same bytes arrived twice at once
        except OSError as error:
            raise StorageUnavailable(f"Không lưu được minh chứng: {error.strerror}.") from error

    def open(self, sha256: str) -> BinaryIO:
        try:
            return self._path(sha256).open("rb")
        except OSError as error:
            raise StorageUnavailable(f"Không đọc được minh chứng: {error.strerror}.") from error

    def _path(self, sha256: str) -> Path:
        return self._root / sha256[:2] / sha256


class _Remote:
    """Another file system, through fsspec, spoken to when a file needs it. A file is sent beside
    and then moved, so that it is whole or absent."""

    def __init__(self, root: str) -> None:
        self._root = root.rstrip("/")
        # Of the address only this is said: it may hold a password.
        self._name = f"{urlsplit(root).scheme}://{urlsplit(root).hostname or ''}"
        # One at a time: a connection to a file server carries one conversation.
        self._lock = Lock()
        self._files: Any = None

    def incoming(self) -> "IO[bytes]":
        return tempfile.NamedTemporaryFile(prefix="dondoc-")

    def keep(self, file: IO[bytes], sha256: str) -> None:
        def send(files: Any, folder: str) -> None:
            files.invalidate_cache()
            if files.exists(f"{folder}/{sha256}"):
                return
            files.makedirs(folder, exist_ok=True)
            beside = f"{folder}/incoming-{secrets.token_hex(8)}"
            files.put_file(file.name, beside)
            files.mv(beside, f"{folder}/{sha256}")

        self._speak(send, sha256)

    def open(self, sha256: str) -> BinaryIO:
        fetched = self.incoming()

        def fetch(files: Any, folder: str) -> None:
            files.get_file(f"{folder}/{sha256}", fetched.name)

        self._speak(fetch, sha256)
        return cast(BinaryIO, fetched)

    def _speak(self, work: Callable[[Any, str], None], sha256: str) -> None:
        """Tries a second time over a new connection: the old one may have been closed."""
        with self._lock:
            try:
                try:
                    work(*self._place(sha256))
                except Exception:
                    self._files = None
                    work(*self._place(sha256))
            except Exception as error:  # each file system raises errors of its own
                self._files = None
                why = str(error) or type(error).__name__
                raise StorageUnavailable(
                    f"Nơi lưu minh chứng {self._name} không dùng được: {why}."
                ) from error

    def _place(self, sha256: str) -> tuple[Any, str]:
        from fsspec.core import url_to_fs

        if self._files is None:
            self._files = url_to_fs(self._root, skip_instance_cache=True)
        files, root = self._files
        return files, f"{root.rstrip('/')}/{sha256[:2]}"


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _check_archive(name: str, media_type: str, file: Any) -> None:
    """An office document is an archive; another archive under its name, or one with macros, is
    refused. Only the table of contents is read."""
    if "openxmlformats" not in media_type:
        return
    try:
        file.seek(0)
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Unacceptable(f"Tệp “{name}” bị hỏng, không mở được.") from error
    if "[Content_Types].xml" not in names:
        raise Unacceptable(f"Nội dung của tệp “{name}” không phải văn bản Office.")
    if any(each.casefold().endswith("vbaproject.bin") for each in names):
        raise Unacceptable(f"Tệp “{name}” có macro nên không nhận.")
