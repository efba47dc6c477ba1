"""What of a document nothing was said of yet: nothing is left out in silence."""

from collections.abc import Iterator

from intake.grammar.found import Findings, short
from intake.grammar.outline import Item


def name_unread(root: Item, found: Findings) -> None:
    """A finding for every paragraph that is in no task, report or target and heads none."""
    for item in list(_unread(root, found.told)):
        found.note(item.lines[0], f"không đưa vào kế hoạch: “{short(item.text)}”")


def _unread(root: Item, told: list[tuple[int, int]]) -> Iterator[Item]:
    lines = {line for first, last in told for line in range(first, last + 1)}
    for item in root.walk():
        if item.text.strip() and not _heads(item) and lines.isdisjoint(range(*_range(item))):
            yield item


def _heads(item: Item) -> bool:
    """A heading's words are those of what is below; a sentence with parts below has its own."""
    return bool(item.children or item.tables) and not item.text.endswith((".", ";"))


def _range(item: Item) -> tuple[int, int]:
    first, last = item.lines
    return first, last + 1
