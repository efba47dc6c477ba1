"""A file that is there whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.finding import BadInput, Finding, Severity


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A file beside `path` that takes its place when it is whole. Raises BadInput."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        os.close(handle)
        written = Path(name)
        try:
            yield written
            # The temporary file is private; the new one is as readable as any other of the user.
            written.chmod(0o666 & ~_umask())
            written.replace(path)
        finally:
            written.unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(path, f"không ghi được tệp ({error.strerror}).") from error


def cannot_write(path: Path, message: str) -> BadInput:
    return BadInput([Finding(severity=Severity.ERROR, place=str(path), message=message)])


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
