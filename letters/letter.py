"""What a letter is made of, and what becomes of it."""

from datetime import date
from typing import NamedTuple

from markupsafe import escape


class Line(NamedTuple):
    """One notice with everything a reader needs: the unit it concerns, the task, the words.

    `phrase` is how the document says the date, `rule` what leads from it to `last_day`, `why` the
    reason of the rung or question. If nothing comes, `next_to` and, with `next_head`, the head of
    the unit are told on `next_day`. `waits`: the task has no date yet, and
    is not owed all year.
    """

    kind: str
    level: int
    unit: str
    unit_name: str
    own: bool  # the recipient's own part, not one it follows
    code: str
    occurrence: str
    title: str
    last_day: date | None = None
    why: str = ""
    text: str | None = None
    phrase: str = ""
    rule: str = ""
    next_day: date | None = None
    next_head: bool = False
    next_to: tuple[str, ...] = ()
    waits: bool = False


class Overdue(NamedTuple):
    """One unit's part that is overdue, and how the unit is reached.

    `call` is the last noted call (`called_on`), `promised` the day named last.
    """

    assignment: str
    unit: str
    unit_name: str
    code: str
    occurrence: str
    title: str
    last_day: date
    days_late: int
    level: int
    focal_person: str = ""
    phone: str = ""
    called_on: date | None = None
    call: str = ""
    promised: date | None = None


class Letter(NamedTuple):
    """All that one letter tells one recipient on `day`, plan time.

    `tag` begins the subject, so that a reader's program can sort by it. `overdue` is the list of
    a week's beginning. `on_behalf` is the sentence that says why it goes to somebody else than the
    unit meant. `sender` is the unit in whose name it is written, `above`
    whether the recipient stands above it.
    """

    plan_title: str
    recipient: str  # the name of a unit
    lines: tuple[Line, ...]
    day: date
    link: str
    on_behalf: str | None = None
    tag: str = ""
    sender: str = ""
    overdue: tuple[Overdue, ...] = ()
    above: bool = False


class Written(NamedTuple):
    """A letter in both forms a mail has. The subject is one line; `html` a whole document."""

    subject: str
    text: str
    html: str

    def relinked(self, old: str, new: str) -> "Written":
        """The same letter with another address in it."""
        return Written(
            self.subject.replace(old, new),
            self.text.replace(old, new),
            self.html.replace(str(escape(old)), str(escape(new))),
        )
