"""Sign-in links and the secret they are signed with."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from activities.links import LINKS_LAST, Link, LinkKind, Links, installation_secret

MADE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LINKS = Links("https://dondoc.example/", "a secret of this installation")


def token(url: str) -> str:
    return urlsplit(url).path.removeprefix("/vao/")


def read(url: str) -> Link:
    link = LINKS.read(token(url))
    assert link is not None
    return link


def test_link_names_its_unit_and_ends():
    link = read(LINKS.unit("TM0001", at=MADE))

    assert (link.kind, link.ref) == (LinkKind.UNIT, "TM0001")
    assert not link.expired(at=MADE + LINKS_LAST - timedelta(seconds=1))
    assert link.expired(at=MADE + LINKS_LAST)


def test_link_is_an_address_of_the_installation():
    url = LINKS.unit("TM0001", at=MADE, then="/viec/a b")

    assert url.startswith("https://dondoc.example/vao/")
    assert url.endswith("?den=%2Fviec%2Fa+b")


def test_every_link_is_used_up_by_itself():
    assert read(LINKS.unit("VP", at=MADE)).id != read(LINKS.unit("VP", at=MADE)).id


def test_kind_of_a_link_is_signed_too():
    kinds = [LINKS.unit("x", at=MADE), LINKS.account("x", at=MADE), LINKS.password("x", at=MADE)]

    assert [read(url).kind for url in kinds] == [*LinkKind]


@pytest.mark.parametrize(
    "forged",
    ["", "abc", "a.b", token(LINKS.unit("VP", at=MADE))[:-1]],
    ids=["empty", "no signature", "no content", "cut off"],
)
def test_what_was_not_signed_here_says_nothing(forged):
    assert LINKS.read(forged) is None


def test_links_of_another_installation_say_nothing():
    theirs = Links("https://dondoc.example", "another secret")

    assert LINKS.read(token(theirs.unit("VP", at=MADE))) is None


def test_secret_is_made_once_and_read_by_its_owner_only(tmp_path: Path):
    first = installation_secret(tmp_path)

    assert installation_secret(tmp_path) == first
    assert len(first) >= 32
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secret.key"]


def test_configured_secret_leaves_no_file(tmp_path: Path):
    assert installation_secret(tmp_path, "configured") == "configured"
    assert not list(tmp_path.iterdir())


def test_starters_at_once_have_one_secret(tmp_path: Path):
    program = (
        "import sys; from pathlib import Path; from activities.links import *;"
        "print(installation_secret(Path(sys.argv[1])))"
    )
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)],
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
        )
        for _ in range(4)
    ]

    assert len({start.communicate()[0] for start in starts}) == 1
