"""What the officer does for the task: who carries it out, by when, and whether it goes on."""

from datetime import date, datetime

from models.assignment import OPEN, OWING, Assignment, Role, Stage, TaskState, Waiting
from models.commands import (
    Adopt,
    Allocate,
    Cancel,
    DocumentIssued,
    Note,
    NoteKind,
    Reassign,
    Reschedule,
    SetDate,
    TaskCommand,
)
from models.deadline import Deadline
from models.events import (
    Adopted,
    Answered,
    Assigned,
    Cancelled,
    DeadlineSet,
    Event,
    Noted,
    Reassigned,
    Rescheduled,
)
from models.plan import Dormant
from rules.deadlines import build_deadline, chasing_deadline, earlier_deadline, resolve_dormant
from rules.decide_shared import (
    Kept,
    Refusal,
    acknowledgement,
    answered,
    ask,
    ask_adoption,
    assignment_of,
    check_issued,
    check_not_past,
    check_promise,
    expect,
    moved,
    need_text,
    origin,
    questions_answered,
    standing,
    today,
    unit_origin,
)
from rules.evolve import PERFORMERS, SUBORDINATES, unit_class
from rules.wording import dmy

MOVABLE = (*OWING, Stage.HELD)
GONE = (Stage.CANCELLED, Stage.REASSIGNED)


def allocate(state: TaskState, command: Allocate, at: datetime) -> list[Event]:
    """A unit allocated after the deadline waits for the officer's word, as at a late launch."""
    members = {member.code: member for member in command.units}
    for code in members:
        _check_free(state, code)
    due, deadline, events = _deadline_of_class(state, command, at)
    held = deadline is not None and deadline.breach <= at
    ack = acknowledgement(state, command, at)
    events += ack.events
    for code, member in members.items():
        events.append(
            Assigned(
                **origin(command, at),
                unit=code,
                role=command.role,
                hub=member.hub,
                due=due,
                version=_version(state, code),
                ack=ack.key,
                held=held,
            )
        )
    events += answered(state, command, Waiting.ALLOCATION, at)
    if held and deadline is not None:
        events += ask_adoption(state, command, deadline.last_day, at)
    return events


def _check_free(state: TaskState, unit: str) -> None:
    """Who holds the task or has finished it is not given it anew: its record would be lost."""
    present = state.assignments.get(unit)
    if present is None or present.stage in GONE:
        return
    if present.stage in OPEN:
        raise Refusal(f"Đơn vị {unit} đã được giao nhiệm vụ này.")
    raise Refusal(f"Không giao lại: {standing(present)}; muốn làm lại, đề nghị mở lại nhiệm vụ.")


def _version(state: TaskState, unit: str, at_least: int = 1) -> int:
    """A unit that comes back begins a new version, so that no rung is ever recorded twice."""
    present = state.assignments.get(unit)
    return at_least if present is None else max(at_least, present.version + 1)


def _deadline_of_class(
    state: TaskState, command: Allocate, at: datetime
) -> tuple[str | None, Deadline | None, list[Event]]:
    """The deadline of the command's role and its key, and the event that keeps it when it is new:
    schools that are allocated to a task which had none so far are due before their hub."""
    name = unit_class(command.role)
    key = state.classes.get(name)
    if key is not None:
        return key, state.deadlines[key], []
    if PERFORMERS not in state.classes:
        return None, None, []
    deadline = _for_subordinates(state, state.deadlines[state.classes[PERFORMERS]], at)
    kept = _of_class(state, command, at, name, deadline)
    return kept.key, deadline, [kept]


def set_date(state: TaskState, command: SetDate, at: datetime) -> list[Event]:
    if state.facts.ongoing:
        raise Refusal("Nhiệm vụ thường xuyên không có hạn riêng.")
    if state.classes:
        raise Refusal("Nhiệm vụ đã có hạn; muốn đổi hạn, đề nghị dùng chức năng dời hạn.")
    if Waiting.DOCUMENT in state.waiting:
        raise Refusal(
            "Nhiệm vụ đang chờ văn bản của cấp trên; đề nghị cập nhật số, ngày văn bản, kèm hạn "
            "nếu có."
        )
    check_not_past(command.last_day, at)
    rule = f"cán bộ điều phối ấn định: hết ngày {dmy(command.last_day)}"
    return _dated(state, command, command.last_day, rule, at)


def document_issued(state: TaskState, command: DocumentIssued, at: datetime) -> list[Event]:
    """Where neither the plan states a period nor the command a day, the officer is asked for it."""
    if Waiting.DOCUMENT not in state.waiting:
        raise Refusal("Nhiệm vụ này không chờ văn bản nào.")
    if not command.number.strip():
        raise Refusal("Đề nghị ghi số văn bản.")
    check_issued(command.issued_on, at)
    arrived = Answered(**origin(command, at), waiting=Waiting.DOCUMENT)
    source = f"văn bản số {command.number} ngày {dmy(command.issued_on)}"
    if command.last_day is not None:
        last_day, rule = command.last_day, f"{source}: hết ngày {dmy(command.last_day)}"
    else:
        facts = state.facts
        timing = Dormant(text=facts.timing_text, within_days=facts.dormant_days)
        resolved = resolve_dormant(timing, command.issued_on, calendar=facts.calendar)
        if resolved is None:
            return [arrived, *ask(state, command, Waiting.DATE, facts.timing_text, at)]
        last_day, rule = resolved.last_day, f"{source}: {resolved.rule}"
        if last_day < today(at):
            raise Refusal(
                f"Tính từ ngày văn bản thì hạn {dmy(last_day)} đã qua; đề nghị ghi rõ hạn hoàn "
                "thành."
            )
    check_not_past(last_day, at)
    return [arrived, *_dated(state, command, last_day, rule, at)]


def _dated(
    state: TaskState,
    command: SetDate | DocumentIssued,
    last_day: date,
    rule: str,
    at: datetime,
) -> list[Event]:
    """A deadline for every class of unit the task carries."""
    facts = state.facts
    deadline = build_deadline(
        facts.timing_text, rule, last_day, calendar=facts.calendar, policy=facts.policy
    )
    events: list[Event] = [_of_class(state, command, at, PERFORMERS, deadline)]
    if any(a.role is Role.SUBORDINATE for a in state.assignments.values()):
        earlier = _for_subordinates(state, deadline, at)
        events.append(_of_class(state, command, at, SUBORDINATES, earlier))
    return events + answered(state, command, Waiting.DATE, at)


def _of_class(
    state: TaskState, command: TaskCommand, at: datetime, name: str, deadline: Deadline
) -> DeadlineSet:
    """The event that makes `deadline` the one of a class. A class has a date of this kind once, and
    moves of it go by another name, so the key says all."""
    moving = "-reschedule" if name in state.classes else ""
    return DeadlineSet(
        **origin(command, at),
        key=f"{name}{moving}@{deadline.last_day}",
        deadline=deadline,
        unit_class=name,
        reference=command.number if isinstance(command, DocumentIssued) else None,
        text=command.text,
    )


def _for_subordinates(state: TaskState, deadline: Deadline, at: datetime) -> Deadline:
    """Days earlier, so that the hub can gather; but a date set now never begins in the past."""
    facts = state.facts
    days = facts.policy.schools_earlier
    earlier = earlier_deadline(
        deadline, days, "để đầu mối tổng hợp", calendar=facts.calendar, policy=facts.policy
    )
    now = today(at)
    if earlier.last_day >= now or deadline.last_day < now:
        return earlier
    rule = (
        f"không còn đủ {days} ngày làm việc để đầu mối tổng hợp trước ngày "
        f"{dmy(deadline.target)}: nộp ngay trong ngày {dmy(now)}"
    )
    return build_deadline(deadline.phrase, rule, now, calendar=facts.calendar, policy=facts.policy)


def reschedule(state: TaskState, command: Reschedule, at: datetime) -> list[Event]:
    if state.facts.ongoing:
        raise Refusal("Nhiệm vụ thường xuyên không có hạn riêng để dời.")
    if not state.classes:
        raise Refusal("Nhiệm vụ chưa có hạn; đề nghị ấn định hạn trước.")
    check_not_past(command.last_day, at)
    need_text(command, "lý do dời hạn")
    rule = f"dời hạn đến hết ngày {dmy(command.last_day)}"
    if command.unit is None:
        return _reschedule_all(state, command, rule, at)
    assignment = expect(state, command.unit, MOVABLE)
    due = moved(state, assignment, "reschedule", command.last_day, rule, command, at)
    return [
        *due.events,
        _rescheduled(assignment, due.key, command, at),
        *questions_answered(state, command, {assignment.unit}, at),
    ]


def _reschedule_all(state: TaskState, command: Reschedule, rule: str, at: datetime) -> list[Event]:
    """Moves the date of every unit that owes, and of those that are allocated later."""
    assignments = [a for a in state.assignments.values() if a.stage in MOVABLE]
    if not assignments and Waiting.ALLOCATION not in state.waiting:
        raise Refusal("Không còn đơn vị nào chưa hoàn thành nhiệm vụ này.")
    facts = state.facts
    deadline = build_deadline(
        facts.timing_text, rule, command.last_day, calendar=facts.calendar, policy=facts.policy
    )
    kept = {PERFORMERS: _of_class(state, command, at, PERFORMERS, deadline)}
    if SUBORDINATES in state.classes:
        earlier = _for_subordinates(state, deadline, at)
        kept[SUBORDINATES] = _of_class(state, command, at, SUBORDINATES, earlier)
    return [
        *kept.values(),
        *(
            _rescheduled(assignment, kept[unit_class(assignment.role)].key, command, at)
            for assignment in assignments
        ),
        *questions_answered(state, command, {a.unit for a in assignments}, at),
    ]


def _rescheduled(
    assignment: Assignment, due: str, command: Reschedule, at: datetime
) -> Rescheduled:
    return Rescheduled(**origin(command, at), unit=assignment.unit, due=due, text=command.text)


def reassign(state: TaskState, command: Reassign, at: datetime) -> list[Event]:
    """The other unit takes over the dates as they stand."""
    assignment = expect(state, command.unit, MOVABLE)
    _check_free(state, command.to.code)
    ack = acknowledgement(state, command, at)
    assigned = Assigned(
        **origin(command, at),
        unit=command.to.code,
        role=assignment.role,
        hub=command.to.hub,
        due=assignment.due,
        version=_version(state, command.to.code, assignment.version),
        ack=ack.key,
        held=assignment.stage is Stage.HELD,
        replaces=command.unit,
    )
    return [
        *ack.events,
        Reassigned(**unit_origin(command, at), to=command.to.code, text=command.text),
        assigned,
    ]


def cancel(state: TaskState, command: Cancel, at: datetime) -> list[Event]:
    """A task that does not go on has nothing left to ask the officer."""
    if not command.reference.strip():
        raise Refusal("Không tiếp tục thực hiện thì phải ghi số văn bản quyết định.")
    events: list[Event] = []
    if command.unit is not None:
        units = [expect(state, command.unit, OPEN).unit]
        events += questions_answered(state, command, units, at)
    else:
        units = [a.unit for a in state.assignments.values() if a.stage in OPEN]
        events += [Answered(**origin(command, at), waiting=each) for each in state.waiting]
        if not units and not events:
            raise Refusal("Không còn đơn vị nào đang thực hiện nhiệm vụ này.")
    return [
        *(
            Cancelled(
                **origin(command, at), unit=unit, reference=command.reference, text=command.text
            )
            for unit in units
        ),
        *events,
    ]


def adopt(state: TaskState, command: Adopt, at: datetime) -> list[Event]:
    """Settled before the launch, or chased from today on."""
    held = [a.unit for a in state.assignments.values() if a.stage is Stage.HELD]
    units = list(dict.fromkeys(command.units)) or held
    if not units:
        raise Refusal("Không có đơn vị nào đang chờ quyết định về hạn đã qua.")
    chased: dict[str | None, str | None] = {None: None}
    kept: list[Event] = []
    adopted: list[Event] = []
    for unit in units:
        assignment = assignment_of(state, unit)
        if assignment.stage is not Stage.HELD:
            raise Refusal(f"Không cần quyết định về hạn đã qua: {standing(assignment)}.")
        breached = None if command.settled else assignment.due
        if breached is not None and breached not in chased:
            chased[breached], events = _chased(state, breached, command, at)
            kept += events
        adopted.append(
            Adopted(
                **origin(command, at),
                unit=unit,
                settled=command.settled,
                # The officer cannot know better than a report that came late and was taken back.
                late=command.settled and (command.late or assignment.late),
                due=chased[breached],
            )
        )
    return kept + adopted + questions_answered(state, command, set(units), at)


def _chased(state: TaskState, breached: str, command: Adopt, at: datetime) -> Kept:
    since = today(at)
    key = f"{breached}-chase@{since}"
    if key in state.deadlines:
        return Kept(key, [])
    facts = state.facts
    deadline = chasing_deadline(
        state.deadlines[breached], since, calendar=facts.calendar, policy=facts.policy
    )
    return Kept(key, [DeadlineSet(**origin(command, at), key=key, deadline=deadline)])


def note(state: TaskState, command: Note, at: datetime) -> list[Event]:
    if command.unit is not None:
        assignment_of(state, command.unit)
    if command.kind is NoteKind.URGED and not command.reference:
        raise Refusal("Cần số và ngày của công văn đôn đốc đã ký.")
    if command.promised is not None:
        _check_promise(command, command.promised)
    return [
        Noted(
            **origin(command, at),
            note=command.kind,
            unit=command.unit,
            text=command.text,
            reference=command.reference,
            promised=command.promised,
        )
    ]


def _check_promise(command: Note, promised: date) -> None:
    if command.unit is None or command.kind is not NoteKind.CALL:
        raise Refusal("Ngày hứa nộp chỉ ghi được cho cuộc gọi với một đơn vị.")
    check_promise(promised, command.received_at)
