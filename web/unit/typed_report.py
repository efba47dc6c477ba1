"""A report's form as a browser sends it. Fields are named as the findings about them are:
`lines.III.1.a.result`, `figures.II.2.a.1.numerator`, `estimates.0.price`."""

from collections.abc import Mapping, Sequence

from starlette.datastructures import FormData

from models.report import Attachment, Draft, EstimateDraft, FigureDraft, LineDraft

VERSION = "_ban"


def draft_from(fields: Mapping[str, str], attachments: Sequence[Attachment]) -> Draft:
    """Fields nobody asks for are left out; what is typed stays as it was typed."""
    rows = _rows(fields, "estimates", EstimateDraft.model_fields)
    estimates = [EstimateDraft(**rows[number]) for number in sorted(rows, key=_place)]
    return Draft(
        lines={
            code: LineDraft(**typed)
            for code, typed in _rows(fields, "lines", LineDraft.model_fields).items()
        },
        figures={
            code: FigureDraft(**typed)
            for code, typed in _rows(fields, "figures", FigureDraft.model_fields).items()
        },
        estimates=tuple(each for each in estimates if each != EstimateDraft()),
        attachments=tuple(attachments),
        summary=fields.get("summary", ""),
    )


def version_from(typed: FormData) -> int:
    """The version the form was read with; 0 for one that was never saved."""
    said = typed.get(VERSION)
    return int(said) if isinstance(said, str) and said.isdecimal() and len(said) < 10 else 0


def _rows(
    fields: Mapping[str, str], part: str, known: Mapping[str, object]
) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, value in fields.items():
        head, _, rest = name.partition(".")
        key, _, field = rest.rpartition(".")
        if head == part and key and field in known:
            found.setdefault(key, {})[field] = value
    return found


def _place(number: str) -> tuple[int, str]:
    return (int(number), "") if number.isdecimal() and len(number) < 6 else (10**6, number)
