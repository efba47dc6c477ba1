"""What units and those who review them do: acknowledge, submit, review, ask for more time."""

from datetime import date, datetime

from models.assignment import OPEN, OWING, Assignment, Stage, TaskState, Waiting
from models.commands import (
    Accept,
    Acknowledge,
    AskExtension,
    GrantExtension,
    RefuseExtension,
    Reopen,
    Return,
    Submit,
    Withdraw,
)
from models.deadline import RungKind
from models.events import (
    Accepted,
    Acknowledged,
    AcknowledgementUndone,
    EscalationWithdrawn,
    Event,
    ExtensionAsked,
    ExtensionGranted,
    ExtensionRefused,
    Progressed,
    Reopened,
    Returned,
    Submitted,
    Withdrawn,
)
from rules.decide_shared import (
    Refusal,
    answering,
    ask,
    ask_adoption,
    assignment_of,
    check_extension,
    check_not_past,
    check_proposed,
    expect,
    moved,
    need_text,
    questions_answered,
    review,
    standing,
    today,
    unit_origin,
)
from rules.wording import dmy
from rules.working_calendar import add_working_days

DONE = (Stage.ACCEPTED, Stage.SETTLED, Stage.CANCELLED)


def acknowledge(state: TaskState, command: Acknowledge, at: datetime) -> list[Event]:
    assignment = assignment_of(state, command.unit)
    if command.undo:
        return _undo_acknowledgement(assignment, command, at)
    if assignment.stage not in OPEN:
        raise Refusal(f"Không cần xác nhận tiếp nhận: {standing(assignment)}.")
    if assignment.acknowledged_at is not None:
        day = dmy(today(assignment.acknowledged_at))
        raise Refusal(f"Đơn vị {command.unit} đã xác nhận tiếp nhận ngày {day}.")
    return [Acknowledged(**unit_origin(command, at), received_at=command.received_at)]


def _undo_acknowledgement(
    assignment: Assignment, command: Acknowledge, at: datetime
) -> list[Event]:
    if assignment.acknowledged_at is None:
        raise Refusal("Đơn vị chưa xác nhận tiếp nhận nên không có gì để hoàn tác.")
    if assignment.revision:
        raise Refusal("Đơn vị đã nộp báo cáo nên không hoàn tác được việc tiếp nhận.")
    return [AcknowledgementUndone(**unit_origin(command, at))]


def submit(state: TaskState, command: Submit, at: datetime) -> list[Event]:
    """On time or late is a matter of `received_at`, whenever it is decided. What is submitted on an
    ongoing task is progress."""
    assignment = assignment_of(state, command.unit)
    if command.on_behalf:
        _check_paper(command, at)
    if assignment.stage is Stage.SUBMITTED:
        raise Refusal("Báo cáo đã nộp và đang chờ duyệt; muốn nộp lại, đề nghị rút về trước.")
    if assignment.stage not in OPEN:
        raise Refusal(
            f"Không nhận báo cáo: {standing(assignment)}; muốn nộp thì nhiệm vụ phải được mở lại."
        )
    if state.facts.ongoing:
        return [
            Progressed(
                **unit_origin(command, at), received_at=command.received_at, text=command.text
            )
        ]
    clock = review(state, command, at)
    submitted = Submitted(
        **unit_origin(command, at),
        received_at=command.received_at,
        revision=assignment.revision + 1,
        late=_is_late(state, assignment, command),
        on_behalf=command.on_behalf,
        reference=command.reference,
        review=clock.key,
        report=command.report,
        text=command.text,
    )
    return [
        *clock.events,
        submitted,
        *_withdrawn_escalations(state, assignment, command, at),
        *questions_answered(state, command, {command.unit}, at),
    ]


def _is_late(state: TaskState, assignment: Assignment, command: Submit) -> bool:
    """A deadline that passes while the part rests is missed by nobody."""
    if assignment.due is None:
        return False
    received = command.received_at
    if assignment.stage is Stage.SUSPENDED and assignment.suspension is not None:
        received = min(received, assignment.suspension.since)
    return received >= state.deadlines[assignment.due].breach


def _check_paper(command: Submit, at: datetime) -> None:
    if not (command.reference or "").strip():
        raise Refusal("Báo cáo nhận bằng văn bản giấy phải ghi số văn bản.")
    # Only here does a person write the time of receipt; days, because clocks may differ a little.
    if today(command.received_at) > today(at):
        raise Refusal(f"Ngày nhận báo cáo {dmy(today(command.received_at))} chưa đến.")


def _withdrawn_escalations(
    state: TaskState, assignment: Assignment, command: Submit, at: datetime
) -> list[Event]:
    """Whoever was told after the report had been received is told that it was there."""
    if assignment.due is None or assignment.due_mark is None or assignment.level == 0:
        return []
    slipped = tuple(
        rung.id
        for rung in state.deadlines[assignment.due].ladder.rungs
        if rung.kind is RungKind.ESCALATION and command.received_at < rung.at <= assignment.due_mark
    )
    return [EscalationWithdrawn(**unit_origin(command, at), rungs=slipped)] if slipped else []


def withdraw(state: TaskState, command: Withdraw, at: datetime) -> list[Event]:
    """The unit stands where it stood before it submitted, on its old clock."""
    assignment = expect(state, command.unit, (Stage.SUBMITTED,))
    return [
        Withdrawn(**unit_origin(command, at), text=command.text),
        *_asked_again(state, assignment, command, at),
    ]


def accept(state: TaskState, command: Accept, at: datetime) -> list[Event]:
    expect(state, command.unit, (Stage.SUBMITTED,))
    return [Accepted(**unit_origin(command, at), text=command.text)]


def return_report(state: TaskState, command: Return, at: datetime) -> list[Event]:
    assignment = expect(state, command.unit, (Stage.SUBMITTED,))
    need_text(command, "lý do trả lại")
    facts = state.facts
    last_day = command.last_day or add_working_days(
        facts.calendar, today(at), facts.policy.resubmit_after
    )
    if command.last_day is None and assignment.due is not None:
        # Who reported early is not given less time than the plan gives.
        last_day = max(last_day, state.deadlines[assignment.due].last_day)
    check_not_past(last_day, at)
    rule = f"báo cáo bị trả lại, nộp lại chậm nhất hết ngày {dmy(last_day)}"
    due = moved(state, assignment, "return", last_day, rule, command, at)
    returned = Returned(
        **unit_origin(command, at), due=due.key, reasons=command.reasons, text=command.text
    )
    return [*due.events, returned]


def reopen(state: TaskState, command: Reopen, at: datetime) -> list[Event]:
    """A wrong acceptance waits for review again; what was settled or cancelled is owed again."""
    assignment = expect(state, command.unit, DONE)
    need_text(command, "lý do mở lại")
    if assignment.stage is Stage.ACCEPTED:
        clock = review(state, command, at)
        reopened = Reopened(**unit_origin(command, at), review=clock.key, text=command.text)
        return [*clock.events, reopened]
    return [
        Reopened(**unit_origin(command, at), text=command.text),
        *_asked_again(state, assignment, command, at),
    ]


def _asked_again(
    state: TaskState, assignment: Assignment, command: Withdraw | Reopen, at: datetime
) -> list[Event]:
    """A unit that is held again, or rests again, waits for the officer's word again."""
    if assignment.resumes is Stage.SUSPENDED:
        return ask(state, command, Waiting.RESUMPTION, command.unit, at)
    if assignment.resumes is not Stage.HELD or assignment.due is None:
        return []
    return ask_adoption(state, command, state.deadlines[assignment.due].last_day, at)


def ask_extension(state: TaskState, command: AskExtension, at: datetime) -> list[Event]:
    assignment = expect(state, command.unit, OWING)
    if assignment.due is None:
        raise Refusal("Nhiệm vụ chưa có hạn nên không cần gia hạn.")
    deadline = state.deadlines[assignment.due]
    if command.received_at >= deadline.breach:
        raise Refusal(
            f"Hạn {dmy(deadline.last_day)} đã qua; đề nghị gia hạn phải gửi trước khi hết hạn."
        )
    if assignment.extension is not None:
        raise Refusal("Đề nghị gia hạn trước đó đang chờ trả lời.")
    if assignment.extensions >= state.facts.policy.max_extensions:
        raise Refusal(
            f"Đơn vị đã được gia hạn {assignment.extensions} lần, là số lần nhiều nhất theo kế "
            "hoạch."
        )
    check_proposed(command.last_day, deadline.last_day)
    need_text(command, "lý do gia hạn và kết quả đến nay")
    clock = answering(state, command, at)
    asked = ExtensionAsked(
        **unit_origin(command, at), proposed=command.last_day, review=clock.key, text=command.text
    )
    return [*clock.events, asked]


def grant_extension(state: TaskState, command: GrantExtension, at: datetime) -> list[Event]:
    assignment, proposed = _extension_of(state, command)
    last_day = command.last_day or proposed
    current = None if assignment.due is None else state.deadlines[assignment.due].last_day
    check_extension(last_day, current, at)
    rule = f"được gia hạn đến hết ngày {dmy(last_day)}"
    due = moved(state, assignment, "extension", last_day, rule, command, at)
    granted = ExtensionGranted(**unit_origin(command, at), due=due.key, text=command.text)
    return [*due.events, granted]


def refuse_extension(state: TaskState, command: RefuseExtension, at: datetime) -> list[Event]:
    _extension_of(state, command)
    need_text(command, "lý do không đồng ý gia hạn")
    return [ExtensionRefused(**unit_origin(command, at), text=command.text)]


def _extension_of(
    state: TaskState, command: GrantExtension | RefuseExtension
) -> tuple[Assignment, date]:
    """The assignment, and the last day that was asked for."""
    assignment = assignment_of(state, command.unit)
    if assignment.extension is None:
        raise Refusal("Đơn vị không có đề nghị gia hạn nào đang chờ trả lời.")
    return assignment, assignment.extension.proposed
