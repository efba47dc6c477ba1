"""What a form lacks is said at its field before anything is recorded: a slip of the keyboard is no
event of the ledger."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from rules.decide_shared import Refusal
from web.language import gettext as _
from web.rule_words import worded


class Lacking(Exception):
    """A field that is missing or wrong: its name, and the sentence that says so."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def chosen_day(typed: Mapping[str, Any], name: str, otherwise: str = "") -> date:
    """Raises Lacking where no day was chosen."""
    try:
        return date.fromisoformat(str(typed.get(name, "")))
    except ValueError as error:
        sentence = otherwise or _("Ngày chưa đúng: hãy chọn một ngày trên lịch.")
        raise Lacking(name, sentence) from error


def allowed(field: str, rule: Callable[..., None], *facts: object) -> None:
    """Asks a rule of the engine about a field; raises Lacking where the engine would refuse it."""
    try:
        rule(*facts)
    except Refusal as refusal:
        raise Lacking(field, worded(str(refusal))) from refusal
