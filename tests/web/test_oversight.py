"""What a supervisor sees, and what every role sees of a task, a unit and an assignment."""

import io
import re
from urllib.parse import urlencode

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, text
from sqlmodel import Session, col

from activities.ledger import Ledger
from activities.statistics import Statistics
from models.commands import Verdict
from models.cycle import DigestDay
from models.identifiers import task_id
from models.tables import CommandTable, CycleTable
from models.visitor import VisitorRole
from rules.bare_text import bare
from rules.follow_up import step
from rules.projection import task_row
from rules.recording import recording_of
from tests.shipped import PLAN
from tests.web.conftest import HUB, NOW, SCHOOL, Installation
from tests.web.test_officer_desk import launched_late
from tests.web.test_unit_pages import send
from web.oversight.addresses import task_address

CYCLE = f"/chu-ky/{PLAN}/2026"
CHANNELS = task_id(PLAN, "2026", "III.1.d", "han")
TASK = f"/nhiem-vu/{PLAN}/2026/III.1.d/han/1"
MINE = f"{PLAN}/2026/III.1.d/han/{SCHOOL}"
OTHER = f"{PLAN}/2026/III.1.d/han/TM0006"
PAGES = [
    CYCLE,
    f"{CYCLE}?tat-ca=1",
    f"{CYCLE}/ban-do",
    f"{CYCLE}/ban-do?nhom=school&sap-xep=III.1.d/han",
    f"{CYCLE}/ban-do?dau-moi={HUB}",
    f"{CYCLE}/dong-thoi-gian",
    f"{CYCLE}/dong-thoi-gian?ngay=2026-06-24",
    f"{CYCLE}/tre-han",
    f"{CYCLE}/phan-viec?tinh-trang=open_overdue",
    f"{CYCLE}/phan-viec?nhiem-vu=V.1/H1&nhom=commune",
]
SHARED = [TASK, f"/don-vi/{SCHOOL}?xem=lien-he", f"/lich-su/{MINE}", f"/kiem-so/{MINE}"]


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


def held(installation: Installation) -> Installation:
    """Of the seven units of III.1.d one awaits the officer's word and six are overdue."""
    overdue(installation)
    with installation.tools.engine.begin() as connection:
        connection.execute(
            text("UPDATE assignment SET stage = 'held', level = 0 WHERE id = :mine"),
            {"mine": MINE},
        )
    return installation


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
        seen = await browser.get(f"/don-vi/{HUB}?xem=lien-he")
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


@pytest.mark.parametrize(
    ("path", "said"),
    [
        pytest.param("/", ['<th scope="col" class="number">Chờ quyết định</th>'], id="home"),
        pytest.param(
            CYCLE, ["<strong>6</strong>", ">1 phần việc</a> có hạn đã qua"], id="overview"
        ),
        pytest.param(TASK, ["<strong>6</strong>", ">1 phần việc</a> có hạn đã qua"], id="task"),
        pytest.param("/qua-han", ["6 phần việc của 6 đơn vị", "Còn 1 phần việc"], id="overdue"),
        pytest.param(
            f"{CYCLE}/tre-han", ["<strong>6</strong>", ">1 phần việc</a> có hạn"], id="lateness"
        ),
        pytest.param(
            f"{CYCLE}/ban-do?nhom=school",
            [
                '<td class="number">5</td></tr>',
                f"Chờ quyết định, cả nhóm</th>{'<td></td>' * 6}<td>1</td>",
            ],
            id="heat map",
        ),
        pytest.param(f"{CYCLE}/phan-viec?tinh-trang=held", ["<strong>1 phần việc"], id="list"),
        pytest.param(
            f"{CYCLE}/phan-viec?tinh-trang=open_overdue", ["<strong>6 phần việc"], id="overdue list"
        ),
    ],
)
async def test_what_had_passed_before_the_launch_is_told_apart_from_what_is_overdue(
    installation: Installation, path: str, said: list[str]
):
    seen = await read(held(installation), path, VisitorRole.OFFICER)

    for words in said:
        assert words in seen


async def test_files_api_terminal_and_report_count_as_the_pages_do(installation: Installation):
    held(installation)
    with installation.tools.engine.begin() as connection:
        connection.execute(
            text("UPDATE assignment SET stage = 'suspended' WHERE id = :other"), {"other": OTHER}
        )

    async with (
        installation.office(VisitorRole.OFFICER) as browser,
        installation.api(VisitorRole.OFFICER) as program,
    ):
        plain = await browser.get(f"{CYCLE}/tong-quan.csv")
        counted = (await program.get(f"/api/v1/cycles/{PLAN}/2026/statistics")).json()
        listed = (await program.get("/api/v1/cycles")).json()
    (cycle,) = installation.tools.views.cycles(at=NOW)
    reported = Statistics(installation.tools.engine).total(f"cycle/{PLAN}/2026", at=NOW)

    (channels,) = [line for line in plain.text.splitlines() if line.startswith("III.1.d")]
    assert ",5,1," in channels.replace(";", ",")
    assert (counted["whole"]["open_overdue"], counted["whole"]["held"]) == (5, 1)
    (row,) = [task for task in listed[0]["tasks"] if task["code"] == "III.1.d"]
    assert (row["overdue"], row["held"]) == (5, 1)
    assert [(t.overdue, t.held) for t in cycle.tasks if t.code == "III.1.d"] == [(5, 1)]
    assert (reported.open_overdue, reported.held) == (5, 1)
    assert reported.model_dump().items() <= counted["whole"].items()


async def test_task_that_waits_for_the_officer_leads_to_where_it_is_decided(
    installation: Installation,
):
    waits = task_address(task_id(PLAN, "2026", "V.2", "H1"))
    seen = await read(installation, waits, VisitorRole.OFFICER)
    desk = await read(installation, "/can-xu-ly", VisitorRole.OFFICER)

    (there,) = re.findall(r'href="/can-xu-ly#([^"]+)"', seen)
    assert f'id="{there}"' in desk
    assert "/can-xu-ly#" not in await read(installation, waits)


async def test_who_is_overdue_is_told_why_no_extension_can_be_asked_for(
    installation: Installation,
):
    overdue(installation)
    async with installation.unit(SCHOOL) as browser:
        late = (await browser.get(f"/viec/{MINE}")).text

    assert "ngành giáo dục Lâm Đồng · chu kỳ 2026" in late
    assert "Đã quá hạn nên không xin gia hạn được nữa" in late
    assert "Gửi đề nghị" not in late


async def test_home_names_the_last_day_and_not_the_midnight_after_it(installation: Installation):
    with installation.tools.engine.begin() as connection:
        # It has no date, and nobody is asked for one any more.
        connection.execute(text("UPDATE task SET waiting = '[]' WHERE code = 'V.2'"))
    seen = await read(held(installation), "/", VisitorRole.OFFICER)

    def deadline_of(code: str) -> str:
        row = next(row for row in seen.split("<tr>") if f">{code}</a>" in row)
        return re.sub("<[^>]+>", "", row.split('"Hạn sắp tới">')[1].split("</td>")[0])

    assert deadline_of("III.1.d") == "đã qua 28/02/2026"
    assert deadline_of("V.1") == "17/06/2026"  # the schools' day
    assert deadline_of("III.1.a") == "thường xuyên"
    assert deadline_of("V.2") == "chưa có hạn"
    assert seen.index(">III.2.đ</a>") < seen.index(">III.2.e</a>")
    assert 'đã qua <time datetime="2026-02-28">' in await read(installation, CYCLE)


async def test_next_deadline_does_not_hide_since_when_the_rest_is_overdue(
    installation: Installation,
):
    """One unit of seven was given more time."""
    overdue(installation)
    with installation.tools.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE assignment SET last_day = '2026-12-05', level = 0,"
                " breach = '2026-12-05 17:00:00.000000' WHERE id = :mine"
            ),
            {"mine": MINE},
        )
        connection.execute(
            text("UPDATE task SET next_deadline = '2026-12-05 17:00:00.000000' WHERE id = :task"),
            {"task": CHANNELS},
        )
    home = await read(installation, "/", VisitorRole.OFFICER)
    row = next(row for row in home.split("<tr>") if ">III.1.d</a>" in row)
    row_of_overview = next(
        row for row in (await read(installation, CYCLE)).split("<tr>") if "III.1.d. " in row
    )

    assert '"Hạn sắp tới"><time datetime="2026-12-05">' in row
    assert re.search('>6</span> <span class="quiet">từ sau ngày <time datetime="2026-02-28">', row)
    assert '<td><time datetime="2026-12-05">' in row_of_overview
    assert 'quá hạn từ sau ngày <time datetime="2026-02-28">' in row_of_overview


async def test_supervisor_of_several_cycles_begins_with_the_figures_of_each(
    installation: Installation,
):
    overdue(installation)
    launched_again(installation, "2025", PLAN)

    seen = await read(installation, "/")

    assert f'href="{CYCLE}/phan-viec?tinh-trang=open_overdue"><strong>7</strong>' in seen
    assert f'<a href="{CYCLE}">Xem tổng quan' in seen
    assert f'<a href="{CYCLE.removesuffix("6")}5">Xem tổng quan' in seen
    opened = '<details class="more" open>'
    assert '<details class="more">' in seen
    assert opened not in seen
    assert opened in await read(installation, "/", VisitorRole.OFFICER)


async def test_ladder_says_which_of_its_rungs_were_never_sent(installation: Installation):
    """Those of a deadline that had passed before the launch."""
    task = launched_late(installation, "III.1.c 05-18").replace("task/", "/nhiem-vu/")

    late, in_time = await read(installation, task), await read(installation, TASK)

    assert "(đã qua trước khi phát động, không gửi)" in late
    assert "có mốc báo tính từ ngày quyết định" in late
    assert "đã qua trước khi phát động" not in in_time


async def test_ladder_of_a_date_set_later_says_what_had_passed_by_then(installation: Installation):
    task = task_id(PLAN, "2026", "V.2", "H1")
    async with installation.office(VisitorRole.OFFICER) as browser:
        await send(browser, "/can-xu-ly", f"/can-xu-ly/an-dinh-han/{task}", ngay="2026-03-04")
    (outcome,) = installation.decide()

    ladder = (await read(installation, task_address(task))).split("Thang nhắc")[1]

    assert outcome.verdict is Verdict.APPLIED
    assert "(đã qua khi ấn định hạn, gộp vào một lần nhắc ngay sau đó)" in ladder
    assert "đã qua trước khi phát động" not in ladder


async def test_day_still_to_come_is_not_said_to_have_passed(installation: Installation):
    """Of a task that every unit has settled before its last day."""
    with installation.tools.engine.begin() as connection:
        connection.execute(
            text("UPDATE assignment SET last_day = '2026-03-02' WHERE task = :task"),
            {"task": CHANNELS},
        )
        connection.execute(
            text("UPDATE task SET next_deadline = NULL WHERE id = :task"), {"task": CHANNELS}
        )

    for page in (
        await read(installation, "/", VisitorRole.OFFICER),
        await read(installation, CYCLE),
    ):
        assert re.search('<td[^>]*><time datetime="2026-03-02">', page)
        assert "đã qua <time" not in page


@pytest.mark.parametrize("path", [f"/lich-su/{MINE}", TASK, f"/don-vi/{SCHOOL}"])
async def test_officer_follows_up_from_wherever_a_part_is_shown(
    installation: Installation, path: str
):
    to_follow_up = f'href="/xu-ly/{MINE}"'

    assert to_follow_up in await read(installation, path, VisitorRole.OFFICER)
    assert to_follow_up not in await read(installation, path, VisitorRole.SUPERVISOR)


async def test_line_names_its_cycle_where_there_are_several(installation: Installation):
    """Also its plan, where they are of several; a page about one task always does."""
    overdue(installation)
    pages = ("/qua-han", f"/don-vi/{SCHOOL}")
    (known,) = installation.tools.registry.plans()
    of_this = f"{known.short_title} · chu kỳ 2026"
    alone = [await read(installation, path) for path in pages]
    launched_again(installation, "2025", PLAN)
    of_two_years = [await read(installation, path) for path in pages]
    launched_again(installation, "2026", "khac")
    of_two_plans = [await read(installation, path) for path in pages]

    assert not any("chu kỳ 2026" in page for page in alone)
    assert all("chu kỳ 2026" in page for page in of_two_years)
    assert all(of_this in page for page in of_two_plans)
    for path in (TASK, f"/lich-su/{MINE}"):
        assert of_this in await read(installation, path)


def launched_again(installation: Installation, year: str, plan: str) -> None:
    """Another cycle, as far as lists know of it."""
    with Session(installation.tools.engine) as session:
        (known,) = session.scalars(select(CycleTable).where(col(CycleTable.year) == 2026))
        other = {"id": f"cycle/{plan}/{year}", "cycle": year, "year": int(year), "plan": plan}
        session.add(CycleTable(**known.model_dump() | other))
        session.commit()


@pytest.mark.parametrize("said", [SCHOOL.lower(), "{name}", "{bare}"])
async def test_overdue_work_of_a_unit_is_found_by_its_code_or_name_in_whatever_letters(
    installation: Installation, said: str
):
    overdue(installation)
    unit = installation.tools.registry.unit(SCHOOL)
    assert unit

    asked = said.format(name=unit.name.upper(), bare=bare(unit.name)[:-1])
    found = await read(
        installation, f"/qua-han?{urlencode({'don-vi': asked})}", VisitorRole.OFFICER
    )
    nobody = await read(installation, "/qua-han?don-vi=khong+co+dau", VisitorRole.OFFICER)
    nothing = await read(installation, "/qua-han?don-vi=%3F%3F", VisitorRole.OFFICER)

    assert "của 1 đơn vị, xếp theo" in found
    for page in (nobody, nothing):
        assert "Không có việc quá hạn nào của đơn vị như vậy." in page


async def test_officer_adds_the_phone_number_that_is_missing(installation: Installation):
    overdue(installation)
    page = f"/don-vi/{SCHOOL}"

    listed = await read(installation, "/qua-han", VisitorRole.OFFICER)
    async with installation.office(VisitorRole.OFFICER) as browser:
        own = (await browser.get(page)).text.split('name="_the" value="')[1].split('"')[0]
        typed = {"_the": own, "dau_moi": "Cô Ba", "dien_thoai": "không nhớ"}
        wrong = await browser.post(f"{page}/lien-he", data=typed)
        untouched = installation.tools.registry.unit(SCHOOL)
        await browser.post(f"{page}/lien-he", data=typed | {"dien_thoai": "0263 382 2222"})
    kept = installation.tools.registry.unit(SCHOOL)

    assert f'href="{page}#lien-he">chưa có số điện thoại</a>' in listed
    assert wrong.status_code == 422
    assert 'href="#f-dien_thoai"' in wrong.text
    assert 'value="không nhớ"' in wrong.text
    assert 'value="Cô Ba"' in wrong.text
    assert f'name="den" value="{page}"' in wrong.text
    assert untouched
    assert untouched.phone == ""
    assert kept
    assert (kept.focal_person, kept.phone) == ("Cô Ba", "0263 382 2222")
    assert kept.email == untouched.email


async def test_cell_of_the_heat_map_is_one_click_from_its_history(installation: Installation):
    overdue(installation)

    seen = await read(installation, f"{CYCLE}/ban-do?nhom=school")

    assert f'<td class="k-overdue"><a href="/lich-su/{MINE}">Q1</a></td>' in seen


async def test_each_period_of_a_task_has_its_column(installation: Installation):
    seen = await read(installation, f"{CYCLE}/ban-do?nhom=school")

    assert '<abbr title="V.1. Báo cáo gửi Sở GDĐT (kỳ 25/6)">V.1<br>17/06</abbr>' in seen
    assert '<abbr title="V.1. Báo cáo gửi Sở GDĐT (kỳ 15/12)">V.1<br>07/12</abbr>' in seen
    assert "<dt>III.1.d </dt><dd>Thiết lập" in seen


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
    async with installation.unit(HUB) as browser:
        of_hub = (await browser.get(f"/lich-su/{MINE}")).text

    assert of_hub.count("a@x.vn") == 1  # its own
    assert "qua thư điện tử đến a…@x.vn, lúc" in of_hub
    assert "Quá hạn 1 ngày làm việc" in seen
    assert "07:31 02/03/2026" in seen
    assert "qua thư điện tử đến a@x.vn, lúc" in seen
    assert "250 OK id=77" in seen
    assert "hạn cuối hết ngày 28/02/2026, thứ Bảy" in seen
    assert "<li>Mốc nhắc lùi về 27/02/2026 vì 28/02/2026 là thứ Bảy.</li>" in seen
    assert "còn nguyên vẹn" in seen
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
        assert "0263 382 2222" in (await browser.get(f"/don-vi/{SCHOOL}?xem=lien-he")).text


async def test_letters_lead_a_unit_to_its_own_work(installation: Installation):
    async with installation.unit(SCHOOL) as browser:
        answer = await browser.get(f"/don-vi/{SCHOOL}")
        work = await browser.get("/")

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert f'href="/don-vi/{SCHOOL}?xem=lien-he"' in work.text


@pytest.mark.parametrize("path", [f"/don-vi/{SCHOOL}", f"{CYCLE}/phan-viec"])
async def test_list_of_work_has_a_heading_for_each_column(installation: Installation, path: str):
    seen = await read(installation, path)
    head, body = re.findall(r"<thead>(.*?)</thead>\s*<tbody>(.*?)</tbody>", seen, re.DOTALL)[0]
    row = body.partition("</tr>")[0]

    assert head.count("<th ") == len(re.findall("<t[hd][ >]", row))


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


@pytest.mark.parametrize("path", [f"/lich-su/{MINE}", TASK], ids=["unit", "task"])
async def test_instruction_that_is_refused_keeps_its_words(deciding: Installation, path: str):
    async with deciding.office(VisitorRole.SUPERVISOR) as browser:
        shown = (await browser.get(path)).text
        deciding.void(CHANNELS)
        typed = hidden(shown) | {"y_kien": "Làm <ngay>"}
        answer = await browser.post(f"{path}/chi-dao", data=typed)

    assert answer.status_code == 422
    assert 'id="e-y_kien"' in answer.text
    assert "Làm &lt;ngay&gt;</textarea>" in answer.text
    assert f'name="den" value="{path}"' in answer.text


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


async def test_files_hold_the_whole_words_of_a_task(installation: Installation):
    """Screens have no room for them."""
    overdue(installation)
    async with installation.office(VisitorRole.OFFICER) as browser:
        shown = (await browser.get(CYCLE)).text
        files = [await browser.get(f"{CYCLE}/{name}.csv") for name in ("tong-quan", "phan-viec")]

    assert " …</a>" in shown
    for file in files:
        words = file.content.decode("utf-8-sig")
        assert "III.1.d. " in words
        assert " …;" not in words


async def test_each_period_of_a_task_is_sorted_by_itself(installation: Installation):
    """What is late in June is not sorted together with December."""
    seen = await read(installation, f"{CYCLE}/ban-do?nhom=school&sap-xep=V.1/H2")
    older = await read(installation, f"{CYCLE}/ban-do?nhom=school&sap-xep=V.1")

    assert '<option value="V.1/H1">V.1 17/06</option>' in seen
    assert '<option value="V.1/H2" selected>V.1 07/12</option>' in seen
    assert seen.count('aria-current="true"><abbr') == 1
    assert '<option value="V.1/H1" selected>' in older


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the form of instructions."""
    form = page[page.index("/chi-dao") :]
    return {name: form.split(f'name="{name}" value="')[1].split('"')[0] for name in ("_the", "_ma")}


def _commands(installation: Installation):
    with Session(installation.tools.engine) as session:
        return list(session.scalars(select(CommandTable)))
