"""The shipped plan.yaml is what the importer reads in the shipped document."""

import unicodedata
from pathlib import Path

import pytest

from intake.importing import as_yaml, import_document, merge_yaml
from intake.plan_folder import read_plan
from models.plan import PlanDocument, Undated

SHIPPED = Path(__file__).parents[3] / "plans" / "lam-dong-nq57"


@pytest.fixture(scope="module")
def imported() -> PlanDocument:
    return import_document(SHIPPED / "ke-hoach.txt", otherwise=2026)[0].document


def test_it_is_the_shipped_plan(imported):
    assert imported == read_plan(SHIPPED).document


def test_importing_again_leaves_the_shipped_file_as_it_is(imported):
    merge = merge_yaml(SHIPPED / "plan.yaml", imported, document_wins=True)

    assert not merge.differences
    assert merge.text == (SHIPPED / "plan.yaml").read_text(encoding="utf-8")


def test_a_new_file_reads_back_the_same(imported, tmp_path):
    (tmp_path / "plan.yaml").write_text(as_yaml(imported), encoding="utf-8")
    officer = (SHIPPED / "officer.yaml").read_text(encoding="utf-8")
    (tmp_path / "officer.yaml").write_text(officer, encoding="utf-8")

    assert read_plan(tmp_path).document == imported


def test_nothing_is_invented(imported):
    upward = imported.reports[1]

    assert isinstance(upward.timing, Undated)
    assert imported.number is None
    assert imported.date is None


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda text: unicodedata.normalize("NFD", text), id="decomposed letters"),
        pytest.param(lambda text: text.replace(" ", "  "), id="doubled spaces"),
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="Windows line ends"),
        pytest.param(lambda text: "\ufeff" + text, id="byte order mark"),
        pytest.param(lambda text: text.replace(" ", "\u00a0"), id="no-break spaces"),
        pytest.param(lambda text: text.replace("\n c) Năm 2027", "\n\f c) Năm 2027"), id="pages"),
    ],
)
def test_what_extraction_does_to_a_text_changes_nothing(spoil, imported, tmp_path):
    spoilt = tmp_path / "ke-hoach.txt"
    text = (SHIPPED / "ke-hoach.txt").read_text(encoding="utf-8")
    spoilt.write_bytes(spoil(text).encode())

    document = import_document(spoilt, otherwise=2026)[0].document

    columns = {"issuer", "number", "date"}  # doubled spaces look like columns of a letterhead
    assert document.model_dump(exclude=columns) == imported.model_dump(exclude=columns)
