"""A letter becomes a mail's subject, text and HTML: the words from `wording`, laid out alike."""

from collections.abc import Iterator
from typing import NamedTuple

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from letters.grouping import MOST_WORDS, Item, Section, Weekly, sections, shortened, titled, weekly
from letters.letter import Letter, Overdue, Written
from letters.wording import FOLDER, Wording, wording
from models.plan import Language

SUBJECT_LENGTH = 78
MOST_ROW_TITLE = 90
# Sections whose introduction says what follows, when there are several items.
SAID_ONCE = ("unacknowledged", "new")
# Sections that are about units, whichever their tasks.
BY_UNIT = ("silent", "late")
# Sections that are about what units have handed in.
BY_PART = ("review", "extension")


class _Entry(NamedTuple):
    title: str
    sentences: list[str]


class _Part(NamedTuple):
    heading: str
    intro: str
    entries: list[_Entry]
    more: str


class _Table(NamedTuple):
    heading: str
    columns: list[str]
    rows: list[list[str]]
    more: str


class Page(NamedTuple):
    """A letter in words, not yet laid out."""

    language: Language
    subject: str
    greeting: str
    on_behalf: str
    opening: str
    sections: list[_Part]
    table: _Table | None
    link: str
    address: str
    closing: str
    footer: str


# Only strings reach the layouts, and the HTML one escapes them all.
_LAYOUTS = ImmutableSandboxedEnvironment(
    loader=FileSystemLoader(FOLDER),
    autoescape=lambda name: name is not None and name.endswith(".html.j2"),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


def write(letter: Letter, words: Wording | None = None) -> Written:
    """A courteous letter about all its lines, most pressing first."""
    return laid_out(_page(letter, words or wording(Language.VIETNAMESE)))


def laid_out(page: Page) -> Written:
    return Written(
        subject=page.subject,
        text=_LAYOUTS.get_template("layout.txt.j2").render(page=page),
        html=_LAYOUTS.get_template("layout.html.j2").render(page=page),
    )


def _page(letter: Letter, words: Wording) -> Page:
    found = sections(letter.lines, day=letter.day)
    table = weekly(letter.overdue) if letter.overdue else None
    return Page(
        language=words.language,
        subject=_subject(letter, found, table, words),
        greeting=words.say("greeting", letter=letter),
        on_behalf=letter.on_behalf or "",
        opening=words.say("opening", letter=letter),
        sections=[_part(letter, section, words) for section in found],
        table=None if table is None else _table(letter, table, words),
        link=words.say("link", letter=letter),
        address=letter.link,
        closing=words.say("closing", letter=letter),
        footer=words.say("footer", letter=letter),
    )


def _subject(letter: Letter, found: list[Section], table: Weekly | None, words: Wording) -> str:
    """The most pressing first, and as much of the rest as a list of mails shows."""
    parts = [
        words.say(f"subject_{section.name}", letter=letter, section=section) for section in found
    ]
    if table is not None:
        parts.append(words.say("subject_weekly", letter=letter, weekly=table))
    subject = ""
    for number in range(1, len(parts) + 1):
        heads = "; ".join(parts[:number]) + ("; …" if number < len(parts) else "")
        longer = words.say("subject", letter=letter, heads=heads)
        if subject and len(longer) > SUBJECT_LENGTH:
            break
        subject = longer
    return subject


def _part(letter: Letter, section: Section, words: Wording) -> _Part:
    heading = words.say(f"heading_{section.name}", letter=letter, section=section)
    return _Part(
        heading=f"{heading} ({_number(section)})",
        intro=_intro(letter, section, words),
        entries=[_entry(letter, section, item, words) for item in section.items],
        more=words.say("more", letter=letter, section=section) if section.rest else "",
    )


def _number(section: Section) -> int:
    if section.name in BY_UNIT:
        return section.units
    return section.parts if section.name in BY_PART else section.number


def _intro(letter: Letter, section: Section, words: Wording) -> str:
    block = f"intro_{section.name}"
    return words.say(block, letter=letter, section=section) if block in words.blocks else ""


def _entry(letter: Letter, section: Section, item: Item, words: Wording) -> _Entry:
    units = words.say("units", letter=letter, section=section, item=item)

    def say(block: str) -> str:
        return words.say(block, letter=letter, section=section, item=item, units=units)

    title = item.title if item.codes == 1 else say("title_many")
    what = f"item_{item.kind.replace('-', '_')}"
    blocks = [what if what in words.blocks else "item_other", *_more(section, item)]
    return _Entry(title, [sentence for block in blocks if (sentence := say(block))])


def _more(section: Section, item: Item) -> Iterator[str]:
    if item.text:
        yield "said"
    if item.last_day is not None:
        yield "until"
        if item.phrase or item.rule:
            yield "basis"
    # Said once for the whole section, where it has an introduction for it.
    if item.next_day is not None and not (section.name in SAID_ONCE and section.number > 1):
        yield "next"


def _table(letter: Letter, table: Weekly, words: Wording) -> _Table:
    columns = ("unit", "task", "late", "contact", "call")
    more = words.say("weekly_more", letter=letter, weekly=table) if table.rest else ""
    heading = words.say("heading_weekly", letter=letter, weekly=table)
    return _Table(
        heading=f"{heading} ({len(table.parts) + table.rest})",
        columns=[words.say(f"column_{column}", letter=letter) for column in columns],
        rows=[_row(letter, part, words) for part in table.parts],
        more=more,
    )


def _row(letter: Letter, part: Overdue, words: Wording) -> list[str]:
    shown = part._replace(call=shortened(part.call, MOST_WORDS))
    said = [
        words.say(f"weekly_{column}", letter=letter, overdue=shown)
        for column in ("late", "contact", "call")
    ]
    return [part.unit_name, shortened(titled(part.code, part.title), MOST_ROW_TITLE), *said]
