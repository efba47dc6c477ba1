"""Every event is told as one sentence: what, when, why, and who was told."""

from datetime import date, datetime, timedelta
from typing import Any, Literal, get_args

import pytest

from intake.vietnam_calendar import vietnam_calendar
from models.assignment import Role, TaskFacts, TaskState, Waiting
from models.clock import VN
from models.commands import Actor, ActorKind, Command, NoteKind
from models.deadline import RungKind
from models.events import (
    Accepted,
    Acknowledged,
    AcknowledgementUndone,
    Adopted,
    Answered,
    Asked,
    Assigned,
    Cancelled,
    CommandFailed,
    DeadlineSet,
    EscalationWithdrawn,
    Event,
    ExtensionAsked,
    ExtensionGranted,
    ExtensionRefused,
    LadderSet,
    Noted,
    OfficerReminded,
    Progressed,
    Reassigned,
    Refused,
    Reopened,
    Rescheduled,
    Resumed,
    Returned,
    RungFired,
    Submitted,
    Suspended,
    TaskClosed,
    TaskOpened,
    TaskVoided,
    Withdrawn,
)
from models.policy import Policy
from rules.deadlines import acknowledgement_ladder, ask_ladder, build_deadline, review_ladder
from rules.evolve import fold
from rules.narration import ACTORS, LADDERS, NOTES, VERBS, Told, actor_name, narrate, tell

CALENDAR = vietnam_calendar((2025, 2026, 2027, 2028))
POLICY = Policy()
LAUNCH = datetime(2026, 1, 5, 8, 0, tzinfo=VN)
NAMES = {
    "A": "Trường A",
    "B": "Trường B",
    "X1": "UBND Xã Một",
    "GDTRH": "Phòng Giáo dục Trung học",
    "LDS": "Lãnh đạo Sở",
}
WORDS = {"s1": "đã mở kênh"}
OFFICER = Actor(kind=ActorKind.OFFICER, ref="p1")


def name(code: str) -> str:
    return NAMES.get(code, code)


def at(month: int, day: int, hour: int = 7, minute: int = 30) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=VN)


def due_by(last_day: date) -> DeadlineSet:
    deadline = build_deadline(
        "trước tháng 03 năm 2026",
        "“trước” là không kể tháng 03/2026",
        last_day,
        calendar=CALENDAR,
        policy=POLICY,
    )
    key = f"performer@{last_day}"
    return DeadlineSet(at=LAUNCH, key=key, deadline=deadline)


FACTS = TaskFacts(
    id="task/p/2026/III.1.d/han/1",
    cycle="cycle/p/2026",
    plan="p",
    plan_title="Kế hoạch",
    code="III.1.d",
    occurrence="han",
    title="III.1.d. Thiết lập các kênh",
    text="Thiết lập các kênh",
    timing_text="trước tháng 03 năm 2026",
    coordinator="GDTRH",
    leadership="LDS",
    policy=POLICY,
    calendar=CALENDAR,
)
OPENED = TaskOpened(at=LAUNCH, facts=FACTS)
OWN = due_by(date(2026, 2, 28))
LATER = due_by(date(2026, 3, 12))
ACK = LadderSet(
    at=LAUNCH, key="ack", ladder=acknowledgement_ladder(LAUNCH, calendar=CALENDAR, policy=POLICY)
)
REVIEW = LadderSet(
    at=LAUNCH,
    key="review",
    ladder=review_ladder(at(2, 27), calendar=CALENDAR, policy=POLICY),
)
ASK = LadderSet(
    at=LAUNCH,
    key="ask",
    ladder=ask_ladder(Waiting.DATE, LAUNCH, calendar=CALENDAR, policy=POLICY),
)
ASKED = Asked(at=LAUNCH, waiting=Waiting.DATE, ladder="ask", phrase="theo quy định")
GIVEN = Assigned(
    at=LAUNCH, unit="A", role=Role.PERFORMER, hub="X1", due=OWN.key, version=1, ack="ack"
)
STATE = fold(None, [OPENED, OWN, LATER, ACK, REVIEW, ASK, ASKED, GIVEN])


def fired(
    *rungs: str,
    scheduled: datetime,
    level: int = 0,
    clock: Literal["due", "ack", "review"] = "due",
) -> RungFired:
    return RungFired(
        at=scheduled,
        unit="A",
        clock=clock,
        version=1,
        rungs=rungs,
        level=level,
        scheduled=scheduled,
    )


def submitted(received_at: datetime = at(2, 27, 23, 58), **details) -> Submitted:
    given: dict[str, Any] = {"revision": 1, "late": False, "review": "review"} | details
    return Submitted(at=received_at, unit="A", received_at=received_at, **given)


# One event of each kind, with the sentence it is told in.
SENTENCES: list[tuple[Event, str]] = [
    (
        OPENED,
        (
            "Mở nhiệm vụ III.1.d. Thiết lập các kênh; thời hạn trong văn bản: “trước tháng 03 năm "
            "2026”"
        ),
    ),
    (
        OWN,
        (
            "Xác định hạn “trước tháng 03 năm 2026”: “trước” là không kể tháng 03/2026; hạn cuối "
            "hết ngày 28/02/2026, thứ Bảy; các mốc nhắc tính từ ngày 27/02/2026, thứ Sáu, lùi từ "
            "28/02 vì là thứ Bảy"
        ),
    ),
    (ACK, "Lập thang nhắc xác nhận tiếp nhận: 2 mốc, từ ngày 07/01/2026"),
    (ASKED, "Đề nghị Phòng Giáo dục Trung học ấn định hạn hoàn thành (“theo quy định”)"),
    (
        Answered(at=LAUNCH, waiting=Waiting.DATE),
        "Đã có trả lời, không còn chờ ấn định hạn hoàn thành",
    ),
    (
        OfficerReminded(at=at(2, 5), waiting=Waiting.DATE, rungs=("Q1",), scheduled=at(2, 5)),
        "Nhắc Phòng Giáo dục Trung học ấn định hạn hoàn thành (Q1, 05/02/2026)",
    ),
    (GIVEN, "Giao Trường A thực hiện, hạn cuối hết ngày 28/02/2026"),
    (
        fired("T-14", "T-7", scheduled=at(2, 13)),
        (
            "Nhắc trước 7 ngày (T-14 và T-7 gộp một lần): 13/02/2026, lùi từ 20/02 vì nghỉ Tết "
            "Nguyên đán"
        ),
    ),
    (
        Adopted(at=LAUNCH, unit="A", settled=True),
        "Ghi nhận đã hoàn thành từ trước khi phát động, tính là đúng hạn",
    ),
    (
        Adopted(at=LAUNCH, unit="A", settled=True, late=True),
        "Ghi nhận đã hoàn thành từ trước khi phát động, quá hạn",
    ),
    (
        Acknowledged(at=at(1, 6), unit="A", received_at=at(1, 6, 9, 0)),
        "Xác nhận tiếp nhận lúc 09:00 06/01/2026",
    ),
    (AcknowledgementUndone(at=at(1, 6), unit="A"), "Hoàn tác việc xác nhận tiếp nhận"),
    (
        submitted(),
        "Nộp báo cáo lần 1 lúc 23:58 27/02/2026, đúng hạn; chờ UBND Xã Một duyệt",
    ),
    (
        Progressed(at=at(3, 1), unit="A", received_at=at(3, 1), text="s1"),
        "Cập nhật tiến độ lúc 07:30 01/03/2026; nội dung: “đã mở kênh”",
    ),
    (
        EscalationWithdrawn(at=at(3, 2), unit="A", rungs=("E+1",)),
        (
            "Rút lại thông báo quá hạn (E+1) vì báo cáo đã được nhận trước thời điểm đó; báo lãnh "
            "đạo Trường A và UBND Xã Một"
        ),
    ),
    (
        Withdrawn(at=at(2, 27), unit="A"),
        "Rút báo cáo về trước khi được duyệt; báo UBND Xã Một",
    ),
    (Accepted(at=at(3, 2), unit="A"), "Chấp nhận báo cáo; báo Trường A"),
    (
        Returned(at=at(3, 5), unit="A", due=LATER.key, text="s1"),
        "Trả lại báo cáo, nộp lại chậm nhất hết ngày 12/03/2026; báo Trường A; lý do: “đã mở kênh”",
    ),
    (
        Reopened(at=at(3, 5), unit="A", text="s2"),
        "Mở lại nhiệm vụ; báo Trường A; lý do: (nội dung không còn lưu)",
    ),
    (
        ExtensionAsked(at=at(2, 20), unit="A", proposed=date(2026, 3, 12), review="review"),
        "Xin gia hạn đến hết ngày 12/03/2026; báo Phòng Giáo dục Trung học",
    ),
    (
        ExtensionGranted(at=at(2, 23), unit="A", due=LATER.key),
        "Đồng ý gia hạn đến hết ngày 12/03/2026; báo Trường A",
    ),
    (ExtensionRefused(at=at(2, 23), unit="A"), "Không đồng ý gia hạn; báo Trường A"),
    (
        Rescheduled(at=at(2, 23), unit="A", due=LATER.key),
        "Dời hạn đến hết ngày 12/03/2026; báo Trường A",
    ),
    (
        Reassigned(at=at(2, 23), unit="A", to="B"),
        "Chuyển nhiệm vụ cho Trường B; báo Trường A",
    ),
    (
        Cancelled(at=at(2, 23), unit="A", reference="12/QĐ-SGDĐT"),
        "Không tiếp tục thực hiện, theo văn bản số 12/QĐ-SGDĐT; báo Trường A",
    ),
    (
        Suspended(at=at(2, 23), unit="A", left=4, text="s1"),
        "Tạm dừng phần việc, còn 4 ngày làm việc đến hạn; báo Trường A; lý do: “đã mở kênh”",
    ),
    (
        Resumed(at=at(2, 23), unit="A", due=LATER.key),
        "Tiếp tục phần việc đã tạm dừng, hạn mới hết ngày 12/03/2026; báo Trường A",
    ),
    (
        Noted(at=at(2, 23), note=NoteKind.CALL, unit="A", text="s1"),
        "Ghi nhận cuộc gọi; nội dung: “đã mở kênh”",
    ),
    (
        Refused(at=at(3, 2), verb="ask_extension", reason="Đã quá hạn.", unit="A"),
        "Yêu cầu xin gia hạn chưa được thực hiện: Đã quá hạn",
    ),
    (
        CommandFailed(at=at(3, 2), verb="submit", error="KeyError: x", unit="A"),
        (
            "Không xử lý được yêu cầu nộp báo cáo vì lỗi của hệ thống (KeyError: x); báo Phòng "
            "Giáo dục Trung học"
        ),
    ),
    (TaskClosed(at=at(12, 31)), "Khép lại nhiệm vụ cùng chu kỳ"),
    (TaskVoided(at=at(1, 6)), "Hủy lần phát động này"),
]
KINDS = {kind.model_fields["kind"].default for kind in get_args(get_args(Event)[0])}


def told(event: Event, state: TaskState = STATE) -> str:
    after = fold(None, [event]) if isinstance(event, TaskOpened) else fold(state, [event])
    return tell(event, after, unit_name=name, words=WORDS)


def test_every_kind_of_event_has_its_example_here():
    assert {event.kind for event, _ in SENTENCES} == KINDS


@pytest.mark.parametrize(
    ("event", "sentence"), SENTENCES, ids=lambda value: getattr(value, "kind", "")
)
def test_event_is_told_as_a_sentence(event, sentence):
    assert told(event) == sentence


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        pytest.param(
            fired("E+1", scheduled=at(3, 2), level=1),
            "Quá hạn 1 ngày làm việc: 02/03/2026, báo lãnh đạo Trường A và UBND Xã Một",
            id="escalation to head and hub",
        ),
        pytest.param(
            fired("E+3", scheduled=at(3, 4), level=2),
            "Quá hạn 3 ngày làm việc: 04/03/2026, báo Phòng Giáo dục Trung học",
            id="escalation to the coordinator",
        ),
        pytest.param(
            fired("T0", scheduled=at(2, 27)),
            "Đến hạn: 27/02/2026; hạn cuối hết ngày 28/02/2026, thứ Bảy",
            id="due day names the legal last day",
        ),
        pytest.param(
            fired("A+2", scheduled=at(1, 7), clock="ack"),
            "Chưa xác nhận tiếp nhận sau 2 ngày làm việc: 07/01/2026, nhắc đơn vị (Trường A)",
            id="acknowledgement",
        ),
        pytest.param(
            fired("T-3", scheduled=at(2, 24)).model_copy(update={"at": at(2, 25, 9, 15)}),
            "Nhắc trước 3 ngày: 24/02/2026; ghi bù lúc 09:15 25/02/2026, khi còn 2 ngày",
            id="missed and recorded later",
        ),
        pytest.param(
            submitted(at(3, 2, 9, 0), late=True, reference="15/BC", on_behalf=True),
            "Nộp báo cáo lần 1 lúc 09:00 02/03/2026, muộn (hạn cuối hết ngày 28/02/2026), văn bản "
            "số 15/BC, nhập thay đơn vị; chờ UBND Xã Một duyệt",
            id="late report on paper",
        ),
        pytest.param(
            GIVEN.model_copy(update={"held": True}),
            "Giao Trường A thực hiện; hạn hết ngày 28/02/2026 đã qua trước khi phát động nên chờ "
            "cán bộ điều phối quyết định, chưa đôn đốc",
            id="held",
        ),
        pytest.param(
            Adopted(at=at(3, 20), unit="A", settled=False, due=LATER.key),
            "Đôn đốc từ nay phần việc quá hạn hết ngày 12/03/2026 từ trước khi phát động, tính là "
            "muộn; báo Trường A",
            id="chased from now on",
        ),
    ],
)
def test_what_matters_is_said(event, sentence):
    assert told(event) == sentence


def test_whoever_was_told_before_is_not_said_to_be_told_again():
    coordinators = GIVEN.model_copy(update={"unit": "GDTRH", "hub": None})
    state = fold(STATE, [coordinators])
    rung = fired("E+7", scheduled=at(3, 10), level=3).model_copy(update={"unit": "GDTRH"})

    assert told(rung, state).endswith("(nơi nhận đã được báo ở mốc trước)")


def test_history_leaves_out_what_belongs_to_others():
    events: list[Event] = [
        OPENED,
        OWN.model_copy(update={"unit_class": "performer"}),
        DeadlineSet(at=LAUNCH, key="subordinate@x", deadline=LATER.deadline, unit_class="other"),
        ACK,
        REVIEW,
        GIVEN,
        GIVEN.model_copy(update={"unit": "B"}),
        Noted(at=at(1, 6), note=NoteKind.OTHER),
        submitted(),
        TaskClosed(at=at(12, 31), actor=OFFICER),
    ]

    history = list(narrate(events, "A", unit_name=name, words={}, people={"p1": "Bà Hoa"}))

    assert [each.event.kind for each in history] == [
        "task_opened",
        "deadline_set",
        "assigned",
        "noted",
        "submitted",
        "task_closed",
    ]
    assert history[-1] == Told(
        events[-1], "cán bộ điều phối (Bà Hoa)", "Khép lại nhiệm vụ cùng chu kỳ"
    )
    assert "Trường B" not in " ".join(each.text for each in history)


@pytest.mark.parametrize(
    ("actor", "words"),
    [
        (Actor(kind=ActorKind.UNIT, ref="A"), "Trường A"),
        (Actor(kind=ActorKind.OFFICER), "cán bộ điều phối"),
        (Actor(kind=ActorKind.SUPERVISOR), "lãnh đạo theo dõi"),
        (Actor(kind=ActorKind.SYSTEM), "hệ thống"),
    ],
    ids=lambda value: getattr(value, "kind", None),
)
def test_actors_have_their_words(actor, words):
    assert actor_name(actor, unit_name=name) == words


def test_who_acted_for_a_unit_stands_beside_its_name():
    actor = Actor(kind=ActorKind.UNIT, ref="A", person="p1")

    assert actor_name(actor, unit_name=name, people={"p1": "Hiệu phó"}) == "Trường A (Hiệu phó)"
    assert actor_name(actor, unit_name=name) == "Trường A"


def test_every_word_of_the_engine_has_one_of_ours():
    verbs = {kind.model_fields["verb"].default for kind in get_args(get_args(Command)[0])}

    assert verbs == set(VERBS)
    assert set(NoteKind) == set(NOTES)
    assert set(ActorKind) == set(ACTORS)
    assert set(RungKind) == set(LADDERS)


def test_sentences_have_no_full_stop_and_begin_with_a_capital():
    late = submitted().model_copy(update={"at": LAUNCH + timedelta(days=90)})
    for event in [*(event for event, _ in SENTENCES), late]:
        sentence = told(event)
        assert sentence[0].isupper()
        assert not sentence.endswith(".")
