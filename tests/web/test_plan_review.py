"""An officer sends a document, reviews what was read of it, and makes a plan of it."""

import io
import re
from html import unescape
from pathlib import Path

import httpx
import pytest

from activities.plan_reviews import Sent
from intake.importing import import_document
from models.plan_review import Corrections, PlanSettings
from models.visitor import VisitorRole
from tests.shipped import PLAN
from tests.web.conftest import NOW, Installation
from tests.web.test_unit_pages import send
from web.plan_review.confirming import plan_from

DOCUMENT = """ỦY BAN NHÂN DÂN TỈNH
SỞ GIÁO DỤC VÀ ĐÀO TẠO
KẾ HOẠCH
Triển khai chuyển đổi số trong trường học năm 2027
I. MỤC ĐÍCH
Nâng cao chất lượng.
II. NHIỆM VỤ
1. Tập huấn giáo viên về kỹ năng số.
- Thực hiện: Phòng Giáo dục Trung học, các cơ sở giáo dục.
- Thời gian: Hoàn thành trước ngày 30/4/2027.
2. Xây dựng kho học liệu dùng chung.
- Thực hiện: Trung tâm Học liệu số.
- Thời gian: Thường xuyên.
3. Kiểm tra việc triển khai.
- Thực hiện: Văn phòng Sở.
- Thời gian: ngày 28/2/2027.
"""
SETTINGS = {
    "short_title": "Chuyển đổi số 2027",
    "plan": "chuyen-doi-so",
    "coordinator": "GDTRH",
    "leadership": "LDS",
}


@pytest.fixture
def review(installation: Installation, tmp_path: Path) -> str:
    return opened(installation, tmp_path, DOCUMENT)


def opened(
    installation: Installation, folder: Path, text: str, *, replaces: str | None = None
) -> str:
    """A review of a document that was read."""
    tools = installation.tools
    kept = tools.readings.receive("ke-hoach.txt", io.BytesIO(text.encode()))
    sent = Sent("ke-hoach.txt", kept.sha256, kept.size, None, replaces, PLAN)
    tools.plan_reviews.begin(kept.review, sent, at=NOW, by="Người officer")
    read_here(installation, folder, text, kept.review)
    return kept.review


def read_here(installation: Installation, folder: Path, text: str, review: str) -> None:
    """Reads a document without a process of its own, which takes a second to start."""
    tools = installation.tools
    file = folder / "ke-hoach.txt"
    file.write_text(text, encoding="utf-8")
    imported, source = import_document(file, otherwise=2027)
    begun = tools.plan_reviews.get(review)
    assert begun
    corrections, notes = tools.readings.first_corrections(begun, imported)
    tools.plan_reviews.keep(
        review,
        imported.model_dump_json(),
        source.numbered(),
        corrections=corrections,
        notes=notes,
    )


def address(review: str) -> str:
    return f"/ke-hoach/soat/{review}"


def form_of(page: httpx.Response, action: str, *, key: str = "") -> dict[str, str]:
    """The hidden fields of one form of a page."""
    forms = re.findall(r"<form.*?</form>", page.text, re.DOTALL)
    form = next(
        each
        for each in forms
        if f'action="{action}' in each and (not key or f'name="viec" value="{key}"' in each)
    )
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in found}


async def change(
    browser: httpx.AsyncClient, page: httpx.Response, review: str, key: str, **fields: str
) -> httpx.Response:
    hidden = form_of(page, f"{address(review)}/viec", key=key)
    return await browser.post(f"{address(review)}/viec", data=hidden | fields)


def code_of(installation: Installation, review: str, words: str) -> str:
    imported, _ = installation.tools.plan_reviews.content(review)
    return next(duty.code for duty in imported.document.duties if words in duty.text)


async def test_document_is_read_in_a_process_of_its_own(installation: Installation):
    async with installation.office(VisitorRole.OFFICER) as browser:
        files = {"tep": ("kế hoạch.txt", DOCUMENT.encode())}
        answer = await send(browser, "/ke-hoach/nhap", "/ke-hoach/nhap", files=files, theo=PLAN)
        page = await browser.get(answer.headers["location"])
        while "Đang đọc văn bản" in page.text:
            page = await browser.get(answer.headers["location"])

    assert "Tập huấn giáo viên về kỹ năng số" in page.text
    assert "- Thực hiện: Trung tâm Học liệu số." in page.text  # the original beside it
    assert not list((installation.tools.settings.state_dir / "documents").iterdir())


async def test_file_that_cannot_be_read_is_refused_in_the_readers_words(
    installation: Installation,
):
    async with installation.office(VisitorRole.OFFICER) as browser:
        files = {"tep": ("cu.doc", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512))}
        answer = await send(browser, "/ke-hoach/nhap", "/ke-hoach/nhap", files=files)
        page = await browser.get(answer.headers["location"])
        while "Đang đọc văn bản" in page.text:
            page = await browser.get(answer.headers["location"])

        english = form_of(page, "/ngon-ngu") | {"ngon_ngu": "en"}
        await browser.post("/ngon-ngu", data=english)
        translated = await browser.get(answer.headers["location"])

    assert "Là tệp .doc kiểu cũ: hãy mở bằng Word" in page.text
    assert "Gửi tệp khác" in page.text
    assert "It is an old .doc file: open it in Word" in translated.text


async def test_findings_stand_first_and_what_the_document_says_beside_each_task(
    installation: Installation, tmp_path: Path
):
    review = opened(installation, tmp_path, DOCUMENT.replace("28/2", "31/2"))
    async with installation.office(VisitorRole.OFFICER) as browser:
        with installation.counted() as queries:
            page = await browser.get(address(review))
            asked = len(queries)
        hidden = form_of(page, f"{address(review)}/xac-nhan")
        refused = await browser.post(f"{address(review)}/xac-nhan", data=hidden)

    assert refused.status_code == 422
    assert page.text.index("Cần xem trước") < page.text.index("Từng việc, cạnh nguyên văn")
    assert "31/2/2027" in page.text
    assert "Trung tâm Học liệu số" in page.text[page.text.index("Các cụm từ chưa rõ") :]
    assert asked <= 10


async def test_corrected_review_becomes_a_plan_that_can_be_launched(
    installation: Installation, review: str
):
    check = code_of(installation, review, "Kiểm tra")
    store = code_of(installation, review, "kho học liệu")
    where = address(review)

    async with installation.office(VisitorRole.OFFICER) as browser:
        page = await browser.get(where)
        typed = {"code": check, "text": "Kiểm tra việc triển khai tại các trường."}
        typed |= {"lead": "Văn phòng Sở\nPhòng Giáo dục Trung học", "timing": "chậm nhất 28/2/2027"}
        await change(browser, page, review, check, **typed)
        await change(browser, page, review, store, bo="1")
        hidden = form_of(page, f"{where}/them")
        added = {
            "code": "II.9",
            "text": "Sơ kết.",
            "lead": "Văn phòng Sở",
            "timing": "Thường xuyên",
        }
        leads_to = await browser.post(f"{where}/them", data=hidden | added)
        report = {"code": "III.1", "text": "Báo cáo kết quả.", "lead": "Văn phòng Sở"}
        report |= {"to": "UBND tỉnh", "timing": "trước ngày 15/12 hằng năm", "loai": "bao-cao"}
        await browser.post(f"{where}/them", data=hidden | report)
        await browser.post(f"{where}/chung", data=form_of(page, f"{where}/chung") | SETTINGS)
        page = await browser.get(where)
        answer = await browser.post(f"{where}/xac-nhan", data=form_of(page, f"{where}/xac-nhan"))
        wizard = await browser.get(answer.headers["location"])
        offered = await browser.get("/ke-hoach")

    assert "Phát động: Chuyển đổi số 2027" in wizard.text
    assert 'href="/phat-dong/chuyen-doi-so"' in offered.text
    plan = installation.tools.registry.plan("chuyen-doi-so")
    assert plan
    tasks = {task.code: task for task in plan.document.tasks}
    assert store not in tasks
    assert tasks[check].lead == ("Văn phòng Sở", "Phòng Giáo dục Trung học")
    assert tasks[check].timing.kind == "deadline"
    assert tasks["II.9"].timing.kind == "ongoing"
    assert leads_to.headers["location"] == f"{where}?trang=1#viec-them.II.9"
    (duty,) = plan.document.reports
    assert (duty.code, duty.reporters, duty.to) == ("III.1", ("Văn phòng Sở",), "UBND tỉnh")
    assert duty.timing.kind == "recurring"
    assert plan.officer.groups  # by the conventions of the plan that was named


async def test_what_was_read_stays_beside_what_was_corrected(
    installation: Installation, review: str
):
    code = code_of(installation, review, "Tập huấn")
    async with installation.office(VisitorRole.OFFICER) as browser:
        page = await browser.get(address(review))
        await change(browser, page, review, code, code=code, text="Khác.", lead="Văn phòng Sở")
        imported, corrections = installation.tools.plan_reviews.content(review)
        page = await browser.get(address(review))
        await change(browser, page, review, code, nhu_doc="1")

    assert any("Tập huấn" in task.text for task in imported.document.tasks)
    assert corrections.duties[code].text == "Khác."
    assert installation.tools.plan_reviews.content(review)[1].duties == {}


async def test_second_officer_is_told_and_loses_nothing(installation: Installation, review: str):
    code = code_of(installation, review, "Tập huấn")
    async with installation.office(VisitorRole.OFFICER) as browser:
        page = await browser.get(address(review))
        first = await change(browser, page, review, code, code=code, text="Của người thứ nhất.")
        second = await change(browser, page, review, code, code=code, text="Của người thứ hai.")
        other = await change(
            browser, page, review, code_of(installation, review, "Kiểm tra"), bo="1"
        )

    assert first.status_code == 303
    assert second.status_code == 409
    assert "Của người thứ nhất." in second.text
    assert "Của người thứ hai." in second.text
    kept = installation.tools.plan_reviews.content(review)[1].duties[code]
    assert kept.text == "Của người thứ nhất."
    assert other.status_code == 303  # another task is nobody's conflict


async def test_plan_is_not_made_of_what_somebody_changed_meanwhile(
    installation: Installation, review: str
):
    where = address(review)
    async with installation.office(VisitorRole.OFFICER) as browser:
        page = await browser.get(where)
        await browser.post(f"{where}/chung", data=form_of(page, f"{where}/chung") | SETTINGS)
        seen = await browser.get(where)
        await change(browser, seen, review, code_of(installation, review, "Kiểm tra"), bo="1")
        answer = await browser.post(f"{where}/xac-nhan", data=form_of(seen, f"{where}/xac-nhan"))

    assert answer.status_code == 409
    assert installation.tools.registry.plan("chuyen-doi-so") is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"code": "", "text": "Việc."}, "Mã không được để trống"),
        ({"code": "II/1", "text": "Việc."}, "các ký tự / | @"),
        ({"code": "MỚI", "text": " "}, "Nội dung không được để trống."),
        ({"code": "MỚI", "text": "Việc.", "first": "9", "last": "2"}, "Dòng cuối không thể"),
    ],
)
async def test_what_is_wrong_with_a_task_is_said_and_nothing_is_kept(
    installation: Installation, review: str, typed, sentence
):
    async with installation.office(VisitorRole.OFFICER) as browser:
        page = await browser.get(address(review))
        hidden = form_of(page, f"{address(review)}/them")
        answer = await browser.post(f"{address(review)}/them", data=hidden | typed)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert installation.tools.plan_reviews.content(review)[1].added == ()


async def test_phrase_is_explained_once_for_every_task(installation: Installation, review: str):
    where = address(review)
    async with installation.office(VisitorRole.OFFICER) as browser:
        page = await browser.get(where)
        hidden = form_of(page, f"{where}/cum-tu")
        await browser.post(
            f"{where}/cum-tu",
            data=hidden | {"cum": "Trung tâm Học liệu số", "nghia": "outside"},
        )

    _, corrections = installation.tools.plan_reviews.content(review)
    assert corrections.meanings == {"Trung tâm Học liệu số": "outside"}


async def test_newer_document_replaces_nothing_without_being_told(
    installation: Installation, tmp_path: Path
):
    tools = installation.tools
    launched = tools.registry.plan(PLAN)
    assert tools.registry.set_issued(PLAN, "12/KH-SGDĐT", NOW.date())
    before = tools.registry.plan(PLAN)
    review = opened(installation, tmp_path, DOCUMENT, replaces=PLAN)
    where = address(review)

    async with installation.office(VisitorRole.OFFICER) as browser:
        page = await browser.get(where)
        unasked = await browser.post(f"{where}/xac-nhan", data=form_of(page, f"{where}/xac-nhan"))
        kept = tools.registry.plan(PLAN)
        hidden = form_of(page, f"{where}/xac-nhan")
        asked = await browser.post(f"{where}/xac-nhan", data=hidden | {"thay": "1"})

    assert "Khác với kế hoạch đang có" in page.text
    assert unasked.status_code == 422
    assert kept == before
    assert asked.status_code == 303
    replaced = tools.registry.plan(PLAN)
    assert replaced
    assert before
    assert replaced.officer.policy == before.officer.policy
    # Neither the document nor the officer says another.
    assert (replaced.number, replaced.date) == ("12/KH-SGDĐT", NOW.date())
    assert "số văn bản" not in page.text
    running = [each for each in tools.cycles.all() if each.plan == PLAN]
    assert tools.cycles.snapshots(running[0]).plan == launched  # the running year stays as it is


def test_plan_whose_making_was_killed_is_made_the_next_time(
    installation: Installation, review: str, monkeypatch: pytest.MonkeyPatch
):
    tools = installation.tools
    settings = PlanSettings.model_validate(SETTINGS)
    tools.plan_reviews.change(
        review, lambda *_: Corrections(settings=settings), at=NOW, by="Người officer"
    )
    found = tools.plan_reviews.get(review)
    assert found
    plan = plan_from(tools, found, may_replace=False)

    def confirm() -> None:
        tools.plan_reviews.confirm(
            review, plan, version=found.version, over=None, at=NOW, by="Người officer"
        )

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("activities.plan_reviews.keep_plan", killed)
        with pytest.raises(KeyboardInterrupt):
            confirm()
    assert tools.plan_reviews.get(review) == found
    confirm()
    assert tools.registry.plan(plan.id) == plan


async def test_corrections_are_carried_into_a_newer_document_where_it_says_the_same(
    installation: Installation, review: str, tmp_path: Path
):
    tools, at = installation.tools, NOW
    same, other = (code_of(installation, review, each) for each in ("Kiểm tra", "Tập huấn"))

    def edit(_imported, corrections: Corrections) -> Corrections:
        duties = {code: {"lead": ("Văn phòng Sở",)} for code in (same, other)}
        settings = PlanSettings.model_validate(SETTINGS)
        return Corrections.model_validate({"duties": duties, "settings": settings})

    tools.plan_reviews.change(review, edit, at=at, by="A")
    async with installation.office(VisitorRole.OFFICER) as browser:
        page = await browser.get(address(review))
        await browser.post(
            f"{address(review)}/xac-nhan", data=form_of(page, f"{address(review)}/xac-nhan")
        )
        newer = DOCUMENT.replace("Tập huấn giáo viên", "Bồi dưỡng giáo viên")
        again = opened(installation, tmp_path, newer, replaces="chuyen-doi-so")
        page = await browser.get(address(again))

    _, corrections = tools.plan_reviews.content(again)
    assert list(corrections.duties) == [same]
    assert "Lần trước anh/chị đã sửa các mục này" in page.text


async def test_dropped_review_is_gone_from_the_list(installation: Installation, review: str):
    async with installation.office(VisitorRole.OFFICER) as browser:
        assert "ke-hoach.txt" in (await browser.get("/ke-hoach")).text
        await send(browser, address(review), f"{address(review)}/bo")
        assert "ke-hoach.txt" not in (await browser.get("/ke-hoach")).text
        assert (await browser.get(address(review))).status_code == 404


@pytest.mark.parametrize("form", ["viec", "them", "chung", "cum-tu", "xac-nhan"])
async def test_form_of_a_review_that_has_ended_says_so_with_what_was_typed(
    installation: Installation, review: str, form: str
):
    """It was dropped while somebody else was typing."""
    where = f"{address(review)}/{form}"
    async with installation.office(VisitorRole.OFFICER) as browser:
        page = await browser.get(address(review))
        await send(browser, address(review), f"{address(review)}/bo")
        answer = await browser.post(where, data=form_of(page, where) | {"text": "Đã gõ lâu lắm."})

    assert answer.status_code == 409
    assert "Bản soát này đã bỏ" in answer.text
    assert "Đã gõ lâu lắm." in answer.text
