"""What a letter is made of, and what becomes of it."""

from datetime import date
from typing import NamedTuple


class Line(NamedTuple):
    """One notice with everything a reader needs: the unit it concerns, the task, the words."""

    kind: str
    level: int
    unit: str
    unit_name: str
    own: bool  # the recipient's own part, not one it follows
    code: str
    occurrence: str
    title: str
    last_day: date | None
    why: str
    text: str | None


class Letter(NamedTuple):
    """All that one letter tells one recipient on `day`, plan time.

    `on_behalf` is the sentence that says why it goes to somebody else than the unit meant.
    """

    plan_title: str
    recipient: str  # the name of a unit
    lines: tuple[Line, ...]
    day: date
    link: str
    on_behalf: str | None = None


class Written(NamedTuple):
    """A letter in both forms a mail has. The subject is one line; `html` a whole document."""

    subject: str
    text: str
    html: str
