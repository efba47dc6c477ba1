"""A document is read outside the server, which may stop meanwhile."""

import io
import os
import shutil
import signal
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import update

from activities.asked import KeyReused
from activities.plan_reviews import Review, Sent
from intake.documents.reading import MOST_BYTES
from models.finding import BadInput
from models.plan_review import ReviewState
from models.tables import SnapshotTable
from models.visitor import VisitorRole
from tests.shipped import PLAN
from tests.web.conftest import NOW, Installation
from tests.web.test_plan_review import DOCUMENT, address
from tests.web.test_unit_pages import send


async def test_interrupted_reading_can_be_taken_up_again(installation: Installation):
    tools, kept = installation.tools, begun(installation)
    long_ago = NOW.replace(year=2020)
    tools.plan_reviews._update(kept.id, read_at=long_ago)

    async with installation.office(VisitorRole.OFFICER) as browser:
        page = await browser.get(address(kept.id))
        assert "Việc đọc tệp bị ngắt giữa chừng" in page.text
        await send(browser, address(kept.id), f"{address(kept.id)}/doc-lai")
        while (found := tools.plan_reviews.get(kept.id)) and found.state == "reading":
            await browser.get(f"{address(kept.id)}/tien-do")

    assert found
    assert found.state is ReviewState.OPEN


async def test_reader_that_is_told_to_end_leaves_its_file_to_be_read_again(
    installation: Installation,
):
    readings, found = installation.tools.readings, begun(installation)

    while not (reader := reader_of(found.id)):
        await readings.read(found, patience=0.01)
    os.kill(reader, signal.SIGTERM)
    await readings.read(found, patience=60)

    now = installation.tools.plan_reviews.get(found.id)
    assert now
    assert now.state is ReviewState.READING
    assert readings.has_file(found.id)


async def test_error_of_ours_is_told_as_one_and_the_file_stays(installation: Installation):
    readings, found = installation.tools.readings, begun(installation, conventions=PLAN)
    with installation.tools.engine.begin() as connection:
        connection.execute(update(SnapshotTable).values(content="{}"))

    await readings.read(found, patience=60)

    now = installation.tools.plan_reviews.get(found.id)
    assert now
    assert now.state is ReviewState.REFUSED
    assert "báo người quản trị" in now.notes[0]
    assert readings.has_file(found.id)


async def test_file_that_is_gone_is_asked_for_again(installation: Installation):
    tools, found = installation.tools, begun(installation)
    shutil.rmtree(tools.settings.state_dir / "documents")

    await tools.readings.read(found, patience=60)

    now = tools.plan_reviews.get(found.id)
    assert now
    assert now.notes == ["Tệp không còn trên máy chủ, hãy gửi lại."]


def test_document_that_is_refused_leaves_the_one_that_was_kept(installation: Installation):
    readings, folder = installation.tools.readings, installation.tools.settings.state_dir
    readings.receive("a.txt", io.BytesIO(b"first"), review="r")

    def refuse() -> None:
        raise KeyReused

    with pytest.raises(KeyReused):
        readings.receive("a.txt", io.BytesIO(b"another"), review="r", claim=refuse)
    with pytest.raises(BadInput):
        readings.receive("a.txt", io.BytesIO(b"x" * (MOST_BYTES + 1)), review="r")

    (kept,) = [file for file in (folder / "documents").rglob("*") if file.is_file()]
    assert (kept.parent.name, kept.read_bytes()) == ("r", b"first")


def begun(installation: Installation, *, conventions: str | None = None) -> Review:
    """A document that was received and is to be read."""
    tools = installation.tools
    kept = tools.readings.receive("ke-hoach.txt", io.BytesIO(DOCUMENT.encode()))
    sent = Sent("ke-hoach.txt", kept.sha256, kept.size, None, None, conventions)
    tools.plan_reviews.begin(kept.review, sent, at=NOW, by="Người officer")
    found = tools.plan_reviews.get(kept.review)
    assert found
    return found


def reader_of(review: str) -> int | None:
    """The process that reads this document."""
    for commands in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if review.encode() in commands.read_bytes():
                return int(commands.parent.name)
    return None
