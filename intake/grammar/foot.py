"""Below the body: recipients and signer."""

import re
from collections.abc import Iterator, Sequence

from intake.documents.blocks import Table
from intake.grammar.joining import Paragraph
from intake.grammar.letterhead import DATED
from intake.grammar.letters import LOWER, UPPER
from intake.grammar.pieces import pieces_of
from intake.grammar.words import is_capitals
from models.imported import Signer

RECIPIENTS = re.compile(r"^\W*Nơi nhận\W*", re.IGNORECASE)
AUTHORITY = re.compile(r"^(?:KT|TM|TL|TUQ|Q|T/M|K/T)\s*\.\s*[A-ZĐ]|^(?:KT|TM|TL|TUQ)\s+[A-ZĐ]{2}")
POSITION = re.compile(
    r"^(?:PHÓ |TRƯỞNG |CHÁNH |QUYỀN )?(?:GIÁM ĐỐC|CHỦ TỊCH|BỘ TRƯỞNG|THỨ TRƯỞNG|HIỆU TRƯỞNG|"
    r"CỤC TRƯỞNG|TRƯỞNG PHÒNG|TRƯỞNG BAN|PHÒNG|THỦ TƯỚNG|TỔNG GIÁM ĐỐC|VĂN PHÒNG|VIỆN TRƯỞNG|"
    r"BÍ THƯ|TRƯỞNG|PHÓ)\b"
)
NAME = re.compile(
    rf"^(?:(?:ThS|TS|PGS|GS|BS|KS)\.?\s*)*(?P<name>(?:[{UPPER}][{LOWER}]*\s+){{1,4}}[{UPPER}][{LOWER}]*)$"
)


def closes(block: Paragraph | Table) -> bool:
    pieces = pieces_of(block)
    if isinstance(block, Table):
        return any(RECIPIENTS.match(piece) for piece in pieces) or _is_signature(pieces)
    return any(
        RECIPIENTS.match(piece) or AUTHORITY.match(piece) or DATED.match(piece) for piece in pieces
    ) or bool(POSITION.match(block.text) and is_capitals(block.text.partition("[")[0]))


def _is_signature(pieces: Sequence[str]) -> bool:
    return len(pieces) < 12 and any(AUTHORITY.match(piece) for piece in pieces)


def recipients_of(tail: Sequence[str]) -> Iterator[str]:
    """What stands between "Nơi nhận" and the signature."""
    listening = False
    for piece in tail:
        opened = RECIPIENTS.match(piece)
        listening = listening or opened is not None
        said = piece[opened.end() :] if opened else piece
        if not listening or not said.strip() or AUTHORITY.match(said):
            continue
        if is_capitals(said) and POSITION.match(said):
            continue
        # Without dashes only what is closed by a semicolon is one of a list.
        if not re.match(r"^[-–•+*]", said) and not said.rstrip().endswith((";", ".")):
            continue
        text = said.strip(" -–•+*;,.\t")
        if text:
            yield text


def signer_of(tail: Sequence[str]) -> Signer | None:
    authority = position = name = ""
    for piece in tail:
        bare = piece.strip()
        if AUTHORITY.match(bare) and not authority:
            authority = bare
        elif POSITION.match(bare) and is_capitals(bare.partition("[")[0]):
            position = bare.partition("[")[0].strip()
        elif (authority or position) and not bare.startswith("-"):
            named = NAME.match(bare)
            if named:
                name = named["name"]
    if not (authority or position):
        return None
    return Signer(authority=authority, position=position, name=name)
