"""Lines broken by a printer become the paragraphs that were written."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from intake.documents.blocks import Footnote, Line, Source, Table, fold
from intake.grammar.flattened import with_tables
from intake.grammar.labels import begins_label
from intake.grammar.letters import LOWER, UPPER
from intake.grammar.numbering import Kind, Mark, mark

PAGE_NUMBER = re.compile(
    r"^\s*(?:[-–—]\s*)?(?:trang\s*)?\d{1,3}(?:\s*/\s*\d{1,3})?(?:\s*[-–—])?\s*$", re.IGNORECASE
)
# A note at the foot of a page: its mark, a space and no point.
NOTE = re.compile(
    rf"^\s*(?:\[?(?P<mark>\d{{1,2}})\]?|(?P<sup>[¹²³⁰⁴-⁹]+)|(?P<star>\*))\s+(?P<text>[{UPPER}“\"].*)$"
)
ENDS = (".", ";", ":", "!", "?", "/.", ".”", ".)")
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
# A line nearly as long as other broken ones was broken because the next word did not fit. The first
# line of a paragraph is indented and so has less room; a full stop asks for more evidence.
NEARLY = 0.92
NEARLY_UNENDED = 0.8
LONGER = 1.4
COLUMNS = re.compile(r"\s{3,}|\t")
# Words that a number or a name must follow.
OPEN = re.compile(
    r"(?:\b(?:tháng|ngày|năm|số|quý|Điều|khoản|điểm|từ|đến|trước|và|của|với)|,|"
    r"\w[,;]? (?:Phòng|Sở|Ban|UBND|Cục|Vụ|Viện|Trạm|Đội))$"
)
CUT_WORD = re.compile(r"\w-$")
ALONE = re.compile(
    r"^(?:Nơi nhận|Kính gửi|Số\s*:|Căn cứ\b|Trên đây là|CỘNG H[ÒO][AÀ] XÃ HỘI|Độc lập|"
    r"KT\.|TM\.|TL\.|TUQ\.|Q\.)|"
    r"^(?:(?:cơ quan|đơn vị|bộ phận|người|tổ chức|cá nhân)[\w, /]{0,30})?"
    r"(?:thực hiện|chủ trì|phối hợp|phụ trách|thời gian|thời hạn|tiến độ|sản phẩm|kết quả|"
    r"kinh phí|địa điểm|hình thức|thành phần|nội dung|yêu cầu|mục tiêu|ghi chú)"
    r"[\w, /]{0,40}:",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, with the lines it was printed in."""

    pieces: tuple[Line, ...]

    @property
    def text(self) -> str:
        whole = fold(" ".join(piece.text for piece in self.pieces))
        # "số 57-" and "NQ/TW" on the next line are one word, "Thương binh -" and "Xã hội" are not.
        for before, after in pairwise(self.pieces):
            end, start = before.text.split()[-1:], after.text.split()[:1]
            if end and start and CUT_WORD.search(end[0]):
                whole = whole.replace(f"{end[0]} {start[0]}", f"{end[0]}{start[0]}", 1)
        return whole

    @property
    def lines(self) -> tuple[int, int]:
        return self.pieces[0].number, self.pieces[-1].number

    @property
    def bold(self) -> bool:
        return all(piece.bold for piece in self.pieces)


@dataclass
class _Text:
    """The paragraphs so far."""

    full: float | None
    paragraphs: list[Paragraph | Table] = field(default_factory=list)
    open: list[Line] = field(default_factory=list)
    last_numbers: dict[str, int] = field(default_factory=dict)

    def close(self) -> None:
        if self.open:
            self.paragraphs.append(Paragraph(tuple(self.open)))
        self.open = []


def paragraphs(source: Source) -> tuple[list[Paragraph | Table], list[Footnote]]:
    """The document's paragraphs and tables in order, and apart from them its footnotes."""
    if not source.wrapped:
        return _whole(source), list(source.footnotes)
    source = replace(source, blocks=tuple(with_tables(source.blocks)))
    blocks, notes = _without_notes(list(_without_page_numbers(source)))
    text = _Text(_full_width([block for block in blocks if isinstance(block, Line)]))
    for block in blocks:
        if isinstance(block, Table):
            text.close()
            text.paragraphs.append(block)
            continue
        if text.open and not _continues(text, block):
            text.close()
        found = mark(block.text) if not text.open else None
        if found is not None and found.ordinal is not None:
            text.last_numbers[found.style] = found.ordinal
        text.open.append(block)
    text.close()
    return text.paragraphs, [*source.footnotes, *notes]


def _whole(source: Source) -> list[Paragraph | Table]:
    found: list[Paragraph | Table] = []
    for block in source.blocks:
        previous = found[-1] if found else None
        if isinstance(block, Table):
            found.append(block)
        elif isinstance(previous, Paragraph) and previous.lines[1] == block.number:
            found[-1] = Paragraph((*previous.pieces, block))
        else:
            found.append(Paragraph((block,)))
    return found


def _without_page_numbers(source: Source) -> Iterator[Line | Table]:
    lines = [block for block in source.blocks if isinstance(block, Line)]
    numbers = [line for line in lines if PAGE_NUMBER.match(line.text)]
    counted = [int("".join(re.findall(r"\d+", line.text)[:1])) for line in numbers]
    # Page numbers count up; other lonely numbers are something that is to be told.
    ascending = all(a < b for a, b in pairwise(counted))
    drop = {line.number for line in numbers} if ascending else set()
    drop |= {line.number for line in numbers if line.page_starts}
    yield from (
        block for block in source.blocks if isinstance(block, Table) or block.number not in drop
    )


def _without_notes(
    blocks: Sequence[Line | Table],
) -> tuple[list[Line | Table], list[Footnote]]:
    """A note is known by its mark, which stands glued to a word further up."""
    kept: list[Line | Table] = []
    notes: list[Footnote] = []
    glued: dict[str, int] = {}
    inside: Footnote | None = None
    for block in blocks:
        if isinstance(block, Table):
            inside = None
            kept.append(block)
            continue
        found = NOTE.match(block.text)
        if found:
            sign = (found["mark"] or found["sup"] or found["star"]).translate(SUPERSCRIPTS)
            if sign in glued or found["sup"]:
                inside = Footnote(sign, fold(found["text"]), block.number)
                notes.append(inside)
                continue
        if inside is not None and not block.page_starts and _goes_on(inside, block):
            notes[-1] = inside = Footnote(
                inside.mark, f"{inside.text} {fold(block.text)}", inside.line
            )
            continue
        inside = None
        for sign in re.findall(rf"(?<=[{LOWER}])(\d{{1,2}})(?=[\s,.;:)]|$)", block.text):
            glued.setdefault(sign, len(kept))
        kept.append(block)
    for note in notes:
        at = glued.get(note.mark)
        line = kept[at] if at is not None else None
        if at is not None and isinstance(line, Line):
            bare = re.sub(rf"(?<=[{LOWER}]){note.mark}(?=[\s,.;:)]|$)", "", line.text, count=1)
            kept[at] = Line(line.number, bare, line.bold, line.page_starts)
    return kept, notes


def _goes_on(note: Footnote, line: Line) -> bool:
    text = line.text.strip()
    return (
        bool(text)
        and mark(text) is None
        and not note.text.endswith(".")
        and (text[0].islower() or text[0].isdigit())
    )


def _full_width(lines: Sequence[Line]) -> float | None:
    """How long a line is that was broken for lack of room; None where lines are not broken.

    Broken lines are those whose next begins with a small letter, which no paragraph does.
    """
    broken = []
    for line, following in pairwise(lines):
        text, after = fold(line.text), fold(following.text)
        if text and after and after[0].islower() and mark(after) is None and len(text) > 20:
            broken.append(len(text) + 1 + len(after.split()[0]))
    if len(broken) < 2:
        return None
    full = sorted(broken)[len(broken) // 2]
    # Lines much longer than that were never broken: only a title was, by hand.
    longer = sum(len(line.text) > LONGER * full for line in lines)
    return float(full) if longer < len(lines) / 10 else None


def _continues(text: _Text, line: Line) -> bool:
    """Whether `line` goes on with the open paragraph."""
    previous, current = fold(text.open[-1].text), fold(line.text)
    if not current or not previous:
        return False
    ended = previous.endswith(ENDS)
    full = text.full is not None and (
        len(previous) + 1 + len(current.split()[0])
        >= (NEARLY if ended else NEARLY_UNENDED) * text.full
    )
    found = mark(current)
    if found is not None:
        return _spans_years(previous, found) or (full and not ended and _misread(found, text))
    if (ALONE.match(current) or begins_label(current)) and (ended or not full):
        return False
    if not ended and OPEN.search(previous):
        return True
    if COLUMNS.search(line.text.strip()):
        return False  # columns: letterheads and signatures
    first = current.lstrip("“\"'(")[:1]
    if first.islower() or (not first.isalpha() and not first.isdigit()):
        return not ended or full
    if current.isupper() and not previous.isupper():
        return full and not ended and not _is_heading(current)
    if current.isupper() and previous.isupper():
        opened = mark(fold(text.open[0].text))
        return opened is not None and opened.kind is not Kind.APPENDIX and not ended
    if text.full is None:
        return bool(line.text[:1].isspace() and not ended and not previous.isupper())
    return full and not previous.isupper()


def _is_heading(text: str) -> bool:
    return len(text) > 12


def _spans_years(previous: str, found: Mark) -> bool:
    """ "nhiệm kỳ 2025\n- 2030": the dash stands between two years."""
    years = re.search(r"\b20\d\d$", previous) and re.match(r"20\d\d\b", found.rest)
    return found.kind is Kind.DASH and bool(years)


def _misread(found: Mark, text: _Text) -> bool:
    """A number at the start of a broken line that counts nothing: "… Điều\n2. …"."""
    match found.kind:
        case Kind.NUMBER | Kind.LETTER | Kind.ROMAN | Kind.CAPITAL | Kind.SMALL_ROMAN:
            last = text.last_numbers.get(found.style, 0)
            ordinal = found.ordinal or 0
            return not (ordinal == 1 or last < ordinal <= last + 2)
        case Kind.DASH | Kind.PLUS:
            return found.rest[:1].islower()
        case Kind.DECIMAL:
            return False
        case _:
            return bool(found.rest) and found.rest[:1].islower()
