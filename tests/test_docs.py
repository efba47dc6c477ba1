"""What a person can set or type is written down, and the words are the same everywhere."""

import re
from pathlib import Path

import pytest
import typer.main

from models.assignment import Role, Stage
from models.deadline import RungKind
from settings import Settings

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def commands(group, path: str = "dondoc") -> list[str]:
    """Every command a person can type, those of sub-groups included."""
    return [
        typed
        for name, command in vars(group)["commands"].items()
        if not command.hidden
        for typed in (
            commands(command, f"{path} {name}")
            if hasattr(command, "commands")
            else [f"{path} {name}"]
        )
    ]


@pytest.mark.parametrize("setting", Settings.model_fields)
def test_every_setting_has_its_line(setting):
    assert f"`DONDOC_{setting.upper()}`" in page("settings.md")


def test_no_page_names_a_setting_that_does_not_exist():
    known = {f"DONDOC_{field.upper()}" for field in Settings.model_fields}
    named = {
        (str(path.relative_to(ROOT)), name)
        for path in PAGES
        for name in re.findall(r"DONDOC_[A-Z_]*[A-Z]", path.read_text(encoding="utf-8"))
    }

    assert not {(where, name) for where, name in named if name not in known}


def test_every_command_has_its_place():
    from starter import app

    text = page("commands.md")

    missing = [typed for typed in commands(typer.main.get_command(app)) if typed not in text]
    assert not missing


@pytest.mark.parametrize(
    "member", [*Stage, *Role, *RungKind], ids=lambda member: f"{type(member).__name__}.{member}"
)
def test_the_glossary_has_every_word_of_the_engine(member):
    assert f"`{member.value}`" in page("glossary.md")


def test_every_link_between_pages_leads_somewhere():
    broken = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in PAGES
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
        if "://" not in target and not (path.parent / target).exists()
    ]

    assert not broken


def test_every_decision_is_listed():
    listed = page("README.md")

    assert not [path.name for path in (DOCS / "decisions").glob("*.md") if path.name not in listed]
