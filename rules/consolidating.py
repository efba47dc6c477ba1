"""What accepted reports come to, said per target and per task."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from models.plan import PlanTask, Target
from models.report import (
    FourWay,
    SourcedText,
    Sums,
    TargetRow,
    TargetValue,
    TaskLine,
    TaskSection,
)
from rules.roll_up import Part, sourced
from rules.targets import number_of, reached, share

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
        corrections=sourced(
            (part, figure.note or "không nêu lý do") for part, figure in said if figure.corrected
        ),
    )


def task_section(task: PlanTask, counts: FourWay, parts: Iterable[Part]) -> TaskSection:
    said = [(part, line) for part in parts for line in part.content.lines if line.code == task.code]
    return TaskSection(
        code=task.code,
        section=task.section,
        text=task.text,
        timing=task.timing.text,
        statuses=dict(Counter(line.status for _, line in said)),
        counts=counts,
        **{name: _words(said, name) for name in ("results", "difficulties", "proposals")},
    )


def _words(said: Sequence[tuple[Part, TaskLine]], name: str) -> tuple[SourcedText, ...]:
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
        reached=reached(number, sums),
    )
