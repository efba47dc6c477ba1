"""Where things are: every address of these pages is made here."""

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from models.identifiers import parse_task_id


def cycle_address(cycle: str, part: str = "", /, **asked: object) -> str:
    """`cycle` is `cycle/{plan}/{year}`; `part` one of its pages, `asked` its filters."""
    return _with(f"/chu-ky/{quote(cycle.removeprefix('cycle/'))}{part}", asked)


def task_address(task: str) -> str:
    key = parse_task_id(task)
    path = "/".join([*key])
    return f"/nhiem-vu/{quote(path)}"


def history_address(assignment: str) -> str:
    return f"/lich-su/{quote(assignment)}"


def check_address(assignment: str) -> str:
    return f"/kiem-so/{quote(assignment)}"


def unit_address(unit: str) -> str:
    return f"/don-vi/{quote(unit)}"


def _with(path: str, asked: Mapping[str, object]) -> str:
    named = {
        name.replace("_", "-"): value for name, value in asked.items() if value not in (None, "")
    }
    return f"{path}?{urlencode(named)}" if named else path
