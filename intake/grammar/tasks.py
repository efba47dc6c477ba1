"""The tasks, reports and targets of a document's parts, each with the lines it stands in."""

import re
from collections.abc import Sequence
from dataclasses import replace

from intake.documents.blocks import fold
from intake.grammar.acts import begins_act
from intake.grammar.attributes import (
    Attributes,
    Rest,
    attributes_of,
    bare,
    details,
    full_text,
    group_attributes,
    own_text,
    runs_of,
)
from intake.grammar.columns import layout
from intake.grammar.found import Context, Findings, short
from intake.grammar.heads import bracketed_for_all, heading_only, named_for_all
from intake.grammar.labels import Label, labelled
from intake.grammar.numbering import Kind
from intake.grammar.outline import Item
from intake.grammar.performers import (
    Performers,
    bracketed_performers,
    charged_inside,
    others_told,
    sentence_performers,
)
from intake.grammar.periods import heading_phrase, heading_width
from intake.grammar.tables import continued, is_agenda
from intake.grammar.taking import LEADING_PART, take, take_report, take_tables, title
from intake.grammar.targets import aims
from intake.grammar.timings import names_a_deadline
from intake.grammar.units import (
    NO_NAME,
    heading_units,
    is_unit,
    subject,
)
from intake.grammar.unread import name_unread
from intake.grammar.words import LEADS, Role, heading_role, is_capitals, is_generic
from models.finding import Severity

NAMES_TASKS = re.compile(r"\b(?:nhiệm vụ|giải pháp|công việc|hoạt động|nội dung)\b", re.IGNORECASE)
SKIPPED = {Role.PURPOSE, Role.EVENT, Role.BUDGET}
PAST = re.compile(r"(?:cơ bản )?đã\b")
SENTENCE_END = (".", ";", "./.", ",")
# Below what is to be done, a sentence that says who does it.
GIVEN_TO_LEAD = re.compile(r"^(?:Giao|Phân công|Đề nghị)\s[^.;]{3,160}\schủ trì\b")
MINOR_HEADING_WORDS = 14
LONGEST_PERIOD = 6


def read_part(root: Item) -> Findings:
    found = Findings()
    _walk(root, Context(), found)
    name_unread(root, found)
    return found


def _walk(item: Item, context: Context, found: Findings) -> None:
    own = heading_role(item.text) if _heads(item) and not _names_unit(item.text) else None
    if context.role is None and _heads_a_period(item):
        own = Role.TASK
    if own is not None and (context.role is None or context.depth <= 2 or own in SKIPPED):
        context = replace(context, role=own)
    context = replace(context, depth=context.depth + 1)
    if context.role in SKIPPED:
        found.note(item.lines[0], f"phần không giao việc, không lấy nhiệm vụ: “{short(item.text)}”")
        _skip(item, context, found)
        return
    if context.role is Role.TARGET:
        found.aims += aims(item)
        return
    take_tables(item, context, found)
    attributes, rest = attributes_of(item)
    if rest.marked:
        _heading(item, rest, attributes, context, found)
    else:
        _leaf(item, rest, attributes, context, found)


def _heads_a_period(item: Item) -> bool:
    """ "QUÝ I", "II. THÁNG 3", "IV. THƯỜNG XUYÊN": what stands below is what is done then."""
    if item.heading:
        return heading_width(item.text) is not None
    short = len(item.text.split()) <= LONGEST_PERIOD
    return bool(item.mark and item.children and short and heading_phrase(item.text))


def _heads(item: Item) -> bool:
    """Whether an item's own words announce what is below it."""
    if item.mark is None and not item.heading:
        return False
    return (
        bool(item.children or item.tables)
        or is_capitals(item.text.partition(":")[0])
        or (heading_role(item.text) in SKIPPED)
    )


def _names_unit(text: str) -> bool:
    return is_unit(text.partition(":")[0])


def _ask_of_duty(item: Item, found: Findings) -> None:
    """Who is told to lead something, or to have it done by a day, is told so in whatever part."""
    named = subject(item.text)
    if named is None or not named.units or PAST.match(named.rest):
        return
    what = "chủ trì" if LEADS.search(item.text) else "và thời hạn"
    if what == "chủ trì" or names_a_deadline(item.text):
        said = f"có đơn vị {what}, nhưng nằm trong phần không giao việc: “{short(item.text)}”"
        found.note(item.lines[0], f"{said}; cần xem lại", Severity.WARNING)


def _skip(item: Item, context: Context, found: Findings) -> None:
    """Purposes, programmes and budgets hold no tasks; a part inside that announces some does."""
    found.passed.append(item.lines)
    for child in [*item.dashes, *item.paragraphs]:
        found.passed.append((child.lines[0], child.last_line))
        _ask_of_duty(child, found)
    for child in item.marked:
        role = heading_role(child.text) if _heads(child) else None
        if role is not None and role not in SKIPPED:
            _walk(child, replace(context, role=None, depth=context.depth), found)
        else:
            _ask_of_duty(child, found)
            _skip(child, context, found)
    for table in continued(item.tables):
        columns = layout(table)
        if columns is not None and columns.has_tasks and not is_agenda(table, columns):
            lines = table.rows[0].lines[0]
            found.note(lines, "bảng nằm trong phần không giao nhiệm vụ: không đưa vào kế hoạch")


# headings


def _heading(
    item: Item, rest: Rest, attributes: Attributes, context: Context, found: Findings
) -> None:
    """An item with numbered parts: what it says holds for each of them."""
    named = named_for_all(item, context)
    who = attributes.who if attributes.who.text else named if named.lead else context.who
    for unit in named.doubted if who is named else ():
        found.doubt(item.lines[0], unit)
    within = replace(
        context.timed_by(item.text),
        section=title(item) if item.text else context.section,
        who=who,
        phrase=attributes.phrase or context.phrase,
    )
    group = Attributes() if who.text else group_attributes(rest.marked)
    if group.who.text:
        within = replace(within, who=group.who, phrase=group.phrase or within.phrase)
        found.note(
            item.lines[0],
            f"“{short(group.who.text)}” đứng sau điểm cuối, hiểu là cho mọi điểm của mục này",
        )
    for child in rest.marked:
        _walk(child, within, found)
    _loose(item, rest, within, found)


def _loose(item: Item, rest: Rest, context: Context, found: Findings) -> None:
    """Sentences beside numbered parts: introductions mostly, duties where they address somebody."""
    for n, child in enumerate([*rest.paragraphs, *rest.dashes], start=1):
        text = full_text(child)
        if text.endswith(":") or is_generic(text):
            continue
        if take_report(f"{item.code}.p{n}".lstrip("."), text, child, context, found, ()):
            continue
        said = sentence_performers(text)
        if said.lead and context.role in {Role.ORGANISATION, Role.TASK}:
            take(f"{item.code}.p{n}".lstrip("."), text, child, replace(context, who=said), found)
        elif said.lead:
            found.note(
                child.lines[0], f"đoạn không đánh số, không đưa vào nhiệm vụ: “{short(text)}”"
            )


# the smallest parts


def _leaf(
    item: Item, rest: Rest, attributes: Attributes, context: Context, found: Findings
) -> None:
    head = own_text(item)
    if item.parent is None and not head:
        _loose_root(rest, context, found)
        return
    named = heading_only(item, head, rest, context)
    if named.lead and not attributes.who.text and not _is_sentence(head, item):
        for unit in named.doubted:
            found.doubt(item.lines[0], unit)
        _under_unit(item, rest, attributes, replace(context, who=named), found)
        return
    runs = runs_of(item)
    if runs:
        _run_tasks(item, runs, replace(context, section=title(item)), found)
        return
    if _only_heads(item, rest, context):
        _titled(item, rest, attributes, context, found)
        return
    if not head:
        return
    if item.tables and not attributes.any and (heading_role(head) or not details(rest)):
        _loose(item, rest, context, found)
        return  # a heading of its tables
    text = fold(" ".join([head, *(full_text(child) for child in details(rest))]))
    lines = (item.lines[0], max(item.last_line, attributes.last))
    code = item.code
    if not attributes.who.text and subject(head) is None:
        given = next(
            (child.text for child in rest.paragraphs if GIVEN_TO_LEAD.match(child.text)), ""
        )
        said = sentence_performers(given)
        if not said.lead and not context.who.lead and rest.paragraphs:
            said = _with_others(rest.paragraphs[0].text)
        attributes = replace(attributes, who=said)
    take(code, text, item, context, found, attributes=attributes, lines=lines)


def _titled(
    item: Item, rest: Rest, attributes: Attributes, context: Context, found: Findings
) -> None:
    """A title over dashes or paragraphs: what it says holds for each of them."""
    head, who = own_text(item), attributes.who
    if not who.text:
        bracketed = bracketed_for_all(head, context)
        for unit in bracketed.doubted:
            found.doubt(item.lines[0], unit)
        who = bracketed if bracketed.lead else context.who
    within = replace(
        context.timed_by(head),
        section=title(item) if head else context.section,
        phrase=attributes.phrase or context.phrase,
        who=who,
    )
    _children_as_tasks(item, rest, within, found)


def _with_others(text: str) -> Performers:
    """Who acts by a sentence, and whom it tells the rest."""
    said = sentence_performers(text)
    others = (*said.cooperating, *others_told(text)) if said.lead else ()
    return said._replace(cooperating=tuple(unit for unit in others if unit not in said.lead))


def _is_sentence(head: str, item: Item) -> bool:
    """Whether what looks like a name goes on with what is done, in words no list has: it stands
    alone and ends like a sentence."""
    alone = not (item.children or item.tables)
    return alone and head.endswith(SENTENCE_END) and subject(head) is not None


def _only_heads(item: Item, rest: Rest, context: Context) -> bool:
    """Whether an item is a title over dashes or paragraphs that are tasks of their own."""
    below = [*rest.dashes, *rest.paragraphs]
    if not below:
        return False
    if not item.text or item.heading or is_capitals(item.text):
        return True
    own = [child for child in below if _acts(child)]
    named = item.mark is not None and not begins_act(item.text) and subject(item.text) is None
    if len(own) > 1 and (len(own) >= len(below) / 2 or (named and _is_short(item))):
        return True
    short = _is_short(item)
    if item.text.endswith(":"):
        short = short or subject(item.text) is None
    if heading_phrase(item.text):
        return True
    titled = item.mark is not None and item.mark.kind <= Kind.NUMBER and short
    if titled and own and (context.role is None or NO_NAME.match(item.text)):
        return True  # "3. Về giải ngân", and below it who is to do what
    return bool(titled and (rest.dashes or context.role in {Role.ORGANISATION, Role.REPORT}))


def _is_short(item: Item) -> bool:
    return len(item.text.split()) <= MINOR_HEADING_WORDS and not item.text.endswith(SENTENCE_END)


def _acts(child: Item) -> bool:
    """Whether a dash says for itself who is to act."""
    said = labelled(child.text)
    who = {Label.LEAD, Label.PERFORMERS}
    if any(part.label in who for part in said.parts):
        return True
    if any(labelled(below.text).parts for below in child.children):
        return True
    named = subject(child.text)
    return bool(named.units) if named is not None else bool(charged_inside(child.text).lead)


def _asks(child: Item) -> bool:
    """Whether a part says that something is to be done, or who does it: names of events do not."""
    if _acts(child) or bracketed_performers(child.text).lead:
        return True
    head, _, rest = child.text.partition(": ")
    return begins_act(head) or begins_act(rest)


def _under_unit(
    item: Item, rest: Rest, attributes: Attributes, context: Context, found: Findings
) -> None:
    """The duties of the unit that is the heading: each dash, or the paragraph below it."""
    dashes = list(rest.dashes)
    paragraphs = [child for child in rest.paragraphs if not (dashes and child.text.endswith(":"))]
    within = replace(context, phrase=attributes.phrase or context.phrase)
    if not dashes and len(paragraphs) == 1:
        only = paragraphs[0]
        lines = (item.lines[0], item.last_line)
        take(item.code, bare(only), only, within, found, lines=lines)
        return
    if not dashes and not paragraphs:
        if context.role is not None and not item.tables:
            found.note(item.lines[0], f"chỉ có tên đơn vị, không có việc: “{short(item.text)}”")
        return
    _each(item, dashes, paragraphs, within, found)


def _children_as_tasks(item: Item, rest: Rest, context: Context, found: Findings) -> None:
    paragraphs = [
        child
        for child in rest.paragraphs
        if not child.text.endswith(":") and not is_generic(child.text)
    ]
    below = [*rest.dashes, *paragraphs]
    events = context.role is Role.TASK and not NAMES_TASKS.search(item.text)
    if len(below) > 1 and events and item.text and not any(map(_asks, below)):
        for child in below:
            found.note(child.lines[0], f"chỉ có tên gọi, không có việc: “{short(child.text)}”")
        return
    if not rest.dashes and len(paragraphs) == 1:
        only = paragraphs[0]
        lines = (item.lines[0], item.last_line)
        take(item.code or "p1", bare(only), only, context, found, lines=lines)
        return
    _each(item, rest.dashes, paragraphs, context, found)


def _each(
    item: Item,
    dashes: Sequence[Item],
    paragraphs: Sequence[Item],
    context: Context,
    found: Findings,
) -> None:
    """Dashes count from .1, paragraphs from .p1."""
    for n, dash in enumerate(dashes, start=1):
        attributes, below = attributes_of(dash)
        named = LEADING_PART.match(dash.text)
        within = context
        if named and is_unit(named["head"]):
            units = heading_units(named["head"])
            within = replace(context, who=Performers(units, (), "; ".join(units)))
        text = fold(" ".join([own_text(dash), *(full_text(child) for child in details(below))]))
        code = f"{item.code}.{n}" if item.code else f"{n}"
        lines = (dash.lines[0], dash.last_line)
        take(code, text, dash, within, found, attributes=attributes, lines=lines)
    for n, paragraph in enumerate(paragraphs, start=1):
        code = f"{item.code}.p{n}".lstrip(".")
        attributes, _ = attributes_of(paragraph)
        take(code, bare(paragraph), paragraph, context, found, attributes=attributes)


def _run_tasks(
    item: Item, runs: Sequence[tuple[list[Item], Attributes]], context: Context, found: Findings
) -> None:
    dashed = all(run[0].mark is not None for run, _ in runs)
    for n, (run, said) in enumerate(runs, start=1):
        text = fold(" ".join(bare(child) for child in run))
        lines = (run[0].lines[0], max(run[-1].last_line, said.last))
        code = f"{item.code}.{n}" if dashed else f"{item.code}.p{n}"
        take(code.lstrip("."), text, run[0], context, found, attributes=said, lines=lines)


def _loose_root(rest: Rest, context: Context, found: Findings) -> None:
    for n, child in enumerate(details(rest), start=1):
        text = bare(child)
        if is_generic(text) or text.endswith(":"):
            continue
        said = sentence_performers(text)
        if take_report(f"p{n}", text, child, context, found, ()):
            continue
        if said.lead:
            take(f"p{n}", text, child, replace(context, who=said), found)
