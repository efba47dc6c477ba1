"""A .docx in document order: paragraphs with their printed numbers, tables with merged cells."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph

from intake.documents.blocks import (
    Block,
    Footnote,
    Line,
    Progress,
    Row,
    Source,
    Table,
    clean,
    refuse,
)
from intake.documents.docx_numbering import Numbering

MOST_UNPACKED_BYTES = 300 * 1024 * 1024
MOST_PARTS = 10_000
# A part that unpacks to a thousand times its size is made to exhaust memory; real XML reaches 50.
MOST_RATIO = 300
RATIO_MATTERS_FROM = 10 * 1024 * 1024
FOOTNOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"

SKIPPED = {qn("w:del"), qn("w:moveFrom"), qn("w:instrText"), qn("w:pPr"), qn("w:rPr")}
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
BREAKS = {qn("w:br"), qn("w:cr")}


def read_docx(path: Path, progress: Progress) -> Source:
    _check_archive(path)
    try:
        document: Any = Document(str(path))
        reader = _Reader(document, progress)
        blocks = tuple(reader.blocks())
        footnotes = tuple(reader.footnotes())
    except Exception as error:  # whatever a damaged part makes the libraries raise
        refuse(path, f"tệp .docx bị hỏng, không đọc được ({type(error).__name__})")
    return Source(blocks=blocks, wrapped=False, footnotes=footnotes)


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            bad = (
                archive.testzip() if sum(p.file_size for p in parts) < RATIO_MATTERS_FROM else None
            )
    except Exception as error:  # zipfile raises a dozen types on damaged archives
        refuse(path, f"tệp .docx bị hỏng hoặc tải về chưa xong ({type(error).__name__})")
    unpacked = sum(part.file_size for part in parts)
    bomb = any(
        part.file_size > RATIO_MATTERS_FROM
        and part.file_size > MOST_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    if bomb or unpacked > MOST_UNPACKED_BYTES or len(parts) > MOST_PARTS:
        refuse(path, f"tệp bung ra tới {unpacked // 2**20} MB: không an toàn, không mở")
    if bad is not None:
        refuse(path, f"tệp .docx bị hỏng ở phần {bad}")
    if any(part.flag_bits & 1 for part in parts):
        refuse(path, "tệp .docx được đặt mật khẩu: hãy bỏ mật khẩu rồi thử lại")
    if not any(part.filename == "word/document.xml" for part in parts):
        refuse(path, "nội dung không phải là văn bản Word (.docx)")


class _Reader:
    def __init__(self, document: Any, progress: Progress) -> None:
        self._document = document
        self._numbering = Numbering(document)
        self._progress = progress
        self._line = 0

    def blocks(self) -> Iterator[Block]:
        body = list(self._document.iter_inner_content())
        for done, block in enumerate(body, start=1):
            if isinstance(block, WordTable):
                yield from self._table(block)
            elif isinstance(block, WordParagraph):
                yield from self._paragraph(block)
            if done % 200 == 0 or done == len(body):
                self._progress(done, len(body))

    def footnotes(self) -> Iterator[Footnote]:
        for relation in self._document.part.rels.values():
            if relation.reltype != FOOTNOTES or relation.is_external:
                continue
            root: Any = parse_xml(relation.target_part.blob)
            for note in root.iter(qn("w:footnote")):
                # Separators are footnotes too, of a type.
                text = clean("".join(_texts(note))).strip()
                if note.get(qn("w:type")) is None and text:
                    yield Footnote(str(note.get(qn("w:id"))), text, self._line)

    def _paragraph(self, paragraph: WordParagraph) -> Iterator[Line]:
        text = self._text(paragraph)
        if not text.strip():
            return
        self._line += 1
        bold = _is_bold(paragraph)
        # Lines broken by hand stay one paragraph of the source, and the title needs them apart.
        for piece in text.split("\n"):
            if piece.strip():
                yield Line(self._line, piece, bold=bold)

    def _text(self, paragraph: WordParagraph) -> str:
        label = self._numbering.label(paragraph)
        text = clean("".join(_texts(paragraph._p)))  # noqa: SLF001 (deletions show only there)
        return f"{label} {text.lstrip()}" if label and text.strip() else text

    def _table(self, table: WordTable) -> Iterator[Block]:
        rows: list[Row] = []
        seen: dict[Any, str] = {}
        for row in table.rows:
            self._line += 1
            cells: list[str] = []
            merged: set[int] = set()
            previous: Any = None
            for column, cell in enumerate(row.cells):
                key = cell._tc  # noqa: SLF001 (one element per merged cell)
                if key not in seen:
                    seen[key] = self._cell(cell)
                if key is previous:
                    merged.add(column)
                cells.append(seen[key])
                previous = key
            rows.append(Row(tuple(cells), (self._line, self._line), frozenset(merged)))
        if rows:
            width = max(len(row.cells) for row in rows)
            yield Table(
                tuple(
                    Row(row.cells + ("",) * (width - len(row.cells)), row.lines, row.merged)
                    for row in rows
                )
            )

    def _cell(self, cell: Any) -> str:
        paragraphs: list[str] = []
        for block in cell.iter_inner_content():
            if isinstance(block, WordParagraph):
                paragraphs.append(self._text(block).strip())
            else:
                paragraphs += (inner.text for row in block.rows for inner in row.cells)
        return "\n".join(filter(None, paragraphs))


def _texts(element: Any) -> Iterator[str]:
    """The printed text: what was inserted is in, what was deleted is out."""
    for child in element:
        tag = child.tag
        if tag == qn("w:t"):
            yield child.text or ""
        elif tag == qn("w:tab"):
            yield "\t"
        elif tag in BREAKS:
            yield "\n"
        elif tag == qn("w:noBreakHyphen"):
            yield "-"
        elif tag not in SKIPPED and tag != FALLBACK:
            yield from _texts(child)


def _is_bold(paragraph: WordParagraph) -> bool:
    written = [run for run in paragraph.runs if run.text.strip()]
    style = paragraph.style.font.bold if paragraph.style is not None else None
    return bool(written) and all(style if run.bold is None else run.bold for run in written)
