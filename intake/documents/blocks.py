"""What every reader makes of a file: lines and tables in document order, each with its place."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

from models.finding import BadInput, Finding, Severity

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text, of a page, or one paragraph of a .docx; `text` keeps its spaces, because
    columns show in them."""

    number: int
    text: str
    bold: bool = False
    page_starts: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Cells as printed. A cell that spans several rows or columns stands in each of them, and
    `merged` names the columns that only repeat the cell to their left."""

    cells: tuple[str, ...]
    lines: tuple[int, int]
    merged: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[Row, ...]


Block = Line | Table


@dataclass(frozen=True, slots=True)
class Footnote:
    mark: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Source:
    """`wrapped`: lines may be broken anywhere, as on a printed page; else each is a paragraph."""

    blocks: tuple[Block, ...]
    wrapped: bool
    footnotes: tuple[Footnote, ...] = ()
    findings: tuple[Finding, ...] = ()

    def numbered(self) -> list[tuple[int, str]]:
        """The document line by line, each with the number that a plan's `lines` mean."""
        written: list[tuple[int, str]] = []
        for block in self.blocks:
            if isinstance(block, Line):
                written.append((block.number, block.text))
            else:
                written += ((row.lines[0], "| " + " | ".join(row.cells)) for row in block.rows)
        written += ((note.line, f"[{note.mark}] {note.text}") for note in self.footnotes)
        return [(number, text.replace("\n", " / ")) for number, text in written]

    def text(self) -> str:
        """The document as numbered lines, for people to look lines up in."""
        return "\n".join(f"{number:>5}  {text}" for number, text in self.numbered()) + "\n"


def clean(text: str) -> str:
    """Composed letters and plain spaces; what a printer does not show is dropped."""
    composed = unicodedata.normalize("NFC", text).translate(_PLAIN)
    return "".join(c for c in composed if c in "\t\n" or unicodedata.category(c)[0] != "C")


_PLAIN = str.maketrans(
    {
        "\u00a0": " ",
        "\u2007": " ",
        "\u202f": " ",
        "\u2011": "-",
        "\u2028": "\n",
        "\u2029": "\n",
        "\uf0b7": "•",
        "\uf02d": "-",
        "\uf0a7": "•",
        # A letter that looks like Đ and is often typed for it.
        "\u0189": "Đ",
        "\u00d0": "Đ",
    }
)


def fold(text: str) -> str:
    """One space where there was any space: how a phrase of the document is kept."""
    return " ".join(text.split())


def without_emphasis(line: Line) -> Line:
    """Markdown's stars say what is bold, as copies of documents on the web do."""
    if "**" not in line.text:
        return line
    bare = line.text.strip()
    whole = bare.startswith("**") and bare.endswith("**") and len(bare) > len("****")
    return replace(line, text=line.text.replace("**", ""), bold=line.bold or whole)


def refuse(path: Path, message: str, line: int | None = None) -> NoReturn:
    place = str(path) if line is None else f"{path}:{line}"
    raise BadInput([Finding(severity=Severity.ERROR, place=place, message=message)])
