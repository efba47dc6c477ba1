"""One level's reports gathered into the form of the level above: figures are added, words collected
with their source."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from models.consolidated import SourcedText
from models.report import (
    Draft,
    Figure,
    FigureDraft,
    FormLine,
    FormTarget,
    LineDraft,
    ReportContent,
    Sums,
    TaskLine,
    TaskStatus,
)

MOST_TOGETHER = 15_000  # characters; a field holds 20,000, and the reader adds to it


class Part(NamedTuple):
    """An accepted report and whose it is."""

    unit: str
    name: str
    content: ReportContent


def added(figures: Iterable[Figure]) -> Sums | None:
    """The sum of what was counted; None when nobody counted anything."""
    counted = [figure for figure in figures if figure.numerator is not None]
    if not counted:
        return None
    denominators = [each.denominator for each in counted if each.denominator is not None]
    return Sums(
        numerator=sum(each.numerator or 0 for each in counted),
        denominator=sum(denominators) if denominators else None,
        units=len(counted),
    )


def added_by_target(parts: Iterable[Part]) -> dict[str, Sums]:
    by_target: dict[str, list[Figure]] = {}
    for part in parts:
        for figure in part.content.figures:
            by_target.setdefault(figure.target, []).append(figure)
    sums = {target: added(figures) for target, figures in by_target.items()}
    return {target: each for target, each in sums.items() if each is not None}


def status_together(statuses: Collection[TaskStatus]) -> TaskStatus | None:
    """What units say together: the same when they agree, leaving aside those with nothing to
    report, else that it is under way."""
    real = set(statuses) - {TaskStatus.NOTHING}
    if not real:
        return TaskStatus.NOTHING if statuses else None
    return real.pop() if len(real) == 1 else TaskStatus.ONGOING


def gathered_draft(
    lines: Sequence[FormLine], targets: Sequence[FormTarget], parts: Sequence[Part]
) -> Draft:
    """A form as the reports of the level below fill it in."""
    by_code: dict[str, list[tuple[Part, TaskLine]]] = {}
    for part in parts:
        for line in part.content.lines:
            by_code.setdefault(line.code, []).append((part, line))
    sums = added_by_target(parts)
    return Draft(
        lines={line.code: _line(by_code[line.code]) for line in lines if line.code in by_code},
        figures={target.code: _figure(target, sums.get(target.code), parts) for target in targets},
    )


def sourced(parts: Iterable[tuple[Part, str]]) -> tuple[SourcedText, ...]:
    return tuple(
        SourcedText(unit=part.unit, name=part.name, text=text) for part, text in parts if text
    )


def told_together(texts: Iterable[SourcedText]) -> str:
    """Words with their source, one a line; what was said in the same words is said once. What
    would be too long to read on a form is counted at its end: it stands in the reports it is
    from."""
    names: dict[str, list[str]] = {}
    for each in texts:
        names.setdefault(each.text, []).append(each.name)
    lines, left, room = list[str](), 0, MOST_TOGETHER
    for text, whose in names.items():
        line = f"{', '.join(whose)}: {text}"
        room -= len(line) + 1
        if room < 0:
            left += len(whose)
        else:
            lines.append(line)
    if left:
        lines.append(f"(và {left} đơn vị khác, xem báo cáo của từng đơn vị)")
    return "\n".join(lines)


def _line(said: Sequence[tuple[Part, TaskLine]]) -> LineDraft:
    status = status_together([line.status for _, line in said])
    return LineDraft(
        status="" if status is None else status.value,
        **{
            name: told_together(sourced((part, getattr(line, name)) for part, line in said))
            for name in ("result", "difficulties", "proposals")
        },
    )


def _figure(target: FormTarget, sums: Sums | None, parts: Sequence[Part]) -> FigureDraft:
    if target.number is None:
        stated = sourced(
            (part, figure.statement)
            for part in parts
            for figure in part.content.figures
            if figure.target == target.code
        )
        return FigureDraft(statement=told_together(stated))
    if sums is None:
        return FigureDraft()
    denominator = "" if sums.denominator is None else str(sums.denominator)
    return FigureDraft(numerator=str(sums.numerator), denominator=denominator)


def with_gathered(
    targets: Iterable[FormTarget], sums: Mapping[str, Sums]
) -> tuple[FormTarget, ...]:
    """The targets of a form, each beside what the level below adds up to."""
    return tuple(
        target.model_copy(update={"gathered": sums.get(target.code)}) for target in targets
    )
