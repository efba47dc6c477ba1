"""The parts of a document as a tree, after their printed numbers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from intake.documents.blocks import Table
from intake.grammar.joining import Paragraph
from intake.grammar.numbering import Kind, Mark, mark
from intake.grammar.periods import heading_width
from intake.grammar.units import is_unit
from intake.grammar.words import CLOSING, HEADING_WORDS, Role, heading_role, is_capitals


@dataclass(eq=False)
class Item:
    """A numbered part, an unnumbered heading, or a paragraph; the root has neither."""

    text: str
    lines: tuple[int, int]
    mark: Mark | None = None
    heading: bool = False
    bold: bool = False
    parent: "Item | None" = None
    children: "list[Item]" = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    prefix: str = ""

    @property
    def is_part(self) -> bool:
        """Whether it is numbered or a heading, not a dash or a paragraph."""
        return self.heading or (self.mark is not None and self.mark.kind < Kind.DASH)

    @property
    def marked(self) -> "list[Item]":
        return [child for child in self.children if child.is_part]

    @property
    def dashes(self) -> "list[Item]":
        return [
            child
            for child in self.children
            if child.mark is not None and child.mark.kind >= Kind.DASH
        ]

    @property
    def paragraphs(self) -> "list[Item]":
        return [child for child in self.children if child.mark is None and not child.heading]

    @property
    def last_line(self) -> int:
        table_lines = [row.lines[1] for table in self.tables for row in table.rows]
        return max([self.lines[1], *table_lines, *(child.last_line for child in self.children)])

    @property
    def code(self) -> str:
        """As printed, from the outside in: "III.1.đ", "Điều 1.2"."""
        return join(self.labels)

    @property
    def labels(self) -> tuple[str, ...]:
        above = self.parent.labels if self.parent is not None else ()
        if self.prefix:
            above = (*above, self.prefix)
        if self.heading and self.parent is not None:
            # A heading that lost its number is known by its place.
            headings = [child for child in self.parent.children if child.heading]
            return (*above, f"m{1 + next(n for n, h in enumerate(headings) if h is self)}")
        if self.mark is None:
            return above
        return (*above, *own_labels(self.mark, above))

    def walk(self) -> "Iterator[Item]":
        yield self
        for child in self.children:
            yield from child.walk()


def own_labels(sign: Mark, above: Sequence[str]) -> tuple[str, ...]:
    match sign.kind:
        case Kind.ARTICLE:
            return (f"Điều {sign.label}",)
        case Kind.DASH | Kind.PLUS:
            return ()
        case Kind.DECIMAL:
            # "2.1" under "2" already says both.
            parts = sign.label.split(".")
            own = [part for part in above if not part.startswith(("PL", "Điều"))]
            shared = 0
            for length in range(len(parts) - 1, 0, -1):
                if [str(label) for label in own[-length:]] == parts[:length]:
                    shared = length
                    break
            return tuple(parts[shared:])
        case Kind.PART | Kind.CHAPTER | Kind.SECTION:
            return ()  # people cite "II.1", whatever part it is in
        case _:
            return (sign.label,)


def join(labels: Sequence[str]) -> str:
    return ".".join(label for label in labels if label)


def outline(blocks: Sequence[Paragraph | Table], prefix: str = "") -> Item:
    """The tree of one part of the document."""
    root = Item("", (1, 1), prefix=prefix)
    stack: list[Item] = [root]
    numbered = sum(1 for b in blocks if isinstance(b, Paragraph) and mark(b.text) is not None)
    periods = period_headings(blocks)
    for position, block in enumerate(blocks):
        if isinstance(block, Table):
            _host(stack).tables.append(block)
            continue
        sign = mark(block.text)
        if position in periods:
            _add_period(stack, block, periods[position])
            continue
        if _heads_dashes(sign, block, blocks[position + 1 : position + 2]):
            _add_unit(stack, block, sign.rest if sign else block.text)
            continue
        if sign is None:
            _add_unmarked(stack, block, loose=numbered < 3)
            continue
        parent = _parent_for(stack, sign)
        item = Item(sign.rest, block.lines, sign, bold=block.bold, parent=parent)
        parent.children.append(item)
        stack.append(item)
    return root


def _heads_dashes(sign: Mark | None, block: Paragraph, below: Sequence[Paragraph | Table]) -> bool:
    """A line or a dash that is only the name of a unit, above dashes of another sign."""
    if (sign is not None and sign.kind is not Kind.DASH) or not below:
        return False
    if not is_unit(sign.rest if sign else block.text) or block.text.endswith((".", ";")):
        return False
    following = mark(below[0].text) if isinstance(below[0], Paragraph) else None
    if following is None or following.kind < Kind.DASH:
        return False
    return sign is None or following.style != sign.style


def _add_unit(stack: list[Item], block: Paragraph, name: str) -> None:
    while len(stack) > 1 and (_is_dash(stack[-1]) or _is_unit_heading(stack[-1])):
        stack.pop()
    item = Item(name, block.lines, heading=True, bold=block.bold, parent=stack[-1])
    stack[-1].children.append(item)
    stack.append(item)


def _is_unit_heading(item: Item) -> bool:
    return item.heading and is_unit(item.text)


def _is_dash(item: Item) -> bool:
    return item.mark is not None and item.mark.kind >= Kind.DASH


def period_headings(blocks: Sequence[Paragraph | Table]) -> dict[int, int]:
    """Where lines such as "Quý I" and "Tháng 3" head what is below them, and how wide they are.

    A single one, or one above plain text, is more likely what a title or a cell says.
    """
    found: dict[int, int] = {}
    for position, block in enumerate(blocks):
        if isinstance(block, Table) or mark(block.text) is not None:
            continue
        width = heading_width(block.text)
        if width is not None:
            found[position] = width
    below = {
        position: blocks[position + 1]
        for position in found
        if position + 1 < len(blocks) and position + 1 not in found
    }
    heads = [
        position
        for position, block in below.items()
        if isinstance(block, Table) or mark(block.text) is not None
    ]
    return found if len(heads) > 1 and len(heads) == len(below) else {}


def _add_period(stack: list[Item], block: Paragraph, width: int) -> None:
    widths = [heading_width(item.text) if item.heading else None for item in stack]
    as_wide = next((n for n, w in enumerate(widths) if w is not None and w >= width), None)
    if as_wide is not None:
        del stack[as_wide:]
    inner = max((n for n, w in enumerate(widths[: len(stack)]) if w is not None), default=None)
    if inner is not None:
        del stack[inner + 1 :]
    elif as_wide is None:
        while len(stack) > 1 and not _holds_periods(stack[-1]):
            stack.pop()
    item = Item(block.text, block.lines, heading=True, bold=block.bold, parent=stack[-1])
    stack[-1].children.append(item)
    stack.append(item)


def _holds_periods(item: Item) -> bool:
    if item.heading:
        return True
    if item.mark is None:
        return False
    announces = not item.children and heading_role(item.text) is not None
    return item.mark.kind <= Kind.ROMAN or announces


def _host(stack: list[Item]) -> Item:
    """A table belongs to the nearest heading, not to the dash that happens to stand above it."""
    while len(stack) > 1 and _is_dash(stack[-1]):
        stack.pop()
    return stack[-1]


def _add_unmarked(stack: list[Item], block: Paragraph, *, loose: bool) -> None:
    text = block.text
    above = stack[-1]
    if above.mark is not None and not above.text and above.mark.kind <= Kind.ROMAN:
        # "Chương II", and what it is called on the next line.
        above.text = text
        above.lines = (above.lines[0], block.lines[1])
        return
    if _is_heading(block, loose=loose):
        # Headings that lost their numbers: capitals above what is only bold.
        level = 0 if is_capitals(text) else 1
        while len(stack) > 1 and not _above(stack[-1], level):
            stack.pop()
        item = Item(text, block.lines, heading=True, bold=block.bold, parent=stack[-1])
        stack[-1].children.append(item)
        stack.append(item)
        return
    if CLOSING.match(text) or (text.endswith("./.") and above.text.endswith((".", ";"))):
        del stack[1:]  # "./." ends the document, not the part that happens to stand last
    host = _host(stack)
    host.children.append(Item(text, block.lines, bold=block.bold, parent=host))


def _above(item: Item, level: int) -> bool:
    """Whether an unnumbered heading of `level` stands under `item`."""
    if item.heading:
        return is_capitals(item.text) and level == 1 and heading_width(item.text) is None
    if item.mark is None:
        return False
    # In capitals as wide as a part of the document; else under the numbered heading before it.
    return item.mark.kind <= (Kind.ARTICLE if level == 0 else Kind.ROMAN)


def _is_heading(block: Paragraph, *, loose: bool) -> bool:
    text = block.text.strip()
    words = len(text.split())
    if words > HEADING_WORDS or text.endswith((".", ";", ",", "./.")) or text.startswith("("):
        return False
    if is_capitals(text):
        return heading_role(text) is not None
    return bool(
        (loose or block.bold)
        and words <= 12
        and text[:1].isupper()
        and heading_role(text) not in {None, Role.EVENT}
        and not re.search(r":\s*\S", text)
    )


def _parent_for(stack: list[Item], sign: Mark) -> Item:
    """The item a mark belongs under; the stack is cut back to it."""
    same = _sibling(stack, sign)
    if same is not None:
        del stack[same:]
        return stack[-1]
    if sign.kind >= Kind.DASH:
        # The first dash under an item; a plus under a dash, a dash under a plus's dash.
        return stack[-1]
    # A kind not seen above: under everything wider. Documents that put A above I, or 1 above I,
    # are known by the order in which the marks first came.
    while len(stack) > 1 and _narrower(stack[-1], sign):
        stack.pop()
    return stack[-1]


def _sibling(stack: list[Item], sign: Mark) -> int | None:
    """The nearest open item of the same kind that this one can follow."""
    open_items = [(n, item.mark) for n, item in enumerate(stack) if item.mark is not None]
    for n, other in reversed(open_items):
        if other.style == sign.style:
            return n
    for n, other in reversed(open_items):
        if other.kind is sign.kind and sign.ordinal == (other.ordinal or 0) + 1:
            return n
    return None


def _narrower(item: Item, sign: Mark) -> bool:
    """Whether an open item is too narrow to hold `sign`."""
    if item.mark is None:
        return not item.heading
    if item.mark.kind >= Kind.DASH:
        return True
    if item.mark.kind is sign.kind:
        return False  # another style of the same kind, begun anew: "1)" under "1."
    # "1." may begin anew under "a)", and "A." under "I."; wider marks never do.
    nests = sign.kind in {Kind.NUMBER, Kind.CAPITAL, Kind.LETTER, Kind.DECIMAL}
    return sign.kind < item.mark.kind and not (nests and sign.ordinal == 1)
