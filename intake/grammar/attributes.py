"""What stands under an item: lines that say who and when, and the words of the rest."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from intake.documents.blocks import fold
from intake.grammar.labels import Label, Labelled, labelled
from intake.grammar.numbering import Kind
from intake.grammar.outline import Item
from intake.grammar.performers import Performers, bracketed_performers, performers
from intake.grammar.units import heading_units, split_units, subject

NOBODY = Performers()
TITLED = re.compile(
    r"^(?:(?:Tên |Nội dung )?(?:nhiệm vụ|công việc)|Nội dung)\s*:\s*", re.IGNORECASE
)


@dataclass(frozen=True)
class Attributes:
    """What the labelled lines under a task say of it."""

    who: Performers = NOBODY
    phrase: str = ""
    last: int = 0

    @property
    def any(self) -> bool:
        return bool(self.who.text or self.phrase)


@dataclass(frozen=True)
class Rest:
    """The children of an item that are not labelled lines about it."""

    marked: Sequence[Item]
    dashes: Sequence[Item]
    paragraphs: Sequence[Item]


def attributes_of(item: Item) -> tuple[Attributes, Rest]:
    """Labelled lines among dashes and paragraphs. Under a heading with numbered parts they hold for
    each of these."""
    attributes = Attributes()
    dashes: list[Item] = []
    paragraphs: list[Item] = []
    lettered = _lettered_labels(item)
    for child in item.children:
        if child.is_part and not lettered:
            continue
        parsed = labelled(child.text)
        says = [part for part in parsed.parts if part.label is not Label.OTHER]
        told = child.mark is not None and not says and _is_told(child, item)
        if told and (lettered or not child.is_part):
            paragraphs.append(_without_mark(child))
        elif (
            parsed.parts
            and not parsed.head
            and (says or len(parsed.parts) > 1 or not child.children)
        ):
            attributes = _with(attributes, _whole(child, parsed.parts), child.last_line)
        elif child.mark is not None:
            dashes.append(child)
        else:
            paragraphs.append(child)
    own = labelled(item.text)
    if own.head and own.parts:
        attributes = _with(attributes, own.parts, item.lines[1])
        said = bracketed_performers(own.head)
        if said.lead and not attributes.who.lead:
            attributes = replace(attributes, who=joined(said, attributes.who))
    return attributes, Rest([] if lettered else item.marked, dashes, paragraphs)


def _is_told(child: Item, item: Item) -> bool:
    """ "Nội dung: …" among the lines that say who and when: what is to be done, in full."""
    if not TITLED.match(child.text) or item.parent is None:
        return False
    others = (labelled(other.text).parts for other in item.children if other is not child)
    return any(part.label is not Label.OTHER for parts in others for part in parts)


def _without_mark(child: Item) -> Item:
    text = TITLED.sub("", child.text, count=1)
    return replace(child, text=text, mark=None)


def _lettered_labels(item: Item) -> bool:
    """Whether the points below say who and when of one task: "a) Chủ trì: …", "b) Thời gian: …"."""
    parsed = [labelled(child.text) for child in item.marked]
    if any(child.children for child in item.marked) or any(p.head or not p.parts for p in parsed):
        return False
    first = [p.parts[0].label for p in parsed]
    says = [label for label in first if label is not Label.OTHER]
    return len(set(says)) == len(says) > 1


def group_attributes(items: Sequence[Item]) -> Attributes:
    """Who performs a list of small points, where only a line after its last one says so."""
    small = {Kind.LETTER, Kind.SMALL_ROMAN}
    if len(items) < 2 or any(i.mark is None or i.mark.kind not in small for i in items):
        return Attributes()
    *others, last = [attributes_of(item)[0] for item in items]
    own = labelled(items[-1].text).parts
    named = any(said.any for said in others) or any(
        subject(item.text) or heading_units(item.text) for item in items
    )
    return Attributes() if named or own or not last.who.text else last


def _whole(child: Item, parts: Sequence[Labelled]) -> Sequence[Labelled]:
    """A label whose answer is a list below it: "Chủ trì:" and dashes."""
    if len(parts) == 1 and not parts[0].value and child.children:
        value = "; ".join(below.text.rstrip(" ;.,") for below in child.children)
        return [parts[0]._replace(value=value)]
    return parts


def _with(attributes: Attributes, parts: Sequence[Labelled], last: int) -> Attributes:
    who, phrase = attributes.who, attributes.phrase
    for label, value in parts:
        if not value:
            continue
        match label:
            case Label.LEAD:
                read = performers(value)
                who = joined(who, Performers(read.lead, read.cooperating, read.text))
            case Label.COOPERATING:
                who = joined(who, Performers((), split_units(value), fold(value)))
            case Label.PERFORMERS:
                who = joined(who, performers(value))
            case Label.TIMING:
                phrase = f"{phrase}; {value}" if phrase else value
            case Label.OTHER:
                continue
    return Attributes(who, phrase, max(last, attributes.last))


def joined(one: Performers, other: Performers) -> Performers:
    return Performers(
        tuple(dict.fromkeys((*one.lead, *other.lead))),
        tuple(dict.fromkeys((*one.cooperating, *other.cooperating))),
        one.text if other.text in one.text else "; ".join(filter(None, (one.text, other.text))),
    )


def runs_of(item: Item) -> list[tuple[list[Item], Attributes]]:
    """Sentences and the labelled lines that follow them, over and over: a list of tasks that lost
    its numbers. A single run is one task with its lines."""
    runs: list[tuple[list[Item], Attributes]] = []
    open_run: list[Item] = []
    closed = True
    for child in item.children:
        parsed = labelled(child.text)
        if parsed.parts and not parsed.head:
            if open_run:
                runs.append((open_run, Attributes()))
                open_run = []
            if runs:
                said = _with(runs[-1][1], _whole(child, parsed.parts), child.last_line)
                runs[-1] = (runs[-1][0], said)
            closed = True
        else:
            open_run.append(child)
            closed = False
    if not closed:
        runs.append((open_run, Attributes()))
    return runs if sum(said.any for _, said in runs) > 1 else []


def own_text(item: Item) -> str:
    """An item's words without what labels say of it: "… (Thời gian: …)", "Nội dung: …"."""
    parsed = labelled(item.text)
    if parsed.head and any(part.label is not Label.OTHER for part in parsed.parts):
        head = parsed.head
        return head if head.count("(") <= head.count(")") else head[: head.rindex("(")].rstrip()
    return TITLED.sub("", item.text, count=1)


def details(rest: Rest) -> list[Item]:
    return sorted([*rest.paragraphs, *rest.dashes], key=lambda child: child.lines[0])


def full_text(item: Item) -> str:
    sign = f"{item.mark.label} " if item.mark is not None and item.mark.kind >= Kind.DASH else ""
    below = (full_text(child) for child in item.children)
    return fold(" ".join([sign + item.text if item.parent else item.text, *below]))


def bare(item: Item) -> str:
    """A dash's words without its dash."""
    return fold(" ".join([item.text, *(full_text(child) for child in item.children)]))
