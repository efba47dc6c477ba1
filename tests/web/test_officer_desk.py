"""The officer decides what tasks wait for, and nobody else does."""

import re
from datetime import date

import httpx
import pytest
from sqlalchemy import text

from activities.ledger import Ledger
from models.assignment import Waiting
from models.commands import Actor, ActorKind, Verdict
from models.cycle import LaunchOrder
from models.visitor import VisitorRole
from rules.counting import four_ways
from rules.unfolding import unfold
from tests.shipped import PLAN, shipped_snapshots
from tests.web.conftest import HUB, NOW, SCHOOL, Installation
from tests.web.test_unit_pages import report_of, send
from web.acts import Answer, worst

DESK = "/can-xu-ly"


def question(installation: Installation, waiting: Waiting) -> str:
    desk = installation.tools.views.desk(at=installation.tools.clock.plan_now())
    return next(each.task for each in desk.questions if each.waiting is waiting)


def card_of(page: httpx.Response, waiting: Waiting, task: str) -> str:
    return page.text.split(f'id="viec-{waiting}-{task}"')[1].split("</li>")[0]


async def test_officer_allocates_a_task_that_names_nobody(installation: Installation):
    task = question(installation, Waiting.ALLOCATION)

    async with installation.office(VisitorRole.OFFICER) as browser:
        with installation.counted() as queries:
            await send(browser, DESK, f"{DESK}/phan-cong/{task}", don_vi=["PCM1", "GDTRH"])
            asked = [each for each in queries if "FROM unit" in each and "unit.code IN" in each]
        (outcome,) = installation.decide()

    assert outcome.verdict is Verdict.APPLIED
    assert len(asked) == 1  # for all units together
    units = {part.unit for part in installation.tools.lookup.open_parts([_cycle()])}
    assert {"PCM1", "GDTRH"} <= units


async def test_units_are_named_as_people_type_them_and_two_of_one_name_are_told_apart(
    installation: Installation,
):
    task = question(installation, Waiting.ALLOCATION)
    registry = installation.tools.registry
    office, school = registry.unit("GDTRH"), registry.unit(SCHOOL)
    assert office
    assert school
    culture = office.model_copy(update={"code": "VH", "name": "Sở Văn hóa, Thể thao"})
    registry.keep_units([school.model_copy(update={"code": "KHAC"}), culture])

    async with installation.office(VisitorRole.OFFICER) as browser:
        twice = await send(browser, DESK, f"{DESK}/phan-cong/{task}", don_vi_khac=school.name)
        slip = await send(browser, DESK, f"{DESK}/phan-cong/{task}", don_vi_khac="PCM1, Phong x")
        said = f"{office.name.upper()}, pcm1 PCM2"
        await send(browser, DESK, f"{DESK}/phan-cong/{task}", don_vi_khac=said, phoi_hop="1")
        await send(browser, DESK, f"{DESK}/phan-cong/{task}", don_vi_khac="so van hoa, the thao")
        outcomes = installation.decide()

    assert twice.status_code == 422
    assert f"Có 2 đơn vị tên “{school.name}”" in twice.text
    assert "có mã hoặc tên “Phong x”" in slip.text
    assert [outcome.verdict for outcome in outcomes] == [Verdict.APPLIED, Verdict.APPLIED]
    units = {part.unit for part in installation.tools.lookup.open_parts([_cycle()])}
    assert {"PCM1", "PCM2", "GDTRH", "VH"} <= units


async def test_unit_outside_the_directory_is_named_and_nothing_is_stored(
    installation: Installation,
):
    """Beside the form, with all that was typed."""
    task = question(installation, Waiting.ALLOCATION)

    async with installation.office(VisitorRole.OFFICER) as browser:
        typed = {"don_vi": "PCM1", "don_vi_khac": "KHONGCO"}
        said = await send(browser, DESK, f"{DESK}/phan-cong/{task}", **typed)

    card = card_of(said, Waiting.ALLOCATION, task)
    assert said.status_code == 422
    assert f'href="#viec-allocation-{task}"' in said.text
    assert "“KHONGCO”" in card
    assert 'value="PCM1" checked' in card
    assert 'value="KHONGCO"' in card
    assert not installation.decide()


async def test_codes_of_units_are_suggested_with_their_names(installation: Installation):
    async with installation.office(VisitorRole.OFFICER) as browser:
        desk = (await browser.get(DESK)).text
        form = (await browser.get(f"/xu-ly/{report_of(SCHOOL)}")).text

    for page in (desk, form):
        assert re.search(rf'<option value="{HUB}">[^<]+</option>', page)
        assert 'list="cac-don-vi"' in page
    assert f'<option value="{SCHOOL}">' not in desk


async def test_two_questions_of_one_task_are_two_cards(installation: Installation):
    """What was typed into one stays there; the page can be left and read in another language."""
    task = question(installation, Waiting.DATE)
    with installation.tools.engine.begin() as connection:
        connection.execute(
            text("UPDATE task SET waiting = :waiting WHERE id = :task"),
            {"waiting": '["date", "document"]', "task": task},
        )

    async with installation.office(VisitorRole.OFFICER) as browser:
        typed = {"ngay": "2026-02-02", "so": " "}
        said = await send(browser, DESK, f"{DESK}/van-ban/{task}", **typed)

    ids = re.findall(r' id="([^"]+)"', said.text)
    assert said.status_code == 422
    assert len(ids) == len(set(ids))
    assert 'value="2026-02-02"' in card_of(said, Waiting.DOCUMENT, task)
    assert 'value="2026-02-02"' not in card_of(said, Waiting.DATE, task)
    assert "data-live" not in said.text
    assert f'name="den" value="{DESK}"' in said.text


async def test_document_is_recorded_without_promising_a_deadline(installation: Installation):
    task = question(installation, Waiting.DATE)
    with installation.tools.engine.begin() as connection:
        connection.execute(text("UPDATE task SET open_units = 7 WHERE id = :id"), {"id": task})

    async with installation.office(VisitorRole.OFFICER) as browser:
        typed = {"so": "12/QĐ-TTg", "ngay": "2026-02-02"}
        asked = await send(browser, DESK, f"{DESK}/van-ban/{task}", **typed)

    assert "Ghi nhận văn bản cho 7 đơn vị?" in asked.text
    assert "Chưa có hạn thì hệ thống hỏi chuyên viên ấn định" in asked.text
    assert f'name="den" value="{DESK}"' in asked.text


def launched_late(installation: Installation, code: str) -> str:
    """A task of a cycle that was launched when its deadline had passed."""
    tools, at = installation.tools, installation.tools.clock.plan_now()
    snapshots = shipped_snapshots(6)
    order = LaunchOrder(plan=PLAN, year=2025, actor=Actor(kind=ActorKind.OFFICER))
    unfolded = unfold(*snapshots, year=2025, cycle="2025", at=at, dates={}, allocation={})
    kept = tools.cycles.keep(order, snapshots, at=at, expected=(1, 0)).cycle
    opening = next(each for each in unfolded.openings if each.task.split("/")[3:5] == code.split())
    Ledger(tools.engine).open_task(opening.task, kept.id, opening.events)
    return opening.task


async def test_passed_deadline_is_decided_with_its_day_and_number_of_units(
    installation: Installation,
):
    """What is about many units is asked twice, and the second time says for how many."""
    task = launched_late(installation, "III.1.c 05-18")
    asked_for = f"{DESK}/han-da-qua/{task}"
    units = len(installation.tools.lookup.held([task])[task])

    async with installation.office(VisitorRole.OFFICER) as browser:
        desk = await browser.get(DESK)
        with installation.counted() as queries:
            first = await send(browser, DESK, asked_for, don_doc="1")
            asked = [each for each in queries if "assignment.task IN" in each]
        early = installation.decide()
        sure = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', first.text))
        await browser.post(asked_for, data=sure)
        (outcome,) = installation.decide()

    card = card_of(desk, Waiting.ADOPTION, task)
    assert "23/05/2025" in card
    assert units > 1
    assert f"{units} đơn vị" in card
    assert f'href="/nhiem-vu/{task.removeprefix("task/")}"' in card
    assert f"Đôn đốc {units} đơn vị từ nay?" in first.text
    assert early == []
    assert len(asked) == 1  # who is asked about, and for how many
    assert outcome.verdict is Verdict.APPLIED
    assert not installation.tools.lookup.held([task])


@pytest.mark.parametrize(
    ("button", "question", "counted"),
    [("xong", "hoàn thành đúng hạn?", (True, False)), ("xong_muon", "quá hạn?", (False, True))],
)
async def test_officer_says_whether_what_was_done_before_the_launch_was_in_time(
    installation: Installation, button: str, question: str, counted: tuple[bool, bool]
):
    task = launched_late(installation, "III.1.c 05-18")
    path = f"{DESK}/han-da-qua/{task}"

    async with installation.office(VisitorRole.OFFICER) as browser:
        first = await send(browser, DESK, path, **{button: "1"})
        sure = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', first.text))
        await browser.post(path, data=sure)
        installation.decide()
    seen = installation.tools.views.oversight(f"cycle/{PLAN}/2025", at=NOW)

    assert seen
    figures = four_ways(count for count in seen.totals if count.task == task)
    assert question in first.text
    assert (figures.completed_on_time > 1, figures.completed_late > 1) == counted


async def test_questions_stand_below_the_plan_and_year_they_belong_to(installation: Installation):
    launched_late(installation, "III.1.c 05-18")

    async with installation.office(VisitorRole.OFFICER) as browser:
        desk = (await browser.get(DESK)).text

    headings = re.findall(r"<h3>([^<]+) · (\d{4})</h3>", desk)
    assert [year for _title, year in headings] == ["2025", "2026"]
    codes = re.findall(r'id="viec-\w+-task/[^/]+/2026/([^/]+)/', desk)
    assert codes.index("III.2.đ") < codes.index("III.2.e")


async def test_officer_sets_a_date_the_document_does_not_give(installation: Installation):
    task = question(installation, Waiting.DATE)

    async with installation.office(VisitorRole.OFFICER) as browser:
        past = await send(browser, DESK, f"{DESK}/an-dinh-han/{task}", ngay="2026-03-01")
        early = installation.decide()
        await send(browser, DESK, f"{DESK}/an-dinh-han/{task}", ngay="2026-06-30")
        outcomes = installation.decide()

    card = card_of(past, Waiting.DATE, task)
    title = installation.tools.lookup.task(task)[0].title
    assert past.status_code == 422
    assert early == []  # a slip of the keyboard is no event of the ledger
    assert "Ngày 01/03/2026 đã qua" in card
    assert 'value="2026-03-01" aria-invalid="true"' in card
    assert title in past.text.split('id="sai"')[1].split("</div>")[0]
    assert {outcome.verdict for outcome in outcomes} == {Verdict.APPLIED}


async def test_extension_shows_its_reason_and_is_granted(installation: Installation):
    work = report_of(SCHOOL)
    async with installation.unit(SCHOOL) as unit:
        await send(
            unit, f"/viec/{work}", f"/viec/{work}/gia-han", ngay="2026-06-30", ly_do="Chờ điểm thi"
        )
    installation.decide()

    async with installation.office(VisitorRole.OFFICER) as browser:
        shown = await browser.get(DESK)
        typed = {"ngay": "2026-03-01", "noi_dung": "Sớm hơn"}
        earlier = await send(browser, DESK, f"{DESK}/gia-han/{work}", dong_y="1", **typed)
        silent = await send(browser, DESK, f"{DESK}/gia-han/{work}", khong="1")
        assert installation.decide() == []
        await send(browser, DESK, f"{DESK}/gia-han/{work}", dong_y="1")
        (outcome,) = installation.decide()

    assert {earlier.status_code, silent.status_code} == {422}
    assert 'value="Sớm hơn"' in earlier.text
    assert "Không đồng ý thì hãy nêu lý do." in silent.text
    assert "Chờ điểm thi" in shown.text
    assert "30/06/2026" in shown.text
    assert outcome.verdict is Verdict.APPLIED
    (part,) = installation.tools.lookup.part(work)
    assert part.last_day == date(2026, 6, 30)


async def test_what_was_typed_is_shown_where_somebody_else_answered_first(deciding: Installation):
    work = report_of(SCHOOL)
    page, path = f"/viec/{work}", f"{DESK}/gia-han/{work}"
    async with deciding.unit(SCHOOL) as unit:
        await send(unit, page, f"{page}/gia-han", ngay="2026-06-30", ly_do="Chờ điểm thi")

    async with deciding.office(VisitorRole.OFFICER) as browser:
        await send(browser, DESK, path, dong_y="1")
        typed = {"ngay": "2026-07-01", "noi_dung": "Thêm một ngày <nữa>"}
        refused = await send(browser, DESK, path, dong_y="1", **typed)
        lacking = await send(browser, DESK, path, khong="1", ngay="2026-07-02")

    assert (refused.status_code, lacking.status_code) == (422, 422)
    assert "không có đề nghị gia hạn nào đang chờ trả lời" in refused.text
    assert "Thêm một ngày &lt;nữa&gt;" in refused.text
    assert "01/07/2026" in refused.text
    assert "Không còn gì phải quyết định ở việc này." in lacking.text
    assert "02/07/2026" in lacking.text
    for answer in (refused, lacking):
        assert "Hãy sửa" not in answer.text
        assert "hãy nêu lý do" not in answer.text


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ((None, Verdict.REFUSED, Verdict.APPLIED), Verdict.REFUSED),
        ((Verdict.APPLIED, None), None),
        ((Verdict.APPLIED, Verdict.APPLIED), Verdict.APPLIED),
    ],
)
def test_refusal_is_said_before_what_is_still_being_decided(verdicts, said):
    assert worst([Answer("", verdict, "") for verdict in verdicts]).verdict is said


async def test_others_do_not_decide(installation: Installation):
    task = question(installation, Waiting.DATE)

    async with installation.office(VisitorRole.SUPERVISOR) as browser:
        answer = await send(browser, "/", f"{DESK}/an-dinh-han/{task}", ngay="2026-06-30")
    async with installation.unit(SCHOOL) as unit:
        refused = await send(unit, "/", f"{DESK}/an-dinh-han/{task}", ngay="2026-06-30")

    assert (answer.status_code, refused.status_code) == (403, 403)
    assert not installation.decide()


async def test_desk_asks_little_of_the_database(installation: Installation):
    async with installation.office(VisitorRole.OFFICER) as browser:
        with installation.counted() as queries:
            await browser.get(DESK)

    assert len(queries) <= 10


def _cycle() -> str:
    return "cycle/lam-dong-nq57/2026"
