"""The wording of every letter, under review.

A change of wording changes a file here: `make test ARGS="tests/letters --update-letters"`, then
read the difference before it is committed.
"""

from pathlib import Path

import pytest

from letters.examples import EXAMPLES
from letters.wording import wording
from letters.writing import write
from models.plan import Language

SNAPSHOTS = Path(__file__).parent / "snapshots"
LETTERS = [(language, kind) for language in Language for kind in EXAMPLES]
IN_HTML = ("digest", "week")


def kept(path: Path, written: str, *, update: bool) -> str:
    if update:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written, encoding="utf-8")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("language", "kind"), LETTERS)
def test_a_letter_says_what_was_reviewed(language, kind, request):
    written = write(EXAMPLES[kind], wording(language))
    update = request.config.getoption("update_letters")

    text = f"{written.subject}\n\n{written.text}"
    assert kept(SNAPSHOTS / language / f"{kind}.txt", text, update=update) == text
    if kind in IN_HTML:
        file = SNAPSHOTS / language / f"{kind}.html"
        assert kept(file, written.html, update=update) == written.html


def test_no_reviewed_letter_is_left_behind():
    known = {f"{language}/{kind}" for language, kind in LETTERS}

    found = {f"{path.parent.name}/{path.stem}" for path in SNAPSHOTS.glob("*/*")}
    assert found == known
