"""Tokens of programs at the terminal."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import settings
from activities.accounts import Accounts, Door
from activities.tokens import Tokens
from cli.context import Context
from cli.tokens import app
from models.directory import Unit, UnitKind
from models.visitor import AccessKind, Scope, VisitorRole


@pytest.fixture(autouse=True)
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    monkeypatch.setenv("DONDOC_STATE_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("COLUMNS", "200")
    settings.load.cache_clear()
    context = Context()
    Accounts(context.engine).add("ntlan", VisitorRole.OFFICER, name="Chuyên viên thử")
    Accounts(context.engine).add("quantri", VisitorRole.ADMINISTRATOR, name="Quản trị thử")
    context.registry.keep_units([Unit(code="VP", name="Văn phòng Sở", kind=UnitKind.OFFICE)])
    yield context
    context.engine.dispose()
    settings.load.cache_clear()


def answered(*words: str, exit_code: int = 0) -> Any:
    result = CliRunner().invoke(app, [*words, "--json"])
    assert result.exit_code == exit_code, result.output
    return json.loads(result.stdout)


def test_token_is_shown_once_works_and_can_be_revoked(context: Context):
    made = answered("add", "Trục văn bản", "--account", "ntlan", "--scope", "events")
    tokens = Tokens(context.engine)
    holder = tokens.holder(made["token"])
    listed = CliRunner().invoke(app, ["list"]).output
    answered("revoke", made["id"][:12])

    assert holder is not None
    assert holder.scopes == {Scope.EVENTS}
    assert made["id"][:12] in listed
    assert made["token"] not in listed
    assert tokens.holder(made["token"]) is None
    kinds = [line.kind for line in Door(context.engine).record()[0]]
    assert kinds == [AccessKind.TOKEN_REVOKED, AccessKind.TOKEN_MADE]


def test_token_reads_for_a_year_unless_more_is_asked(context: Context):
    made = answered("add", "Phần mềm", "--unit", "VP", "--name", "A", "--position", "Văn thư")

    holder = Tokens(context.engine).holder(made["token"])
    assert holder is not None
    assert (holder.visitor.unit, holder.visitor.name) == ("VP", "A")
    assert holder.scopes == {Scope.READ}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param([], "đúng một trong hai", id="nobody"),
        pytest.param(["--unit", "VP", "--account", "ntlan"], "đúng một trong hai", id="both"),
        pytest.param(["--unit", "VP"], "ai chịu trách nhiệm", id="nobody answers for it"),
        pytest.param(["--account", "la"], "Không có tài khoản", id="unknown"),
        pytest.param(["--account", "quantri"], "không dùng API", id="administrator"),
    ],
)
def test_token_without_a_sound_holder_is_not_made(context: Context, words, sentence):
    assert sentence in answered("add", "Phần mềm", *words, exit_code=1)["error"]
    assert Tokens(context.engine).all() == []


def test_number_that_names_no_token_is_said():
    assert "Không có mã truy cập" in answered("revoke", "abcdef", exit_code=1)["error"]
