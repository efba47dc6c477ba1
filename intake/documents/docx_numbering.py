"""The numbers Word prints and does not write: automatic numbering resolved to its labels."""

import re
from collections import defaultdict
from typing import Any

from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

ROMANS = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
MOST_LEVELS = 9


class _Level:
    def __init__(self, element: Any) -> None:
        self.format = _value(element, "w:numFmt") or "decimal"
        self.text = _value(element, "w:lvlText") or ""
        self.start = _number(_value(element, "w:start"), 1)


class Numbering:
    """Counts as Word does: a level restarts whenever a level above it counts on."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._abstract: dict[str, str] = {}
        self._starts: dict[tuple[str, int], int] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._begun: set[tuple[str, int]] = set()
        root = _numbering_root(document)
        if root is None:
            return
        for abstract in root.iter(qn("w:abstractNum")):
            levels = {
                _number(level.get(qn("w:ilvl")), 0): _Level(level)
                for level in abstract.iter(qn("w:lvl"))
            }
            self._levels[str(abstract.get(qn("w:abstractNumId")))] = levels
        for number in root.iter(qn("w:num")):
            identifier = str(number.get(qn("w:numId")))
            self._abstract[identifier] = _value(number, "w:abstractNumId") or ""
            for override in number.iter(qn("w:lvlOverride")):
                start = _value(override, "w:startOverride")
                if start is not None:
                    level = _number(override.get(qn("w:ilvl")), 0)
                    self._starts[identifier, level] = _number(start, 1)

    def label(self, paragraph: Paragraph) -> str:
        """The printed label, "-" for a bullet, empty for a paragraph that is not numbered."""
        place = self._place(paragraph)
        if place is None:
            return ""
        number, at = place
        abstract = self._abstract.get(number, "")
        levels = self._levels.get(abstract, {})
        level = levels.get(at)
        if level is None or level.format == "none":
            return ""
        counts = self._counts[abstract]
        if (number, at) in self._starts and (number, at) not in self._begun:
            counts[at] = self._starts[number, at]
        else:
            counts[at] = counts.get(at, level.start - 1) + 1
        self._begun.add((number, at))
        for deeper in [each for each in counts if each > at]:
            del counts[deeper]
        if level.format == "bullet":
            return "-"
        return re.sub(r"%(\d)", lambda found: self._printed(levels, counts, found), level.text)

    def _printed(
        self, levels: dict[int, _Level], counts: dict[int, int], found: re.Match[str]
    ) -> str:
        at = int(found.group(1)) - 1
        level = levels.get(at)
        if level is None:
            return ""
        return _in_format(counts.setdefault(at, level.start), level.format)

    def _place(self, paragraph: Paragraph) -> tuple[str, int] | None:
        """The paragraph's own numbering, else that of its style or of the styles it builds on."""
        own = paragraph._p.pPr  # noqa: SLF001 (python-docx has no public way to numbering)
        elements: list[Any] = [own]
        style: Any = paragraph.style
        for _ in range(MOST_LEVELS):
            if style is None:
                break
            elements.append(style.element.find(qn("w:pPr")))
            style = style.base_style
        number: str | None = None
        at: int | None = None
        for element in elements:
            properties = None if element is None else element.find(qn("w:numPr"))
            if properties is None:
                continue
            number = number or _value(properties, "w:numId")
            written = _value(properties, "w:ilvl")
            at = _number(written, 0) if at is None and written is not None else at
        return None if number in (None, "0") else (str(number), at or 0)


def _numbering_root(document: Any) -> Any:
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/numbering") and not relation.is_external:
            return relation.target_part.element
    return None


def _value(element: Any, name: str) -> str | None:
    child = element.find(qn(name))
    return None if child is None else child.get(qn("w:val"))


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and re.fullmatch(r"\d{1,6}", text) else otherwise


def _in_format(count: int, form: str) -> str:
    match form:
        case "upperRoman":
            return _roman(count)
        case "lowerRoman":
            return _roman(count).lower()
        case "upperLetter":
            return _letter(count).upper()
        case "lowerLetter":
            return _letter(count)
        case "decimalZero":
            return f"{count:02}"
        case _:
            return str(count)


def _roman(count: int) -> str:
    written = "X" * (count // 10)
    rest = count % 10
    for value, letters in ROMANS[1:]:
        while rest >= value:
            written += letters
            rest -= value
    return written


def _letter(count: int) -> str:
    """a … z, aa, bb …: Word knows no đ."""
    return chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
