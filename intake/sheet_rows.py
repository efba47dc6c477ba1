"""A spreadsheet file as rows of text, whoever made it: .xlsx, or .csv in several encodings.

Files come by mail from anywhere, so they are looked at before they are opened.
"""

import csv
import io
import re
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile

from models.finding import BadInput, Finding, Severity

LARGEST_FILE = 20 * 1024 * 1024
LARGEST_CONTENT = 100 * 1024 * 1024
MOST_PARTS = 1000
MOST_ROWS = 100_000
MOST_COLUMNS = 64
LONGEST_CELL = 1000
HEADER_WITHIN = 20
DELIMITERS = ";,\t"
TEXT_SUFFIXES = (".csv", ".tsv", ".txt")

SAVE_AS_XLSX = "Mở tệp bằng Excel hoặc LibreOffice rồi lưu lại dạng .xlsx."
SAVE_AS_UTF8 = "Lưu lại dạng “CSV UTF-8”, hoặc dạng .xlsx."

_FOREIGN = (
    (b"\xd0\xcf\x11\xe0", "là tệp Excel đời cũ (.xls) hoặc có đặt mật khẩu"),
    (b"%PDF", "là tệp PDF, không phải bảng tính"),
    (b"<", "là trang web hoặc XML, không phải bảng tính"),
    (b"\x89PNG", "là hình ảnh, không phải bảng tính"),
    (b"\xff\xd8\xff", "là hình ảnh, không phải bảng tính"),
    (b"Rar!", "là tệp nén, không phải bảng tính"),
    (b"7z\xbc\xaf", "là tệp nén, không phải bảng tính"),
    (b"\x1f\x8b", "là tệp nén, không phải bảng tính"),
)
_MARKUP = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# A formula that Excel has computed has its type, or a value, beside it.
_NOT_COMPUTED = re.compile(
    rb"<c (?![^>]*\bt=)[^>]*><f[^>]*>[^<]*</f>(?:<v ?/>|<v></v>)?</c>",
)
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")


class Row(NamedTuple):
    line: int
    cells: tuple[str, ...]


class Sheet(NamedTuple):
    """`name` is None for a file that has only one."""

    name: str | None
    rows: list[Row]


class Table(NamedTuple):
    """The sheets of a file. `note` is what should be said about how it was read."""

    sheets: list[Sheet]
    note: Finding | None = None


def read_sheets(
    path: Path,
    *,
    is_header: Callable[[tuple[str, ...]], bool],
    progress: Callable[[int], None] = lambda _: None,
) -> Table:
    """The visible sheets with their rows of cleaned text; empty rows are left out.

    `is_header` recognises the row of headers: it tells the delimiter and the encoding of a text
    file. Raises BadInput with one finding.
    """
    content = _content(path)
    if content[:4] == b"PK\x03\x04":
        return Table(_workbook(path, content, progress))
    for start, what in _FOREIGN:
        if content.startswith(start):
            raise _bad(path, f"tệp {what}.", SAVE_AS_XLSX)
    if path.suffix.lower() not in TEXT_SUFFIXES:
        raise _bad(path, "không phải tệp bảng tính .xlsx hoặc .csv.", SAVE_AS_XLSX)
    return _text_table(path, content, is_header, progress)


def cleaned(text: str) -> str:
    """Composed, without invisible characters and with single spaces: what people mean."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    printable = (" " if unicodedata.category(each) == "Cc" else each for each in text)
    return " ".join("".join(printable).split())


def _bad(path: Path, message: str, remedy: str = "", place: str = "") -> BadInput:
    where = f"{path}, {place}" if place else str(path)
    return BadInput([Finding(severity=Severity.ERROR, place=where, message=message, remedy=remedy)])


def _content(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise _bad(path, "là thư mục, không phải tệp.")
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise _bad(
                path,
                f"tệp lớn {size / 2**20:.0f} MB, nhiều nhất {LARGEST_FILE // 2**20} MB.",
                "Chỉ giữ lại bảng danh bạ, bỏ hình ảnh và các trang khác.",
            )
        content = path.read_bytes()
    except FileNotFoundError:
        raise _bad(path, "không tìm thấy tệp.") from None
    except OSError as error:
        raise _bad(path, f"không đọc được tệp ({error.strerror}).") from error
    if not content.strip():
        raise _bad(path, "tệp trống.")
    return content


# .xlsx


def _workbook(path: Path, content: bytes, progress: Callable[[int], None]) -> list[Sheet]:
    from openpyxl import load_workbook

    _inspect(path, content)
    try:
        with warnings.catch_warnings():
            # It warns of decorations it would not write back; nothing is written back.
            warnings.simplefilter("ignore")
            workbook = load_workbook(
                io.BytesIO(content), read_only=True, data_only=True, keep_links=False
            )
            sheets = []
            for sheet in workbook.worksheets:
                if sheet.sheet_state == "visible":
                    # Some programs write the size of a sheet wrong.
                    sheet.reset_dimensions()
                    values = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
                    place = f"trang “{sheet.title}”"
                    rows = list(_rows(path, place, enumerate(values, start=1), progress))
                    sheets.append(Sheet(sheet.title, rows))
    except BadInput:
        raise
    except Exception as error:
        # A file made or damaged by another program fails anywhere inside the library.
        raise _bad(path, f"không đọc được tệp Excel ({_reason(error)}).", SAVE_AS_XLSX) from error
    return sheets


def _inspect(path: Path, content: bytes) -> None:
    """Refuses an archive that is no workbook, or that would unpack to more than we can hold."""
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > LARGEST_CONTENT or len(parts) > MOST_PARTS:
                raise _bad(
                    path,
                    f"tệp Excel bung ra quá {LARGEST_CONTENT // 2**20} MB.",
                    "Chỉ giữ lại bảng danh bạ, xóa định dạng và dòng thừa ở cuối trang.",
                )
            if not any(part.filename.startswith("xl/") for part in parts):
                raise _bad(path, "là tệp nén hoặc văn bản, không phải bảng tính.", SAVE_AS_XLSX)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    _inspect_part(path, part.filename, archive.read(part))
    except BadInput:
        raise
    except Exception as error:
        # A damaged archive fails in any of the ways of its reader and of the decompressor.
        raise _bad(path, f"tệp Excel bị hỏng ({_reason(error)}).", SAVE_AS_XLSX) from error


def _inspect_part(path: Path, name: str, xml: bytes) -> None:
    # Excel writes neither; both are how a small file grows without end while it is read.
    if _MARKUP.search(xml) or xml[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise _bad(path, "tệp Excel có nội dung không an toàn nên không được mở.", SAVE_AS_XLSX)
    if name.startswith("xl/worksheets/") and _NOT_COMPUTED.search(xml):
        raise _bad(
            path,
            "có ô chứa công thức chưa được tính, nên không biết giá trị của ô.",
            "Mở tệp bằng Excel rồi lưu lại, hoặc dán giá trị thay cho công thức.",
        )


def _reason(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:120] or type(error).__name__


def _rows(
    path: Path,
    place: str,
    numbered: Iterable[tuple[int, tuple[object, ...]]],
    progress: Callable[[int], None],
) -> Iterator[Row]:
    found = 0
    for line, values in numbered:
        cells = tuple(_cell(value) for value in values)
        if not any(cells):
            continue
        found += 1
        if found > MOST_ROWS:
            raise _bad(path, f"có hơn {MOST_ROWS} dòng.", "Chia tệp thành nhiều tệp.", place)
        if longest := next((cell for cell in cells if len(cell) > LONGEST_CELL), None):
            where = f"{place}, dòng {line}" if place else f"dòng {line}"
            message = f"có ô dài {len(longest)} ký tự, nhiều nhất {LONGEST_CELL}."
            raise _bad(path, message, place=where)
        progress(1)
        yield Row(line, cells)


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return cleaned(value)
        case bool():
            return "x" if value else ""
        case float() if value.is_integer():
            return str(int(value))
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return cleaned(str(value))


# .csv


def _text_table(
    path: Path,
    content: bytes,
    is_header: Callable[[tuple[str, ...]], bool],
    progress: Callable[[int], None],
) -> Table:
    text, note = _decoded(path, content, is_header)
    if text.count("\n") > 2 * MOST_ROWS:
        raise _bad(path, f"có hơn {MOST_ROWS} dòng.", "Chia tệp thành nhiều tệp.")
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=_delimiter(text, is_header), strict=True
    )
    try:
        rows = list(_rows(path, "", _numbered(reader), progress))
    except csv.Error as error:
        message = "sai cú pháp CSV, có thể do thiếu hoặc thừa dấu ngoặc kép"
        raise _bad(
            path, f"{message} ({error}).", SAVE_AS_XLSX, f"dòng {reader.line_num}"
        ) from error
    return Table([Sheet(None, rows)], note)


def _numbered(reader: Any) -> Iterator[tuple[int, tuple[object, ...]]]:
    """Each record with the line it begins on: a quoted cell may hold line breaks."""
    line = 1
    for cells in reader:
        # `sep=;` is a remark to Excel.
        if not (line == 1 and len(cells) <= 2 and "".join(cells).lower().startswith("sep=")):
            yield line, tuple(_unescaped(cell) for cell in cells)
        line = reader.line_num + 1


def _unescaped(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet program from taking text for a formula."""
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in "=+-@'" else cell


def _decoded(
    path: Path, content: bytes, is_header: Callable[[tuple[str, ...]], bool]
) -> tuple[str, Finding | None]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strictly(path, content, "utf-16"), None
    if b"\0" in content:
        raise _bad(path, "không phải tệp văn bản CSV ở bảng mã UTF-8.", SAVE_AS_UTF8)
    try:
        return content.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    try:
        text = content.decode("cp1258")
    except UnicodeDecodeError:
        text = ""
    if not any(_shows_header(text, delimiter, is_header) for delimiter in DELIMITERS):
        raise _bad(
            path,
            "bảng mã không phải UTF-8, cũng không phải Windows tiếng Việt (CP1258).",
            SAVE_AS_UTF8,
            f"dòng {line}",
        )
    sample = cleaned(text.splitlines()[line - 1])[:60]
    note = Finding(
        severity=Severity.WARNING,
        place=f"{path}, dòng {line}",
        message=f"tệp không ở bảng mã UTF-8, đã đọc theo Windows tiếng Việt (CP1258): “{sample}”.",
        remedy=f"Kiểm tra dấu tiếng Việt ở phần thay đổi; nếu sai: {SAVE_AS_UTF8}",
    )
    return text, note


def _strictly(path: Path, content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise _bad(path, f"bảng mã {encoding.upper()} bị hỏng.", SAVE_AS_UTF8) from error


def _delimiter(text: str, is_header: Callable[[tuple[str, ...]], bool]) -> str:
    """The delimiter that shows a row of headers near the top, else the most frequent there."""
    for delimiter in DELIMITERS:
        if _shows_header(text, delimiter, is_header):
            return delimiter
    return max(DELIMITERS, key=text[:2000].count)


def _shows_header(text: str, delimiter: str, is_header: Callable[[tuple[str, ...]], bool]) -> bool:
    """Whether cutting the first lines at `delimiter` shows headers, which need no quotes."""
    lines = text[:20_000].splitlines()[:HEADER_WITHIN]
    return any(
        is_header(tuple(cleaned(cell.strip(' "')) for cell in line.split(delimiter)))
        for line in lines
    )
