"""What accepted reports come to, said per target and per task."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from models.consolidated import FourWay, SourcedText, TargetRow, TargetValue, TaskSection
from models.plan import PlanTask, Target
from models.report import Figure, Sums, TaskLine
from rules.roll_up import Part, sourced
from rules.targets import number_of, reached, share

Said = tuple[Part, TaskLine]
Trend = Mapping[str, Mapping[str, Sums]]  # tên kỳ -> mã chỉ tiêu -> tổng


def target_row(
    target: Target, trend: Trend, parts: Sequence[Part], *, expected: Mapping[str, int]
) -> TargetRow:
    """A target over the periods of `trend`, the last of which is the one reported on; `expected`
    counts by period the units it concerns."""
    number = number_of(target)
    said = [
        (part, figure)
        for part in parts
        for figure in part.content.figures
        if figure.target == target.code
    ]
    return TargetRow(
        code=target.code,
        year=target.year,
        text=target.text,
        number=number,
        values=tuple(
            _value(target, period, sums.get(target.code), expected.get(period, 0))
            for period, sums in trend.items()
        ),
        statements=sourced((part, figure.statement) for part, figure in said),
        corrections=sourced((part, _correction(figure)) for part, figure in said),
    )


def _correction(figure: Figure) -> str:
    if figure.gathered is None or not figure.corrected:
        return ""
    reason = figure.note or "không nêu lý do"
    return f"báo {_parts(figure)}, cơ sở cộng lại {_parts(figure.gathered)}; {reason}"


def _parts(number: Figure | Sums) -> str:
    told = [each for each in (number.numerator, number.denominator) if each is not None]
    return "/".join(map(str, told)) or "không có số liệu"


def said_by_task(parts: Iterable[Part]) -> dict[str, list[Said]]:
    """What reports say of each task, by its code."""
    said: dict[str, list[Said]] = {}
    for part in parts:
        for line in part.content.lines:
            said.setdefault(line.code, []).append((part, line))
    return said


def task_section(task: PlanTask, counts: FourWay, said: Sequence[Said]) -> TaskSection:
    return TaskSection(
        code=task.code,
        section=task.section,
        text=task.text,
        timing=task.timing.text,
        statuses=dict(Counter(line.status for _, line in said)),
        counts=counts,
        **{name: _words(said, name) for name in ("results", "difficulties", "proposals")},
    )


def _words(said: Sequence[Said], name: str) -> tuple[SourcedText, ...]:
    field = "result" if name == "results" else name
    return sourced((part, getattr(line, field)) for part, line in said)


def _value(target: Target, period: str, sums: Sums | None, expected: int) -> TargetValue:
    if sums is None:
        return TargetValue(period=period, expected=expected)
    number = number_of(target)
    return TargetValue(
        period=period,
        numerator=None if number is None else sums.numerator,
        denominator=None if number is None else sums.denominator,
        share=None if number is None else share(sums),
        reported=sums.units,
        expected=expected,
        reached=_judged(target, period, reached(number, sums)),
    )


def _judged(target: Target, period: str, reached: bool | None) -> bool | None:
    """A target may be reached early; that it is not is said when its year has come."""
    year = int(period.rpartition("/")[2])
    return reached if reached or target.year <= year else None
