"""Where in a plan's folder something stands, for those who have to change it."""

from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from intake.directory_columns import field_of, is_header
from intake.plan_folder import OFFICER, PLAN, units_file
from intake.sheet_rows import HEADER_WITHIN, read_sheets
from models.finding import BadInput


def plan_lines(folder: Path) -> dict[str, tuple[Path, int]]:
    """File and line of each duty, unit, `dates` and `allocation` entry, by the place findings name.

    A file that cannot be read has no lines: who reads it for its content says why.
    """
    lines: dict[str, tuple[Path, int]] = {}
    lines |= {code: (path, line) for code, path, line in _units(folder)}
    lines |= {place: (folder / OFFICER, line) for place, line in _officer(folder / OFFICER)}
    lines |= {code: (folder / PLAN, line) for code, line in _duties(folder / PLAN)}
    return lines


def _duties(path: Path) -> Iterator[tuple[str, int]]:
    root = _root(path)
    for field in ("reports", "tasks"):
        duties = _child(root, field)
        for duty in duties.value if isinstance(duties, SequenceNode) else ():
            code = _child(duty, "code")
            if isinstance(code, ScalarNode):
                yield str(code.value), code.start_mark.line + 1


def _officer(path: Path) -> Iterator[tuple[str, int]]:
    root = _root(path)
    for field, word in (("dates", "hạn"), ("allocation", "phân công")):
        entries = _child(root, field)
        for name, _ in entries.value if isinstance(entries, MappingNode) else ():
            yield f"{word} {name.value}", name.start_mark.line + 1
    plan = _child(root, "plan")
    number = _child(root, "number") or plan
    if isinstance(plan, ScalarNode) and number is not None:
        # What is said of the whole plan is its number and date, which are entered here.
        yield str(plan.value), number.start_mark.line + 1


def _units(folder: Path) -> Iterator[tuple[str, Path, int]]:
    try:
        path = units_file(folder)
        sheets = read_sheets(path, is_header=is_header).sheets
    except BadInput:
        return
    for sheet in sheets:
        column = None
        for row in sheet.rows:
            if column is None and row.line <= HEADER_WITHIN:
                fields = [field_of(cell) for cell in row.cells]
                column = fields.index("code") if "code" in fields else None
            elif column is not None and column < len(row.cells):
                yield row.cells[column], path, row.line


def _root(path: Path) -> Node | None:
    try:
        root: Node | None = YAML(typ="safe", pure=True).compose(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, YAMLError):
        return None
    return root


def _child(node: Node | None, name: str) -> Node | None:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == name:
                return value  # type: ignore[no-any-return]
    return None
