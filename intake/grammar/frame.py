"""The frame of a document: what stands above and below its body, and its appendices."""

import re
from dataclasses import dataclass, field

from intake.documents.blocks import Table
from intake.grammar.bases import BASIS
from intake.grammar.foot import RECIPIENTS, closes, recipients_of, signer_of
from intake.grammar.header import Header, read_header, take_date
from intake.grammar.joining import Paragraph
from intake.grammar.letterhead import DATED, MIXED_TYPE, NUMBERED, TYPE
from intake.grammar.numbering import Kind, mark
from intake.grammar.outline import period_headings
from intake.grammar.pieces import Blocks, pieces_of
from intake.grammar.units import is_unit
from intake.grammar.words import heading_role, is_capitals
from models.imported import Signer

# "Lưu: VT." closes a list of recipients.
_FILED = re.compile(r"Lưu\b(?! (?:vực|trú)\b)")


@dataclass
class Frame:
    header: Header
    bodies: list[tuple[str, Blocks]] = field(default_factory=list)
    recipients: tuple[str, ...] = ()
    signer: Signer | None = None
    # Numbered paragraphs below a signature that belong to nothing: they are named.
    stray: list[Paragraph] = field(default_factory=list)


@dataclass
class _Recipients:
    """ "Nơi nhận:", and what is marked below it as the first of them is, up to "Lưu: VT."."""

    listing: bool = False
    kind: Kind | None = None

    def hold(self, block: Paragraph | Table) -> bool:
        if isinstance(block, Table):
            self.listing = False
            return False
        if RECIPIENTS.match(block.text):
            self.listing, self.kind = not any(map(_is_filed, pieces_of(block))), None
            return True
        sign = mark(block.text)
        self.kind = self.kind or (sign.kind if sign else None)
        held = self.listing and sign is not None and sign.kind is self.kind
        self.listing = held and not _is_filed(block.text)
        return held


def frame(blocks: Blocks) -> Frame:
    """The document's parts: the body, and each appendix with the prefix of its codes."""
    start = _body_start(blocks)
    header = read_header(blocks[:start], blocks)
    found = Frame(header)
    body: list[Paragraph | Table] = []
    tail: list[str] = []
    prefix = ""
    closing = titled = False
    listed = _Recipients()
    for position in range(start, len(blocks)):
        block = blocks[position]
        appendix = _appendix(block)
        attached = closing and appendix is None and _attached(block)
        if appendix is not None or attached:
            if body:
                found.bodies.append((prefix, body))
            prefix = "PL" + (appendix or "") if appendix is not None else ""
            body, closing, titled = [], False, True
            continue
        if titled and isinstance(block, Paragraph) and _is_title(block):
            continue
        titled = False
        closing = closing or closes(block)
        if closing:
            tail += pieces_of(block)
            holds = listed.hold(block)
            if isinstance(block, Paragraph) and _is_numbered(block) and not holds:
                found.stray.append(block)
        else:
            body.append(block)
    if body:
        found.bodies.append((prefix, body))
    found.recipients = tuple(recipients_of(tail))
    found.signer = signer_of(tail)
    for piece in tail:
        dated = DATED.match(piece)
        if dated and header.date is None:
            take_date(header, dated)
    return found


def _is_numbered(block: Paragraph) -> bool:
    sign = mark(block.text)
    return sign is not None and sign.kind <= Kind.LETTER and len(sign.rest.split()) > 1


def _is_filed(line: str) -> bool:
    sign = mark(line)
    return _FILED.match((sign.rest if sign else line).strip()) is not None


def _appendix(block: Paragraph | Table) -> str | None:
    if isinstance(block, Table):
        return None
    sign = mark(block.text)
    if sign is None or sign.kind is not Kind.APPENDIX:
        return None
    return sign.label


def _is_title(block: Paragraph) -> bool:
    """The lines below "PHỤ LỤC": its title, and in brackets what it belongs to."""
    if mark(block.text) is not None:
        return False
    text = block.text.strip()
    return is_capitals(text) or text.startswith("(") or not text.endswith((".", ";", ":"))


def _attached(block: Paragraph | Table) -> bool:
    """A plan issued with a decision, after the decision's signature."""
    if isinstance(block, Table):
        return False
    first = block.pieces[0].text.strip()  # what it is about may follow in the same paragraph
    return bool(TYPE.match(first)) and is_capitals(first)


def _body_start(blocks: Blocks) -> int:
    """Where the numbered parts or the tables of tasks begin."""
    typed = False
    periods = period_headings(blocks)
    for position, block in enumerate(blocks):
        if typed and position in periods and not isinstance(blocks[position - 1], Table):
            above = blocks[position - 1]
            if not (isinstance(above, Paragraph) and TYPE.match(above.text)):
                return position
        if isinstance(block, Table):
            if len(block.rows) > 2 and len(block.rows[0].cells) > 2:
                return position
            continue
        sign = mark(block.text)
        if sign is not None and sign.kind is Kind.APPENDIX:
            if position > 3 and typed:
                return position
            continue
        if sign is not None and sign.kind <= Kind.DECIMAL and not NUMBERED.match(block.text):
            return position
        text = block.text.strip()
        if typed and is_capitals(text) and heading_role(text) and not TYPE.match(text):
            return position
        typed = typed or bool(TYPE.match(text)) or bool(MIXED_TYPE.match(text))
        if typed and heading_role(text) and block.bold and not is_capitals(text):
            return position
        if RECIPIENTS.match(text):
            break
    return _first_dash(blocks)


def _first_dash(blocks: Blocks) -> int:
    """Where nothing is numbered the body begins with its first dash below the title."""
    typed = False
    for position, block in enumerate(blocks):
        if isinstance(block, Table):
            continue
        if RECIPIENTS.match(block.text.strip()):
            return position
        sign = mark(block.text)
        if typed and sign is not None and sign.kind >= Kind.DASH and not BASIS.match(block.text):
            above = blocks[position - 1]
            return position - (isinstance(above, Paragraph) and is_unit(above.text))
        typed = typed or bool(TYPE.match(block.text.strip()))
    return len(blocks)
