"""An officer launches a year in the browser, having seen what it leads to."""

import pytest

from models.cycle import CycleEnd
from models.visitor import VisitorRole
from tests.shipped import PLAN
from tests.web.conftest import SCHOOL, Installation
from tests.web.test_unit_pages import send

WIZARD = f"/phat-dong/{PLAN}"


def cycle_of(installation: Installation, year: int):
    return next((each for each in installation.tools.cycles.all() if each.year == year), None)


async def test_wizard_asks_what_the_document_leaves_open(installation: Installation):
    async with installation.office(VisitorRole.OFFICER) as browser:
        answer = await browser.get(WIZARD)

    assert 'name="han.V.2.H1"' in answer.text
    assert 'name="giao.III.2.a"' in answer.text


async def test_preview_counts_and_writes_nothing(installation: Installation):
    async with installation.office(VisitorRole.OFFICER) as browser:
        answer = await send(browser, WIZARD, WIZARD, nam="2027", xem="1")

    assert answer.status_code == 200
    assert "Những ngày nhiều thư nhất" in answer.text
    assert cycle_of(installation, 2027) is None


async def test_launch_is_kept_although_temporal_is_away(installation: Installation):
    typed = {"nam": "2027", "han.V.2.H1": "2027-06-30", "giao.III.2.a": "PCM1"}

    async with installation.office(VisitorRole.OFFICER) as browser:
        answer = await send(browser, WIZARD, WIZARD, phat_dong="1", **typed)
        progress = await browser.get(answer.headers["location"])

    kept = cycle_of(installation, 2027)
    assert kept is not None
    assert kept.dates == {"V.2.H1": "2027-06-30"}
    assert kept.allocation == {"III.2.a": ["PCM1"]}
    assert "Đang mở nhiệm vụ" in progress.text


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ({"nam": "sang năm"}, 'href="#f-nam"'),
        ({"nam": "2027", "han.V.2.H1": "30/6"}, 'href="#f-han.V.2.H1"'),
        ({"nam": "2027", "giao.III.2.a": "KHONGCO"}, "KHONGCO"),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_is_launched(
    installation: Installation, typed, place
):
    async with installation.office(VisitorRole.OFFICER) as browser:
        answer = await send(browser, WIZARD, WIZARD, phat_dong="1", **typed)

    assert answer.status_code == 422
    assert place in answer.text
    assert cycle_of(installation, 2027) is None


async def test_running_cycle_is_found_again_not_launched_twice(installation: Installation):
    before = len(installation.tools.cycles.all())

    async with installation.office(VisitorRole.OFFICER) as browser:
        answer = await send(browser, WIZARD, WIZARD, phat_dong="1", nam="2026")
        said = await browser.get(answer.headers["location"])

    assert "đã được phát động từ trước" in said.text
    assert len(installation.tools.cycles.all()) == before


async def test_units_and_supervisors_launch_nothing(installation: Installation):
    async with installation.unit(SCHOOL) as unit:
        assert (await unit.get(WIZARD)).status_code == 403
    async with installation.office(VisitorRole.SUPERVISOR) as browser:
        assert (await send(browser, "/", WIZARD, phat_dong="1", nam="2027")).status_code == 403


async def test_cycle_is_not_closed_over_what_it_leaves_open(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
):
    asked: list[CycleEnd] = []

    async def end_cycle(end: CycleEnd) -> None:
        asked.append(end)

    monkeypatch.setattr(installation.tools.acts, "end_cycle", end_cycle)
    path = f"/phat-dong/ket-thuc/cycle/{PLAN}/2026"

    async with installation.office(VisitorRole.OFFICER) as browser:
        typed = {"khep": "1", "noi_dung": "Hết năm.", "chuyen": "V.1/H2"}
        silent = await send(browser, path, path, **typed)
        said = await send(browser, path, path, **typed, quyet_dinh="12/QĐ-SGDĐT")
        void = await send(browser, path, path, huy="1", noi_dung="Nhầm.")

    assert silent.status_code == 422
    assert 'href="#f-quyet_dinh"' in silent.text
    assert 'value="V.1/H2" checked' in silent.text
    assert "Hết năm." in silent.text
    assert (said.status_code, void.status_code) == (303, 303)
    closing, voiding = asked
    assert (closing.verb, closing.reference) == ("close", "12/QĐ-SGDĐT")
    assert [task.split("/")[3:5] for task in closing.carry] == [["V.1", "H2"]]
    assert (voiding.verb, voiding.carry, voiding.ended) == ("void", (), ())
