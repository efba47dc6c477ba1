"""A unit sees what is most pressing first, answers, and loses nothing of what it typed."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from activities.lookup import Part
from activities.views import AssignmentView
from models.assignment import Stage
from models.commands import Verdict
from models.report import Draft, EstimateDraft, ReportForm
from models.visitor import VisitorRole
from rules.report_checks import check_report
from tests.shipped import PLAN
from tests.web.conftest import HUB, NOW, SCHOOL, Installation
from web.pages import environment
from web.unit.report import place_of
from web.unit.today import piles

CHANNELS = f"{PLAN}/2026/III.1.d/han"
REPORT = f"{PLAN}/2026/V.1/H1"


def form_of(answer: httpx.Response) -> dict[str, str]:
    """The hidden fields of a page's last form."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text)
    return {name: unescape(value) for name, value in found}


async def send(browser: httpx.AsyncClient, page: str, path: str, **fields) -> httpx.Response:
    """Presses a button of the form on `page`."""
    files = fields.pop("files", None)
    hidden = form_of(await browser.get(page))
    return await browser.post(path, data=hidden | fields, files=files)


def channels_of(unit: str, installation: Installation) -> str:
    (part,) = [
        part
        for part in installation.tools.lookup.open_parts([f"cycle/{PLAN}/2026"], unit)
        if "/III.1.d/" in part.id
    ]
    return part.id


def ongoing(installation: Installation) -> list[Part]:
    """What the school does all year, one of it."""
    parts = installation.tools.lookup.open_parts([f"cycle/{PLAN}/2026"], SCHOOL)
    return [part for part in parts if part.last_day is None][:1]


def report_of(unit: str) -> str:
    return f"{REPORT}/{unit}"


def filled(installation: Installation, assignment: str) -> dict[str, str]:
    """A form as a diligent school fills it in."""
    form = installation.tools.reports.form(assignment)
    fields = {"summary": "Thực hiện nghiêm túc."}
    for line in form.lines:
        fields[f"lines.{line.code}.status"] = "ongoing"
        fields[f"lines.{line.code}.result"] = f"Đã triển khai {line.code}."
    for target in form.targets:
        name = f"figures.{target.code}"
        if target.number is None:
            fields[f"{name}.statement"] = "Đang thực hiện."
        else:
            fields[f"{name}.numerator"] = "8"
        if target.counted:
            fields[f"{name}.denominator"] = "10"
    return fields


def an_assignment(**what) -> AssignmentView:
    nothing: dict[str, Any] = dict.fromkeys(AssignmentView._fields)
    given = {"code": "V.1", "occurrence": "H1", "stage": Stage.ASSIGNED, "overdue": False}
    return AssignmentView(**nothing | given | what)


@pytest.mark.parametrize(
    ("what", "pile"),
    [
        pytest.param({"stage": Stage.RETURNED}, "Bị trả lại, cần nộp lại", id="returned"),
        pytest.param(
            {"breach": NOW - timedelta(days=1), "overdue": True}, "Đã quá hạn", id="overdue"
        ),
        pytest.param({"breach": NOW + timedelta(days=14)}, "Sắp đến hạn", id="in two weeks"),
        pytest.param({"breach": NOW + timedelta(days=15)}, "Có hạn về sau", id="later"),
        pytest.param({}, "Chưa có hạn hoặc làm thường xuyên", id="undated"),
        pytest.param(
            {"stage": Stage.SUBMITTED, "breach": NOW - timedelta(days=1)},
            "Đã nộp, chờ duyệt",
            id="submitted",
        ),
        pytest.param(
            {"stage": Stage.HELD, "breach": NOW - timedelta(days=100)},
            "Chờ quyết định hoặc tạm dừng, chưa phải làm gì",
            id="held",
        ),
        pytest.param({"stage": Stage.ACCEPTED}, "Đã xong", id="accepted"),
    ],
)
def test_work_stands_in_the_pile_of_its_urgency(what, pile):
    (found,) = piles([an_assignment(**what)], at=NOW)

    assert found.title == pile


def test_most_pressing_comes_first():
    work = [
        an_assignment(id="c"),
        an_assignment(id="b", breach=NOW + timedelta(days=2)),
        an_assignment(id="a", breach=NOW - timedelta(days=1), overdue=True),
    ]

    assert [each.id for pile in piles(work, at=NOW) for each in pile.work] == ["a", "b", "c"]


async def test_one_button_acknowledges_everything(installation: Installation):
    async with installation.unit(SCHOOL) as browser:
        answer = await send(browser, "/", "/tiep-nhan")
        outcomes = installation.decide()
        after = await browser.get("/")

    assert answer.status_code == 303
    assert {outcome.verdict for outcome in outcomes} == {Verdict.APPLIED}
    assert "Xác nhận đã tiếp nhận tất cả" not in after.text
    assert after.text.count(">đã xác nhận</span>") == len(outcomes)


async def test_today_asks_little_of_the_database(installation: Installation):
    async with installation.unit(HUB) as browser:
        with installation.counted() as queries:
            await browser.get("/")

    assert len(queries) <= 10


async def test_work_says_until_when_and_offers_the_report(installation: Installation):
    work = channels_of(SCHOOL, installation)

    async with installation.unit(SCHOOL) as browser:
        answer = await browser.get(f"/viec/{work}")

    assert "28/02/2026" in answer.text
    assert "thứ Bảy" in answer.text
    assert f'href="/bao-cao/{work}"' in answer.text


async def test_another_units_work_does_not_exist(installation: Installation):
    theirs = report_of(HUB)

    async with installation.unit(SCHOOL) as browser:
        for path in (f"/viec/{theirs}", f"/bao-cao/{theirs}", f"/duyet/{theirs}"):
            assert (await browser.get(path)).status_code == 404
        answer = await send(browser, "/", f"/viec/{theirs}/tiep-nhan")

    assert answer.status_code == 404
    assert not installation.decide()


async def test_hub_reads_its_schools_work_and_does_not_answer_for_it(installation: Installation):
    school = report_of(SCHOOL)
    hub = installation.tools.registry.unit(SCHOOL)
    assert hub
    assert hub.hub

    async with installation.unit(hub.hub) as browser:
        assert (await browser.get(f"/viec/{school}")).status_code == 200
        assert (await browser.get(f"/bao-cao/{school}")).status_code == 404


async def test_draft_keeps_what_was_typed_right_or_wrong(installation: Installation):
    work = report_of(SCHOOL)
    typed = {"figures.II.2.a.1.numerator": "mười hai", "summary": "Đang viết <dở>"}

    async with installation.unit(SCHOOL) as browser:
        await send(browser, f"/bao-cao/{work}", f"/bao-cao/{work}", luu="1", **typed)
        again = await browser.get(f"/bao-cao/{work}")

    assert "Đang viết &lt;dở&gt;" in again.text


async def test_unfit_report_names_each_field_and_keeps_the_rest(installation: Installation):
    work = report_of(SCHOOL)
    fields = filled(installation, work)
    line = next(name for name in fields if name.endswith(".result"))

    async with installation.unit(SCHOOL) as browser:
        answer = await send(
            browser, f"/bao-cao/{work}", f"/bao-cao/{work}", nop="1", **fields | {line: ""}
        )

    assert answer.status_code == 422
    assert f'href="#f-{line}"' in answer.text
    assert "Thực hiện nghiêm túc." in answer.text
    assert not installation.decide()


async def test_all_that_is_wrong_is_said_at_once_with_its_place(installation: Installation):
    work = report_of(SCHOOL)
    fields = filled(installation, work)
    status, result = [name for name in fields if name.startswith("lines.")][:2]
    figure = next(name for name in fields if name.endswith(".numerator"))
    bad = {status: "", result: "", figure: "tám"}

    async with installation.unit(SCHOOL) as browser:
        answer = await send(
            browser,
            f"/bao-cao/{work}",
            f"/bao-cao/{work}",
            nop="1",
            files={"tep": ("anh.pdf", b"MZ\x90\x00" + bytes(64), "application/pdf")},
            **fields | bad,
        )

    links = re.findall(r'<a href="#f-([^"]+)">(?:<strong>([^<]+):</strong>)? *([^<]+)', answer.text)
    said = {name: (place, sentence) for name, place, sentence in links}
    assert list(said) == ["tep", status, figure]
    code = status.removeprefix("lines.").removesuffix(".status")
    assert said[status][0] == code
    assert "ghi cả kết quả" in said[status][1]
    assert said[figure][0] == figure.removeprefix("figures.").removesuffix(".numerator")
    assert all(f'id="f-{name}"' in answer.text for name in said)


def test_wrong_row_of_an_estimate_is_found_where_its_link_leads():
    given: dict[str, Any] = dict.fromkeys(("assignment", "unit", "unit_name", "title"), "x")
    given |= {"plan_title": "x", "period": "", "stage": Stage.ASSIGNED, "estimating": True}
    form = ReportForm(**given)
    row = EstimateDraft(content="Bàn", quantity="2", price="hai")
    draft = Draft(estimates=(EstimateDraft(content="Ghế", quantity="1", price="5"), row))
    errors = {each.field: each.message for each in check_report(form, draft).findings}

    page = (
        environment("vi")
        .get_template("unit/report.html")
        .render(
            {"form": form, "draft": draft, "errors": errors, "place_of": place_of, "version": 1},
            status_options=[],
            most_megabytes=1,
            kinds=["pdf"],
            visitor=None,
            menu=[],
            messages=[],
            language="vi",
            path="/",
            form_token=str,
        )
    )

    (name, place) = re.findall(r'<a href="#f-([^"]+)"><strong>([^<]+):', page)[0]
    assert place == "Dòng 2"
    assert re.search(rf'id="f-{name}"[^>]*value="hai"', page)


async def test_only_what_may_be_left_out_is_marked_so(installation: Installation):
    work = report_of(SCHOOL)
    form = installation.tools.reports.form(work)
    async with installation.unit(SCHOOL) as browser:
        page = await browser.get(f"/bao-cao/{work}")

    optional = set(re.findall(r'<label for="f-([^"]+)">[^<]*<span class="optional">', page.text))
    for target in form.targets:
        name = "numerator" if target.number else "statement"
        assert (f"figures.{target.code}.{name}" in optional) == (not target.required)
    assert not {f"lines.{line.code}.result" for line in form.lines} & optional
    assert {f"lines.{line.code}.difficulties" for line in form.lines} <= optional


async def test_report_is_handed_in_and_read_again(installation: Installation):
    work = report_of(SCHOOL)

    async with installation.unit(SCHOOL) as browser:
        fields = filled(installation, work)
        await send(browser, f"/viec/{work}", f"/viec/{work}/tiep-nhan")
        installation.decide()
        before = await browser.get(f"/viec/{work}")
        await send(browser, f"/bao-cao/{work}", f"/bao-cao/{work}", nop="1", **fields)
        outcomes = installation.decide()
        after = await browser.get(f"/viec/{work}")
        read = await browser.get(f"/bao-cao/{work}/lan/1")
        today = await browser.get("/")

    assert [outcome.verdict for outcome in outcomes] == [Verdict.APPLIED]
    assert "Thực hiện nghiêm túc." in read.text
    assert "bỏ xác nhận" in before.text
    assert "bỏ xác nhận" not in after.text  # it could only be refused
    assert "Đã nộp, chờ duyệt" in today.text


async def test_sending_the_form_twice_hands_in_once(installation: Installation):
    work = report_of(SCHOOL)

    async with installation.unit(SCHOOL) as browser:
        fields = filled(installation, work) | form_of(await browser.get(f"/bao-cao/{work}"))
        for _press in range(2):
            await browser.post(f"/bao-cao/{work}", data=fields | {"nop": "1"})

    assert len(installation.decide()) == 1
    assert len(installation.tools.reports.revisions(work)) == 1


async def test_what_is_typed_into_a_report_that_is_closed_by_now_stays_on_the_page(
    installation: Installation,
):
    work = report_of(SCHOOL)

    async with installation.unit(SCHOOL) as browser:
        other_tab = form_of(await browser.get(f"/bao-cao/{work}"))
        fields = filled(installation, work)
        await send(browser, f"/bao-cao/{work}", f"/bao-cao/{work}", nop="1", **fields)
        installation.decide()
        answers = [
            await browser.post(
                f"/bao-cao/{work}", data=other_tab | {button: "1", "summary": "Gõ ở thẻ kia"}
            )
            for button in ("nop", "luu")
        ]

    for answer in answers:
        assert answer.status_code == 409
        assert "đang chờ duyệt" in answer.text
        assert "Gõ ở thẻ kia" in answer.text


async def test_newer_draft_of_another_machine_is_never_overwritten_unasked(
    installation: Installation,
):
    work = report_of(SCHOOL)

    async with installation.unit(SCHOOL) as browser:
        old = form_of(await browser.get(f"/bao-cao/{work}"))
        await send(browser, f"/bao-cao/{work}", f"/bao-cao/{work}", luu="1", summary="máy kia")
        answer = await browser.post(f"/bao-cao/{work}", data=old | {"luu": "1", "summary": "tôi"})

    assert answer.status_code == 409
    assert "tôi" in answer.text
    assert installation.tools.reports.form(work).draft.summary == "máy kia"


async def test_autosave_answers_with_the_version_to_go_on_from(installation: Installation):
    work = report_of(SCHOOL)

    async with installation.unit(SCHOOL) as browser:
        first = await send(browser, f"/bao-cao/{work}", f"/bao-cao/{work}/nhap", summary="một")
        stale = await send(browser, f"/bao-cao/{work}", f"/bao-cao/{work}/nhap", _ban="0")

    assert first.json()["version"] == 1
    assert stale.status_code == 409


async def test_evidence_comes_back_as_a_download_that_nothing_runs(installation: Installation):
    work = report_of(SCHOOL)
    bytes_ = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"

    async with installation.unit(SCHOOL) as browser:
        await send(
            browser,
            f"/bao-cao/{work}",
            f"/bao-cao/{work}",
            luu="1",
            files={"tep": ("biên bản.pdf", bytes_, "text/html")},
        )
        page = await browser.get(f"/bao-cao/{work}")
        (address,) = re.findall(r'href="(/bao-cao/[^"]+/tep/[0-9a-f]{64})"', page.text)
        file = await browser.get(address)
    async with installation.unit(HUB) as stranger:
        refused = await stranger.get(address)

    assert file.content == bytes_
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.headers["x-content-type-options"] == "nosniff"
    assert refused.status_code == 404 or _is_hub_of_school(installation)


def _is_hub_of_school(installation: Installation) -> bool:
    school = installation.tools.registry.unit(SCHOOL)
    return school is not None and school.hub == HUB


async def test_program_is_not_taken_as_evidence(installation: Installation):
    work = report_of(SCHOOL)

    async with installation.unit(SCHOOL) as browser:
        answer = await send(
            browser,
            f"/bao-cao/{work}",
            f"/bao-cao/{work}",
            luu="1",
            summary="Giữ lại câu này",
            files={"tep": ("anh.pdf", b"MZ\x90\x00" + bytes(64), "application/pdf")},
        )

    assert answer.status_code == 422
    assert "anh.pdf" in answer.text
    assert "Giữ lại câu này" in answer.text
    assert not installation.tools.reports.attachments(work)


async def test_extension_needs_a_day_and_a_reason(installation: Installation):
    work = report_of(SCHOOL)

    async with installation.unit(SCHOOL) as browser:
        lacking = await send(browser, f"/viec/{work}", f"/viec/{work}/gia-han", ngay="")
        await send(browser, f"/viec/{work}", f"/viec/{work}/tiep-nhan")
        asked = await send(
            browser,
            f"/viec/{work}",
            f"/viec/{work}/gia-han",
            ngay="2026-06-30",
            ly_do="Chờ số liệu thi",
        )
        outcomes = installation.decide()
        after = await browser.get(f"/viec/{work}")
        with installation.tools.engine.begin() as connection:
            # As one that was asked before extensions had ladders of their own.
            connection.execute(
                text(
                    "UPDATE assignment SET next_rung = "
                    "replace(next_rung, 'chờ trả lời đề nghị gia hạn', 'chờ duyệt')"
                )
            )
        as_before = await browser.get(f"/viec/{work}")

    assert lacking.status_code == 422
    assert asked.status_code == 303
    assert [outcome.verdict for outcome in outcomes] == [Verdict.APPLIED] * 2
    assert "đã xin gia hạn, chờ trả lời" in after.text
    assert "30/06/2026" in after.text
    assert "Chờ số liệu thi" in after.text
    step = re.search(r"hệ thống: (chờ [^<]+), nhắc người duyệt, lúc", after.text)
    assert step
    assert step[1].startswith("chờ trả lời đề nghị gia hạn sau 3 ngày làm việc: ")
    assert step[0] in as_before.text


async def test_extension_to_an_earlier_day_keeps_what_was_typed(installation: Installation):
    work = report_of(SCHOOL)

    async with installation.unit(SCHOOL) as browser:
        answer = await send(
            browser,
            f"/viec/{work}",
            f"/viec/{work}/gia-han",
            ngay="2026-03-10",
            ly_do="Chờ số liệu thi",
            da_lam="Đã thu một nửa",
        )

    assert answer.status_code == 422
    assert "Ngày đề nghị phải sau hạn hiện tại" in answer.text
    assert all(each in answer.text for each in ("2026-03-10", "Chờ số liệu thi", "một nửa"))
    assert not installation.decide()


async def test_extension_says_all_that_it_lacks_in_the_language_of_the_page(
    installation: Installation,
):
    page = f"/viec/{report_of(SCHOOL)}"

    async with installation.unit(SCHOOL) as browser:
        browser.cookies.set(installation.tools.cookies.language, "en")
        early = await send(browser, page, f"{page}/gia-han", ngay="2026-03-10")

    assert "The day asked for must be after the present deadline, 17/06/2026." in early.text
    assert 'id="e-ly_do"' in early.text


async def test_progress_that_is_refused_keeps_its_words(deciding: Installation):
    (page,) = {f"/viec/{part.id}" for part in ongoing(deciding)}
    async with deciding.unit(SCHOOL) as browser:
        other_tab = form_of(await browser.get(page))
        deciding.void(ongoing(deciding)[0].task)
        typed = other_tab | {"noi_dung": "Đã mở thêm hai lớp"}
        answer = await browser.post(f"{page}/tien-do", data=typed)

    assert answer.status_code == 422
    assert 'id="e-noi_dung"' in answer.text
    assert "Đã mở thêm hai lớp</textarea>" in answer.text


async def test_acceptance_that_is_refused_keeps_its_words(deciding: Installation):
    work = report_of(SCHOOL)
    await _handed_in(deciding, work, SCHOOL)

    async with deciding.office(VisitorRole.OFFICER) as browser:
        other_tab = form_of(await browser.get(f"/duyet/{work}"))
        async with deciding.unit(SCHOOL) as unit:
            await send(unit, f"/viec/{work}", f"/viec/{work}/rut")
        typed = other_tab | {"noi_dung": "Báo cáo tốt"}
        answer = await browser.post(f"/duyet/{work}/chap-nhan", data=typed)

    assert answer.status_code == 422
    assert 'id="e-noi_dung">Không thực hiện được' in answer.text
    assert answer.text.count("Báo cáo tốt") == 1
    assert '<details class="panel" open' not in answer.text
    assert f'name="den" value="/duyet/{work}"' in answer.text


async def test_day_off_may_be_asked_for_and_is_said_to_be_one(installation: Installation):
    work = report_of(SCHOOL)

    async with installation.unit(SCHOOL) as browser:
        await send(
            browser, f"/viec/{work}", f"/viec/{work}/gia-han", ngay="2026-06-27", ly_do="Chờ"
        )
        after = await browser.get(f"/viec/{work}")

    assert "Ngày đề nghị 27/06/2026 là ngày nghỉ (thứ Bảy)." in after.text
    assert len(installation.decide()) == 1


async def test_work_quotes_what_the_plan_asks_of_a_report(installation: Installation):
    async with installation.unit(SCHOOL) as browser:
        page = await browser.get(f"/viec/{report_of(SCHOOL)}")

    (quoted,) = re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", page.text, re.DOTALL)
    assert "trước ngày 25/6 và 15/12 hàng năm" in quoted


async def test_calendar_address_is_shown_once_and_can_be_closed(installation: Installation):
    async with installation.unit(SCHOOL) as browser:
        made = await send(browser, "/lich-cua-toi", "/lich-cua-toi", ten="điện thoại")
        listed = await browser.get("/lich-cua-toi")
        (feed,) = installation.tools.feeds.of_unit(SCHOOL)
        await send(browser, "/lich-cua-toi", f"/lich-cua-toi/{feed.id}/thu-hoi")

    (address,) = re.findall(r'id="dia-chi" href="(http[^"]+/lich/[^"]+)"', made.text)
    assert f'href="{address.replace("http://", "webcal://")}"' in made.text
    assert "/lich/" not in listed.text
    assert not installation.tools.feeds.of_unit(SCHOOL)


async def _handed_in(installation: Installation, work: str, unit: str) -> None:
    async with installation.unit(unit) as browser:
        fields = filled(installation, work)
        await send(browser, f"/bao-cao/{work}", f"/bao-cao/{work}", nop="1", **fields)
    installation.decide()


async def test_hub_returns_a_report_task_by_task(installation: Installation):
    work = report_of(SCHOOL)
    school = installation.tools.registry.unit(SCHOOL)
    assert school
    await _handed_in(installation, work, SCHOOL)

    async with installation.unit(school.hub or "") as browser:
        line = installation.tools.reports.form(work).lines[0].code
        silent = await send(browser, f"/duyet/{work}", f"/duyet/{work}/tra-lai")
        typed = {f"ly_do.{line}": "Ghi rõ số buổi.", "ngay": "2026-03-01"}
        past = await send(browser, f"/duyet/{work}", f"/duyet/{work}/tra-lai", **typed)
        assert installation.decide() == []
        await send(
            browser,
            f"/duyet/{work}",
            f"/duyet/{work}/tra-lai",
            **{f"ly_do.{line}": "Ghi rõ số buổi."},
        )
        installation.decide()
    async with installation.unit(SCHOOL) as browser:
        form = await browser.get(f"/bao-cao/{work}")

    assert (silent.status_code, past.status_code) == (422, 422)
    assert 'id="e-ngay">Ngày 01/03/2026 đã qua' in past.text
    assert 'value="2026-03-01"' in past.text
    assert "Ghi rõ số buổi." in past.text
    assert "Ghi rõ số buổi." in form.text


async def test_a_hub_with_a_returned_report_asks_at_most_ten_questions(installation: Installation):
    work, below = report_of(HUB), report_of(SCHOOL)
    await _handed_in(installation, below, SCHOOL)
    async with installation.unit(HUB) as browser:
        await send(browser, "/duyet", "/duyet", bao_cao=below)
    installation.decide()
    await _handed_in(installation, work, HUB)
    line = installation.tools.reports.form(work).lines[0].code
    async with installation.office(VisitorRole.OFFICER) as browser:
        reason = {f"ly_do.{line}": "Ghi rõ số buổi."}
        await send(browser, f"/duyet/{work}", f"/duyet/{work}/tra-lai", **reason)
    installation.decide()

    for page in (f"/viec/{work}", f"/bao-cao/{work}"):
        async with installation.unit(HUB) as browser:
            with installation.counted() as queries:
                answer = await browser.get(page)

        assert "Ghi rõ số buổi." in answer.text
        assert len([each for each in queries if each.startswith("SELECT")]) <= 10


async def test_several_reports_are_accepted_together(installation: Installation):
    work = report_of(SCHOOL)
    school = installation.tools.registry.unit(SCHOOL)
    assert school
    await _handed_in(installation, work, SCHOOL)

    async with installation.unit(school.hub or "") as browser:
        listed = await browser.get("/duyet")
        await send(browser, "/duyet", "/duyet", bao_cao=work)
        outcomes = installation.decide()

    assert school.name in unescape(listed.text)
    assert [outcome.verdict for outcome in outcomes] == [Verdict.APPLIED]
    (part,) = installation.tools.lookup.part(work)
    assert part.stage is Stage.ACCEPTED


async def test_school_reviews_nobody(installation: Installation):
    work = report_of(SCHOOL)
    await _handed_in(installation, work, SCHOOL)

    async with installation.unit(SCHOOL) as browser:
        listed = await browser.get("/duyet")
        await send(browser, "/", "/duyet", bao_cao=work)

    assert "Không có báo cáo nào" in listed.text
    assert not installation.decide()
