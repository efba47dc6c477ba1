"""Who a heading names for all that stands below it."""

import re

from intake.documents.blocks import fold
from intake.grammar.acts import begins_act
from intake.grammar.attributes import Rest
from intake.grammar.found import Context
from intake.grammar.numbering import Kind
from intake.grammar.outline import Item
from intake.grammar.performers import (
    IN_CHARGE,
    ROLE_WORDS,
    Performers,
    before_role,
    bracketed_performers,
    heading_performers,
    told_by_heading,
)
from intake.grammar.units import CHARGED, heading_units, may_be_unit, split_units, starts_unit
from intake.grammar.words import Role, heading_role

# "Tặng áo cho các hội (Hội A, Hội B)", "Các hộ chưa có nước": those the heading is about.
_SPOKEN_OF = re.compile(r"\b(?:các|những|cho|tại)\b[^.;,()]*$", re.IGNORECASE)
_STATE = re.compile(rf"\b(?:chưa|có|làm|được(?! {CHARGED})|bị|gây|ngừng)\b")
_ADDRESSED = re.compile(r"^(?:Đối với|Trách nhiệm của|Nhiệm vụ của)\s+")


def named_for_all(item: Item, context: Context) -> Performers:
    """Who a heading with numbered parts names, or says in brackets: "Việc ở xã (Hội A làm)"."""
    named = _named_by(item, context)
    return named if named.lead else bracketed_for_all(item.text, context)


def bracketed_for_all(text: str, context: Context) -> Performers:
    """In brackets a name without a word of its part may only be what the heading speaks of."""
    said = bracketed_performers(text)
    before, _, inside = text.rpartition("(")
    if ROLE_WORDS.search(inside) or IN_CHARGE.search(inside):
        return said
    if context.who.lead or _SPOKEN_OF.search(before):
        return Performers()
    return said._replace(doubted=said.lead)


def heading_only(item: Item, head: str, rest: Rest, context: Context) -> Performers:
    """Who a heading names, where it says nothing else."""
    told = told_by_heading(head)
    if told.lead:
        return told
    units = heading_units(head)
    if units:
        return Performers(units, (), "; ".join(units))
    if item.mark is not None and item.mark.kind < Kind.DASH and (rest.dashes or rest.paragraphs):
        return _named_by(item, context)
    return Performers()


def _named_by(item: Item, context: Context) -> Performers:
    """Where units are given their duties a heading of one or two words is a unit, whatever it is
    called, and so is one that begins like a unit and stands above nothing but acts."""
    named = heading_performers(item.text)
    if named.lead or context.role is not Role.ORGANISATION:
        return named
    bare = _ADDRESSED.sub("", fold(item.text)).rstrip(" :.")
    if heading_role(bare) is not None:
        return named
    if may_be_unit(bare):
        return Performers((bare,), (), bare, doubted=(bare,))
    if _stands_above_acts(item) and starts_unit(bare) and not _STATE.search(bare):
        units = split_units(before_role(bare))
        return Performers(units, (), bare, doubted=units)
    return named


def _stands_above_acts(item: Item) -> bool:
    ended = item.text.endswith((".", ";", ","))
    return bool(item.children) and not ended and all(begins_act(c.text) for c in item.children)
