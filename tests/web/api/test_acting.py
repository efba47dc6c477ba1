"""What programs do: stored first, decided once, whatever is asked again."""

from typing import Any

import httpx
import pytest
from sqlalchemy import insert, select

from activities.database import open_database
from models.commands import Verdict
from models.tables import TaskTable
from models.visitor import VisitorRole
from tests.shipped import PLAN
from tests.web.conftest import HUB, NOW, SCHOOL, Installation
from tests.web.test_officer_desk import launched_late
from tests.web.test_unit_pages import channels_of, filled
from web.app import create_app
from web.tools import Tools
from web.unit.typed_report import draft_from

REPORT = f"{PLAN}/2026/V.1/H1/{SCHOOL}"
ITS_REPORT = f"/api/v1/assignments/{REPORT}/report"


async def post(
    program: httpx.AsyncClient, path: str, key: str = "khoa-0001", **body: Any
) -> httpx.Response:
    return await program.post(path, headers={"Idempotency-Key": key}, json=body)


async def test_command_is_received_then_decided_and_the_same_key_tells_how(
    installation: Installation,
):
    path = f"/api/v1/assignments/{REPORT}/acknowledge"
    async with installation.api(SCHOOL) as program:
        first = await post(program, path)
        outcomes = installation.decide()
        again = await post(program, path)
        asked = await program.get(f"/api/v1/commands/{first.json()['commands'][0]['id']}")

    assert first.status_code == 202
    assert first.json()["commands"][0]["verdict"] is None
    assert first.headers["retry-after"] == "5"
    assert [outcome.verdict for outcome in outcomes] == [Verdict.APPLIED]
    assert (again.status_code, again.json()) == (asked.status_code, asked.json())
    assert again.json()["commands"][0] | {"id": ""} == {
        "id": "",
        "verdict": "applied",
        "sentence": "Đã ghi nhận.",
    }
    assert installation.decide() == []


async def test_key_with_another_body_or_address_is_refused(installation: Installation):
    path = f"/api/v1/assignments/{REPORT}"
    async with installation.api(SCHOOL) as program:
        await post(program, f"{path}/acknowledge")
        spelled = await program.post(
            f"{path}/acknowledge",
            headers={"Idempotency-Key": "khoa-0001", "Content-Type": "application/json"},
            content=b"{ }",
        )
        body = await post(program, f"{path}/acknowledge", undo=True)
        address = await post(program, f"{path}/withdraw")

    assert spelled.status_code == 202
    assert [each.json()["code"] for each in (body, address)] == ["key_reused", "key_reused"]
    assert body.status_code == 422
    assert len(installation.decide()) == 1


async def test_same_key_of_another_holder_is_another_request(installation: Installation):
    async with installation.api(SCHOOL) as one, installation.api(HUB) as other:
        mine = await post(one, "/api/v1/acknowledgements")
        theirs = await post(other, "/api/v1/acknowledgements")

    assert (mine.status_code, theirs.status_code) == (202, 202)
    assert {outcome.verdict for outcome in installation.decide()} == {Verdict.APPLIED}


async def test_new_token_of_the_same_holder_does_not_ask_anew(installation: Installation):
    path = f"/api/v1/assignments/{channels_of(SCHOOL, installation)}/progress"
    async with installation.api(SCHOOL) as old, installation.api(SCHOOL) as new:
        await post(old, path, text="Đã mở hai kênh.")
        await post(new, path, text="Đã mở hai kênh.")

    assert len(installation.decide()) == 1


async def test_everything_is_acknowledged_once_and_the_answer_stays(installation: Installation):
    async with installation.api(SCHOOL) as program:
        first = await post(program, "/api/v1/acknowledgements")
        number = len(installation.decide())
        again = await post(program, "/api/v1/acknowledgements")
        nothing_left = await post(program, "/api/v1/acknowledgements", key="khoa-0002")

    assert number > 1
    assert len(first.json()["commands"]) == len(again.json()["commands"]) == number
    assert again.status_code == 200
    assert nothing_left.json() == {"commands": []}


async def test_refusal_is_told_with_its_reason_every_time(installation: Installation):
    path = f"/api/v1/assignments/{REPORT}/withdraw"
    async with installation.api(SCHOOL) as program:
        await post(program, path)
        (outcome,) = installation.decide()
        told = [await post(program, path) for _ in range(2)]

    assert outcome.verdict is Verdict.REFUSED
    assert [each.status_code for each in told] == [409, 409]
    assert told[0].json() == told[1].json()
    assert (told[0].json()["code"], told[0].json()["detail"]) == ("refused", outcome.reason)


class Killed(BaseException):
    """As sudden as kill -9: nothing after it runs."""


@pytest.mark.parametrize("at", ["before", "after"])
async def test_program_killed_around_the_storing_answers_the_retry_as_if_nothing_had_happened(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, at: str
):
    store = installation.tools.acts.store

    def killed(commands):
        if at == "after":
            store(commands)
        raise Killed

    monkeypatch.setattr(installation.tools.acts, "store", killed)
    path = f"/api/v1/assignments/{channels_of(SCHOOL, installation)}/progress"
    async with installation.api(SCHOOL) as program:
        with pytest.raises(Killed):
            await post(program, path, text="Đã mở hai kênh.")

    async with _after_a_restart(installation).api(SCHOOL) as program:
        other = await post(program, path, text="Đã mở ba kênh.")
        retried = await post(program, path, text="Đã mở hai kênh.")
        installation.decide()
        again = await post(program, path, text="Đã mở hai kênh.")

    assert other.json()["code"] == "key_reused"
    assert (retried.status_code, again.status_code) == (202, 200)
    history = installation.tools.views.history(
        channels_of(SCHOOL, installation), at=installation.tools.clock.plan_now()
    )
    assert history is not None
    assert [event.kind for event in history.events].count("noted") == 1
    assert list(history.words.values()) == ["Đã mở hai kênh."]


def _after_a_restart(installation: Installation) -> Installation:
    """Another process on the same database: it remembers nothing."""
    tools = installation.tools
    engine = open_database(str(tools.engine.url))
    app = create_app(tools.settings, engine)
    new: Tools = app.state.tools
    return Installation(app, new, [])


def a_draft(installation: Installation, version: int = 0) -> dict[str, Any]:
    draft = draft_from(filled(installation, REPORT), ()).model_dump(mode="json")
    return draft | {"version": version}


async def test_report_is_written_handed_in_and_read_again(installation: Installation):
    async with installation.api(SCHOOL) as program:
        form = (await program.get(ITS_REPORT)).json()
        file = await program.put(
            f"/api/v1/assignments/{REPORT}/attachments",
            params={"name": "minh chung.txt"},
            content="Biên bản".encode(),
        )
        draft = a_draft(installation) | {"attachments": [file.json()["sha256"]]}
        saved = await program.put(ITS_REPORT, json=draft)
        repeated = await program.put(ITS_REPORT, json=draft)
        late = await program.put(ITS_REPORT, json=draft | {"summary": "của người khác"})
        sent = await post(program, f"{ITS_REPORT}/submit", **draft | {"version": 1})
        (outcome,) = installation.decide()
        again = await post(program, f"{ITS_REPORT}/submit", **draft | {"version": 1})
        (report,) = (await program.get(f"/api/v1/assignments/{REPORT}/reports")).json()
        back = await program.get(
            f"/api/v1/assignments/{REPORT}/attachments/{file.json()['sha256']}"
        )

    assert (form["version"], saved.json()) == (0, {"version": 1})
    assert repeated.json() == saved.json()
    assert (late.status_code, late.json()["code"]) == (409, "draft_conflict")
    assert (sent.status_code, outcome.verdict, again.status_code) == (202, Verdict.APPLIED, 200)
    assert report["content"]["attachments"][0]["name"] == "minh chung.txt"
    assert report["verdict"] == "applied"
    assert back.content.decode() == "Biên bản"
    assert back.headers["content-security-policy"].startswith("sandbox")


async def test_unfit_report_names_each_field_and_leaves_its_key_free(installation: Installation):
    async with installation.api(SCHOOL) as program:
        unfit = await post(program, f"{ITS_REPORT}/submit", version=0, summary="Chưa xong")
        again = await post(program, f"{ITS_REPORT}/submit", **a_draft(installation, 1))

    assert (unfit.status_code, unfit.json()["code"]) == (422, "report_unfit")
    assert {"lines.III.1.d.status"} <= {each["place"] for each in unfit.json()["errors"]}
    assert again.status_code == 202


async def test_file_larger_than_taken_is_refused(installation: Installation):
    most = installation.tools.settings.attachment_megabytes * 1024 * 1024
    async with installation.api(SCHOOL) as program:
        answer = await program.put(
            f"/api/v1/assignments/{REPORT}/attachments",
            params={"name": "to.txt"},
            content=b"x" * (most + 1),
        )

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_officer_decides_and_a_supervisor_instructs(installation: Installation):
    work = channels_of(SCHOOL, installation)
    path = f"/api/v1/assignments/{work}"
    async with (
        installation.api(VisitorRole.OFFICER) as officer,
        installation.api(VisitorRole.SUPERVISOR) as supervisor,
    ):
        answers = [
            await post(officer, f"{path}/calls", text="Đã gọi", promised="2026-03-09"),
            await post(supervisor, f"{path}/instructions", text="Làm ngay"),
            await post(
                officer,
                f"{path}/paper-report",
                key="khoa-0002",
                reference="12/BC",
                received_at="2026-02-27T15:30:00+07:00",
            ),
            await post(officer, f"{path}/reassign", key="khoa-0003", unit="KHONG-CO"),
        ]
        outcomes = installation.decide()
        story = (await supervisor.get(f"{path}/history")).json()
        overdue = (await officer.get("/api/v1/overdue")).json()

    assert [each.status_code for each in answers] == [202, 202, 202, 422]
    assert {outcome.verdict for outcome in outcomes} == {Verdict.APPLIED}
    assert {"noted", "submitted"} <= {entry["kind"] for entry in story["entries"]}
    assert story["assignment"]["received_at"] == "2026-02-27T08:30:00Z"
    assert work not in {each["assignment"] for each in overdue["items"]}


async def test_hub_reviews_its_schools_and_nobody_elses(installation: Installation):
    hub = installation.tools.registry.unit(SCHOOL)
    assert hub
    assert hub.hub
    async with installation.api(SCHOOL) as school, installation.api(hub.hub) as program:
        await post(school, f"{ITS_REPORT}/submit", **a_draft(installation))
        installation.decide()
        waiting = (await program.get("/api/v1/reviews")).json()
        without = await post(program, f"/api/v1/assignments/{REPORT}/return")
        returned = await post(
            program, f"/api/v1/assignments/{REPORT}/return", reasons={"III.1.d": "Thiếu địa chỉ."}
        )
        (outcome,) = installation.decide()
        form = (await school.get(ITS_REPORT)).json()

    assert [item["assignment"] for item in waiting["items"]] == [REPORT]
    assert (without.status_code, without.json()["code"]) == (422, "invalid")
    assert (returned.status_code, outcome.verdict) == (202, Verdict.APPLIED)
    assert {line["code"]: line["returned_because"] for line in form["lines"]}["III.1.d"] == (
        "Thiếu địa chỉ."
    )


async def test_unit_asks_nothing_about_the_commands_of_another(installation: Installation):
    async with installation.api(SCHOOL) as one, installation.api("VP") as other:
        sent = await post(one, f"/api/v1/assignments/{REPORT}/acknowledge")
        path = f"/api/v1/commands/{sent.json()['commands'][0]['id']}"

        assert (await one.get(path)).status_code == 202
        assert (await other.get(path)).status_code == 404


async def test_what_was_done_before_the_launch_is_done_late_or_in_time(installation: Installation):
    task = launched_late(installation, "III.1.c 05-18")
    path = f"/api/v1/tasks/{'/'.join(task.split('/')[1:5])}/adopt"
    table = TaskTable.__table__  # type: ignore[attr-defined]
    with installation.tools.engine.begin() as connection:
        row = connection.execute(select(table).where(table.c.id == task)).mappings().one()
        another = dict(row) | {"id": f"{task.rpartition('/')[0]}/2"}  # a part nobody waits in
        connection.execute(insert(table).values(another))

    async with installation.api(VisitorRole.OFFICER) as program:
        chased = await post(program, path, "khoa-0001", settled=False, late=True)
        early = installation.decide()
        with installation.counted() as queries:
            await post(program, path, "khoa-0002", settled=True, late=True)
            asked = [each for each in queries if "assignment.task IN" in each]
        (outcome,) = installation.decide()
    found = installation.tools.views.assignments(at=NOW, cycle=f"cycle/{PLAN}/2025")

    assert (chased.status_code, chased.json()["code"]) == (409, "refused")
    assert early == []
    assert len(asked) == 1
    assert outcome.verdict is Verdict.APPLIED
    assert {(row.stage, row.late) for row in found.assignments} == {("settled", True)}
