"""The officer calls, enters what came on paper, moves dates; each act stands in the ledger."""

import re
from html import unescape

import pytest
from sqlalchemy import text

from models.assignment import Stage
from models.commands import Verdict
from models.visitor import VisitorRole
from tests.web.conftest import SCHOOL, Installation
from tests.web.test_unit_pages import channels_of, filled, report_of, send


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


async def test_paper_report_is_read_where_it_is_reviewed(installation: Installation):
    work = channels_of(SCHOOL, installation)
    came = {"so": "12/BC-TH", "nhan_luc": "2026-02-27T16:30", "noi_dung": "Đã lập hai kênh."}

    async with installation.office(VisitorRole.OFFICER) as browser:
        await send(browser, f"/xu-ly/{work}", f"/xu-ly/{work}/bao-cao-giay", **came)
        installation.decide()
        shown = await browser.get(f"/duyet/{work}")
        await send(browser, f"/duyet/{work}", f"/duyet/{work}/tra-lai", noi_dung="Thiếu dấu.")
        (outcome,) = installation.decide()

    assert shown.status_code == 200
    for said in ("12/BC-TH", "16:30 27/02/2026", "Đã lập hai kênh.", "Người officer"):
        assert said in shown.text
    assert outcome.verdict is Verdict.APPLIED


async def test_paper_that_follows_a_returned_report_is_shown_in_its_place(
    installation: Installation,
):
    work = report_of(SCHOOL)
    async with installation.unit(SCHOOL) as browser:
        typed = filled(installation, work) | {"nop": "1"}
        await send(browser, f"/bao-cao/{work}", f"/bao-cao/{work}", **typed)
        installation.decide()

    async with installation.office(VisitorRole.OFFICER) as browser:
        page = f"/duyet/{work}"
        first = (await browser.get(page)).text
        await send(browser, page, f"{page}/tra-lai", noi_dung="Thiếu số liệu.")
        installation.decide()
        came = {"so": "15/BC-TH", "nhan_luc": "2026-03-02T08:00"}
        await send(browser, f"/xu-ly/{work}", f"/xu-ly/{work}/bao-cao-giay", **came)
        installation.decide()
        second = (await browser.get(page)).text

    assert "Thực hiện nghiêm túc." in first
    assert "15/BC-TH" in second
    assert "Thực hiện nghiêm túc." not in second


@pytest.mark.parametrize(
    ("act", "typed", "field"),
    [
        ("goi", {}, "noi_dung"),
        ("bao-cao-giay", {"so": "12/BC"}, "nhan_luc"),
        ("bao-cao-giay", {"so": "12/BC", "nhan_luc": "2027-01-01T08:00"}, "nhan_luc"),
        ("doi-han", {"noi_dung": "Mưa lũ"}, "han"),
        ("doi-han", {"noi_dung": "Mưa lũ", "han": "2026-03-01"}, "han"),
        ("goi", {"noi_dung": "Đã gọi thầy Ba", "hua": "2026-03-01"}, "hua"),
        ("chuyen", {"don_vi": "KHONGCO"}, "don_vi"),
        ("chuyen", {"don_vi": ","}, "don_vi"),
        ("khong-tiep-tuc", {}, "quyet_dinh"),
        ("mo-lai", {}, "noi_dung"),
    ],
)
async def test_what_is_missing_is_named_and_nothing_is_stored(
    installation: Installation, act, typed, field
):
    """At its field, in the form that was sent, with all that was typed."""
    page = f"/xu-ly/{report_of(SCHOOL)}"

    async with installation.office(VisitorRole.OFFICER) as browser:
        answer = await send(browser, page, f"{page}/{act}", **typed)

    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text
    (form,) = re.findall(r'<details class="panel" open>(.*?)</details>', answer.text, re.DOTALL)
    assert f'id="f-{field}"' in form
    assert f'id="e-{field}"' in form
    for value in typed.values():
        assert value in form
    assert f'name="den" value="{page}"' in answer.text
    assert not installation.decide()
    with installation.tools.engine.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM statement")).scalar() == 0


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
