"""An officer launches a year in the browser, having seen what it leads to."""

import re
from datetime import date

import pytest

from models.cycle import CycleEnd
from models.plan import Plan
from models.visitor import VisitorRole
from tests.shipped import PLAN
from tests.web.conftest import SCHOOL, Installation
from tests.web.test_unit_pages import send

WIZARD = f"/phat-dong/{PLAN}"


def plan_of(installation: Installation) -> Plan:
    plan = installation.tools.registry.plan(PLAN)
    assert plan is not None
    return plan


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
    assert re.search(r"thư được gửi từ ngày 03/03/2026; ngày đầu có [1-9]\d* thư\.", answer.text)
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
    assert "Đã ghi lệnh phát động" in progress.text
    assert "Đã phát động" not in progress.text
    assert "Đang phát động: đã mở 0/" in progress.text
    assert "Hủy lần phát động này" in progress.text
    assert f"<h1>{plan_of(installation).officer.short_title} · 2027" in (progress.text)


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ({"nam": "sang năm"}, 'href="#f-nam"'),
        ({"nam": "9" * 5000}, 'href="#f-nam"'),
        ({"nam": "2027", "han.V.2.H1": "30/6"}, 'href="#f-han.V.2.H1"'),
        ({"nam": "2027", "han.V.2.H1": "2025-01-01"}, 'id="e-han.V.2.H1"'),
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


async def test_last_report_of_a_year_may_be_due_soon_after_it(installation: Installation):
    async with installation.office(VisitorRole.OFFICER) as browser:
        typed = {"nam": "2027", "han.V.2.H2": "2028-01-10"}
        await send(browser, WIZARD, WIZARD, phat_dong="1", **typed)

    assert cycle_of(installation, 2027).dates == {"V.2.H2": "2028-01-10"}


async def test_running_cycle_is_found_again_not_launched_twice(installation: Installation):
    """A form sent twice leads to the cycle; one whose answers would be dropped says so instead."""
    before = len(installation.tools.cycles.all())

    async with installation.office(VisitorRole.OFFICER) as browser:
        warned = await send(browser, WIZARD, WIZARD, doi_nam="1", nam="2026")
        answer = await send(browser, WIZARD, WIZARD, phat_dong="1", nam="2026")
        said = await browser.get(answer.headers["location"])
        typed = {"nam": "2026", "han.V.2.H1": "2026-06-30"}
        refused = await send(browser, WIZARD, WIZARD, phat_dong="1", **typed)

    assert "Năm 2026 đã được phát động" in warned.text
    assert "Lần bấm này không ghi thêm gì" in said.text
    assert refused.status_code == 422
    assert "Chưa có gì vừa nhập được ghi" in refused.text
    assert 'value="2026-06-30"' in refused.text
    assert len(installation.tools.cycles.all()) == before


async def test_next_year_that_is_not_launched_is_offered(installation: Installation):
    async with installation.office(VisitorRole.OFFICER) as browser:
        offered = await browser.get(WIZARD)
        chosen = await send(browser, WIZARD, WIZARD, doi_nam="1", nam="2028")

    assert '<option value="2027" selected>' in offered.text
    assert '<option value="2025"' not in offered.text
    assert "thư giao việc được gửi từ ngày 03/03/2026" in offered.text
    assert "6 tháng đầu năm 2027" in offered.text
    assert "6 tháng đầu năm 2028" in chosen.text


async def test_preview_tells_last_day_and_first_reminder_of_each_task(installation: Installation):
    async with installation.office(VisitorRole.OFFICER) as browser:
        typed = {"nam": "2027", "han.V.2.H1": "2027-07-05"}
        answer = await send(browser, WIZARD, WIZARD, xem="1", **typed)

    rows = {
        row.split("</td>")[0]: re.sub(r"<[^>]+>", " ", row)
        for row in answer.text.split("<tr><td>")[1:]
    }
    duties = {duty.code for duty in plan_of(installation).duties}
    assert {title.split(". ")[0] for title in rows} == duties - {"III.1.d"}
    (by_hubs,) = (row for title, row in rows.items() if re.match(r"V\.1\..*\(kỳ 25/6\)", title))
    assert re.search(r"24/06/2027\s+các cơ sở:\s+17/06/2027", by_hubs)
    assert "18/05/2027" in by_hubs
    (upward,) = (row for title, row in rows.items() if "6 tháng đầu năm 2027" in title)
    assert "05/07/2027" in upward


async def test_page_points_to_no_file_and_no_command(installation: Installation):
    async with installation.office(VisitorRole.OFFICER) as browser:
        answer = await send(browser, WIZARD, WIZARD, nam="2027", xem="1")

    assert "Thông tin chung" in answer.text
    assert "<strong>V.1 (kỳ 15/12)</strong>" in answer.text
    assert 'href="#f-han.V.2.H1">V.2 (6 tháng đầu năm 2027)' in answer.text
    assert not re.search(r"dondoc |\.yaml|officer|--", answer.text.split("Cần biết trước")[1])


async def test_number_and_day_are_entered_on_a_page(installation: Installation):
    about = f"/ke-hoach/thong-tin/{PLAN}"

    async with installation.office(VisitorRole.OFFICER) as browser:
        wrong = await send(browser, about, about, so="12/KH-SGDĐT", ngay="30/12")
        odd = await send(browser, about, about, so="abc", ngay="2026-03-03")
        saved = await send(browser, about, about, so=" 12/KH-SGDĐT ", ngay="2025-12-30")
        wizard = await browser.get(WIZARD)

    plan = plan_of(installation)
    assert 'href="#f-ngay"' in wrong.text
    assert odd.status_code == 422
    assert 'id="e-so">Số, ký hiệu viết như 12/KH-SGDĐT' in odd.text
    assert 'id="e-ngay">Ngày ban hành 03/03/2026 chưa đến.' in odd.text
    assert 'value="abc"' in odd.text
    assert saved.status_code == 303
    assert (plan.number, plan.date) == ("12/KH-SGDĐT", date(2025, 12, 30))
    assert "chưa có đủ số và ngày" not in wizard.text


async def test_units_and_supervisors_launch_nothing(installation: Installation):
    async with installation.unit(SCHOOL) as unit:
        assert (await unit.get(WIZARD)).status_code == 403
    async with installation.office(VisitorRole.SUPERVISOR) as browser:
        assert (await send(browser, "/", WIZARD, phat_dong="1", nam="2027")).status_code == 403


CLOSING = f"/phat-dong/ket-thuc/cycle/{PLAN}/2026"


async def test_cycle_is_not_closed_over_what_it_leaves_open(installation: Installation):
    """The order is kept although Temporal is away; another one is told which order stands."""
    async with installation.office(VisitorRole.OFFICER) as browser:
        form = (await browser.get(CLOSING)).text
        shown = re.findall(r'name="con_do" value="([^"]+)"', form)
        typed = {"khep": "1", "noi_dung": "Hết năm.", "chuyen": "V.1/H2", "con_do": shown}
        silent = await send(browser, CLOSING, CLOSING, **typed)
        said = await send(browser, CLOSING, CLOSING, **typed, quyet_dinh="12/QĐ-SGDĐT")
        progress = await browser.get(said.headers["location"])
        again = await send(browser, CLOSING, CLOSING, **typed, quyet_dinh="12/QĐ-SGDĐT")
        after = await browser.get(again.headers["location"])
        void = await send(browser, CLOSING, CLOSING, huy="1", noi_dung="Nhầm.")
        refused = await browser.get(void.headers["location"])

    assert f">{plan_of(installation).officer.short_title} · 2026</a>" in form
    assert silent.status_code == 422
    assert 'href="#f-quyet_dinh"' in silent.text
    assert 'value="V.1/H2" checked' in silent.text
    assert "Hết năm." in silent.text
    assert {each.status_code for each in (said, again, void)} == {303}
    order = kept_order(installation)
    assert (order.verb, order.reference) == ("close", "12/QĐ-SGDĐT")
    assert [task.split("/")[3:5] for task in order.carry] == [["V.1", "H2"]]
    for page in (progress, after):
        assert "lệnh sẽ được thực hiện khi hệ thống xử lý chạy lại" in page.text
    assert "đã có lệnh khép lại (chuyển sang chu kỳ sau: V.1/H2;" in refused.text


async def test_closing_page_that_is_out_of_date_ends_nothing_nobody_saw(
    installation: Installation,
):
    shown = ["V.1/H1", "V.1/H2"]
    typed = {"khep": "1", "noi_dung": "Hết năm.", "quyet_dinh": "12/QĐ-SGDĐT", "con_do": shown}
    async with installation.office(VisitorRole.OFFICER) as browser:
        answer = await send(browser, CLOSING, CLOSING, **typed)

    assert answer.status_code == 422
    assert re.search(r"Có thêm phần việc còn dở:.* III\.1\.d/han", answer.text)
    assert 'name="con_do" value="III.1.d/han"' in answer.text
    assert cycle_of(installation, 2026).stage == "open"


def kept_order(installation: Installation) -> CycleEnd:
    return CycleEnd.model_validate_json(cycle_of(installation, 2026).ending)
