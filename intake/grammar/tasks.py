"""The tasks, reports and targets of a document's parts, each with the lines it stands in."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from intake.documents.blocks import fold
from intake.grammar.attributes import (
    NOBODY,
    Attributes,
    Rest,
    attributes_of,
    bare,
    details,
    full_text,
    joined,
    own_text,
    runs_of,
)
from intake.grammar.labels import Label, labelled
from intake.grammar.numbering import Kind
from intake.grammar.outline import Item, join
from intake.grammar.reports import REPORTS, Report, is_report, report
from intake.grammar.tables import continued, is_agenda, layout, task_rows
from intake.grammar.targets import Aim, aims
from intake.grammar.timings import heading_phrase
from intake.grammar.units import (
    Performers,
    bracketed_performers,
    cooperating_in,
    heading_performers,
    heading_units,
    is_unit,
    may_be_unit,
    performers,
    sentence_performers,
    split_units,
    subject,
)
from intake.grammar.words import ACT, GENERIC, Role, heading_role, is_capitals
from models.finding import Severity
from models.imported import LineFinding

SKIPPED = {Role.PURPOSE, Role.EVENT, Role.BUDGET}
# Parts where only what names somebody is a task: the rest is how the plan is carried out.
NEEDS_PERFORMER = {Role.ORGANISATION, Role.REPORT, None}
SENTENCE_END = (".", ";", "./.", ",")
LEADING_PART = re.compile(r"^(?P<head>[^:]{2,200}?)\s*:\s+(?P<rest>\S.*)$")
MINOR_HEADING_WORDS = 14


@dataclass(frozen=True)
class Found:
    """A task as it stands in the document. `phrase` is a timing that was stated apart from it,
    `timed` the part of its text in which one is looked for."""

    code: str
    section: str
    text: str
    who: Performers
    phrase: str
    lines: tuple[int, int]
    timed: str


@dataclass(frozen=True)
class FoundReport:
    code: str
    report: Report
    phrase: str
    lines: tuple[int, int]


@dataclass(frozen=True)
class Context:
    """What holds for everything below a heading."""

    role: Role | None = None
    section: str = ""
    who: Performers = NOBODY
    phrase: str = ""
    depth: int = 0


@dataclass
class Findings:
    tasks: list[Found] = field(default_factory=list)
    reports: list[FoundReport] = field(default_factory=list)
    aims: list[Aim] = field(default_factory=list)
    findings: list[LineFinding] = field(default_factory=list)

    def note(self, line: int, message: str, severity: Severity = Severity.INFO) -> None:
        self.findings.append(LineFinding(line=line, severity=severity, message=message))


def read_part(root: Item) -> Findings:
    found = Findings()
    _walk(root, Context(), found)
    return found


def _walk(item: Item, context: Context, found: Findings) -> None:
    own = heading_role(item.text) if _heads(item) and not _names_unit(item.text) else None
    if own is not None and (context.role is None or context.depth <= 2 or own in SKIPPED):
        context = replace(context, role=own)
    context = replace(context, depth=context.depth + 1)
    if context.role in SKIPPED:
        _skip(item, context, found)
        return
    if context.role is Role.TARGET:
        found.aims += aims(item)
        return
    _tables(item, context, found)
    attributes, rest = attributes_of(item)
    if rest.marked:
        _heading(item, rest, attributes, context, found)
    else:
        _leaf(item, rest, attributes, context, found)


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


def _skip(item: Item, context: Context, found: Findings) -> None:
    """Purposes, programmes and budgets hold no tasks; a part inside that announces some does."""
    for child in item.marked:
        role = heading_role(child.text) if _heads(child) else None
        if role is not None and role not in SKIPPED:
            _walk(child, replace(context, role=None, depth=context.depth), found)
        else:
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
    named = _named_by(item, context)
    who = attributes.who if attributes.who.text else named if named.lead else context.who
    within = replace(
        context,
        section=_title(item) if item.text else context.section,
        who=who,
        phrase=attributes.phrase or heading_phrase(item.text) or context.phrase,
    )
    for child in rest.marked:
        _walk(child, within, found)
    _loose(item, rest, within, found)


def _named_by(item: Item, context: Context) -> Performers:
    """Who a heading names. Where units are given their duties a heading of one or two words is a
    unit, whatever it is called."""
    named = heading_performers(item.text)
    if named.lead or context.role is not Role.ORGANISATION:
        return named
    if may_be_unit(item.text) and heading_role(item.text) is None:
        return Performers((fold(item.text).rstrip(" :."),), (), fold(item.text).rstrip(" :."))
    return named


def _title(item: Item) -> str:
    return labelled(item.text).head.strip(" :") or item.text.strip(" :")


def _loose(item: Item, rest: Rest, context: Context, found: Findings) -> None:
    """Sentences beside numbered parts: introductions mostly, duties where they address somebody."""
    for n, child in enumerate([*rest.paragraphs, *rest.dashes], start=1):
        text = full_text(child)
        if text.endswith(":") or GENERIC.search(text):
            continue
        if _take_report(f"{item.code}.p{n}".lstrip("."), text, child, context, found, ()):
            continue
        said = sentence_performers(text)
        if said.lead and context.role in {Role.ORGANISATION, Role.TASK}:
            _take(f"{item.code}.p{n}".lstrip("."), text, child, replace(context, who=said), found)
        elif said.lead:
            found.note(
                child.lines[0], f"đoạn không đánh số, không đưa vào nhiệm vụ: “{_short(text)}”"
            )


# the smallest parts


def _leaf(
    item: Item, rest: Rest, attributes: Attributes, context: Context, found: Findings
) -> None:
    head = own_text(item)
    if item.parent is None and not head:
        _loose_root(rest, context, found)
        return
    named = _heading_only(item, head, rest, context)
    if named.lead and not attributes.who.text:
        _under_unit(item, rest, attributes, replace(context, who=named), found)
        return
    runs = runs_of(item)
    if runs:
        _run_tasks(item, runs, replace(context, section=_title(item)), found)
        return
    if _only_heads(item, rest, context):
        within = replace(
            context,
            section=_title(item) if head else context.section,
            phrase=attributes.phrase or heading_phrase(head) or context.phrase,
            who=attributes.who if attributes.who.text else context.who,
        )
        _children_as_tasks(item, rest, within, found)
        return
    if not head:
        return
    if item.tables and not rest.dashes and not rest.paragraphs and not attributes.any:
        return  # a heading of its tables
    text = fold(" ".join([head, *(full_text(child) for child in details(rest))]))
    lines = (item.lines[0], max(item.last_line, attributes.last))
    code = item.code
    _take(code, text, item, context, found, attributes=attributes, lines=lines)


def _heading_only(item: Item, head: str, rest: Rest, context: Context) -> Performers:
    units = heading_units(head)
    if units:
        return Performers(units, (), "; ".join(units))
    if item.mark is not None and item.mark.kind < Kind.DASH and (rest.dashes or rest.paragraphs):
        return _named_by(item, context)
    return Performers()


def _only_heads(item: Item, rest: Rest, context: Context) -> bool:
    """Whether an item is a title over dashes or paragraphs that are tasks of their own."""
    below = [*rest.dashes, *rest.paragraphs]
    if not below:
        return False
    if not item.text or item.heading or is_capitals(item.text):
        return True
    own = [child for child in below if _acts(child)]
    if len(own) > 1 and len(own) >= len(below) / 2:
        return True
    short = len(item.text.split()) <= MINOR_HEADING_WORDS and not item.text.endswith(SENTENCE_END)
    if item.text.endswith(":"):
        short = short or subject(item.text) is None
    if heading_phrase(item.text):
        return True
    titled = item.mark is not None and item.mark.kind <= Kind.NUMBER and short
    return bool(titled and (rest.dashes or context.role in {Role.ORGANISATION, Role.REPORT}))


def _acts(child: Item) -> bool:
    """Whether a dash says for itself who is to act."""
    said = labelled(child.text)
    who = {Label.LEAD, Label.PERFORMERS}
    if any(part.label in who for part in said.parts):
        return True
    if any(labelled(below.text).parts for below in child.children):
        return True
    named = subject(child.text)
    return named is not None and bool(named.units)


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
        _take(item.code, bare(only), only, within, found, lines=lines)
        return
    if not dashes and not paragraphs:
        if context.role is not None and not item.tables:
            found.note(item.lines[0], f"chỉ có tên đơn vị, không có việc: “{_short(item.text)}”")
        return
    _each(item, dashes, paragraphs, within, found)


def _children_as_tasks(item: Item, rest: Rest, context: Context, found: Findings) -> None:
    paragraphs = [
        child
        for child in rest.paragraphs
        if not child.text.endswith(":") and not GENERIC.search(child.text)
    ]
    if not rest.dashes and len(paragraphs) == 1:
        only = paragraphs[0]
        lines = (item.lines[0], item.last_line)
        _take(item.code or "p1", bare(only), only, context, found, lines=lines)
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
        _take(code, text, dash, within, found, attributes=attributes, lines=lines)
    for n, paragraph in enumerate(paragraphs, start=1):
        code = f"{item.code}.p{n}".lstrip(".")
        attributes, _ = attributes_of(paragraph)
        _take(code, bare(paragraph), paragraph, context, found, attributes=attributes)


def _run_tasks(
    item: Item, runs: Sequence[tuple[list[Item], Attributes]], context: Context, found: Findings
) -> None:
    dashed = all(run[0].mark is not None for run, _ in runs)
    for n, (run, said) in enumerate(runs, start=1):
        text = fold(" ".join(bare(child) for child in run))
        lines = (run[0].lines[0], max(run[-1].last_line, said.last))
        code = f"{item.code}.{n}" if dashed else f"{item.code}.p{n}"
        _take(code.lstrip("."), text, run[0], context, found, attributes=said, lines=lines)


def _loose_root(rest: Rest, context: Context, found: Findings) -> None:
    for n, child in enumerate(details(rest), start=1):
        text = bare(child)
        if GENERIC.search(text) or text.endswith(":"):
            continue
        said = sentence_performers(text)
        if _take_report(f"p{n}", text, child, context, found, ()):
            continue
        if said.lead:
            _take(f"p{n}", text, child, replace(context, who=said), found)


# taking


def _take(
    code: str,
    text: str,
    item: Item,
    context: Context,
    found: Findings,
    *,
    attributes: Attributes | None = None,
    lines: tuple[int, int] | None = None,
) -> None:
    """A task where the part holds tasks, or where somebody is named; a report where one is due."""
    attributes = attributes or Attributes()
    lines = lines or (item.lines[0], item.last_line)
    stated = attributes.who
    named = LEADING_PART.match(text)
    if not stated.text and named and _is_named(named["head"], named["rest"], context):
        units = heading_units(named["head"]) or (fold(named["head"]),)
        context = replace(context, who=Performers(units, (), "; ".join(units)))
        text = named["rest"]
    phrase = attributes.phrase or context.phrase
    timed = text
    if not stated.text:
        # Who first acts and then reports owes both.
        clauses = re.split(r"[;.]\s+", text)
        reporting = next((n for n, clause in enumerate(clauses) if REPORTS.search(clause)), 0)
        acts = [clause for clause in clauses[:reporting] if not GENERIC.search(clause)]
        both = bool(acts) and ACT.match(clauses[reporting].lower()) is not None
        place = f"{code}.BC" if both else code
        reported = _take_report(place, text, item, replace(context, phrase=phrase), found, lines)
        if reported and not both:
            return
        timed = "; ".join(acts) if reported else text
    who = stated
    if not who.lead:
        said = _said(text, context)
        who = Performers(said.lead, who.cooperating or said.cooperating, who.text or said.text)
    needs = context.role in NEEDS_PERFORMER
    if GENERIC.search(text) and not (stated.text or context.who.lead):
        return
    if needs and not (who.lead or who.cooperating):
        found.note(lines[0], f"không thấy ai phải làm, không đưa vào nhiệm vụ: “{_short(text)}”")
        return
    found.tasks.append(Found(code, context.section, fold(text), who, phrase, lines, fold(timed)))


def _is_named(head: str, rest: str, context: Context) -> bool:
    """Whether what stands before a colon is who acts."""
    if is_unit(head):
        return True
    where_units_stand = context.role is Role.ORGANISATION and not context.who.lead
    acts = ACT.match(rest[:1].lower() + rest[1:]) is not None
    return where_units_stand and acts and may_be_unit(head) and heading_role(head) is None


def _said(text: str, context: Context) -> Performers:
    """Who acts where no line says so: the unit of the heading, else the sentence itself."""
    if context.who.lead:
        own = tuple(
            unit
            for unit in cooperating_in(text)
            if unit.casefold() not in _folded(context.who.lead)
        )
        return Performers(
            context.who.lead,
            tuple(dict.fromkeys((*context.who.cooperating, *own))),
            context.who.text,
        )
    said = sentence_performers(text)
    if said.lead:
        return said
    said = bracketed_performers(text)
    if said.lead:
        return said
    # "… . Giao Sở A chủ trì, phối hợp với Sở B …" at the end of a sentence.
    for given in re.finditer(r"(?:^|[.;:]\s+)(?=Giao\s|Đề nghị\s|Yêu cầu\s|Phân công\s)", text):
        said = sentence_performers(text[given.end() :])
        if said.lead:
            return said
    return Performers((), (), "")


def _folded(units: Sequence[str]) -> set[str]:
    return {unit.casefold() for unit in units}


def _take_report(
    code: str,
    text: str,
    item: Item,
    context: Context,
    found: Findings,
    lines: tuple[int, int] | tuple[()],
) -> bool:
    """A duty to report stands apart from the tasks, unless it is one of many acts of a unit."""
    if context.role is Role.TASK or GENERIC.search(text):
        return False
    expected = context.role is Role.REPORT
    sentence = next((s for s in _sentences(text) if is_report(s, expected=expected)), None)
    if sentence is None:
        return False
    units = context.who.lead
    only_reports = re.match(
        r"^\W*(?:tổng hợp,?\s*)?(?:định kỳ[^.;]{0,40})?báo cáo", text, re.IGNORECASE
    )
    if units and not only_reports and not expected:
        return False
    whole = text if len(_sentences(text)) == 1 else sentence
    duty = report(whole, units)
    if not duty.to and (not duty.reporters or code.endswith(".BC")):
        return False
    place = lines or (item.lines[0], item.last_line)
    found.reports.append(FoundReport(code, duty, context.phrase, place))
    return True


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"(?<=[.])\s+(?=[A-ZĐÀ-Ỹ])", text) if part.strip()]


# tables


def _tables(item: Item, context: Context, found: Findings) -> None:
    for table in continued(item.tables):
        columns = layout(table)
        line = table.rows[0].lines[0]
        if columns is None or not columns.has_tasks:
            found.note(line, "bảng không có cột nhiệm vụ cùng cột người làm hoặc thời gian: bỏ qua")
            continue
        if is_agenda(table, columns):
            found.note(line, "bảng là chương trình theo giờ, không phải nhiệm vụ: bỏ qua")
            continue
        heading = heading_units(item.text)
        for row in task_rows(table, columns):
            code = join((*item.labels, *row.labels))
            who = _who(row.lead, row.cooperating, row.performers)
            if not who.lead and (heading or context.who.lead):
                lead = heading or context.who.lead
                who = Performers(lead, who.cooperating, who.text or "; ".join(lead))
            section = row.section or (_title(item) if item.text else context.section)
            phrase = row.timing or heading_phrase(item.text) or context.phrase
            found.tasks.append(Found(code, section, row.text, who, phrase, row.lines, row.text))


def _who(lead: str, cooperating: str, both: str) -> Performers:
    who = performers(both) if both.strip() else Performers()
    if lead.strip():
        read = performers(lead)
        who = joined(Performers(read.lead, read.cooperating, read.text), who)
    if cooperating.strip():
        units = split_units(
            re.sub(r"^\s*phối hợp(?: với)?:?\s*", "", cooperating, flags=re.IGNORECASE)
        )
        who = joined(who, Performers((), units, fold(cooperating)))
    return who


def _short(text: str) -> str:
    return text if len(text) <= 90 else text[:89].rstrip() + "…"


def distinct(tasks: Sequence[Found]) -> Iterator[tuple[Found, str | None]]:
    """Every task with a code of its own; the second of a kind says what it was printed as."""
    taken: set[str] = set()
    for task in tasks:
        code = task.code or "p1"
        n = 1
        while code in taken:
            n += 1
            code = f"{task.code or 'p1'}-{n}"
        taken.add(code)
        yield replace(task, code=code), None if code == task.code else task.code
