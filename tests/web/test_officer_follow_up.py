"""The officer calls, enters what came on paper, moves dates; each act stands in the ledger."""

from html import unescape

import pytest

from models.assignment import Stage
from models.commands import Verdict
from models.visitor import VisitorRole
from tests.web.conftest import SCHOOL, Installation
from tests.web.test_unit_pages import channels_of, report_of, send


async def test_call_and_promise_stand_beside_the_overdue_unit(installation: Installation):
    work = channels_of(SCHOOL, installation)

    async with installation.office(VisitorRole.OFFICER) as browser:
        page = f"/xu-ly/{work}"
        await send(browser, page, f"{page}/goi", noi_dung="Đã gọi thầy Ba", hua="2026-03-05")
        (outcome,) = installation.decide()
        listed = await browser.get("/qua-han?trang=1")
        pages = listed.text
        while "Đã gọi thầy Ba" not in pages and 'rel="next"' in listed.text:
            following = unescape(listed.text.split('rel="next" href="')[1].split('"')[0])
            listed = await browser.get(following)
            pages += listed.text

    assert outcome.verdict is Verdict.APPLIED
    assert "Đã gọi thầy Ba" in pages
    assert "05/03/2026" in pages


async def test_paper_report_counts_from_the_day_it_came(installation: Installation):
    work = channels_of(SCHOOL, installation)

    async with installation.office(VisitorRole.OFFICER) as browser:
        page = f"/xu-ly/{work}"
        await send(
            browser, page, f"{page}/bao-cao-giay", so="12/BC-TH", nhan_luc="2026-02-27T16:30"
        )
        (outcome,) = installation.decide()

    (part,) = installation.tools.lookup.part(work)
    assert outcome.verdict is Verdict.APPLIED
    assert (part.stage, part.late) == (Stage.SUBMITTED, False)


@pytest.mark.parametrize(
    ("act", "typed", "field"),
    [
        ("goi", {}, "noi_dung"),
        ("bao-cao-giay", {"so": "12/BC"}, "nhan_luc"),
        ("bao-cao-giay", {"so": "12/BC", "nhan_luc": "2027-01-01T08:00"}, "nhan_luc"),
        ("doi-han", {"noi_dung": "Mưa lũ"}, "han"),
        ("chuyen", {"don_vi": "KHONGCO"}, "don_vi"),
        ("khong-tiep-tuc", {}, "quyet_dinh"),
    ],
)
async def test_what_is_missing_is_named_and_nothing_is_stored(
    installation: Installation, act, typed, field
):
    page = f"/xu-ly/{report_of(SCHOOL)}"

    async with installation.office(VisitorRole.OFFICER) as browser:
        answer = await send(browser, page, f"{page}/{act}", **typed)

    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text
    assert not installation.decide()


async def test_moved_deadline_is_shown_to_the_unit(installation: Installation):
    work = report_of(SCHOOL)

    async with installation.office(VisitorRole.OFFICER) as browser:
        page = f"/xu-ly/{work}"
        await send(browser, page, f"{page}/doi-han", han="2026-07-10", noi_dung="Mưa lũ")
        installation.decide()
    async with installation.unit(SCHOOL) as unit:
        shown = await unit.get(f"/viec/{work}")

    assert "10/07/2026" in shown.text


async def test_unit_follows_up_nobody(installation: Installation):
    async with installation.unit(SCHOOL) as browser:
        assert (await browser.get(f"/xu-ly/{report_of(SCHOOL)}")).status_code == 403
        assert (await browser.get("/qua-han")).status_code == 403
