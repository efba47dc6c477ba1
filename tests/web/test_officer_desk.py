"""The officer decides what tasks wait for, and nobody else does."""

from datetime import date

from models.assignment import Waiting
from models.commands import Verdict
from models.visitor import VisitorRole
from tests.web.conftest import SCHOOL, Installation
from tests.web.test_unit_pages import report_of, send

DESK = "/can-xu-ly"


def question(installation: Installation, waiting: Waiting) -> str:
    desk = installation.tools.views.desk(at=installation.tools.clock.plan_now())
    return next(each.task for each in desk.questions if each.waiting is waiting)


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


async def test_unit_outside_the_directory_is_named_and_nothing_is_stored(
    installation: Installation,
):
    task = question(installation, Waiting.ALLOCATION)

    async with installation.office(VisitorRole.OFFICER) as browser:
        await send(browser, DESK, f"{DESK}/phan-cong/{task}", don_vi_khac="KHONGCO")
        said = await browser.get(DESK)

    assert "KHONGCO" in said.text
    assert not installation.decide()


async def test_officer_sets_a_date_the_document_does_not_give(installation: Installation):
    task = question(installation, Waiting.DATE)

    async with installation.office(VisitorRole.OFFICER) as browser:
        await send(browser, DESK, f"{DESK}/an-dinh-han/{task}", ngay="2026-06-30")
        outcomes = installation.decide()

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
        await send(browser, DESK, f"{DESK}/gia-han/{work}", dong_y="1")
        (outcome,) = installation.decide()

    assert "Chờ điểm thi" in shown.text
    assert "30/06/2026" in shown.text
    assert outcome.verdict is Verdict.APPLIED
    (part,) = installation.tools.lookup.part(work)
    assert part.last_day == date(2026, 6, 30)


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
