"""Pages in two languages, from catalogues that are read as they are."""

from pathlib import Path

from babel.messages.extract import extract_from_dir

import web
from rules.four_way import COLUMN_NAMES, GROUP_NAMES
from rules.wording import ACCESS_NAMES, ROLE_NAMES, STAGE_NAMES, WAITING_NAMES, WEEKDAYS
from tests.web.conftest import HUB, Installation
from tests.web.test_signing_in import token
from web.language import catalogue
from web.pages import ROLE_TITLES

FOLDER = Path(web.__file__).parent
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
NAMES = (
    *(names.values() for names in (STAGE_NAMES, ROLE_NAMES, WAITING_NAMES, ACCESS_NAMES)),
    *(names.values() for names in (COLUMN_NAMES, GROUP_NAMES)),
    ROLE_TITLES.values(),
    WEEKDAYS,
)
WORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "later": None,
    "lazily": None,
}


def sources() -> set[str]:
    """Every sentence of the pages, as the source language has it, and the engine's words."""
    found = extract_from_dir(str(FOLDER), METHODS, {"**": {}}, keywords=WORDS)
    written = {each[0] if isinstance(each, tuple) else each for _, _, each, _, _ in found if each}
    return written | {word for names in NAMES for word in names}


def test_every_sentence_of_the_pages_has_its_english():
    words = sources()

    assert "Đăng nhập" in words
    assert sorted(words - set(catalogue("en"))) == []


def test_no_translation_is_left_over():
    assert sorted(set(catalogue("en")) - sources()) == []


async def test_pages_speak_the_chosen_language(installation: Installation):
    async with installation.unit(HUB) as browser:
        opened = await browser.get("/")
        chosen = {"_the": token(opened), "ngon_ngu": "en", "den": "/"}
        answer = await browser.post("/ngon-ngu", data=chosen)
        assert answer.headers["location"] == "/"
        english = await browser.get("/")

    assert '<html lang="vi">' in opened.text
    assert '<html lang="en">' in english.text
    assert "Sign out" in english.text
