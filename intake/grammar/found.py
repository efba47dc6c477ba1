"""What is found in a part of a document, before it becomes the plan."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from intake.grammar.attributes import NOBODY
from intake.grammar.performers import Performers
from intake.grammar.periods import passed_remark, stated_period
from intake.grammar.reports import Report
from intake.grammar.targets import Aim
from intake.grammar.words import Role
from models.finding import Severity
from models.imported import LineFinding


@dataclass(frozen=True)
class Found:
    """A task as it stands in the document. `phrase` is a timing that was stated apart from it,
    `timed` the part of its text in which one is looked for, `period` what a heading says, `remark`
    what it says in brackets and is no period, `notes` the cells beside in which the day may stand.
    """

    code: str
    section: str
    text: str
    who: Performers
    phrase: str
    lines: tuple[int, int]
    timed: str
    period: str = ""
    notes: tuple[str, ...] = ()
    remark: str = ""


@dataclass(frozen=True)
class FoundReport:
    code: str
    report: Report
    phrase: str
    lines: tuple[int, int]
    period: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Context:
    """What holds for everything below a heading."""

    role: Role | None = None
    section: str = ""
    who: Performers = NOBODY
    phrase: str = ""
    period: str = ""
    remark: str = ""
    depth: int = 0

    def timed_by(self, heading: str) -> Self:
        """With what a heading says of when the things below it are due."""
        if period := stated_period(heading):
            return replace(self, period=period, remark="")
        return replace(self, remark=passed_remark(heading) or self.remark)


@dataclass
class Findings:
    tasks: list[Found] = field(default_factory=list)
    reports: list[FoundReport] = field(default_factory=list)
    aims: list[Aim] = field(default_factory=list)
    findings: list[LineFinding] = field(default_factory=list)
    # Parts of the document that give no tasks, by their first and last lines.
    passed: list[tuple[int, int]] = field(default_factory=list)

    @property
    def told(self) -> list[tuple[int, int]]:
        """The lines of which something is said, whatever it is."""
        tasks, reports = [task.lines for task in self.tasks], [duty.lines for duty in self.reports]
        aims = [aim.lines for aim in self.aims]
        noted = [(each.line, each.line) for each in self.findings if each.line is not None]
        return [*tasks, *reports, *aims, *noted, *self.passed]

    def note(self, line: int, message: str, severity: Severity = Severity.INFO) -> None:
        self.findings.append(LineFinding(line=line, severity=severity, message=message))

    def doubt(self, line: int, name: str) -> None:
        """Somebody is called by no word for a body and known by the place alone."""
        self.note(
            line,
            f"“{short(name)}” đứng ở chỗ của đơn vị, hiểu là đơn vị thực hiện; cần kiểm tra",
            Severity.WARNING,
        )


def short(text: str) -> str:
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
