"""Which folder may know which, and what the deciding code may never touch."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "models": {"models"},
    "rules": {"models", "rules"},
    "letters": {"models", "rules", "letters"},
    "documents": {"models", "rules", "documents"},
    "intake": {"models", "rules", "letters", "documents", "intake"},
    "activities": {"models", "rules", "letters", "activities"},
    "workflows": {"models", "rules", "activities", "workflows"},
}
NOT_SOURCE = {".venv", ".git", "build", "dist", "var"}
OURS = {
    path.stem
    for path in ROOT.iterdir()
    if path.suffix == ".py" or (path.is_dir() and any(path.glob("*.py")))
}
# Passed through the workflow sandbox, which therefore cannot catch these: replay would differ.
CLOCKS = {"now", "utcnow", "today"}
UNREPEATABLE = {"time", "random", "secrets", "uuid"}
OUTSIDE_WORLD = {"asyncio", "logging", "sqlalchemy", "sqlmodel", "structlog", "temporalio"}


def sources(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def all_sources() -> list[Path]:
    folders = (each for each in ROOT.iterdir() if each.is_dir() and each.name not in NOT_SOURCE)
    return sorted([*ROOT.glob("*.py"), *(path for each in folders for path in each.rglob("*.py"))])


@cache
def imports(path: Path) -> list[tuple[int, str]]:
    """Every module a file imports, wherever in it, with the line."""
    return list(_imports(path))


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            yield node.lineno, module
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


def where(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_imports_point_one_way(folder):
    wrong = [
        f"{where(path, line)} imports {module}"
        for path in sources(folder)
        for line, module in imports(path)
        if module.partition(".")[0] in OURS - MAY_IMPORT[folder]
    ]

    assert not wrong


def test_only_activities_web_tests_and_benchmarks_know_the_tables():
    wrong = [
        f"{where(path, line)} imports {module}"
        for path in all_sources()
        if path.relative_to(ROOT).parts[0] not in {"activities", "web", "tests", "benchmarks"}
        and not path.is_relative_to(ROOT / "models" / "tables")
        for line, module in imports(path)
        if module.startswith("models.tables")
    ]

    assert not wrong


@pytest.mark.parametrize("folder", ["models", "rules", "letters", "workflows"])
def test_nothing_that_replays_reads_a_clock_or_chance(folder):
    clocks = [
        f"{where(path, node.lineno)} calls {ast.unparse(node)}"
        for path in sources(folder)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in CLOCKS
        and ast.unparse(node.value).rpartition(".")[2] in {"date", "datetime", "Date"}
    ]
    chance = [
        f"{where(path, line)} imports {module}"
        for path in sources(folder)
        for line, module in imports(path)
        if module.partition(".")[0] in UNREPEATABLE
    ]

    assert not clocks + chance


@pytest.mark.parametrize("folder", ["rules", "letters"])
def test_rules_and_letters_touch_nothing_outside(folder):
    wrong = [
        f"{where(path, line)} imports {module}"
        for path in sources(folder)
        for line, module in imports(path)
        if module.partition(".")[0] in OUTSIDE_WORLD
    ]

    assert not wrong


def test_no_module_is_named_after_nothing():
    words = re.compile(r"(^|_)(utils?|managers?|helpers?|misc|common)(_|$)")

    assert not [
        str(path.relative_to(ROOT))
        for path in all_sources()
        if any(words.search(Path(part).stem) for part in path.relative_to(ROOT).parts)
    ]


def test_the_command_line_starts_without_what_few_commands_need() -> None:
    """Each of these takes a tenth of a second, of every command that anybody types."""
    seldom = {"alembic", "fastapi", "holidays", "icalendar", "openpyxl", "pypdfium2"}
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, starter; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert {*seldom, "intake.grammar"} & set(loaded.stdout.split()) == set()
