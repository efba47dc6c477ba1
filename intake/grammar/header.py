"""Above the body: number, date and title, with issuer and bases."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Date

from intake.documents.blocks import Table, fold
from intake.grammar.bases import BASIS, cited_bases
from intake.grammar.issuer import issuer_of
from intake.grammar.joining import Paragraph
from intake.grammar.letterhead import DATED, MIXED_TYPE, NUMBER, TYPE
from intake.grammar.pieces import Blocks, pieces_of
from intake.grammar.words import is_capitals

RULE = re.compile(r"[-–—_*=\s]+")
MOST_TITLE_LINES = 12
LONGEST_PLAIN_TITLE = 120
LONGEST_BROKEN_TITLE = 160
SENTENCE = 60


@dataclass
class Header:
    title: str = ""
    issuer: str = ""
    number: str | None = None
    date: Date | None = None
    year: int | None = None
    bases: tuple[str, ...] = ()
    kind: str = ""


def read_header(blocks: Blocks, everything: Blocks) -> Header:
    header = Header()
    pieces = [piece for block in blocks for piece in pieces_of(block)]
    for piece in pieces:
        number = NUMBER.search(piece)
        if number and header.number is None:
            header.number = re.sub(r"\s", "", number["number"])
        # In a PDF the date may stand in one line with the number.
        dated = DATED.match(piece[number.end() :].strip() if number else piece)
        if dated and header.date is None:
            take_date(header, dated)
    at = _title(header, blocks)
    above = blocks if at is None else blocks[:at]
    letterhead = [piece for block in above for piece in pieces_of(block)]
    header.issuer = issuer_of(letterhead, everything)
    header.bases = tuple(cited_bases(blocks))
    return header


def take_date(header: Header, dated: re.Match[str]) -> None:
    header.year = int(dated["year"])
    if dated["day"] and dated["month"]:
        try:
            header.date = Date(header.year, int(dated["month"]), int(dated["day"]))
        except ValueError:
            header.date = None


def _title(header: Header, blocks: Blocks) -> int | None:
    """Sets the title; answers at which block it begins.

    After the line that names the kind of document, the title goes on until the bases, the body, or
    a remark in brackets.
    """
    for position, block in enumerate(blocks):
        if isinstance(block, Table):
            continue
        lines = [fold(line.text) for line in block.pieces]
        for n, line in enumerate(lines):
            if line.startswith("V/v"):
                # A letter has its subject below its number.
                header.title = fold(" ".join(lines[n:])).removeprefix("V/v").strip(" :")
                return position
            typed = TYPE.match(line) and is_capitals(line.partition("(")[0])
            plain = not typed and MIXED_TYPE.match(line) and not BASIS.match(line)
            if not typed and not plain:
                continue
            header.kind = (TYPE.match(line) or MIXED_TYPE.match(line) or [line])[0].upper()
            title = _title_lines(line, lines[n + 1 :], blocks[position + 1 :])
            bare = TYPE.match(title[0])
            alone = bare is not None and bare.end() == len(title[0].rstrip(" :*"))
            if len(title) > 1 and (alone or _names_only_kind(title)):
                title = title[1:]
            header.title = fold(" ".join(title)).rstrip(" *")
            return position
    return None


def _names_only_kind(title: Sequence[str]) -> bool:
    """ "CHƯƠNG TRÌNH HÀNH ĐỘNG" above what it is about."""
    first, second = title[:2]
    return (
        is_capitals(first)
        and len(first.split()) <= len(["CHƯƠNG", "TRÌNH", "HÀNH", "ĐỘNG"])
        and (not is_capitals(second))
    )


def _title_lines(line: str, rest: Sequence[str], following: Blocks) -> list[str]:
    title = [line]
    typed = TYPE.match(line) is not None
    lines: list[tuple[str, Paragraph | None]] = [(text, None) for text in rest]
    for block in following:
        if isinstance(block, Table):
            break
        lines += [(fold(piece.text), block) for piece in block.pieces]
    for text, within in lines:
        if _ends_title(text, within, title, typed=typed) or len(title) > MOST_TITLE_LINES:
            break
        title.append(text)
    return title


def _ends_title(text: str, block: Paragraph | None, title: list[str], *, typed: bool) -> bool:
    if not text or text.startswith("(") or RULE.fullmatch(text):
        return True
    if typed and len(title) == 1:
        # Right below "KẾ HOẠCH" even "Thực hiện Nghị quyết …" is the title.
        return text.startswith(("Căn cứ", "Xét"))
    if BASIS.match(text) and _begins_bases(text, block):
        return True
    if is_capitals(text) and (TYPE.match(text) or not is_capitals(title[-1])):
        return True
    if not typed and len(title) == 1:
        return block is not None or len(text) > LONGEST_PLAIN_TITLE
    # A whole sentence is no title.
    sentence = text.endswith((".", ":", ";")) and len(text) > SENTENCE
    return sentence or text.startswith(("Kính gửi", "Trong ", "Luật ", "Năm ", "Ngày ", "Sau khi "))


def _begins_bases(text: str, block: Paragraph | None) -> bool:
    whole = block.text if block is not None and block.text.startswith(text[:20]) else text
    long = len(whole) > LONGEST_BROKEN_TITLE
    return long or whole.endswith((";", ":", ",", ".")) or text.startswith("Căn cứ")
