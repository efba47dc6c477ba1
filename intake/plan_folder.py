"""A plan's folder (plan.yaml, officer.yaml, units.csv or units.xlsx) becomes a Plan and a
Directory."""

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from intake.directory_files import BadUnits, DirectoryFile, read_units
from intake.sample_schools import sample_schools
from letters.checking import mistakes
from models.directory import Directory, Unit, UnitKind
from models.finding import BadInput, Finding, Severity
from models.plan import Duty, Officer, Plan, PlanDocument
from rules.citation import number_problem
from rules.performers import folded

PLAN = "plan.yaml"
OFFICER = "officer.yaml"
LETTERS = "letters"
UNITS = ("units.csv", "units.xlsx")

Loc = tuple[int | str, ...]
Model = TypeVar("Model", bound=BaseModel)


def read_plan(folder: Path) -> Plan:
    """Raises BadInput with every problem of plan.yaml, officer.yaml and the plan's own wording of
    letters, each with its line."""
    document = _YamlFile(folder / PLAN)
    officer = _YamlFile(folder / OFFICER)
    written = document.read(PlanDocument)
    added = officer.read(Officer)
    if written is not None:
        _check_codes(document, written)
    if added is not None:
        _check_phrases(officer, added)
        if added.number and (problem := number_problem(added.number)):
            officer.report(("number",), problem)
    letters, mistaken = _letters(folder / LETTERS)
    problems = document.problems + officer.problems + mistaken
    if problems or written is None or added is None:
        raise BadInput(problems)
    return Plan(document=written, officer=added, letters=letters)


def units_file(folder: Path) -> Path:
    """The list of units of a plan: units.csv or units.xlsx. Raises BadInput when there are both."""
    found = [folder / name for name in UNITS if (folder / name).exists()]
    if len(found) > 1:
        raise BadInput(
            [
                Finding(
                    severity=Severity.ERROR,
                    place=str(folder),
                    message=f"có cả {' và '.join(UNITS)}.",
                    remedy="Chỉ giữ lại một danh sách đơn vị.",
                )
            ]
        )
    return found[0] if found else folder / UNITS[0]


def read_listed(folder: Path) -> DirectoryFile:
    """The units that a plan's folder lists.

    Raises BadInput with every problem, among them units that officer.yaml names and nobody lists.
    """
    try:
        # Nobody is shown the list before it is written, so a mistyped header must not pass.
        file = read_units(units_file(folder), Directory(units={}), only_known_columns=True)
    except BadUnits as bad:
        unlisted = _unlisted(folder, bad.listed) if bad.listed else []
        raise BadInput(bad.findings + unlisted) from bad
    if unlisted := _unlisted(folder, file.units):
        raise BadInput(unlisted)
    return file


def read_directory(folder: Path, schools: int = 60) -> Directory:
    """The listed units; where no schools at all are listed, `schools` made-up ones are added."""
    return with_samples(read_listed(folder).units, schools)


def with_samples(listed: Mapping[str, Unit], schools: int) -> Directory:
    units = dict(listed)
    if not any(unit.kind in (UnitKind.SCHOOL, UnitKind.DIRECT) for unit in units.values()):
        hubs = [unit for unit in units.values() if unit.kind is UnitKind.COMMUNE]
        units |= {unit.code: unit for unit in sample_schools(hubs, schools)}
    return Directory(units=units)


def _problem(path: Path, message: str, line: int | None = None) -> Finding:
    place = str(path) if line is None else f"{path}, dòng {line}"
    return Finding(severity=Severity.ERROR, place=place, message=message)


def _text(path: Path, problems: list[Finding]) -> str | None:
    """The file's text in composed Unicode: keyboards and spreadsheets differ in what they write."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        problems.append(_problem(path, "không tìm thấy tệp"))
        return None
    except OSError as error:
        problems.append(_problem(path, f"không đọc được tệp ({error.strerror})"))
        return None
    try:
        return unicodedata.normalize("NFC", content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problems.append(_problem(path, "không phải bảng mã UTF-8; hãy lưu lại dạng UTF-8", line))
        return None


def _letters(folder: Path) -> tuple[dict[str, str], list[Finding]]:
    problems: list[Finding] = []
    letters: dict[str, str] = {}
    for path in sorted(folder.rglob("*.j2")):
        text = _text(path, problems)
        if text is not None:
            letters[path.relative_to(folder).as_posix()] = text
    problems += [
        _problem(folder / mistake.file, mistake.sentence, mistake.line)
        for mistake in mistakes(letters)
    ]
    return letters, problems


# plan.yaml and officer.yaml


class _YamlFile:
    """One YAML file, its problems, and the line of any of its fields."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[Finding] = []
        self._root: Node | None = None

    def read(self, model: type[Model]) -> Model | None:
        text = _text(self.path, self.problems)
        if text is None:
            return None
        try:
            yaml = _yaml()
            self._root = yaml.compose(text)
            # From the nodes, whose lines problems are told by: scanning is most of the work.
            content = self._root and yaml.constructor.construct_document(self._root)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = None if mark is None else mark.line + 1
            self.problems.append(_problem(self.path, _yaml_problem(error), line))
            return None
        except YAMLError as error:
            self.problems.append(_problem(self.path, f"không đọc được YAML: {error}"))
            return None
        try:
            return model.model_validate(content)
        except ValidationError as error:
            for details in error.errors():
                self.report(details["loc"], _field_problem(details))
            return None

    def report(self, loc: Loc, message: str) -> None:
        names, line = self._place(loc)
        field = f"{'.'.join(names)}: " if names else ""
        self.problems.append(_problem(self.path, f"{field}{message}", line))

    def _place(self, loc: Loc) -> tuple[list[str], int | None]:
        """The written path of a field and its line; for a missing field that of its parent.

        `loc` also holds the tags of unions, which are not in the file: they are passed over.
        """
        names: list[str] = []
        node = self._root
        line = None if node is None else node.start_mark.line + 1
        for position, step in enumerate(loc):
            found = _child(node, step)
            if found is not None:
                node, line = found
                names.append(_name(node, step))
            elif position == len(loc) - 1:
                names.append(str(step))
        return names, line


def _yaml() -> YAML:
    return YAML(typ="safe", pure=True)


def _child(node: Node | None, step: int | str) -> tuple[Node, int] | None:
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        child = node.value[step]
        return child, child.start_mark.line + 1
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return value, key.start_mark.line + 1
    return None


def _name(node: Node, step: int | str) -> str:
    """A field's name, or for an entry of a list its code, which people know it by."""
    if isinstance(step, int):
        code = _child(node, "code")
        return str(code[0].value) if code is not None else f"[{step + 1}]"
    return step


def _yaml_problem(error: MarkedYAMLError) -> str:
    problem = str(error.problem or error.context)
    if problem.startswith("found duplicate key"):
        return f"trường viết hai lần ({problem})"
    return f"sai cú pháp YAML ({problem})"


def _field_problem(details: ErrorDetails) -> str:
    context: dict[str, Any] = details.get("ctx", {})
    match details["type"]:
        case "missing":
            return "thiếu trường này"
        case "extra_forbidden":
            return "không có trường này, có thể do gõ nhầm"
        case "union_tag_not_found":
            return "thiếu trường kind"
        case "union_tag_invalid":
            return f"kind “{context['tag']}” không phải là một trong {context['expected_tags']}"
        case "enum" | "literal_error":
            expected = str(context["expected"]).replace(" or ", ", ")
            return f"“{details['input']}” không phải là một trong {expected}"
        case "string_type":
            return "phải là chữ (đặt trong ngoặc kép nếu chỉ gồm số)"
        case "tuple_type" | "list_type":
            return "phải là một danh sách"
        case "dict_type" | "model_type" | "model_attributes_type":
            return "phải gồm các trường con"
        case "too_short":
            return f"cần ít nhất {context['min_length']} mục"
        case "too_long":
            return f"nhiều nhất {context['max_length']} mục"
        case "greater_than_equal":
            return f"phải từ {context['ge']} trở lên"
        case "less_than_equal":
            return f"phải từ {context['le']} trở xuống"
        case kind if kind.startswith("date_"):
            return f"“{details['input']}” không phải là ngày có thật dạng 2026-06-24"
        case kind if kind.startswith("time_"):
            return f'“{details["input"]}” không phải là giờ dạng "07:30"'
        case kind if kind.startswith("int_"):
            return f"“{details['input']}” không phải là số nguyên"
        case kind if kind.startswith("bool_"):
            return f"“{details['input']}” không phải là true hoặc false"
        case _:
            return f"giá trị “{details['input']}” không dùng được"


def _check_codes(file: _YamlFile, document: PlanDocument) -> None:
    # A code goes into identifiers, where these characters have a meaning.
    codes: dict[str, str] = {}
    kinds: dict[str, tuple[Duty, ...]] = {"tasks": document.tasks, "reports": document.reports}
    for field, duties in kinds.items():
        for position, duty in enumerate(duties):
            loc = (field, position, "code")
            if duty.code in codes:
                file.report(loc, f"mã “{duty.code}” bị trùng")
            if not duty.code or set(duty.code) & set("/|@ "):
                file.report(loc, "mã không được để trống, không có dấu cách và các ký tự / | @")
            codes[duty.code] = field
    repeated = {code for code, n in Counter(t.code for t in document.targets).items() if n > 1}
    for position, target in enumerate(document.targets):
        if target.code in repeated:
            file.report(("targets", position, "code"), f"mã “{target.code}” bị trùng")
    for position, day in enumerate(document.days):
        if codes.get(day.task) != "tasks":
            file.report(("days", position, "task"), f"không có nhiệm vụ “{day.task}”")


def _check_phrases(file: _YamlFile, officer: Officer) -> None:
    groups: dict[str, str] = {}
    for position, group in enumerate(officer.groups):
        for phrase in group.phrases:
            other = groups.setdefault(folded(phrase), group.name)
            if other != group.name:
                message = f"cụm từ “{phrase}” đã thuộc nhóm “{other}”"
                file.report(("groups", position, "phrases"), message)


# The units that officer.yaml relies on


def _unlisted(folder: Path, listed: Collection[str]) -> list[Finding]:
    """Those that nobody lists; what else is wrong with that file `read_plan` tells."""
    file = _YamlFile(folder / OFFICER)
    officer = file.read(Officer)
    if officer is None:
        return []
    named: list[tuple[Loc, Iterable[str]]] = [
        (("coordinator",), [officer.coordinator]),
        (("leadership",), [officer.leadership]),
        *((("groups", n, "units"), group.units) for n, group in enumerate(officer.groups)),
    ]
    for loc, codes in named:
        for code in codes:
            if code not in listed:
                file.report(loc, f"danh bạ không có đơn vị mã “{code}”")
    return file.problems
