"""One assignment: all that happened to it, and why."""

from collections.abc import Iterator
from typing import Any

from activities.views import (
    History,
    NoticeView,
)
from cli import addressing
from cli.calling import Id, PlanOption, YearOption
from cli.context import Context
from cli.output import (
    Json,
    Problem,
    console,
    errors,
    moment,
    print_json,
    print_table,
    problems,
)
from models.deadline import Deadline
from rules.deadlines import explain
from rules.narration import Told, narrate, recipient_name
from rules.wording import NOTICE_NAMES, standing


def history(
    assignment: Id,
    plan: PlanOption = None,
    year: YearOption = None,
    json_: Json = False,
) -> None:
    """Lịch sử một phần việc: đã xảy ra gì, khi nào, vì sao, ai đã được báo."""
    with problems(as_json=json_):
        context = Context()
        row = addressing.assignment(context, assignment, plan, year)
        found = context.views.history(row.id, at=context.now)
        if found is None:
            raise Problem(f"Không có phần việc {assignment}.")
        fault = context.views.chain_fault(found.assignment.task)
        if json_:
            print_json(_history_json(found) | {"verified": fault is None})
        else:
            _print_history(found)
        if fault is None and not json_:
            console.print("Sổ theo dõi của nhiệm vụ này toàn vẹn.")
        elif fault is not None:
            errors.print(
                f"[red]Sổ theo dõi của nhiệm vụ này không toàn vẹn[/red]: {fault}",
                highlight=False,
            )


def _history_json(found: History) -> dict[str, Any]:
    return {
        "assignment": found.assignment.id,
        "stage": found.assignment.stage,
        "deadline": _deadline_json(found),
        "events": [
            {"at": told.event.at, "kind": told.event.kind, "actor": told.actor, "text": told.text}
            for told in _told(found)
        ],
        "notices": [
            notice._asdict() | {"recipient_name": _recipient(found, notice)}
            for notice in found.notices
        ],
    }


def _deadline_json(found: History) -> dict[str, Any] | None:
    deadline = _deadline(found)
    if deadline is None:
        return None
    return {
        "phrase": deadline.phrase,
        "rule": deadline.rule,
        "last_day": deadline.last_day,
        "breach": deadline.breach,
        "target": deadline.target,
        "why": explain(deadline),
        "version": found.assignment.version,
    }


def _deadline(found: History) -> Deadline | None:
    due = found.state.assignments[found.assignment.unit].due
    return None if due is None else found.state.deadlines[due]


def _told(found: History) -> Iterator[Told]:
    return narrate(
        found.events,
        found.assignment.unit,
        unit_name=lambda code: found.units.get(code, code),
        words=found.words,
        people=found.people,
    )


def _recipient(found: History, notice: NoticeView) -> str:
    return recipient_name(notice.recipient, unit_name=lambda code: found.units.get(code, code))


def _print_history(found: History) -> None:
    row = found.assignment
    console.print(f"[bold]{row.unit_name}[/bold] ({row.id})", highlight=False)
    console.print(row.title, highlight=False, markup=False)
    stands = standing(row.stage, overdue=row.overdue, late=row.late)
    console.print(f"Tình trạng: {stands}.", highlight=False)
    deadline = _deadline(found)
    if deadline is not None:
        why = explain(deadline)
        console.print(f"Hạn (bản {row.version}): {why}", highlight=False, markup=False)
    print_table(
        "Lịch sử",
        ("Lúc", "Ai", "Việc"),
        [(moment(told.event.at), told.actor, told.text) for told in _told(found)],
        flexible=("Việc",),
    )
    if found.notices:
        print_table(
            "Thông báo",
            ("Mốc", "Gửi", "Nội dung", "Giao thư"),
            [
                (
                    moment(notice.scheduled),
                    _recipient(found, notice),
                    _notice_words(notice),
                    _delivery(notice),
                )
                for notice in found.notices
            ],
        )


def _notice_words(notice: NoticeView) -> str:
    words = NOTICE_NAMES.get(notice.kind, "")
    return ": ".join(filter(None, (words, notice.why))) or notice.kind


def _delivery(notice: NoticeView) -> str:
    if notice.dropped:
        return "không cần gửi nữa"
    if notice.message is None:
        return "chờ thư của ngày làm việc"
    if notice.sent_at is None:
        return "đã soạn, chờ gửi"
    return f"đã gửi {moment(notice.sent_at)}" + (f" ({notice.answer})" if notice.answer else "")
