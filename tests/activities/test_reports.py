"""A unit's report from the open form to the consolidated one, on both databases."""

import io
import shutil
import socket
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import fsspec
import pytest
from sqlalchemy import Engine, text

from activities import attachments
from activities.attachments import Attachments, StorageUnavailable, Unacceptable
from activities.database import open_database
from activities.directory import Registry
from activities.report_forms import UnknownAssignment
from activities.report_store import DraftConflict, ReportStore
from activities.reports import Locked, NotYours, Unfit
from activities.urges import Urges
from activities.views import Views
from models.clock import VN
from models.commands import Suspend, Verdict
from models.identifiers import task_id
from models.plan import Recurring, Relation, ReportDuty
from models.report import Draft, EstimateDraft, FigureDraft, LineDraft, Standing, TaskStatus
from rules.counting import four_ways
from tests.activities.office import (
    CYCLE,
    HUBS,
    JUNE,
    OFFICER,
    SHARE,
    WORDS,
    Office,
    assigned,
    filled,
    the_unit,
)
from tests.databases import copied_to, engine_at
from tests.shipped import PLAN

LATE = datetime(2026, 6, 26, 10, 0, tzinfo=VN)
JULY = datetime(2026, 7, 1, 8, 0, tzinfo=VN)


HUB = HUBS[0]


@pytest.fixture(scope="module")
def launched(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the cycle open."""
    file = tmp_path_factory.mktemp("launched") / "dondoc.db"
    shutil.copy(migrated_file, file)
    engine = open_database(f"sqlite:///{file}")
    Office(engine, file.parent)
    engine.dispose()
    return file


@pytest.fixture
def office(launched: Path, sqlite_file: Path, tmp_path: Path) -> Iterator[Office]:
    engine = engine_at(copied_to(sqlite_file, launched))
    yield Office(engine, tmp_path, launch=False)
    engine.dispose()


@pytest.fixture
def either_office(engine: Engine, tmp_path: Path) -> Office:
    """On SQLite and on PostgreSQL: for what is counted in SQL."""
    return Office(engine, tmp_path)


def test_form_asks_for_all_tasks_of_the_unit_and_the_targets_that_concern_it(
    office: Office,
) -> None:
    hub = HUB
    school = office.schools_of(hub)[0]

    form = office.reports.form(assigned(school))

    assert {"III.1.a", "III.1.d", "III.2.c"} <= {line.code for line in form.lines}
    assert "V.1" not in {line.code for line in form.lines}
    assert SHARE in {target.code for target in form.targets}
    assert WORDS not in {target.code for target in form.targets}
    assert form.window is not None
    assert (form.window.first.isoformat(), form.window.last.isoformat()) == (
        "2025-12-15",
        "2026-06-14",
    )
    assert form.period == "6 tháng đầu năm 2026"


def test_what_was_typed_is_kept_right_or_wrong(office: Office) -> None:
    typed = Draft(
        lines={"III.1.a": LineDraft(status="nửa vời", result="Đang viết dở")},
        figures={SHARE: FigureDraft(numerator="mười hai", denominator="-3")},
    )

    with pytest.raises(Unfit) as unfit:
        office.submit("TM0001", typed)

    fields = {each.field for each in unfit.value.fields}
    assert {"lines.III.1.a.status", f"figures.{SHARE}.numerator", "lines.III.1.d.status"} <= fields
    assert office.reports.form(assigned("TM0001")).draft == typed
    assert office.reports.revisions(assigned("TM0001")) == []


def test_two_people_on_one_form_do_not_overwrite_each_other(either_office: Office) -> None:
    mine, theirs = Draft(summary="của tôi"), Draft(summary="của người khác")
    save = either_office.reports.save_draft
    first = save(assigned("TM0001"), theirs, version=0, actor=OFFICER, at=JUNE)

    with pytest.raises(DraftConflict):
        save(assigned("TM0001"), mine, version=0, actor=OFFICER, at=JUNE)

    assert save(assigned("TM0001"), theirs, version=0, actor=OFFICER, at=JUNE) == first
    assert either_office.reports.form(assigned("TM0001")).draft == theirs
    assert save(assigned("TM0001"), mine, version=first, actor=OFFICER, at=JUNE) == first + 1


def test_submitting_locks_and_a_return_opens_with_its_reasons(office: Office) -> None:
    office.report("TM0001", II_2_a_1=(1, 1))
    locked = office.reports.form(assigned("TM0001"))
    with pytest.raises(Locked):
        office.reports.save_draft(
            assigned("TM0001"), Draft(), version=locked.version, actor=OFFICER, at=JUNE
        )

    office.give_back("TM0001", {"III.1.a": "Thiếu địa chỉ chuyên mục"}, text="Bổ sung")

    form = office.reports.form(assigned("TM0001"))
    assert locked.locked.startswith("Báo cáo đã nộp")
    assert form.locked == ""
    assert form.returned_because == "Bổ sung\nIII.1.a: Thiếu địa chỉ chuyên mục"
    reasons = {line.code: line.returned_because for line in form.lines if line.returned_because}
    assert reasons == {"III.1.a": "Thiếu địa chỉ chuyên mục"}
    assert form.draft.figures[SHARE] == FigureDraft(numerator="1", denominator="1")


def test_every_revision_is_kept_with_what_became_of_it(either_office: Office) -> None:
    either_office.report("TM0001", II_2_a_1=(0, 1))
    either_office.give_back("TM0001", {"III.1.a": "Chưa rõ"})
    either_office.report("TM0001", II_2_a_1=(1, 1))
    either_office.accept("TM0001")

    first, second = either_office.reports.revisions(assigned("TM0001"))

    assert [first.number, second.number] == [1, 2]
    assert [first.verdict, second.verdict] == ["applied", "applied"]
    assert [
        next(figure.numerator for figure in each.content.figures if figure.target == SHARE)
        for each in (first, second)
    ] == [0, 1]


def test_submission_cut_off_after_its_draft_was_saved_is_handed_in_by_the_retry(
    office: Office,
) -> None:
    school, actor = assigned("TM0001"), the_unit("TM0001")
    draft = filled(office.reports.form(school), {})
    office.reports.save_draft(school, draft, version=0, actor=actor, at=JUNE)

    submit = office.reports.submit(
        school, draft, version=0, actor=actor, received_at=JUNE, command="c1"
    )

    assert [report.id for report in office.reports.revisions(school)] == [submit.report]


def test_the_same_command_twice_is_one_report(office: Office) -> None:
    form = office.reports.form(assigned("TM0001"))
    unit = the_unit("TM0001")
    arguments: Any = {"version": 0, "actor": unit, "received_at": JUNE, "command": "một"}
    first = office.reports.submit(assigned("TM0001"), filled(form), **arguments)
    office.decide(first)

    again = office.reports.submit(assigned("TM0001"), filled(form), **arguments)

    assert again == first
    assert len(office.reports.revisions(assigned("TM0001"))) == 1


def test_a_unit_does_not_report_for_another(office: Office) -> None:
    form = office.reports.form(assigned("TM0001"))

    with pytest.raises(NotYours):
        office.reports.submit(
            assigned("TM0001"),
            filled(form),
            version=0,
            actor=the_unit("TM0002"),
            received_at=JUNE,
            command="x",
        )

    assert office.reports.form(assigned("TM0001")).version == 0


def test_a_submission_the_engine_refuses_leaves_the_draft(office: Office) -> None:
    form = office.reports.form(assigned("TM0001"))
    both = [
        office.reports.submit(
            assigned("TM0001"),
            filled(form),
            version=version,
            actor=the_unit("TM0001"),
            received_at=JUNE,
            command=f"song song {version}",
        )
        for version in (0, 1)
    ]

    outcomes = [office.decide(command) for command in both]

    assert [each.verdict for each in outcomes] == [Verdict.APPLIED, Verdict.REFUSED]
    assert [each.verdict for each in office.reports.revisions(assigned("TM0001"))] == [
        "applied",
        "refused",
    ]
    assert office.reports.form(assigned("TM0001")).draft.lines == filled(form).lines


def test_unknown_assignment_is_said(office: Office) -> None:
    with pytest.raises(UnknownAssignment):
        office.reports.form(assigned("KHONG-CO"))


def test_a_task_with_a_deadline_is_reported_once_with_evidence(office: Office) -> None:
    channels = "III.1.d/han"
    form = office.reports.form(assigned("TM0001", channels))
    bare = Draft(lines={"III.1.d": LineDraft(status="done", result="Đã lập kênh")})

    with pytest.raises(Unfit) as unfit:
        office.submit("TM0001", bare, period=channels)
    office.report("TM0001", period=channels)

    assert [line.code for line in form.lines] == ["III.1.d"]
    assert [each.field for each in unfit.value.fields] == ["lines.III.1.d.links"]
    periodic = office.reports.form(assigned("TM0001"))
    assert periodic.draft.lines["III.1.d"].status == "done"


def test_hub_starts_from_what_its_schools_reported(office: Office) -> None:
    hub = HUB
    first, second, *silent = office.schools_of(hub)
    for school, figures in ((first, (3, 4)), (second, (5, 10))):
        office.report(school, II_2_a_1=figures)
        office.accept(school)

    form = office.reports.form(assigned(hub))

    assert form.draft.figures[SHARE] == FigureDraft(numerator="8", denominator="14")
    name = office.directory.units[first].name
    assert f"{name}" in form.draft.lines["III.1.a"].result
    standings = {each.unit: each.standing for each in form.reporters}
    assert standings == {first: Standing.ACCEPTED, second: Standing.ACCEPTED} | dict.fromkeys(
        silent, Standing.SILENT
    )


def test_a_carried_report_opens_with_what_its_own_year_had_brought(either_office: Office) -> None:
    office = either_office
    answered, silent, *_ = office.schools_of(HUB)
    office.report(answered, II_2_a_1=(3, 4))
    office.accept(answered)
    typed = Draft(lines={"III.1.a": LineDraft(result="Đang viết dở")})
    office.reports.save_draft(assigned(silent), typed, version=0, actor=the_unit(silent), at=JUNE)

    office.carry_on()

    hub = office.reports.form(f"{PLAN}/2027/V.1/H1-2026/{HUB}")
    assert hub.draft.figures[SHARE] == FigureDraft(numerator="3", denominator="4")
    standings = {each.unit: each.standing for each in hub.reporters}
    assert standings[answered] is Standing.ACCEPTED
    assert standings[silent] is Standing.SILENT
    assert len(standings) == 4
    school = office.reports.form(f"{PLAN}/2027/V.1/H1-2026/{silent}")
    assert school.draft.lines["III.1.a"].result == "Đang viết dở"
    assert school.version == 0


def test_a_hubs_correction_is_marked(office: Office) -> None:
    hub = HUB
    school = office.schools_of(hub)[0]
    office.report(school, II_2_a_1=(3, 4))
    office.accept(school)

    office.report(hub, II_2_a_1=(2, 4))
    office.accept(hub)

    [report] = office.reports.revisions(assigned(hub))
    figure = next(each for each in report.content.figures if each.target == SHARE)
    assert figure.corrected
    assert figure.gathered is not None
    assert (figure.gathered.numerator, figure.gathered.denominator) == (3, 4)
    consolidated = office.consolidation.report(CYCLE, "H1", at=JULY)
    row = next(row for row in consolidated.targets if row.code == SHARE)
    [correction] = row.corrections
    assert correction.unit == hub
    assert correction.text == "báo 2/4, cơ sở cộng lại 3/4; không nêu lý do"


def test_consolidated_report_counts_each_unit_once(either_office: Office) -> None:
    hub = HUB
    school = either_office.schools_of(hub)[0]
    either_office.report(school, II_2_a_1=(3, 4))
    either_office.accept(school)
    either_office.report(hub)
    either_office.accept(hub)
    either_office.report("VP")
    either_office.accept("VP", at=LATE)

    told: list[tuple[int, int]] = []
    report = either_office.consolidation.report(
        CYCLE, "H1", at=JULY, progress=lambda done, of: told.append((done, of))
    )

    assert told == [(1, 2), (2, 2)]
    value = next(row for row in report.targets if row.code == SHARE).current
    assert (value.numerator, value.denominator, value.share) == (3, 4, 75.0)
    assert value.reached is False
    task = next(section for section in report.tasks if section.code == "III.1.a")
    assert task.statuses == {TaskStatus.ONGOING: 2}
    assert {each.unit for each in task.results} == {hub, "VP"}
    communes = next(each for each in report.coverage if each.name.startswith("UBND"))
    assert (communes.reported, communes.expected) == (1, 5)
    assert "GDTRH" in {each.unit for each in report.missing}
    assert report.source.reports == 2
    assert report.period_counts.total == len(either_office.directory.units) - 1  # trừ lãnh đạo Sở


def test_school_accepted_after_its_hub_had_gathered_is_named(office: Office) -> None:
    hub = HUB
    school = office.schools_of(hub)[0]
    office.report(hub, II_2_a_1=(0, 0))
    office.accept(hub)
    office.report(school, II_2_a_1=(1, 1))
    office.accept(school)

    report = office.consolidation.report(CYCLE, "H1", at=JULY)

    assert [each.unit for each in report.changed] == [school]


def test_coordinators_report_upwards_starts_from_everybodys(office: Office) -> None:
    office.report("VP")
    office.accept("VP")

    form = office.reports.form(assigned("GDTRH", "V.2/H1"))

    assert len(form.lines) == 19
    assert {each.unit for each in form.reporters} >= {"VP", "GDTRH", *HUBS}
    assert office.directory.units["VP"].name in form.draft.lines["III.1.a"].result


def test_evidence_is_kept_once_and_found_again(office: Office) -> None:
    pdf = b"%PDF-1.7 minh chung"
    keep = office.reports.attach
    attachment = keep(
        assigned("TM0001"), "bien ban.pdf", io.BytesIO(pdf), actor=the_unit("TM0001"), at=JUNE
    )
    keep(assigned("TM0002"), "khac.pdf", io.BytesIO(pdf), actor=the_unit("TM0002"), at=JUNE)

    found, stream = office.reports.open_attachment(assigned("TM0001"), attachment.sha256)
    with stream:
        assert stream.read() == pdf
    assert found == attachment
    with pytest.raises(KeyError):
        office.reports.open_attachment(assigned("TM0003"), attachment.sha256)


def test_last_file_that_may_be_kept_may_be_sent_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "MOST_OF_ONE", 1)
    sent: dict[str, Any] = {"actor": the_unit("TM0001"), "at": JUNE}
    pdf, other = io.BytesIO(b"%PDF-1.7 mot"), io.BytesIO(b"%PDF-1.7 hai")
    first = office.reports.attach(assigned("TM0001"), "mot.pdf", pdf, **sent)
    pdf.seek(0)

    again = office.reports.attach(assigned("TM0001"), "ten khac.pdf", pdf, **sent)

    assert again == first
    with pytest.raises(Unacceptable, match="nhiều nhất"):
        office.reports.attach(assigned("TM0001"), "hai.pdf", other, **sent)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        pytest.param("a.exe", b"MZ\x90\x00", "chương trình", id="executable"),
        pytest.param("a.pdf", b"MZ\x90\x00", "chương trình", id="executable called pdf"),
        pytest.param("a.sh", b"#!/bin/sh", "chương trình", id="script"),
        pytest.param("a.pdf", b"<html>", "không phải dạng", id="not what its name says"),
        pytest.param("a.html", b"<html>", "các loại tệp được nhận", id="kind not taken"),
        pytest.param("a.docx", b"PK\x03\x04rest", "bị hỏng", id="broken archive"),
        pytest.param("a.txt", b"", "không có nội dung", id="empty"),
        pytest.param("a.txt", b"x" * (1 << 20) + b"x", "lớn hơn 1 MB", id="too large"),
    ],
)
def test_evidence_that_is_not_taken(
    office: Office, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    with pytest.raises(Unacceptable, match=said):
        office.reports.attach(assigned("TM0001"), name, io.BytesIO(content), actor=OFFICER, at=JUNE)

    assert office.reports.attachments(assigned("TM0001")) == []
    assert not [path for path in (tmp_path / "attachments").rglob("*") if path.is_file()]


def test_two_gigabytes_are_refused_after_the_first_megabyte(office: Office) -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            return b"%PDF-".ljust(size, b"x")

    stream = Endless()

    with pytest.raises(Unacceptable, match="lớn hơn 1 MB"):
        office.reports.attach(assigned("TM0001"), "a.pdf", stream, actor=OFFICER, at=JUNE)  # type: ignore[arg-type]

    assert stream.given < 4 << 20


def test_evidence_may_be_kept_on_another_file_system(office: Office) -> None:
    remote = Attachments(
        office.engine, "memory://minh-chung/dondoc", most_megabytes=1, kinds=("pdf",)
    )
    pdf = b"%PDF-1.7 minh chung"
    for _ in range(2):
        kept = remote.keep(assigned("TM0001"), "a.pdf", io.BytesIO(pdf), at=JUNE, by="unit:TM0001")

    found, stream = remote.open(assigned("TM0001"), kept.sha256)
    with stream:
        assert stream.read() == pdf
    assert found == kept
    files = fsspec.filesystem("memory").find("/minh-chung")
    assert files == [f"/minh-chung/dondoc/{kept.sha256[:2]}/{kept.sha256}"]


def test_file_system_that_does_not_answer_is_said_without_its_password(office: Office) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"ftp://u:mat-khau@127.0.0.1:{nobody.getsockname()[1]}/dondoc"
        remote = Attachments(office.engine, url, most_megabytes=1, kinds=("pdf",))

        with pytest.raises(StorageUnavailable, match="không dùng được: ") as said:
            remote.keep(assigned("TM0001"), "a.pdf", io.BytesIO(b"%PDF-1.7"), at=JUNE, by="")

    assert "ftp://127.0.0.1 " in str(said.value)
    assert "mat-khau" not in str(said.value)
    assert remote.of(assigned("TM0001")) == []


def test_review_queue_names_who_owes_the_answer(office: Office) -> None:
    hub = HUB
    school = office.schools_of(hub)[0]
    office.report(school)
    office.report("VP")

    assert {(item.unit, item.reviewer) for item in office.reviews.queue().items} == {
        (school, hub),
        ("VP", "GDTRH"),
    }
    assert [item.unit for item in office.reviews.queue(reviewer=hub).items] == [school]
    assert [item.unit for item in office.reviews.queue(reviewer="GDTRH").items] == ["VP"]


def test_review_queue_comes_in_pages(office: Office) -> None:
    units = [*office.schools_of(HUB)[:1], "VP"]
    for unit in units:
        office.report(unit)

    first = office.reviews.queue(limit=1)
    (seen,) = first.items
    rest = office.reviews.queue(after=(seen.received_at.astimezone(UTC), seen.assignment))

    assert (first.total, rest.total) == (2, 2)
    assert {seen.unit, *(item.unit for item in rest.items)} == set(units)
    assert office.reviews.queue(among=[seen.assignment]).items == [seen]


def test_altered_report_is_found(office: Office) -> None:
    office.report("TM0001")
    store = ReportStore(office.engine)
    assert store.altered() == []

    with office.engine.begin() as connection:
        connection.execute(text("UPDATE report SET content = replace(content, 'Đã làm', 'Chưa')"))

    (finding,) = store.altered()
    assert finding.place == assigned("TM0001")
    assert store.altered(CYCLE) == [finding]
    assert store.altered("cycle/lam-dong-nq57/2031") == []


def test_late_stays_late_in_the_four_way_table(either_office: Office) -> None:
    either_office.report("VP", at=LATE)
    late = either_office.statistics.four_way(CYCLE, "unit", at=LATE)
    either_office.give_back("VP", {"III.1.a": "Thiếu"}, at=LATE)
    either_office.report("VP", at=JULY)
    either_office.accept("VP", at=JULY)

    after = either_office.statistics.four_way(CYCLE, "unit", at=JULY)

    for rows in (late, after):
        counts = next(row.counts for row in rows if row.key == "VP")
        assert counts.completed_late == 1


def test_consolidated_report_cites_the_number_entered_after_the_launch(office: Office) -> None:
    assert Registry(office.engine).set_issued(PLAN, "12/KH-SGDĐT", JUNE.date())

    report = office.consolidation.report(CYCLE, "H1", at=JULY)

    assert (report.plan_number, report.plan_date) == ("12/KH-SGDĐT", JUNE.date())


@pytest.mark.parametrize("year", [2026, 2027])
def test_consolidated_report_cites_no_document_loaded_in_place_of_its_own(
    office: Office, year: int
) -> None:
    registry = Registry(office.engine)
    plan = registry.plan(PLAN)
    assert plan
    if year == 2026:
        other = {"title": "Kế hoạch khác", "number": "1/KH", "date": JUNE.date()}
        document = plan.document.model_copy(update=other)
        registry.load_plan(plan.model_copy(update={"document": document}), [], at=JUNE)
    else:
        registry.set_issued(PLAN, "45/KH", date(2027, 1, 5))

    report = office.consolidation.report(CYCLE, "H1", at=JULY)

    assert (report.plan_number, report.plan_date) == (None, None)


def test_what_rests_is_overdue_in_no_count(either_office: Office) -> None:
    office, task = either_office, task_id(PLAN, "2026", "V.1", "H1")
    order: Any = {"task": task, "actor": OFFICER, "received_at": LATE, "text": "Chờ văn bản"}
    office.decide(Suspend(id=office.next_id(), unit="VP", **order))

    views = Views(office.engine)
    overdue = {row.unit for row in views.assignments(at=JULY, overdue=True, limit=None).assignments}
    seen = views.oversight(CYCLE, at=JULY)
    report = office.consolidation.report(CYCLE, "H1", at=JULY)
    [row] = [
        each for each in office.statistics.four_way(CYCLE, "unit", at=JULY) if each.key == "VP"
    ]
    figures = office.statistics.total(CYCLE, at=JULY)
    assert "VP" not in overdue
    assert row.counts.open_overdue == 0
    assert seen is not None
    assert four_ways(seen.counts) == figures == report.cycle_counts
    assert {each.unit for each in report.late} == overdue
    urged = Urges(office.engine).overdue(CYCLE, at=JULY).lines
    assert {line.unit for line in urged} == overdue


def test_what_was_settled_late_is_no_report_that_is_missing(either_office: Office) -> None:
    """By the officer's word it was done before the launch; nobody knows by how many days late."""
    with either_office.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE assignment SET stage = 'settled', late = :yes"
                " WHERE unit = 'VP' AND code = 'V.1' AND occurrence = 'H1'"
            ),
            {"yes": True},
        )

    report = either_office.consolidation.report(CYCLE, "H1", at=JULY)

    [late] = [each for each in report.late if each.unit == "VP"]
    assert (late.settled, late.days_late, late.received_at) == (True, 0, None)


def test_ongoing_tasks_without_news_are_named_until_reported(either_office: Office) -> None:
    before = either_office.statistics.still(CYCLE, at=JUNE)
    either_office.report("VP")
    either_office.accept("VP")

    after = either_office.statistics.still(CYCLE, at=JUNE)

    mine = {each.code for each in before if each.unit == "VP"}
    assert mine
    assert {each.code for each in after if each.unit == "VP"} == set()
    assert len(after) == len(before) - len(mine)


def test_budget_estimates_are_a_yearly_duty_with_a_table(
    migrated_file: Path, tmp_path: Path
) -> None:
    duty = ReportDuty(
        code="IV.2",
        text="Lập dự toán kinh phí",
        reporters=("Văn phòng Sở",),
        to="Sở GDĐT",
        asks="estimates",
        timing=Recurring(text="01/7", relation=Relation.BEFORE, days=("07-01",)),
    )
    engine = open_database(f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'dondoc.db')}")
    office = Office(engine, tmp_path, duties=(duty,))
    form = office.reports.form(assigned("VP", "IV.2/K1"))
    row = EstimateDraft(content="In tài liệu", unit="bộ", quantity="200", price="15.000")

    with pytest.raises(Unfit, match="Dự toán chưa có dòng nào"):
        office.submit("VP", Draft(), period="IV.2/K1")
    office.submit("VP", Draft(estimates=(row,)), period="IV.2/K1")

    assert form.estimating
    assert (form.lines, form.targets) == ((), ())
    [report] = office.reports.revisions(assigned("VP", "IV.2/K1"))
    assert [line.amount for line in report.content.estimates] == [3_000_000]
    assert office.reports.form(assigned("GDTRH", "V.2/H1")).reporters
    engine.dispose()
