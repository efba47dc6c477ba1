"""A submitted report as a form that can be filled in again."""

from models.report import (
    Draft,
    EstimateDraft,
    EstimateLine,
    Figure,
    FigureDraft,
    LineDraft,
    ReportContent,
    TaskLine,
)


def draft_of(content: ReportContent) -> Draft:
    return Draft(
        lines={line.code: line_draft(line) for line in content.lines},
        figures={figure.target: _figure(figure) for figure in content.figures},
        estimates=tuple(_estimate(line) for line in content.estimates),
        attachments=content.attachments,
        summary=content.summary,
    )


def line_draft(line: TaskLine) -> LineDraft:
    return LineDraft(
        status=line.status.value,
        result=line.result,
        difficulties=line.difficulties,
        proposals=line.proposals,
        links="\n".join(line.links),
    )


def _figure(figure: Figure) -> FigureDraft:
    return FigureDraft(
        numerator=_typed(figure.numerator),
        denominator=_typed(figure.denominator),
        statement=figure.statement,
        note=figure.note,
    )


def _estimate(line: EstimateLine) -> EstimateDraft:
    numbers = {name: str(getattr(line, name)) for name in ("quantity", "price", "amount")}
    words = {name: getattr(line, name) for name in ("content", "unit", "source", "note")}
    return EstimateDraft(**numbers, **words)


def _typed(number: int | None) -> str:
    return "" if number is None else str(number)
