"""The sentences of letters: ours in two languages, and what a plan puts in their place.

A plan's wording is written by officers and may come from anywhere, so it is a language without
loops, calls or assignments: what it takes to render is bounded by its size. Values are never
templates.
"""

import traceback
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined
from jinja2.runtime import BlockReference, Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from letters.grouping import Item, Section, Weekly
from letters.letter import Letter, Overdue
from models.plan import Language
from rules.wording import dmy, dmy_weekday

WORDS = "words.j2"
SHOWN = (Letter, Section, Item, Overdue, Weekly)
FOLDER = Path(__file__).parent

Block = Callable[[Context], Any]


class Sandbox(ImmutableSandboxedEnvironment):
    """Knows the fields of what it shows, its own filters and `super()`; nothing else."""

    def __init__(self, language: Language) -> None:
        super().__init__(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
        self.globals.clear()
        self.filters = dict(_FILTERS[language])
        self.tests = {}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ARG002
        return isinstance(obj, SHOWN) and attr in obj._fields

    def is_safe_callable(self, obj: Any) -> bool:
        return isinstance(obj, BlockReference)


class Wording:
    """The blocks of one language, those of a plan before our own."""

    def __init__(self, language: Language, plans_own: str = "") -> None:
        self.language = language
        self._environment = Sandbox(language)
        self._plans_own = self._environment.from_string(plans_own)
        ours = self._environment.from_string(our_words(language))
        self._blocks: dict[str, list[Block]] = {}
        for template in (self._plans_own, ours):
            for name, block in template.blocks.items():
                self._blocks.setdefault(name, []).append(block)

    @property
    def blocks(self) -> frozenset[str]:
        return frozenset(self._blocks)

    def say(self, block: str, **values: object) -> str:
        """A block's sentence, on one line. Raises jinja2.TemplateError."""
        context = Context(self._environment, dict(values), None, {})
        context.blocks = self._blocks
        return " ".join("".join(self._blocks[block][0](context)).split())

    def line_of(self, error: BaseException) -> int:
        """The line of the plan's own words that an error came from; 1 where it is none of them."""
        lines = [1]
        own = {id(block.__globals__) for block in self._plans_own.blocks.values()}
        for frame, line in traceback.walk_tb(error.__traceback__):
            if id(frame.f_globals) in own:
                lines.append(self._plans_own.get_corresponding_lineno(line))
        return lines[-1]


@lru_cache(maxsize=64)
def wording(language: Language, plans_own: str = "") -> Wording:
    return Wording(language, plans_own)


def of_plan(language: Language, letters: Mapping[str, str]) -> Wording:
    """The wording of a plan that keeps its own as `vi/words.j2`, `en/words.j2`."""
    return wording(language, letters.get(f"{language}/{WORDS}", ""))


@lru_cache
def our_words(language: Language) -> str:
    return (FOLDER / language / WORDS).read_text(encoding="utf-8")


def _english(day: date) -> str:
    return f"{_english_dm(day)} {day.year}"


def _english_dm(day: date) -> str:
    return f"{day.day} {_MONTHS.split()[day.month - 1]}"


_MONTHS = "January February March April May June July August September October November December"
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
_FILTERS: dict[Language, dict[str, Callable[[date], str]]] = {
    Language.VIETNAMESE: {
        "dm": lambda day: f"{day.day:02}/{day.month:02}",
        "dmy": dmy,
        "dmy_weekday": dmy_weekday,
    },
    Language.ENGLISH: {
        "dm": _english_dm,
        "dmy": _english,
        "dmy_weekday": lambda day: f"{_WEEKDAYS.split()[day.weekday()]} {_english(day)}",
    },
}
