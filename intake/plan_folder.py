"""A plan's folder (plan.yaml, officer.yaml, units.csv) becomes a Plan and a Directory."""

import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from intake.sample_schools import sample_schools
from models.directory import Directory, Unit, UnitKind
from models.finding import BadInput, Finding, Severity
from models.plan import Duty, Officer, Plan, PlanDocument
from rules.performers import folded

PLAN = "plan.yaml"
OFFICER = "officer.yaml"
UNITS = "units.csv"
COLUMNS = (
    "code",
    "name",
    "kind",
    "hub",
    "aliases",
    "focal_person",
    "email",
    "head_email",
    "phone",
    "sample",
)
REQUIRED = ("code", "name", "kind")
YES = {"true": True, "false": False, "": False}

Loc = tuple[int | str, ...]
Model = TypeVar("Model", bound=BaseModel)


def read_plan(folder: Path) -> Plan:
    """Raises BadInput with every problem of plan.yaml and officer.yaml, each with its line."""
    document = _YamlFile(folder / PLAN)
    officer = _YamlFile(folder / OFFICER)
    written = document.read(PlanDocument)
    added = officer.read(Officer)
    if written is not None:
        _check_codes(document, written)
    if added is not None:
        _check_phrases(officer, added)
    problems = document.problems + officer.problems
    if problems or written is None or added is None:
        raise BadInput(problems)
    return Plan(document=written, officer=added)


def read_directory(folder: Path, schools: int = 60) -> Directory:
    """The units of units.csv; where it lists no schools at all, `schools` made-up ones are added.

    Raises BadInput with every problem, among them units that officer.yaml names and nobody lists.
    """
    path = folder / UNITS
    problems: list[Finding] = []
    units: dict[str, Unit] = {}
    lines: dict[str, int] = {}
    for line, row in _rows(path, problems):
        code = row["code"]
        wrong = list(_unit_problems(row))
        if code in lines:
            wrong.append(f"mã đơn vị “{code}” đã dùng ở dòng {lines[code]}")
        problems += [_problem(path, message, line) for message in wrong]
        lines.setdefault(code, line)
        if not wrong:
            units[code] = _unit(row)
    for code, message in _hub_problems(units, set(lines)):
        problems.append(_problem(path, message, lines[code]))
    if lines:
        problems += _unlisted(folder, set(lines))
    if problems:
        raise BadInput(problems)
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
            self._root = _yaml().compose(text)
            content = _yaml().load(text)
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


# units.csv


def _rows(path: Path, problems: list[Finding]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row with its line; a column the file does not have is empty."""
    text = _text(path, problems)
    if text is None:
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        wrong = list(_header_problems(header))
        problems += [_problem(path, message, 1) for message in wrong]
        if wrong:
            return
        for cells in reader:
            if len(cells) == len(header):
                written = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
                yield reader.line_num, dict.fromkeys(COLUMNS, "") | written
            elif cells:
                message = f"có {len(cells)} ô, cần {len(header)} ô như dòng tiêu đề"
                problems.append(_problem(path, message, reader.line_num))
    except csv.Error as error:
        problems.append(_problem(path, f"sai cú pháp CSV ({error})", reader.line_num))


def _header_problems(header: list[str]) -> Iterator[str]:
    for name in header:
        if name not in COLUMNS:
            yield f"không có cột “{name}”; các cột là {', '.join(COLUMNS)}"
    for name, times in Counter(header).items():
        if times > 1:
            yield f"cột “{name}” viết {times} lần"
    for name in REQUIRED:
        if name not in header:
            yield f"thiếu cột “{name}”"


def _unit_problems(row: dict[str, str]) -> Iterator[str]:
    for name in REQUIRED:
        if not row[name]:
            yield f"thiếu {name}"
    # A code goes into identifiers, where these characters have a meaning.
    if set(row["code"]) & set("/|@: "):
        yield f"mã “{row['code']}” không được có dấu cách và các ký tự / | @ :"
    if row["kind"] and row["kind"] not in {*UnitKind}:
        kinds = ", ".join(UnitKind)
        yield f"loại đơn vị (kind) “{row['kind']}” không phải là một trong {kinds}"
    if row["sample"].lower() not in YES:
        yield f"sample “{row['sample']}” không phải là true hoặc false"
    for name in ("email", "head_email"):
        if row[name] and not _is_address(row[name]):
            yield f"địa chỉ thư “{row[name]}” không dùng được"


def _unit(row: dict[str, str]) -> Unit:
    return Unit(
        code=row["code"],
        name=row["name"],
        kind=UnitKind(row["kind"]),
        hub=row["hub"] or None,
        aliases=tuple(alias.strip() for alias in row["aliases"].split(";") if alias.strip()),
        focal_person=row["focal_person"],
        email=row["email"],
        head_email=row["head_email"],
        phone=row["phone"],
        sample=YES[row["sample"].lower()],
    )


def _is_address(text: str) -> bool:
    """Enough to catch a phone number or two addresses in one cell; the mail server knows better."""
    user, _, domain = text.partition("@")
    return bool(user and domain) and not set(user + domain) & set("@,;<> ")


def _hub_problems(units: dict[str, Unit], listed: set[str]) -> Iterator[tuple[str, str]]:
    for code, unit in units.items():
        if unit.hub is not None and unit.hub not in listed:
            yield code, f"đầu mối “{unit.hub}” của “{code}” không có trong danh bạ"
        elif _loops(code, units):
            yield code, f"đầu mối của “{code}” tạo thành vòng lặp"


def _loops(code: str, units: dict[str, Unit]) -> bool:
    """Whether a unit is its own hub, directly or over others."""
    passed = set()
    hub = units[code].hub
    while hub is not None and hub in units and hub not in passed:
        if hub == code:
            return True
        passed.add(hub)
        hub = units[hub].hub
    return False


def _unlisted(folder: Path, listed: set[str]) -> list[Finding]:
    """Units that officer.yaml relies on; what else is wrong with that file `read_plan` tells."""
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
