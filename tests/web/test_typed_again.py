"""What was typed while a session ended comes back in words a person knows, with one button."""

import re
from html import unescape

import httpx
import pytest
from sqlalchemy import text

from tests.web.conftest import SCHOOL, Installation
from tests.web.test_signing_in import PASSWORD, an_officer, press, token
from tests.web.test_unit_pages import form_of, report_of
from web.forms import Kept
from web.typed_again import answer_of, told

TYPED = {
    "lines.III.1.a.status": "ongoing",
    "lines.III.1.a.result": "Đã mở <3> kênh",
    "figures.II.2.a.1.numerator": "8",
    "summary": "Nghiêm túc.",
}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        pytest.param("lines.III.1.a.result", "Xong", ("III.1.a – Kết quả", "Xong"), id="a line"),
        pytest.param(
            "lines.III.1.a.status",
            "ongoing",
            ("III.1.a – Tình hình thực hiện", "đang thực hiện"),
            id="a status",
        ),
        pytest.param("figures.II.2.a.1.numerator", "8", ("II.2.a.1 – Số đạt", "8"), id="a figure"),
        pytest.param("ngay", "2026-11-28", ("Ngày", "28/11/2026"), id="a day"),
        pytest.param(
            "ly_do.III.1.a",
            "Ghi rõ",
            ("Cần sửa ở nhiệm vụ III.1.a", "Ghi rõ"),
            id="what to mend",
        ),
        pytest.param(
            "han.V.2.H1", "2027-06-30", ("V.2.H1 – Hạn cuối", "30/06/2027"), id="a launch"
        ),
        pytest.param("hoac_la", "Lạ", ("Nội dung khác", "Lạ"), id="a field nobody knows"),
    ],
)
def test_field_is_called_as_its_form_calls_it(name, value, said):
    assert told(Kept("/", [(name, value)])) == [said]


def test_buttons_codes_passwords_and_empty_fields_are_not_shown_as_typed():
    fields = [("_ma", "0" * 32), ("nop", "1"), ("bao_cao", "V.1/X"), ("da_lam", " "), ("den", "/")]

    assert told(Kept("/", fields)) == []
    assert told(Kept("/", [("mat_khau", PASSWORD)])) == []


def test_button_that_sends_it_is_the_one_that_was_pressed():
    assert answer_of(Kept("/", [("luu", "1")])) == "Lưu nháp"
    assert answer_of(Kept("/", [("noi_dung", "x")])) == "Gửi"


async def ended(
    browser: httpx.AsyncClient, installation: Installation, page: str, path: str, **typed: str
) -> httpx.Response:
    """The answer to a form whose session ends before it is sent."""
    hidden = form_of(await browser.get(page))
    with installation.tools.engine.begin() as connection:
        connection.execute(text("UPDATE session SET ended_at = created_at"))
    return await browser.post(path, data=hidden | typed)


def signed_in_elsewhere(browser: httpx.AsyncClient, installation: Installation) -> None:
    """In another window of the same browser: nothing but its cookie changes."""
    browser.cookies.set(installation.tools.cookies.session, installation.secret_as(SCHOOL))


def hidden_of(page: httpx.Response) -> dict[str, str]:
    found = re.findall(r'<textarea hidden name="(.*?)">\n(.*?)</textarea>', page.text, re.DOTALL)
    return {name: unescape(value) for name, value in found}


async def test_report_whose_session_ended_comes_back_after_signing_in_in_another_window(
    installation: Installation,
):
    path = f"/bao-cao/{report_of(SCHOOL)}"
    async with installation.unit(SCHOOL) as browser:
        lost = await ended(browser, installation, path, path, luu="1", **TYPED)
        signed_in_elsewhere(browser, installation)
        back = await browser.post("/tiep-tuc", data=form_of(lost))

        assert "III.1.a – Kết quả" in back.text
        assert "Đã mở &lt;3&gt; kênh" in back.text
        assert ">giu<" not in back.text
        assert "lines.III" not in re.sub(r' (hidden )?name="[^"]*"', "", back.text)

        # The new session has not been told who acts: asked here, not on a page of its own.
        who = {"ho_ten": "Người khác", "chuc_vu": "Hiệu phó"}
        assert 'name="ho_ten"' in back.text
        sent = await browser.post(path, data=hidden_of(back) | {"_the": token(back)} | who)

    assert sent.status_code == 303
    draft = installation.tools.reports.form(report_of(SCHOOL)).draft
    assert draft.lines["III.1.a"].result == "Đã mở <3> kênh"


async def test_password_typed_into_an_old_page_is_never_shown(installation: Installation):
    await an_officer(installation)
    async with installation.browser() as browser:
        opened = form_of(await browser.get("/vao"))
        signed_in_elsewhere(browser, installation)
        answer = await browser.post("/vao", data=opened | {"ten": "lan", "mat_khau": PASSWORD})

        assert answer.status_code == 303
        assert PASSWORD not in answer.text

    async with installation.browser() as browser:
        answer = await browser.post("/vao", data={"ten": "lan", "mat_khau": PASSWORD})

    assert answer.status_code == 401
    assert PASSWORD not in answer.text
    assert 'name="giu"' not in answer.text


async def test_whoever_signs_in_on_the_page_itself_sees_it_at_once(installation: Installation):
    await an_officer(installation)
    async with installation.browser() as browser:
        await press(browser, "/vao", ten="lan", mat_khau=PASSWORD)
        lost = await ended(browser, installation, "/phien", "/phien/nguoi", ly_do="Chờ")
        hidden = form_of(lost) | {"ten": "lan", "mat_khau": PASSWORD}
        back = await browser.post("/vao", data=hidden)

    assert "Lý do" in back.text
    assert "Chờ" in back.text
    assert "Đăng xuất" in back.text
