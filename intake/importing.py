"""A document becomes a plan: read, understood, and written as plan.yaml."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import FoldedScalarString

from intake.documents.blocks import Progress, Source, refuse
from intake.documents.reading import read_document
from models.imported import ImportedPlan
from models.plan import Officer, PlanDocument, ReportDuty

# Texts longer than this are folded over lines, as a person would write them.
FOLDED_FROM = 70
WIDTH = 96
CODED = ("tasks", "reports", "targets")
OPENING = (
    "Nội dung văn bản, đúng nguyên văn (chỉ gộp khoảng trắng), do dondoc import đọc từ tệp gốc.\n"
    "Những gì cán bộ bổ sung nằm ở officer.yaml. `lines` là dòng đầu và dòng cuối trong tệp gốc.\n"
)


def import_document(
    path: Path, *, year: int | None = None, otherwise: int, progress: Progress | None = None
) -> tuple[ImportedPlan, Source]:
    """Raises BadInput, in one sentence, for a file that cannot be read. `year` and `otherwise` as
    in `read_plan_document`."""
    from intake.grammar.plan import read_plan_document

    source = read_document(path, progress)
    try:
        return read_plan_document(source, year=year, otherwise=otherwise), source
    except RecursionError:
        refuse(path, "các mục lồng nhau quá sâu: tệp không phải là một kế hoạch")


# plan.yaml


def as_yaml(document: PlanDocument) -> str:
    written = _plain(document)
    root = _commented(written)
    root.yaml_set_start_comment(OPENING)
    return _dump(root)


@dataclass(frozen=True)
class Difference:
    """Where a plan that was written before and the document disagree. `taken`: the document's
    version was put into the file; else the file's was kept."""

    place: str
    before: str | None
    after: str | None
    taken: bool


@dataclass(frozen=True)
class Merge:
    text: str
    differences: tuple[Difference, ...]


def merge_yaml(path: Path, document: PlanDocument, *, document_wins: bool) -> Merge:
    """The plan written before, with what the document has and it has not.

    Comments and order stay. Where both say something, a person may have edited the file, so its
    version is kept unless `document_wins`.
    """
    try:
        root = _yaml().load(path.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError) as error:
        refuse(path, f"tệp đã có nhưng không đọc được YAML, không ghi đè: {type(error).__name__}")
    if not isinstance(root, CommentedMap):
        refuse(path, "tệp đã có nhưng không phải là plan.yaml, không ghi đè")
    merging = _Merging(document_wins)
    merging.map(root, _plain(document), "")
    return Merge(_dump(root), tuple(merging.differences))


class _Merging:
    def __init__(self, document_wins: bool) -> None:
        self._document_wins = document_wins
        self.differences: list[Difference] = []

    def map(self, target: CommentedMap, new: Mapping[str, Any], place: str) -> None:
        for name, value in new.items():
            old = target.get(name)
            if name in CODED and isinstance(old, CommentedSeq):
                self._coded(old, value, name)
            elif not _same(old, value) and self._takes(f"{place}{name}", old, value):
                target[name] = _commented(value)
        for name in [key for key in target if key not in new and not _empty(target[key])]:
            if self._takes(f"{place}{name}", target[name], None):
                del target[name]

    def _coded(self, old: CommentedSeq, new: Sequence[Mapping[str, Any]], name: str) -> None:
        entries = {str(each.get("code")): each for each in old if isinstance(each, CommentedMap)}
        for position, entry in enumerate(new):
            code = str(entry["code"])
            if code in entries:
                self.map(entries[code], entry, f"{name} {code}: ")
            elif self._takes(f"{name} {code}", None, entry["text"]):
                old.insert(min(position, len(old)), _commented(entry))
        printed = {str(entry["code"]) for entry in new}
        for code, entry in entries.items():
            gone = code not in printed
            if gone and self._takes(f"{name} {code}", entry.get("text"), None):
                del old[_position(old, code)]

    def _takes(self, place: str, old: object, new: object) -> bool:
        """What only the document has is always taken."""
        taken = self._document_wins or _empty(old)
        self.differences.append(Difference(place, _shown(old), _shown(new), taken))
        return taken


def _position(entries: CommentedSeq, code: str) -> int:
    return next(n for n, entry in enumerate(entries) if str(entry.get("code")) == code)


def _same(old: object, new: object) -> bool:
    return _bare(old) == _bare(new)


def _bare(value: object) -> object:
    match value:
        case Mapping():
            return {str(k): _bare(v) for k, v in value.items() if not _empty(v)}
        case str():
            return " ".join(value.split())
        case list() | tuple():
            return [_bare(each) for each in value]
        case int() | float() if not isinstance(value, bool):
            return float(value)
        case _:
            return None if value is None else str(value)


def _empty(value: object) -> bool:
    return value is None or value is False or value == "" or value == [] or value == ()


def _shown(value: object) -> str | None:
    if value is None:
        return None
    bare = _bare(value)
    if isinstance(bare, dict):
        return ", ".join(f"{name}: {each}" for name, each in bare.items())
    if isinstance(bare, list):
        return "; ".join(map(str, bare))
    return str(bare)


def _plain(document: PlanDocument) -> dict[str, Any]:
    """The document as it is written: without what only repeats a default."""
    full = document.model_dump(mode="json")
    usual = ReportDuty.model_fields["asks"].default
    for duty in full["reports"]:
        if duty["asks"] == usual:
            del duty["asks"]
    return {
        "title": full["title"],
        "issuer": full["issuer"],
        "number": full["number"],
        "date": document.date,
        **{name: _lean(value) for name, value in full.items() if isinstance(value, list) and value},
        "tasks": [_lean(task) for task in full["tasks"]],
    }


def _lean(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: _lean(each)
            for name, each in value.items()
            if not _empty(each) or name in {"text", "to", "reporters"}
        } | ({"kind": value["kind"]} if "kind" in value else {})
    if isinstance(value, list):
        return [_lean(each) for each in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _commented(value: Any) -> Any:
    """The value with long texts folded and short lists and maps on one line."""
    if isinstance(value, Mapping):
        made = CommentedMap({name: _commented(each) for name, each in value.items()})
        if _is_short(value):
            made.fa.set_flow_style()
        return made
    if isinstance(value, list):
        entries = CommentedSeq([_commented(each) for each in value])
        if value and all(isinstance(each, int) or _is_month_day(each) for each in value):
            entries.fa.set_flow_style()
        return entries
    if isinstance(value, str) and len(value) > FOLDED_FROM:
        return FoldedScalarString(value)
    return value


def _is_short(value: Mapping[str, Any]) -> bool:
    plain = all(not isinstance(each, dict | list) for each in value.values())
    return plain and len(", ".join(f"{k}: {v}" for k, v in value.items())) < FOLDED_FROM + 10


def _is_month_day(value: object) -> bool:
    return isinstance(value, str) and len(value) == len("06-25") and value[2] == "-"


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.representer.add_representer(type(None), _null)
    return yaml


def _null(representer: Any, _value: None) -> Any:
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")


def _dump(root: CommentedMap) -> str:
    stream = StringIO()
    _yaml().dump(root, stream)
    return stream.getvalue()


# schemas


def plan_schema() -> dict[str, Any]:
    return _schema(PlanDocument, "plan.yaml: nội dung văn bản, đúng nguyên văn")


def officer_schema() -> dict[str, Any]:
    return _schema(Officer, "officer.yaml: những gì cán bộ bổ sung cho văn bản")


def _schema(model: type[PlanDocument] | type[Officer], title: str) -> dict[str, Any]:
    schema = model.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": title}
