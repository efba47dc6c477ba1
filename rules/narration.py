"""The history of one assignment in words: what happened, when, why, and who was told."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, assert_never

from models.assignment import Role, TaskState, Waiting
from models.clock import VN
from models.commands import Actor, ActorKind, NoteKind
from models.deadline import Deadline, Rung, RungKind
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
from models.identifiers import HEAD
from rules.deadlines import QUESTIONS, TOLD, explain
from rules.evolve import PERFORMERS, evolve, unit_class
from rules.notices import notices_of
from rules.wording import ROLE_NAMES, dmy

MOST_NAMED = 5

ACTORS = {
    ActorKind.OFFICER: "cán bộ điều phối",
    ActorKind.UNIT: "đơn vị",
    ActorKind.SUPERVISOR: "lãnh đạo theo dõi",
    ActorKind.SYSTEM: "hệ thống",
}
NOTES = {
    NoteKind.CALL: "Ghi nhận cuộc gọi",
    NoteKind.INSTRUCTION: "Ý kiến chỉ đạo",
    NoteKind.PROGRESS: "Cập nhật tiến độ",
    NoteKind.URGED: "Gửi công văn đôn đốc",
    NoteKind.OTHER: "Ghi chú",
}
LADDERS = {
    RungKind.REMINDER: "nhắc trước hạn",
    RungKind.DUE: "nhắc ngày đến hạn",
    RungKind.ESCALATION: "báo quá hạn",
    RungKind.ACKNOWLEDGEMENT: "nhắc xác nhận tiếp nhận",
    RungKind.REVIEW: "nhắc người duyệt",
    RungKind.ASK: "hỏi cán bộ điều phối",
}
VERBS = {
    "allocate": "phân công",
    "set_date": "ấn định hạn",
    "document_issued": "ghi nhận văn bản",
    "acknowledge": "xác nhận tiếp nhận",
    "submit": "nộp báo cáo",
    "withdraw": "rút báo cáo",
    "accept": "chấp nhận báo cáo",
    "return_report": "trả lại báo cáo",
    "reopen": "mở lại",
    "ask_extension": "xin gia hạn",
    "grant_extension": "đồng ý gia hạn",
    "refuse_extension": "không đồng ý gia hạn",
    "reassign": "chuyển giao",
    "reschedule": "dời hạn",
    "cancel": "không tiếp tục thực hiện",
    "suspend": "tạm dừng",
    "resume": "cho tiếp tục",
    "note": "ghi chú",
    "adopt": "quyết định về hạn đã qua",
    "close": "khép lại",
    "void": "hủy phát động",
}

UnitName = Callable[[str], str]


class Told(NamedTuple):
    """One entry of a history: what happened, who did it, and the sentence for it."""

    event: Event
    actor: str
    text: str


def narrate(
    events: Iterable[Event],
    unit: str,
    *,
    unit_name: UnitName,
    words: Mapping[str, str],
    people: Mapping[str, str],
) -> Iterator[Told]:
    """The history of `unit`'s part. `events` begin with the one that opened the task and leave out
    nothing but what belongs to other units alone."""
    every = list(events)
    concerning = _concerning(every, unit)
    state: TaskState | None = None
    for event in every:
        state = evolve(state, event)
        if concerning(event):
            text = tell(event, state, unit_name=unit_name, words=words)
            yield Told(event, actor_name(event.actor, unit_name=unit_name, people=people), text)


def actor_name(
    actor: Actor, *, unit_name: UnitName, people: Mapping[str, str] | None = None
) -> str:
    """Who acted; a person's name stands in brackets as long as it is known."""
    of_unit = actor.kind is ActorKind.UNIT and actor.ref
    who = unit_name(actor.ref) if of_unit else ACTORS[actor.kind]
    name = (people or {}).get(actor.person if of_unit else actor.ref)
    return f"{who} ({name})" if name else who


def recipient_name(recipient: str, *, unit_name: UnitName) -> str:
    """The name of a notice's recipient: a unit, or the head of one."""
    if recipient.endswith(HEAD):
        return f"lãnh đạo {unit_name(recipient.removesuffix(HEAD))}"
    return unit_name(recipient)


def tell(
    event: Event,
    state: TaskState,
    *,
    unit_name: UnitName,
    words: Mapping[str, str] | None = None,
) -> str:
    """`event` as one Vietnamese sentence without its full stop; `state` is the one after it, with
    at least the units the event names. `words` are those of the statements that are known."""
    return _Teller(event, state, unit_name, words or {}).sentence()


class _Teller:
    def __init__(
        self, event: Event, state: TaskState, unit_name: UnitName, words: Mapping[str, str]
    ) -> None:
        self._event = event
        self._state = state
        self._unit_name = unit_name
        self._words = words

    def sentence(self) -> str:
        event = self._event
        match event:
            case RungFired():
                return self._rung_fired(event)
            case OfficerReminded():
                return self._officer_reminded(event)
            case LadderSet():
                return _ladder_set(event)
            case DeadlineSet():
                # The last sentence of a reason ends with a full stop; ours go on.
                why = explain(event.deadline).removesuffix(".")
                return self._with(f"Xác định hạn {why}", event.text)
            case TaskOpened(facts=facts):
                when = f"thời hạn trong văn bản: “{facts.timing_text}”"
                return f"Mở nhiệm vụ {facts.title}; {when}"
            case Asked():
                phrase = f" (“{event.phrase}”)" if event.phrase else ""
                return f"Đề nghị {self._told()} {QUESTIONS[event.waiting]}{phrase}"
            case Answered(waiting=Waiting.DATE) if PERFORMERS in self._state.classes:
                last_day = self._last_day(self._state.classes[PERFORMERS])
                return f"Ấn định hạn hoàn thành:{last_day}"
            case Answered():
                return f"Đã có trả lời, không còn chờ {QUESTIONS[event.waiting]}"
            case TaskClosed():
                return self._with("Khép lại nhiệm vụ cùng chu kỳ", event.text)
            case TaskVoided():
                return self._with("Hủy lần phát động này", event.text)
            case Noted():
                letter = f" {event.reference}" if event.reference else ""
                promised = f", hứa nộp ngày {dmy(event.promised)}" if event.promised else ""
                said = f"{NOTES[event.note]}{letter}{promised}{self._and_told()}"
                return self._with(said, event.text)
            case Refused():
                verb = VERBS.get(event.verb, event.verb)
                return f"Yêu cầu {verb} chưa được thực hiện: {event.reason.removesuffix('.')}"
            case CommandFailed():
                verb = VERBS.get(event.verb, event.verb)
                sentence = f"Không xử lý được yêu cầu {verb} vì lỗi của hệ thống ({event.error})"
                return f"{sentence}; báo {self._told()}"
            case _:
                return self._of_unit(event)

    def _of_unit(
        self,
        event: Assigned
        | Adopted
        | Acknowledged
        | AcknowledgementUndone
        | Submitted
        | Progressed
        | EscalationWithdrawn
        | Withdrawn
        | Accepted
        | Returned
        | Reopened
        | ExtensionAsked
        | ExtensionGranted
        | ExtensionRefused
        | Rescheduled
        | Reassigned
        | Cancelled
        | Suspended
        | Resumed,
    ) -> str:
        """What a unit did, or what was decided about its part."""
        match event:
            case Assigned():
                return self._assigned(event)
            case Adopted(settled=True):
                how = "quá hạn" if event.late else "tính là đúng hạn"
                return f"Ghi nhận đã hoàn thành từ trước khi phát động, {how}"
            case Adopted():
                last_day = self._last_day(event.due)
                since = f"Đôn đốc từ nay phần việc quá hạn{last_day} từ trước khi phát động"
                return f"{since}, tính là muộn{self._and_told()}"
            case Acknowledged():
                return f"Xác nhận tiếp nhận lúc {_moment(event.received_at)}"
            case AcknowledgementUndone():
                return "Hoàn tác việc xác nhận tiếp nhận"
            case Submitted():
                return self._submitted(event)
            case Progressed():
                progressed = f"Cập nhật tiến độ lúc {_moment(event.received_at)}"
                return self._with(progressed, event.text)
            case EscalationWithdrawn():
                rungs = _listed(event.rungs)
                cause = "vì báo cáo đã được nhận trước thời điểm đó"
                return f"Rút lại thông báo quá hạn ({rungs}) {cause}{self._and_told()}"
            case Withdrawn():
                withdrawn = f"Rút báo cáo về trước khi được duyệt{self._and_told()}"
                return self._with(withdrawn, event.text)
            case Accepted():
                return self._with(f"Chấp nhận báo cáo{self._and_told()}", event.text)
            case Returned():
                due = f"nộp lại chậm nhất{self._last_day(event.due)}"
                returned = f"Trả lại báo cáo, {due}{self._and_told()}"
                return self._with(returned, event.text, joint="; lý do: ")
            case Reopened():
                reopened = f"Mở lại nhiệm vụ{self._and_told()}"
                return self._with(reopened, event.text, joint="; lý do: ")
            case ExtensionAsked():
                asked = f"Xin gia hạn đến hết ngày {dmy(event.proposed)}{self._and_told()}"
                return self._with(asked, event.text, joint="; lý do: ")
            case ExtensionGranted():
                granted = f"Đồng ý gia hạn đến{self._last_day(event.due)}{self._and_told()}"
                return self._with(granted, event.text)
            case ExtensionRefused():
                refused = f"Không đồng ý gia hạn{self._and_told()}"
                return self._with(refused, event.text, joint="; lý do: ")
            case Rescheduled():
                moved = f"Dời hạn đến{self._last_day(event.due)}{self._and_told()}"
                return self._with(moved, event.text, joint="; lý do: ")
            case Reassigned():
                passed_on = f"Chuyển nhiệm vụ cho {self._unit_name(event.to)}{self._and_told()}"
                return self._with(passed_on, event.text, joint="; lý do: ")
            case Cancelled():
                ended = f"Không tiếp tục thực hiện, theo văn bản số {event.reference}"
                return self._with(f"{ended}{self._and_told()}", event.text)
            case Suspended():
                left = "" if event.left is None else f", còn {event.left} ngày làm việc đến hạn"
                suspended = f"Tạm dừng phần việc{left}{self._and_told()}"
                return self._with(suspended, event.text, joint="; lý do: ")
            case Resumed():
                due = "" if event.due is None else f", hạn mới{self._last_day(event.due)}"
                resumed = f"Tiếp tục phần việc đã tạm dừng{due}{self._and_told()}"
                return self._with(resumed, event.text)
            case _:
                assert_never(event)

    def _rung_fired(self, event: RungFired) -> str:
        """The sentence of the last rung, which carries the message, and the others by name."""
        last = self._rung(event)
        late = ""
        if event.at.astimezone(VN).date() != event.scheduled.astimezone(VN).date():
            late = f"; ghi bù lúc {_moment(event.at)}{self._days_left(event)}"
        if last is None:
            return f"Ghi nhận mốc {_listed(event.rungs)}{late}"
        what, colon, rest = last.why.partition(": ")
        if len(event.rungs) > 1:
            what += f" ({_listed(event.rungs)} gộp một lần)"
        told = self._told()
        if not told:
            rest += " (nơi nhận đã được báo ở mốc trước)"
        elif last.kind is RungKind.ESCALATION and len(event.rungs) == 1:
            rest = rest.replace(f"báo {TOLD[last.level]}", f"báo {told}")
        elif last.kind not in (RungKind.REMINDER, RungKind.DUE):
            rest += f" ({told})"
        return f"{_capital(what)}{colon}{rest}{late}"

    def _days_left(self, event: RungFired) -> str:
        """What a reminder that comes late says wrongly by its name."""
        deadline = self._deadline(self._state.assignments[event.unit].due)
        if event.clock != "due" or deadline is None or event.level:
            return ""
        days = (deadline.target - event.at.astimezone(VN).date()).days
        return f", khi còn {days} ngày" if days > 0 else ""

    def _rung(self, event: RungFired) -> Rung | None:
        assignment = self._state.assignments[event.unit]
        match event.clock:
            case "due":
                rungs = self._state.deadlines[assignment.due or ""].ladder.rungs
            case "ack":
                rungs = self._state.ladders[assignment.ack or ""].rungs
            case "review":
                rungs = self._state.ladders[assignment.review or ""].rungs
        return next((rung for rung in rungs if rung.id == event.rungs[-1]), None)

    def _officer_reminded(self, event: OfficerReminded) -> str:
        what = f"Nhắc {self._told()} {QUESTIONS[event.waiting]}"
        day = dmy(event.scheduled.astimezone(VN).date())
        return f"{what} ({_listed(event.rungs)}, {day})"

    def _assigned(self, event: Assigned) -> str:
        role = f"Giao {self._unit_name(event.unit)} {ROLE_NAMES[event.role]}"
        if event.role is Role.SUBORDINATE and event.hub:
            role += f" {self._unit_name(event.hub)}"
        if event.replaces:
            role += f", thay {self._unit_name(event.replaces)}"
        if event.carried:
            cycle = event.carried.assignment.split("/")[1]
            role += f", chuyển từ chu kỳ {cycle} (lịch sử trước đó: {event.carried.assignment})"
        if event.held:
            return (
                f"{role}; hạn{self._last_day(event.due)} đã qua trước khi phát động nên chờ cán "
                "bộ điều phối quyết định, chưa đôn đốc"
            )
        if event.due is None:
            return f"{role}, chưa có hạn riêng" if not self._state.facts.ongoing else role
        return f"{role}, hạn cuối{self._last_day(event.due)}"

    def _submitted(self, event: Submitted) -> str:
        what = f"Nộp báo cáo lần {event.revision} lúc {_moment(event.received_at)}"
        deadline = self._deadline(self._state.assignments[event.unit].due)
        if deadline is not None:
            last_day = f"hạn cuối hết ngày {dmy(deadline.last_day)}"
            what += f", muộn ({last_day})" if event.late else ", đúng hạn"
        if event.reference:
            what += f", văn bản số {event.reference}"
        if event.on_behalf:
            what += ", nhập thay đơn vị"
        return self._with(f"{what}; chờ {self._told()} duyệt", event.text)

    def _deadline(self, key: str | None) -> Deadline | None:
        return None if key is None else self._state.deadlines[key]

    def _last_day(self, key: str | None) -> str:
        deadline = self._deadline(key)
        return "" if deadline is None else f" hết ngày {dmy(deadline.last_day)}"

    def _told(self) -> str:
        """The names of those the event's notices are for."""
        lines = notices_of(self._state, (self._event,))
        recipients = list(dict.fromkeys(line.recipient for line in lines))
        if len(recipients) > MOST_NAMED:
            return f"{len(recipients)} nơi nhận"
        names = [recipient_name(each, unit_name=self._unit_name) for each in recipients]
        return _listed(names)

    def _and_told(self) -> str:
        told = self._told()
        return f"; báo {told}" if told else ""

    def _with(self, sentence: str, text: str | None, *, joint: str = "; nội dung: ") -> str:
        """With the words a person wrote, if any; words that were erased leave their mark."""
        if text is None:
            return sentence
        words = self._words.get(text, "").removeprefix("Lý do: ")
        return f"{sentence}{joint}" + (f"“{words}”" if words else "(nội dung không còn lưu)")


def _ladder_set(event: LadderSet) -> str:
    rungs = event.ladder.rungs
    if not rungs:
        return "Lập thang nhắc không có mốc nào"
    first = dmy(rungs[0].at.astimezone(VN).date())
    return f"Lập thang {LADDERS[rungs[0].kind]}: {len(rungs)} mốc, từ ngày {first}"


def _concerning(events: Sequence[Event], unit: str) -> Callable[[Event], bool]:
    """Whether an event belongs to the history of `unit`."""
    own = [event for event in events if getattr(event, "unit", None) == unit]
    keys = {getattr(event, "due", None) for event in own}
    classes = {unit_class(event.role) for event in own if isinstance(event, Assigned)}

    def concerns(event: Event) -> bool:
        match event:
            case DeadlineSet():
                return event.key in keys or event.unit_class in classes
            case TaskOpened() | TaskClosed() | TaskVoided():
                return True
            case Noted():
                return event.unit in (None, unit)
            case _:
                return getattr(event, "unit", None) == unit

    return concerns


def _moment(instant: datetime) -> str:
    local = instant.astimezone(VN)
    return f"{local:%H:%M} {dmy(local.date())}"


def _listed(names: Sequence[str]) -> str:
    """`T-30, T-14 và T-7`."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} và {names[-1]}"


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
