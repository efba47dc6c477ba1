"""What may be handed in as evidence: told by the first bytes of a file, not by its name alone."""

from collections.abc import Collection
from typing import NamedTuple

HEAD_BYTES = 4096
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EXECUTABLE = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe", b"#!")


class Kind(NamedTuple):
    """`begins` are the first bytes a file of this kind may have; empty for plain text."""

    media_type: str
    begins: tuple[bytes, ...]
    at: int = 0


_OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS = {
    "pdf": Kind("application/pdf", (b"%PDF-",)),
    "docx": Kind(f"{_OFFICE}.wordprocessingml.document", (_ZIP,)),
    "xlsx": Kind(f"{_OFFICE}.spreadsheetml.sheet", (_ZIP,)),
    "pptx": Kind(f"{_OFFICE}.presentationml.presentation", (_ZIP,)),
    "doc": Kind("application/msword", (_OLE,)),
    "xls": Kind("application/vnd.ms-excel", (_OLE,)),
    "ppt": Kind("application/vnd.ms-powerpoint", (_OLE,)),
    "jpg": Kind("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": Kind("image/jpeg", (b"\xff\xd8\xff",)),
    "png": Kind("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "heic": Kind("image/heic", (b"ftypheic", b"ftypheix", b"ftypmif1"), at=4),
    "mp4": Kind("video/mp4", (b"ftyp",), at=4),
    "txt": Kind("text/plain", ()),
    "csv": Kind("text/csv", ()),
}


def media_type_of(name: str, head: bytes, allowed: Collection[str]) -> str:
    """The media type of a file called `name` that begins with `head`.

    Raises ValueError with a Vietnamese sentence for a kind that is not `allowed`, and for content
    that is not what the name says.
    """
    if not head:
        raise ValueError(f"Tệp “{name}” không có nội dung.")
    if head.startswith(_EXECUTABLE):
        raise ValueError(f"Tệp “{name}” là chương trình chạy được nên không nhận.")
    ending = name.rpartition(".")[2].casefold() if "." in name else ""
    kind = KINDS.get(ending)
    if kind is None or ending not in allowed:
        kinds = ", ".join(sorted(allowed))
        raise ValueError(f"Không nhận tệp “{name}”; các loại tệp được nhận: {kinds}.")
    if not _is(kind, head):
        raise ValueError(f"Nội dung của tệp “{name}” không phải dạng .{ending}.")
    return kind.media_type


def _is(kind: Kind, head: bytes) -> bool:
    if not kind.begins:
        return _is_text(head)
    return head[kind.at :].startswith(kind.begins)


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # The last letter may be cut in two.
        return error.start > len(head) - 4
    return True


def plain_name(name: str) -> str:
    """A file's name without folders and without what no file system takes."""
    base = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter for letter in base if letter.isprintable() and letter not in '<>:"|?*')
    stem, dot, ending = kept.strip(" .").rpartition(".")
    return f"{stem[:120]}{dot}{ending[:20]}" or "tep"
