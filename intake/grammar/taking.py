"""A part, a sentence or a row taken as a task or as a duty to report."""

import re
from collections.abc import Sequence
from dataclasses import replace

from intake.documents.blocks import fold
from intake.grammar.acts import begins_act
from intake.grammar.attributes import Attributes, joined
from intake.grammar.columns import layout
from intake.grammar.found import Context, Findings, Found, FoundReport, short
from intake.grammar.labels import labelled
from intake.grammar.letters import UPPER
from intake.grammar.numbering import Kind
from intake.grammar.outline import Item, join
from intake.grammar.performers import (
    Performers,
    agent_performers,
    bracketed_performers,
    charged_inside,
    cooperating_in,
    led_in_brackets,
    named_last,
    others_told,
    performers,
    sentence_performers,
    spoken_of,
    told_later,
)
from intake.grammar.reports import REPORTS, acts_first, is_report, only_reports, report
from intake.grammar.tables import continued, is_agenda, task_rows
from intake.grammar.units import (
    heading_units,
    is_unit,
    may_be_unit,
    split_units,
)
from intake.grammar.words import BARE_LIST, PLURAL, Role, heading_role, is_generic
from models.finding import Severity

# Parts where only what names somebody is a task: the rest is how the plan is carried out.
NEEDS_PERFORMER = {Role.ORGANISATION, Role.REPORT, None}
LONGEST_PLACE = 20
GIVEN_LATER = re.compile(
    rf"[.;:]\s+(?=(?:giao|đề nghị|yêu cầu|phân công)\s+(?-i:[{UPPER}]|các\b))", re.IGNORECASE
)
LEADING_PART = re.compile(r"^(?P<head>[^:]{2,200}?)\s*:\s+(?P<rest>\S.*)$")


def title(item: Item) -> str:
    return labelled(item.text).head.strip(" :") or item.text.strip(" :")


def take(
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
        if not is_unit(named["head"]):
            found.doubt(lines[0], named["head"])
        context = replace(context, who=Performers(units, (), "; ".join(units)))
        text = named["rest"]
    phrase = attributes.phrase or context.phrase
    timed = text
    if not stated.text:
        # Who first acts and then reports owes both.
        clauses = re.split(r"[;.]\s+", text)
        reporting = next((n for n, clause in enumerate(clauses) if REPORTS.search(clause)), 0)
        acts = [clause for clause in clauses[:reporting] if not is_generic(clause)]
        both = bool(acts) and begins_act(clauses[reporting])
        place = f"{code}.BC" if both else code
        due = replace(context, phrase=phrase)
        reported = take_report(place, text, item, due, found, lines)
        if reported and not both:
            return
        timed = "; ".join(acts) if reported else text
    who = stated
    if not who.lead:
        said = _said(text, context)
        cooperating = who.cooperating or said.cooperating
        who = Performers(said.lead, cooperating, who.text or said.text, said.doubted)
    needs = context.role in NEEDS_PERFORMER
    if is_generic(text) and not (stated.text or context.who.lead):
        return
    if needs and not (who.lead or who.cooperating):
        # A duty that lost its unit, or a word of how the plan is carried out.
        severity = Severity.WARNING if begins_act(text) else Severity.INFO
        passed = f"không thấy ai phải làm, không đưa vào nhiệm vụ: “{short(text)}”"
        found.note(lines[0], passed, severity)
        return
    within = (context.period, (), context.remark)
    task = Found(code, context.section, fold(text), who, phrase, lines, fold(timed), *within)
    found.tasks.append(task)
    for unit in spoken_of(text):
        if unit not in (*who.lead, *who.cooperating):
            about = f"“{short(unit)}” có nêu trong câu, không hiểu là bên thực hiện"
            found.note(lines[0], about)
    for unit in dict.fromkeys(who.doubted):
        if unit in who.lead:
            found.doubt(lines[0], unit)
        elif unit in who.cooperating:
            found.note(lines[0], f"“{short(unit)}” được giao một phần việc, hiểu là phối hợp")


def _is_named(head: str, rest: str, context: Context) -> bool:
    """Whether what stands before a colon is who acts."""
    if is_unit(head):
        return True
    where_units_stand = context.role is Role.ORGANISATION and not context.who.lead
    acts = begins_act(rest)
    return where_units_stand and acts and may_be_unit(head) and heading_role(head) is None


def _said(text: str, context: Context) -> Performers:
    """Who acts where no line says so: the unit of the heading, else the sentence itself."""
    if context.who.lead and not _names_another(text, context.who.lead):
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
    said = _told(text, context)
    if not said.lead:
        return said
    plainly, others = (*said.cooperating, *cooperating_in(text)), others_told(text)
    helping = (unit for unit in (*said.cooperating, *others, *plainly) if unit not in said.lead)
    return said._replace(
        cooperating=tuple(dict.fromkeys(helping)),
        doubted=(*said.doubted, *(unit for unit in others if unit not in plainly)),
    )


def _told(text: str, context: Context) -> Performers:
    """Whom a sentence tells to act, in the order of how plainly it does."""
    # "… . Giao Sở A chủ trì, phối hợp với Sở B …" is an assignment, whoever is spoken of before.
    for given in GIVEN_LATER.finditer(text):
        order = text[given.end() :]
        said = sentence_performers(order[:1].upper() + order[1:])
        if said.lead:
            return said
    told_by = (
        led_in_brackets,
        sentence_performers,
        charged_inside,
        bracketed_performers,
        named_last,
    )
    for told in told_by:
        said = told(text)
        if said.lead:
            return said
    # Where, a colon, and then who acts: "Ở địa phương: UBND cấp tỉnh tổ chức …".
    named = LEADING_PART.match(text)
    if named and len(named["head"].split()) <= LONGEST_PLACE:
        said = sentence_performers(named["rest"])
        if said.lead:
            return said
    agent = agent_performers(text) if context.role is Role.TASK else Performers()
    return agent if agent.lead else told_later(text)


def _names_another(text: str, heads: tuple[str, ...]) -> bool:
    """Whether a sentence below a unit's heading begins with another unit, by its whole name; below
    "Các sở, ngành" any name is one of them."""
    said = sentence_performers(text)
    name = said.lead[0] if said.lead else ""
    general = PLURAL.match(heads[0]) or heads[0][:1].islower()
    if general and name and not BARE_LIST.fullmatch(name):
        return True
    return (not name[1:].islower() and bool(name)) or PLURAL.match(name) is not None


def _folded(units: Sequence[str]) -> set[str]:
    return {unit.casefold() for unit in units}


def take_report(
    code: str,
    text: str,
    item: Item,
    context: Context,
    found: Findings,
    lines: tuple[int, int] | tuple[()],
) -> bool:
    """A duty to report stands apart from the tasks, unless it is one of many acts of a unit."""
    if context.role is Role.TASK or is_generic(text):
        return False
    expected = context.role is Role.REPORT
    sentence = next((s for s in _sentences(text) if is_report(s, expected=expected)), None)
    if sentence is None:
        return False
    if not expected and acts_first(text) and not code.endswith(".BC"):
        return False
    units = context.who.lead
    if units and not only_reports(text) and not expected:
        return False
    whole = text if len(_sentences(text)) == 1 else sentence
    own = report(whole)
    duty = own if own.reporters and only_reports(text) else report(whole, units)
    if not duty.to and (not duty.reporters or code.endswith(".BC")):
        return False
    place = lines or (item.lines[0], item.last_line)
    within = (context.period, context.remark)
    found.reports.append(FoundReport(code, duty, context.phrase, place, *within))
    return True


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in re.split(rf"(?<=[.])\s+(?=[{UPPER}])", text) if part.strip()]


# tables


def take_tables(item: Item, context: Context, found: Findings) -> None:
    for table in continued(item.tables):
        columns = layout(table)
        line = table.rows[0].lines[0]
        if columns is None or not columns.has_tasks:
            found.note(line, "bảng không có cột nhiệm vụ cùng cột người làm hoặc thời gian: bỏ qua")
            continue
        if is_agenda(table, columns):
            found.note(line, "bảng là chương trình theo giờ, không phải nhiệm vụ: bỏ qua")
            continue
        heading, above = heading_units(item.text), context.timed_by(item.text)
        for row in task_rows(table, columns):
            code = join(_row_labels(item, row.labels))
            who = _who(row.lead, row.cooperating, row.performers)
            if not who.lead and (heading or context.who.lead):
                lead = heading or context.who.lead
                who = Performers(lead, who.cooperating, who.text or "; ".join(lead))
            if columns.begins_with_who and not who.cooperating:
                who = who._replace(cooperating=cooperating_in(row.text))
            section = row.section or (title(item) if item.text else context.section)
            phrase = row.timing or ("" if above.period else context.phrase)
            within = (above.period, row.notes, above.remark)
            task = Found(code, section, row.text, who, phrase, row.lines, row.text, *within)
            found.tasks.append(task)


def _row_labels(item: Item, labels: tuple[str, ...]) -> tuple[str, ...]:
    """A row "2.1" below "2." already says both."""
    above = item.labels
    numbered = item.mark is not None and item.mark.kind is Kind.NUMBER
    again = numbered and len(labels) > 1 and labels[0] == above[-1]
    return (*above[:-1], *labels) if again else (*above, *labels)


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
