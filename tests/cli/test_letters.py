"""`dondoc notices preview` and `dondoc overdue` as a person types them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import settings
from letters.examples import EXAMPLES
from starter import app


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DONDOC_STATE_DIR", str(tmp_path / "var"))
    settings.load.cache_clear()
    yield lambda *words: CliRunner().invoke(app, list(words))
    settings.load.cache_clear()


def test_any_kind_of_letter_can_be_seen_in_both_languages_and_as_html(typed, tmp_path):
    file = tmp_path / "thu.html"

    result = typed("notices", "preview", "--kind", "due", "--lang", "en", "--html", str(file))
    again = typed("notices", "preview", "--kind", "due", "--html", str(file))

    assert result.exit_code == 0
    assert "[NQ57-2026] III.1.d due 28 February 2026" in result.output
    assert '<html lang="en">' in file.read_text(encoding="utf-8")
    assert again.exit_code == 1


def test_a_kind_that_does_not_exist_lists_those_that_do(typed):
    result = typed("notices", "preview", "--kind", "x", "--json")

    assert result.exit_code == 1
    assert all(kind in result.output.replace("\n", " ") for kind in EXAMPLES)


def test_nobody_overdue_is_said(typed):
    assert "Không có đơn vị nào quá hạn." in typed("overdue").output
    assert json.loads(typed("overdue", "--json").output)["total"] == 0
