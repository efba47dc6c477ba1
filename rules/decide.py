"""What follows from a command: events, or a refusal with its reason."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any, assert_never

from models.assignment import (
    OPEN,
    OWING,
    Assignment,
    Role,
    Stage,
    TaskStage,
    TaskState,
    Waiting,
)
from models.clock import VN
from models.commands import (
    Accept,
    Acknowledge,
    ActorKind,
    Adopt,
    Allocate,
    AskExtension,
    Cancel,
    Close,
    Command,
    DocumentIssued,
    GrantExtension,
    Note,
    NoteKind,
    Reassign,
    RefuseExtension,
    Reopen,
    Reschedule,
    Return,
    SetDate,
    Submit,
    UnitCommand,
    Void,
    Withdraw,
)
from models.deadline import Deadline, Ladder, RungKind
from models.events import (
    Accepted,
    Acknowledged,
    AcknowledgementUndone,
    Adopted,
    Answered,
    Asked,
    Assigned,
    Cancelled,
    DeadlineSet,
    EscalationWithdrawn,
    Event,
    ExtensionAsked,
    ExtensionGranted,
    ExtensionRefused,
    LadderSet,
    Noted,
    Progressed,
    Reassigned,
    Refused,
    Reopened,
    Rescheduled,
    Returned,
    Submitted,
    TaskClosed,
    TaskVoided,
    Withdrawn,
)
from models.plan import Dormant
from rules.deadlines import (
    acknowledgement_ladder,
    ask_ladder,
    build_deadline,
    chasing_deadline,
    earlier_deadline,
    moved_deadline,
    resolve_dormant,
    review_ladder,
)
from rules.evolve import unit_class
from rules.working_calendar import add_working_days
from rules.wording import STAGE_NAMES, dmy


class Refusal(Exception):
    """A command that must not be followed; the message is a sentence for the person who asked."""


def decide(state: TaskState, command: Command, *, at: datetime) -> list[Event]:
    """The events of a command at plan instant `at`; a refusal is an event too.

    What counts for being on time is `command.received_at`. Any other error means the command could
    not be decided, and is the caller's to contain.
    """
    try:
        _check_task_open(state, command)
        _check_actor(state, command)
        if command.received_at > at + timedelta(minutes=1):
            raise Refusal("Thời điểm nhận nằm ở tương lai.")
        return _events(state, command, at)
    except Refusal as refusal:
        return [
            Refused(
                **_origin(command, at),
                verb=command.verb,
                reason=str(refusal),
                unit=getattr(command, "unit", None),
            )
        ]


def reviewer(state: TaskState, assignment: Assignment) -> str:
    """Who reviews a unit: its hub; for hubs and divisions the coordinator; for the coordinator the
    leadership."""
    if assignment.hub is not None:
        return assignment.hub
    return superior(state, assignment.unit)


def superior(state: TaskState, unit: str) -> str:
    """The level above a hub, a division or the coordinator."""
    facts = state.facts
    return facts.leadership if unit in (facts.coordinator, facts.leadership) else facts.coordinator


def _origin(command: Command, at: datetime) -> dict[str, Any]:
    return {"at": at, "actor": command.actor, "command": command.id}


def _check_task_open(state: TaskState, command: Command) -> None:
    if state.stage is TaskStage.CLOSED:
        raise Refusal("Nhiệm vụ đã khép lại cùng chu kỳ, không nhận thay đổi nữa.")
    if state.stage is TaskStage.VOIDED:
        raise Refusal("Lần phát động này đã bị hủy, không nhận thay đổi nữa.")


def _check_actor(state: TaskState, command: Command) -> None:
    """Officers may do everything, supervisors only note; a unit acts on its own part, and on the
    parts it reviews."""
    actor = command.actor
    if actor.kind in (ActorKind.OFFICER, ActorKind.SYSTEM):
        return
    if actor.kind is ActorKind.SUPERVISOR:
        if isinstance(command, Note):
            return
        raise Refusal("Lãnh đạo theo dõi chỉ ghi ý kiến chỉ đạo, không thay đổi nhiệm vụ.")
    unit = getattr(command, "unit", None)
    assignment = state.assignments.get(unit) if unit else None
    match command:
        case Acknowledge() | Submit() | Withdraw() | AskExtension() if actor.ref == unit:
            return
        case Note() if actor.ref == unit and command.kind is not NoteKind.INSTRUCTION:
            return
        case Submit() if assignment and command.on_behalf and actor.ref == assignment.hub:
            return
        case Accept() | Return() | Reopen() if assignment:
            if actor.ref == reviewer(state, assignment):
                return
        case GrantExtension() | RefuseExtension() if assignment:
            if actor.ref == superior(state, assignment.unit):
                return
        case _:
            pass
    raise Refusal(f"Đơn vị {actor.ref} không có quyền thực hiện việc này.")


def _events(state: TaskState, command: Command, at: datetime) -> list[Event]:
    match command:
        case Allocate():
            return _allocate(state, command, at)
        case SetDate():
            return _set_date(state, command, at)
        case DocumentIssued():
            return _document_issued(state, command, at)
        case Acknowledge():
            return _acknowledge(state, command, at)
        case Submit():
            return _submit(state, command, at)
        case Withdraw():
            _expect(state, command, Stage.SUBMITTED)
            return [Withdrawn(**_unit_origin(command, at), text=command.text)]
        case Accept():
            _expect(state, command, Stage.SUBMITTED)
            return [Accepted(**_unit_origin(command, at), text=command.text)]
        case Return():
            return _return(state, command, at)
        case Reopen():
            return _reopen(state, command, at)
        case AskExtension():
            return _ask_extension(state, command, at)
        case GrantExtension():
            return _grant_extension(state, command, at)
        case RefuseExtension():
            _extension_of(state, command)
            _need_text(command, "lý do không đồng ý gia hạn")
            return [ExtensionRefused(**_unit_origin(command, at), text=command.text)]
        case Reassign():
            return _reassign(state, command, at)
        case Reschedule():
            return _reschedule(state, command, at)
        case Cancel():
            return _cancel(state, command, at)
        case Note():
            if command.unit is not None:
                _assignment(state, command.unit)
            return [
                Noted(
                    **_origin(command, at),
                    note=command.kind,
                    unit=command.unit,
                    text=command.text,
                )
            ]
        case Adopt():
            return _adopt(state, command, at)
        case Close():
            return [TaskClosed(**_origin(command, at), text=command.text)]
        case Void():
            return [TaskVoided(**_origin(command, at), text=command.text)]
        case _:
            assert_never(command)


# Allocation, dates, documents: what the officer decides for the whole task


def _allocate(state: TaskState, command: Allocate, at: datetime) -> list[Event]:
    for member in command.units:
        present = state.assignments.get(member.code)
        if present is not None and present.stage in OPEN:
            raise Refusal(f"Đơn vị {member.code} đã được giao nhiệm vụ này.")
    due = state.classes.get(unit_class(command.role))
    held = due is not None and state.deadlines[due].breach <= at
    ack, events = _acknowledgement(state, command, at)
    for member in command.units:
        events.append(
            Assigned(
                **_origin(command, at),
                unit=member.code,
                role=command.role,
                hub=member.hub,
                due=due,
                ack=ack,
                held=held,
            )
        )
    if Waiting.ALLOCATION in state.waiting:
        events.append(Answered(**_origin(command, at), waiting=Waiting.ALLOCATION))
    if held and Waiting.ADOPTION not in state.waiting:
        events += _ask(state, command, Waiting.ADOPTION, at)
    return events


def _set_date(state: TaskState, command: SetDate, at: datetime) -> list[Event]:
    if state.facts.ongoing:
        raise Refusal("Nhiệm vụ thường xuyên không có hạn riêng.")
    if state.classes:
        raise Refusal("Nhiệm vụ đã có hạn; muốn đổi hạn hãy dùng lệnh dời hạn (reschedule).")
    _check_not_past(command.last_day, at)
    rule = f"cán bộ điều phối ấn định: hết ngày {dmy(command.last_day)}"
    return _dated(state, command, command.last_day, rule, at)


def _document_issued(state: TaskState, command: DocumentIssued, at: datetime) -> list[Event]:
    if Waiting.DOCUMENT not in state.waiting:
        raise Refusal("Nhiệm vụ này không chờ văn bản nào.")
    if command.issued_on > at.astimezone(VN).date():
        raise Refusal(f"Ngày văn bản {dmy(command.issued_on)} nằm ở tương lai.")
    answered = Answered(**_origin(command, at), waiting=Waiting.DOCUMENT)
    source = f"văn bản số {command.number} ngày {dmy(command.issued_on)}"
    if command.last_day is not None:
        last_day, rule = command.last_day, f"{source}: hết ngày {dmy(command.last_day)}"
    else:
        timing = Dormant(text=state.facts.timing_text, within_days=state.facts.dormant_days)
        resolved = resolve_dormant(timing, command.issued_on, calendar=state.facts.calendar)
        if resolved is None:
            return [answered, *_ask(state, command, Waiting.DATE, at)]
        last_day, rule = resolved.last_day, f"{source}: {resolved.rule}"
    _check_not_past(last_day, at)
    return [answered, *_dated(state, command, last_day, rule, at, reference=command.number)]


def _dated(
    state: TaskState,
    command: SetDate | DocumentIssued,
    last_day: date,
    rule: str,
    at: datetime,
    reference: str | None = None,
) -> list[Event]:
    """A deadline for every class of unit the task carries."""
    facts = state.facts
    deadline = build_deadline(
        facts.timing_text, rule, last_day, calendar=facts.calendar, policy=facts.policy
    )
    events: list[Event] = []
    for name, own in _by_class(state, deadline).items():
        events.append(
            DeadlineSet(
                **_origin(command, at),
                key=f"{name}@{own.last_day}",
                deadline=own,
                unit_class=name,
                reference=reference,
                text=command.text,
            )
        )
    if Waiting.DATE in state.waiting:
        events.append(Answered(**_origin(command, at), waiting=Waiting.DATE))
    return events


def _by_class(state: TaskState, deadline: Deadline) -> dict[str, Deadline]:
    facts = state.facts
    classes = {"performer": deadline}
    if any(a.role is Role.SUBORDINATE for a in state.assignments.values()):
        classes["subordinate"] = earlier_deadline(
            deadline,
            facts.policy.schools_earlier,
            "để đầu mối tổng hợp",
            calendar=facts.calendar,
            policy=facts.policy,
        )
    return classes


# One unit: acknowledge, submit, review


def _acknowledge(state: TaskState, command: Acknowledge, at: datetime) -> list[Event]:
    assignment = _assignment(state, command.unit)
    if command.undo:
        if assignment.acknowledged_at is None:
            raise Refusal("Đơn vị chưa xác nhận tiếp nhận nên không có gì để hoàn tác.")
        if assignment.revision:
            raise Refusal("Đơn vị đã nộp báo cáo nên không hoàn tác việc tiếp nhận.")
        return [AcknowledgementUndone(**_unit_origin(command, at))]
    if assignment.stage not in OPEN:
        raise Refusal(f"Nhiệm vụ của đơn vị {STAGE_NAMES[assignment.stage]}.")
    if assignment.acknowledged_at is not None:
        day = dmy(assignment.acknowledged_at.astimezone(VN).date())
        raise Refusal(f"Đơn vị đã xác nhận tiếp nhận ngày {day}.")
    return [Acknowledged(**_unit_origin(command, at), received_at=command.received_at)]


def _submit(state: TaskState, command: Submit, at: datetime) -> list[Event]:
    assignment = _assignment(state, command.unit)
    if command.on_behalf and not command.reference:
        raise Refusal("Báo cáo nhận bằng giấy phải ghi số văn bản.")
    if assignment.stage is Stage.SUBMITTED:
        raise Refusal("Báo cáo đã nộp và đang chờ duyệt; muốn nộp lại hãy rút về trước.")
    if assignment.stage not in OPEN:
        raise Refusal(
            f"Nhiệm vụ của đơn vị {STAGE_NAMES[assignment.stage]}; muốn nộp phải được mở lại trước."
        )
    origin = _unit_origin(command, at)
    if state.facts.ongoing:
        return [Progressed(**origin, received_at=command.received_at, text=command.text)]
    deadline = None if assignment.due is None else state.deadlines[assignment.due]
    review, events = _review(state, command, at)
    events.append(
        Submitted(
            **origin,
            received_at=command.received_at,
            revision=assignment.revision + 1,
            late=deadline is not None and command.received_at >= deadline.breach,
            on_behalf=command.on_behalf,
            reference=command.reference,
            review=review,
            text=command.text,
        )
    )
    if deadline is not None and assignment.due_mark is not None:
        slipped = tuple(
            rung.id
            for rung in deadline.ladder.rungs
            if rung.kind is RungKind.ESCALATION
            and command.received_at < rung.at <= assignment.due_mark
        )
        if slipped:
            events.append(EscalationWithdrawn(**origin, rungs=slipped))
    return events + _adoption_answered(state, command, {command.unit}, at)


def _return(state: TaskState, command: Return, at: datetime) -> list[Event]:
    assignment = _expect(state, command, Stage.SUBMITTED)
    _need_text(command, "lý do trả lại")
    facts = state.facts
    last_day = command.last_day or add_working_days(
        facts.calendar, at.astimezone(VN).date(), facts.policy.resubmit_after
    )
    _check_not_past(last_day, at)
    rule = f"báo cáo bị trả lại, nộp lại chậm nhất hết ngày {dmy(last_day)}"
    due, events = _moved(state, assignment, "return", last_day, rule, command, at)
    return [*events, Returned(**_unit_origin(command, at), due=due, text=command.text)]


def _reopen(state: TaskState, command: Reopen, at: datetime) -> list[Event]:
    assignment = _expect(state, command, Stage.ACCEPTED, Stage.SETTLED, Stage.CANCELLED)
    _need_text(command, "lý do mở lại")
    review, events = None, list[Event]()
    if assignment.stage is Stage.ACCEPTED:
        review, events = _review(state, command, at)
    return [
        *events,
        Reopened(**_unit_origin(command, at), review=review, text=command.text),
    ]


# Extensions and moved dates


def _ask_extension(state: TaskState, command: AskExtension, at: datetime) -> list[Event]:
    assignment = _expect(state, command, *OWING)
    if assignment.due is None:
        raise Refusal("Nhiệm vụ chưa có hạn nên không cần gia hạn.")
    deadline = state.deadlines[assignment.due]
    if command.received_at >= deadline.breach:
        raise Refusal(
            f"Đã quá hạn ({dmy(deadline.last_day)}); phải xin gia hạn trước khi hết hạn."
        )
    if assignment.extension is not None:
        raise Refusal("Đề nghị gia hạn trước đó đang chờ trả lời.")
    if assignment.extensions >= state.facts.policy.max_extensions:
        raise Refusal(f"Đã gia hạn đủ {assignment.extensions} lần theo quy định của kế hoạch.")
    if command.last_day <= deadline.last_day:
        raise Refusal(f"Ngày đề nghị phải sau hạn hiện tại {dmy(deadline.last_day)}.")
    _need_text(command, "lý do gia hạn")
    review, events = _review(state, command, at)
    asked = ExtensionAsked(
        **_unit_origin(command, at), proposed=command.last_day, review=review, text=command.text
    )
    return [*events, asked]


def _grant_extension(state: TaskState, command: GrantExtension, at: datetime) -> list[Event]:
    assignment, asked = _extension_of(state, command)
    last_day = command.last_day or asked
    _check_not_past(last_day, at)
    rule = f"được gia hạn đến hết ngày {dmy(last_day)}"
    due, events = _moved(state, assignment, "extension", last_day, rule, command, at)
    return [*events, ExtensionGranted(**_unit_origin(command, at), due=due, text=command.text)]


def _reschedule(state: TaskState, command: Reschedule, at: datetime) -> list[Event]:
    if state.facts.ongoing:
        raise Refusal("Nhiệm vụ thường xuyên không có hạn riêng để dời.")
    _check_not_past(command.last_day, at)
    _need_text(command, "lý do dời hạn")
    moving = {*OWING, Stage.HELD}
    if command.unit is None:
        assignments = [a for a in state.assignments.values() if a.stage in moving]
        if not assignments:
            raise Refusal("Không còn đơn vị nào đang nợ nhiệm vụ này.")
    else:
        assignments = [_expect(state, command, *moving)]
    rule = f"dời hạn đến hết ngày {dmy(command.last_day)}"
    events: list[Event] = []
    keys: dict[tuple[str, str | None], str] = {}
    for assignment in assignments:
        name = unit_class(assignment.role)
        if (name, assignment.due) not in keys:
            last_day = command.last_day
            if command.unit is None and name == "subordinate":
                last_day = add_working_days(
                    state.facts.calendar, last_day, -state.facts.policy.schools_earlier
                )
            key, kept = _moved(state, assignment, "reschedule", last_day, rule, command, at)
            keys[name, assignment.due] = key
            events += [event for event in kept if event not in events]
        events.append(
            Rescheduled(
                **_origin(command, at),
                unit=assignment.unit,
                due=keys[name, assignment.due],
                text=command.text,
            )
        )
    return events + _adoption_answered(state, command, {a.unit for a in assignments}, at)


def _moved(
    state: TaskState,
    assignment: Assignment,
    cause: str,
    last_day: date,
    rule: str,
    command: Command,
    at: datetime,
) -> tuple[str, list[Event]]:
    """The key of a moved deadline, shared by all units it is moved alike for, and the event that
    keeps it when it is new."""
    facts = state.facts
    key = f"{unit_class(assignment.role)}-{cause}@{last_day}"
    if key in state.deadlines:
        return key, []
    if assignment.due is None:
        deadline = build_deadline(
            facts.timing_text, rule, last_day, calendar=facts.calendar, policy=facts.policy
        )
    else:
        deadline = moved_deadline(
            state.deadlines[assignment.due],
            last_day,
            rule,
            calendar=facts.calendar,
            policy=facts.policy,
        )
    return key, [DeadlineSet(**_origin(command, at), key=key, deadline=deadline)]


# Reassignment, cancellation, late adoption


def _reassign(state: TaskState, command: Reassign, at: datetime) -> list[Event]:
    assignment = _expect(state, command, *OPEN)
    present = state.assignments.get(command.to.code)
    if present is not None and present.stage in OPEN:
        raise Refusal(f"Đơn vị {command.to.code} đã được giao nhiệm vụ này.")
    ack, events = _acknowledgement(state, command, at)
    events.append(
        Reassigned(**_unit_origin(command, at), to=command.to.code, text=command.text)
    )
    events.append(
        Assigned(
            **_origin(command, at),
            unit=command.to.code,
            role=assignment.role,
            hub=command.to.hub,
            due=assignment.due,
            version=assignment.version,
            ack=ack,
            held=assignment.stage is Stage.HELD,
            replaces=command.unit,
        )
    )
    return events


def _cancel(state: TaskState, command: Cancel, at: datetime) -> list[Event]:
    if not command.reference.strip():
        raise Refusal("Không tiếp tục thực hiện phải ghi số quyết định.")
    if command.unit is None:
        units = [a.unit for a in state.assignments.values() if a.stage in OPEN]
        if not units:
            raise Refusal("Không còn đơn vị nào đang thực hiện nhiệm vụ này.")
    else:
        units = [_expect(state, command, *OPEN).unit]
    events: list[Event] = [
        Cancelled(
            **_origin(command, at), unit=unit, reference=command.reference, text=command.text
        )
        for unit in units
    ]
    return events + _adoption_answered(state, command, set(units), at)


def _adopt(state: TaskState, command: Adopt, at: datetime) -> list[Event]:
    held = [a.unit for a in state.assignments.values() if a.stage is Stage.HELD]
    units = list(command.units) or held
    if not units:
        raise Refusal("Không có đơn vị nào đang chờ quyết định về hạn đã qua.")
    for unit in units:
        if _assignment(state, unit).stage is not Stage.HELD:
            raise Refusal(f"Đơn vị {unit} không chờ quyết định về hạn đã qua.")
    events: list[Event] = []
    facts = state.facts
    kept = set(state.deadlines)
    for unit in units:
        due = None
        if not command.settled:
            breached = state.assignments[unit].due
            if breached is None:
                raise Refusal(f"Đơn vị {unit} chưa có hạn.")
            since = at.astimezone(VN).date()
            due = f"{breached}-chase@{since}"
            if due not in kept:
                kept.add(due)
                deadline = chasing_deadline(
                    state.deadlines[breached], since, calendar=facts.calendar, policy=facts.policy
                )
                events.append(DeadlineSet(**_origin(command, at), key=due, deadline=deadline))
        events.append(
            Adopted(**_origin(command, at), unit=unit, settled=command.settled, due=due)
        )
    return events + _adoption_answered(state, command, set(units), at)


# What several commands share


def _unit_origin(command: UnitCommand, at: datetime) -> dict[str, Any]:
    return _origin(command, at) | {"unit": command.unit}


def _assignment(state: TaskState, unit: str) -> Assignment:
    if unit not in state.assignments:
        raise Refusal(f"Đơn vị {unit} không được giao nhiệm vụ {state.facts.code}.")
    return state.assignments[unit]


def _expect(state: TaskState, command: Command, *stages: Stage) -> Assignment:
    assignment = _assignment(state, getattr(command, "unit", ""))
    if assignment.stage not in stages:
        raise Refusal(f"Không thực hiện được vì nhiệm vụ của đơn vị {STAGE_NAMES[assignment.stage]}.")
    return assignment


def _extension_of(
    state: TaskState, command: GrantExtension | RefuseExtension
) -> tuple[Assignment, date]:
    assignment = _assignment(state, command.unit)
    if assignment.extension is None:
        raise Refusal("Đơn vị không có đề nghị gia hạn nào đang chờ trả lời.")
    return assignment, assignment.extension.proposed


def _need_text(command: Command, what: str) -> None:
    if command.text is None:
        raise Refusal(f"Phải ghi {what}.")


def _check_not_past(last_day: date, at: datetime) -> None:
    if last_day < at.astimezone(VN).date():
        raise Refusal(f"Ngày {dmy(last_day)} đã qua.")


def _acknowledgement(
    state: TaskState, command: Command, at: datetime
) -> tuple[str, list[Event]]:
    return _ladder(state, command, "ack", acknowledgement_ladder, at)


def _review(state: TaskState, command: Command, at: datetime) -> tuple[str, list[Event]]:
    return _ladder(state, command, "review", review_ladder, at)


def _ladder(
    state: TaskState, command: Command, name: str, build: Callable[..., Ladder], at: datetime
) -> tuple[str, list[Event]]:
    """The key of a ladder that begins today, and the event that keeps it when it is new."""
    key = f"{name}@{at.astimezone(VN).date()}"
    if key in state.ladders:
        return key, []
    ladder = build(at, calendar=state.facts.calendar, policy=state.facts.policy)
    return key, [LadderSet(**_origin(command, at), key=key, ladder=ladder)]


def _ask(state: TaskState, command: Command, waiting: Waiting, at: datetime) -> list[Event]:
    key = f"ask-{waiting}@{at.astimezone(VN).date()}"
    facts = state.facts
    ladder = ask_ladder(waiting, at, calendar=facts.calendar, policy=facts.policy)
    return [
        LadderSet(**_origin(command, at), key=key, ladder=ladder),
        Asked(**_origin(command, at), waiting=waiting, ladder=key, phrase=facts.timing_text),
    ]


def _adoption_answered(
    state: TaskState, command: Command, units: Iterable[str], at: datetime
) -> list[Event]:
    """The question about breached deadlines is answered when no held unit is left."""
    if Waiting.ADOPTION not in state.waiting:
        return []
    answered = set(units)
    if any(a.stage is Stage.HELD and a.unit not in answered for a in state.assignments.values()):
        return []
    return [Answered(**_origin(command, at), waiting=Waiting.ADOPTION)]


