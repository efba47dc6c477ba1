"""Files as offices send them, made for the tests: PDFs written by hand, and .docx."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import docx
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

PAGE_HEIGHT = 842
LETTER = 6.0  # every letter is as wide, at 12 points


class Words(NamedTuple):
    x: float
    y: float
    text: str


class Rule(NamedTuple):
    x0: float
    y0: float
    x1: float
    y1: float


def a_pdf(
    path: Path,
    pages: Sequence[Sequence[Words | Rule]],
    *,
    encrypted: bool = False,
    turned: bool = False,
) -> Path:
    """A PDF whose font is not embedded: its letters are known by their Unicode numbers alone.

    `turned`: drawn upwards on pages that are shown turned clockwise, as landscape pages often are.
    """
    objects: list[bytes] = []

    def add(body: str | bytes) -> int:
        objects.append(body.encode() if isinstance(body, str) else body)
        return len(objects)

    catalog, tree = add("<</Type/Catalog/Pages 2 0 R>>"), add(b"")
    to_unicode = _stream(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def "
        "1 begincodespacerange <0000> <FFFF> endcodespacerange "
        "1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap end end"
    )
    cmap = add(to_unicode)
    system = "<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
    descriptor = add(
        "<</Type/FontDescriptor/FontName/F/Flags 4/FontBBox[0 -200 1000 800]/ItalicAngle 0"
        "/Ascent 800/Descent -200/CapHeight 700/StemV 80>>"
    )
    letters = add(
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont/F/CIDSystemInfo{system}"
        f"/FontDescriptor {descriptor} 0 R/DW 500>>"
    )
    font = add(
        f"<</Type/Font/Subtype/Type0/BaseFont/F/Encoding/Identity-H/DescendantFonts[{letters} 0 R]"
        f"/ToUnicode {cmap} 0 R>>"
    )
    kids = []
    for page in pages:
        drawn = "\n".join(map(_drawn, page))
        content = add(_stream(f"0 1 -1 0 {PAGE_HEIGHT} 0 cm\n{drawn}" if turned else drawn))
        kids.append(
            add(
                f"<</Type/Page/Parent {tree} 0 R/MediaBox[0 0 {PAGE_HEIGHT} {PAGE_HEIGHT}]"
                f"/Rotate {90 if turned else 0}"
                f"/Resources<</Font<</F {font} 0 R>>>>/Contents {content} 0 R>>"
            )
        )
    listed = " ".join(f"{kid} 0 R" for kid in kids)
    objects[tree - 1] = f"<</Type/Pages/Count {len(kids)}/Kids[{listed}]>>".encode()
    trailer = f"/Root {catalog} 0 R"
    if encrypted:
        secret = "<" + "41" * 32 + ">"
        lock = add(f"<</Filter/Standard/V 1/R 2/O{secret}/U{secret}/P -4>>")
        trailer += f"/Encrypt {lock} 0 R/ID[<41><41>]"
    path.write_bytes(_file(objects, trailer))
    return path


def _drawn(item: Words | Rule) -> str:
    if isinstance(item, Rule):
        return f"{item.x0} {item.y0} m {item.x1} {item.y1} l S"
    written = item.text.encode("utf-16-be").hex()
    return f"BT /F 12 Tf {item.x} {item.y} Td <{written}> Tj ET"


def _stream(content: str) -> bytes:
    data = content.encode()
    return b"<</Length %d>>\nstream\n%s\nendstream" % (len(data), data)


def _file(objects: Sequence[bytes], trailer: str) -> bytes:
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for place in places:
        out.write(b"%010d 00000 n \n" % place)
    size = len(objects) + 1
    out.write(f"trailer<</Size {size}{trailer}>>\nstartxref\n{start}\n%%EOF".encode())
    return out.getvalue()


def printed(text: str, *, width: int = 78, lines_a_page: int = 46) -> list[list[Words | Rule]]:
    """A text as a printer breaks it: lines of at most `width` letters, page after page."""
    lines: list[str] = []
    for paragraph in text.strip().split("\n"):
        line = ""
        for word in paragraph.split():
            if line and len(line) + 1 + len(word) > width:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}".strip()
        lines.append(line)
    pages: list[list[Words | Rule]] = []
    for start in range(0, len(lines), lines_a_page):
        page: list[Words | Rule] = []
        for n, line in enumerate(lines[start : start + lines_a_page]):
            if line:
                page.append(Words(60, 790 - 16 * n, line))
        pages.append(page)
    return pages


def ruled(
    rows: Sequence[Sequence[str]], widths: Sequence[int], *, top: float
) -> list[Words | Rule]:
    """A table with rules. An empty string continues the cell above; "-" is an empty cell."""
    drawn: list[Words | Rule] = []
    edges = [40.0]
    for width in widths:
        edges.append(edges[-1] + width)
    y = top
    tops = [y]
    for row in rows:
        y -= 16 * max(len(_wrapped(cell, w)) for cell, w in zip(row, widths, strict=True)) + 6
        tops.append(y)
    for n, row in enumerate(rows):
        for column, cell in enumerate(row):
            if n == 0 or cell:
                drawn.append(Rule(edges[column], tops[n], edges[column + 1], tops[n]))
            for k, line in enumerate(_wrapped(cell, widths[column])):
                if line and cell != "-":
                    drawn.append(Words(edges[column] + 3, tops[n] - 14 - 16 * k, line))
    drawn.append(Rule(edges[0], tops[-1], edges[-1], tops[-1]))
    drawn += (Rule(edge, tops[-1], edge, tops[0]) for edge in edges)
    return drawn


def _wrapped(cell: str, width: float) -> list[str]:
    lines = [""]
    for word in cell.split():
        if lines[-1] and (len(lines[-1]) + 1 + len(word)) * LETTER > width - 6:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


# .docx


def a_docx(path: Path, document: Document) -> Path:
    document.save(str(path))
    return path


def numbered(document: Document) -> None:
    """Adds automatic numbering: list 1 is I. / 1. / a), list 2 a bullet."""
    root = document.part.numbering_part.element
    levels = (("upperRoman", "%1."), ("decimal", "%2."), ("lowerLetter", "%3)"))
    written = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for n, (form, text) in enumerate(levels)
    )
    bullet = '<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl>'
    for identifier, body in ((91, written), (92, bullet)):
        root.insert(
            0,
            parse_xml(
                f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{identifier}">{body}'
                "</w:abstractNum>"
            ),
        )
        root.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{identifier}">'
                f'<w:abstractNumId w:val="{identifier}"/></w:num>'
            )
        )


def item(document: Document, text: str, *, level: int = 0, numbering: int = 91) -> None:
    paragraph = document.add_paragraph(text)
    properties = paragraph._p.get_or_add_pPr()
    properties.append(
        parse_xml(
            f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/>'
            f'<w:numId w:val="{numbering}"/></w:numPr>'
        )
    )


def new_document() -> Document:
    return docx.Document()


def a_zip(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path
