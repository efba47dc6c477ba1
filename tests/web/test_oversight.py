"""What a supervisor sees, and what every role sees of a task, a unit and an assignment."""

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, text
from sqlmodel import Session

from activities.ledger import Ledger
from models.cycle import DigestDay
from models.identifiers import task_id
from models.tables import CommandTable
from models.visitor import VisitorRole
from rules.follow_up import step
from rules.projection import task_row
from rules.recording import recording_of
from tests.shipped import PLAN
from tests.web.conftest import HUB, NOW, SCHOOL, Installation

CYCLE = f"/chu-ky/{PLAN}/2026"
CHANNELS = task_id(PLAN, "2026", "III.1.d", "han")
TASK = f"/nhiem-vu/{PLAN}/2026/III.1.d/han/1"
MINE = f"{PLAN}/2026/III.1.d/han/{SCHOOL}"
OTHER = f"{PLAN}/2026/III.1.d/han/TM0006"
PAGES = [
    CYCLE,
    f"{CYCLE}?tat-ca=1",
    f"{CYCLE}/ban-do",
    f"{CYCLE}/ban-do?nhom=school&sap-xep=III.1.d",
    f"{CYCLE}/ban-do?dau-moi={HUB}",
    f"{CYCLE}/dong-thoi-gian",
    f"{CYCLE}/dong-thoi-gian?ngay=2026-06-24",
    f"{CYCLE}/tre-han",
    f"{CYCLE}/phan-viec?tinh-trang=open_overdue",
    f"{CYCLE}/phan-viec?nhiem-vu=V.1/H1&nhom=commune",
]
SHARED = [TASK, f"/don-vi/{SCHOOL}", f"/lich-su/{MINE}", f"/kiem-so/{MINE}"]


def overdue(installation: Installation) -> Installation:
    """The deadline of III.1.d has passed and its ladder was recorded."""
    ledger = Ledger(installation.tools.engine)
    loaded = ledger.load(CHANNELS)
    after = step(loaded.state, (), at=NOW)
    ledger.record(
        recording_of(
            after.state,
            after.events,
            head=loaded.head,
            at=NOW,
            summary=task_row(after.state, at=NOW),
        )
    )
    return installation


async def read(installation: Installation, path: str, role=VisitorRole.SUPERVISOR) -> str:
    async with installation.office(role) as browser:
        answer = await browser.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


# Ways in and costs


@pytest.mark.parametrize("path", [*PAGES, *SHARED])
async def test_page_asks_few_questions_and_is_light(installation: Installation, path: str):
    overdue(installation)
    async with installation.office(VisitorRole.SUPERVISOR) as browser:
        await browser.get(path)
        with installation.counted() as asked:
            answer = await browser.get(path)

    assert answer.status_code == 200
    assert len([each for each in asked if each.startswith("SELECT")]) <= 10
    assert int(answer.headers["content-length"]) < 60_000


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("unit", [SCHOOL, HUB])
async def test_cycle_is_the_offices_to_see(installation: Installation, path: str, unit: str):
    async with installation.unit(unit) as browser:
        answer = await browser.get(path)

    assert answer.status_code == 403


@pytest.mark.parametrize("name", ["tong-quan", "ban-do", "phan-viec"])
async def test_files_are_the_offices_to_take(installation: Installation, name: str):
    async with installation.unit(HUB) as browser:
        answer = await browser.get(f"{CYCLE}/{name}.xlsx")

    assert answer.status_code == 403


@pytest.mark.parametrize("path", SHARED)
async def test_unit_sees_its_own(installation: Installation, path: str):
    async with installation.unit(SCHOOL) as browser:
        answer = await browser.get(path)

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "path", ["/don-vi/TM0006", f"/lich-su/{OTHER}", f"/kiem-so/{OTHER}", "/don-vi/GDTRH"]
)
@pytest.mark.parametrize("unit", [SCHOOL, HUB])
async def test_another_unit_does_not_exist_for_a_unit(
    installation: Installation, path: str, unit: str
):
    with installation.tools.engine.begin() as connection:
        connection.execute(text("UPDATE unit SET hub = '22861' WHERE code = 'TM0006'"))

    async with installation.unit(unit) as browser:
        answer = await browser.get(path)

    assert answer.status_code == 404


async def test_hub_sees_its_schools(installation: Installation):
    async with installation.unit(HUB) as browser:
        seen = await browser.get(f"/don-vi/{HUB}")
        answer = await browser.get(f"/lich-su/{MINE}")

    assert f"/don-vi/{SCHOOL}" in seen.text
    assert answer.status_code == 200


async def test_unit_is_shown_its_own_part_of_a_task(installation: Installation):
    async with installation.unit(SCHOOL) as browser:
        seen = (await browser.get(TASK)).text
        foreign = await browser.get(f"/nhiem-vu/{PLAN}/2026/III.2.a/nam/1")

    assert f"/lich-su/{MINE}" in seen
    assert "TM0002" not in seen
    assert "temporal" not in seen.lower()
    assert foreign.status_code == 404


@pytest.mark.parametrize(
    "path", ["/chu-ky/khac/2026", f"{TASK}9", "/don-vi/KHONG", f"/lich-su/{MINE}X"]
)
async def test_what_does_not_exist_is_said(installation: Installation, path: str):
    async with installation.office(VisitorRole.SUPERVISOR) as browser:
        answer = await browser.get(path)

    assert answer.status_code == 404


# What is on the pages


async def test_supervisor_begins_with_the_only_cycle(installation: Installation):
    seen = await read(installation, "/")

    assert f'<a href="{CYCLE}" aria-current="page">Tổng quan</a>' in seen


async def test_overview_leads_to_what_each_figure_counts(installation: Installation):
    overdue(installation)

    seen = await read(installation, CYCLE)
    listed = await read(installation, f"{CYCLE}/phan-viec?tinh-trang=open_overdue")

    assert f'href="{CYCLE}/phan-viec?tinh-trang=open_overdue"><strong>7</strong>' in seen
    assert "7 phần việc" in listed
    assert f"/lich-su/{MINE}" in listed


async def test_cell_of_the_heat_map_is_one_click_from_its_history(installation: Installation):
    overdue(installation)

    seen = await read(installation, f"{CYCLE}/ban-do?nhom=school")

    assert f'<td class="k-overdue"><a href="/lich-su/{MINE}">Q1</a></td>' in seen


async def test_timeline_shows_rungs_deadlines_and_days_off(installation: Installation):
    overdue(installation)

    seen = await read(installation, f"{CYCLE}/dong-thoi-gian?ngay=2026-06-24")

    assert "Tết Nguyên" in seen
    assert "làm bù" in seen
    assert "Hạn cuối của:" in seen
    assert "đến hạn: 24/06/2026" in seen


async def test_history_tells_who_was_told_through_what_with_proof(installation: Installation):
    overdue(installation)
    with installation.tools.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO message (id, cycle, recipient, kind, day, subject, body, html,"
                " created_at, dropped, to_address, answer) VALUES"
                " ('m1', :cycle, :unit, 'digest', '2026-03-02', 'Quá hạn', '', '', :at, 0, '', '')"
            ),
            sent := {
                "cycle": f"cycle/{PLAN}/2026",
                "unit": SCHOOL,
                "at": "2026-03-02 00:31:00.000000",
            },
        )
        connection.execute(
            text(
                "INSERT INTO dispatch (id, message, cycle, recipient, channel, target, state,"
                " queued_at, not_before, attempts, sent_at, address, addressee, answer, resent)"
                " VALUES ('d1', 'm1', :cycle, :unit, 'email', '', 'accepted', :at, :at, 1, :at,"
                " 'a@x.vn', '', '250 OK id=77', 0)"
            ),
            sent,
        )
        connection.execute(
            text("UPDATE notice SET message = 'm1' WHERE assignment = :mine AND kind = :kind"),
            {"mine": MINE, "kind": "escalation"},
        )

    seen = await read(installation, f"/lich-su/{MINE}")

    assert "Quá hạn 1 ngày làm việc" in seen
    assert "07:31 02/03/2026" in seen
    assert "thư điện tử (a@x.vn) gửi lúc" in seen
    assert "250 OK id=77" in seen
    assert "hạn cuối hết ngày 28/02/2026, thứ Bảy" in seen
    assert "Các mục trên trang này nguyên vẹn" in seen
    assert "/workflows/task%2Flam-dong-nq57" not in seen  # the server is not on this machine


async def test_check_reads_the_whole_ledger(installation: Installation):
    Ledger(installation.tools.engine).seal(DigestDay(cycle=f"cycle/{PLAN}/2026", at=NOW))

    assert "Sổ nguyên vẹn" in await read(installation, f"/kiem-so/{MINE}")


async def test_ledger_that_was_changed_is_found(installation: Installation):
    with installation.tools.engine.begin() as connection:
        connection.execute(
            text("UPDATE ledger SET actor = 'officer:X' WHERE task = :task AND seq = 5"),
            {"task": CHANNELS},
        )

    seen = await read(installation, f"/kiem-so/{MINE}")

    assert "Sổ không nguyên vẹn" in seen
    assert "mục 5" in seen


async def test_contacts_of_a_unit_are_for_the_office_and_itself(installation: Installation):
    with installation.tools.engine.begin() as connection:
        connection.execute(
            text("UPDATE unit SET phone = '0263 382 2222' WHERE code IN (:hub, :school)"),
            {"hub": HUB, "school": SCHOOL},
        )

    assert "0263 382 2222" in await read(installation, f"/don-vi/{SCHOOL}")
    async with installation.unit(SCHOOL) as browser:
        assert "0263 382 2222" in (await browser.get(f"/don-vi/{SCHOOL}")).text


# What is done


@pytest.mark.parametrize(
    ("path", "unit"), [(f"/lich-su/{MINE}", SCHOOL), (TASK, None)], ids=["unit", "task"]
)
async def test_instruction_is_received_with_its_words(
    installation: Installation, path: str, unit: str | None
):
    async with installation.office(VisitorRole.SUPERVISOR) as browser:
        shown = (await browser.get(path)).text
        answer = await browser.post(
            f"{path}/chi-dao", data=hidden(shown) | {"y_kien": "Báo cáo trước thứ Sáu."}
        )

    assert (answer.status_code, answer.headers["location"]) == (303, path)
    (row,) = _commands(installation)
    assert (row.verb, row.unit, row.payload["kind"]) == ("note", unit, "instruction")
    words = installation.tools.commands.statements([row.payload["text"]])
    assert list(words.values()) == ["Báo cáo trước thứ Sáu."]
    assert row.payload["actor"]["kind"] == "supervisor"


async def test_instruction_without_words_is_not_sent(installation: Installation):
    async with installation.office(VisitorRole.SUPERVISOR) as browser:
        shown = (await browser.get(f"/lich-su/{MINE}")).text
        await browser.post(f"/lich-su/{MINE}/chi-dao", data=hidden(shown) | {"y_kien": " "})

    assert _commands(installation) == []


@pytest.mark.parametrize("path", [f"/lich-su/{MINE}", TASK])
async def test_officers_do_not_instruct(installation: Installation, path: str):
    async with installation.office(VisitorRole.OFFICER) as browser:
        shown = (await browser.get(path)).text
        own = shown.split('name="_the" value="')[1].split('"')[0]
        answer = await browser.post(f"{path}/chi-dao", data={"_the": own, "y_kien": "x"})

    assert "Gửi ý kiến" not in shown
    assert answer.status_code == 403


# Files


async def test_list_goes_out_as_it_is_filtered(installation: Installation):
    overdue(installation)
    with installation.tools.engine.begin() as connection:
        connection.execute(
            text("UPDATE unit SET name = :name WHERE code = :code"),
            {"name": '=HYPERLINK("http://x")', "code": SCHOOL},
        )
    async with installation.office(VisitorRole.SUPERVISOR) as browser:
        sheet = await browser.get(f"{CYCLE}/phan-viec.xlsx?tinh-trang=open_overdue")
        plain = await browser.get(f"{CYCLE}/phan-viec.csv?tinh-trang=open_overdue")

    cells = load_workbook(io.BytesIO(sheet.content)).active
    assert cells is not None
    rows = list(cells.iter_rows(min_row=5))
    assert len(rows) == 7
    assert all(row[0].data_type != "f" for row in rows)
    assert "'=HYPERLINK" in plain.content.decode("utf-8-sig")
    assert "attachment" in sheet.headers["content-disposition"]


async def test_heat_map_goes_out_with_its_letters(installation: Installation):
    overdue(installation)
    async with installation.office(VisitorRole.OFFICER) as browser:
        answer = await browser.get(f"{CYCLE}/ban-do.csv?nhom=school")

    written = answer.content.decode("utf-8-sig")
    assert "Q1" in written
    assert SCHOOL in written


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the form of instructions."""
    form = page[page.index("/chi-dao") :]
    return {name: form.split(f'name="{name}" value="')[1].split('"')[0] for name in ("_the", "_ma")}


def _commands(installation: Installation):
    with Session(installation.tools.engine) as session:
        return list(session.scalars(select(CommandTable)))
