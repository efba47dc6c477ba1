"""Written reminders ("công văn đôn đốc"): drafted for signature, noted once they are signed."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any
from unicodedata import normalize

import typer

from activities.cycle_store import Cycle
from activities.delivery import Undeliverable
from cli import addressing
from cli.addressing import parse_day
from cli.calling import As, By, PlanOption, TaskOption, YearOption, actor, deliver_all
from cli.context import Context, run
from cli.exporting import Overwrite, may_write, with_progress
from cli.output import Json, Problem, console, errors, moment, print_json, print_table, problems
from documents.files import replacing
from documents.urge_letter import Sender, letter
from models.commands import Actor, Note, NoteKind, Outcome, Verdict
from models.directory import Unit, UnitKind
from models.plan import Plan
from models.urge import Signed, Urge
from rules.citation import plan_briefly, plan_in_full
from rules.performers import Performers
from rules.urging import addressees, command_id, in_full
from rules.wording import dmy

app = typer.Typer(
    invoke_without_command=True,
    help="Công văn đôn đốc: soạn để ký, ghi số khi đã ký, xem lại.",
)

DraftNumber = Annotated[
    int, typer.Argument(metavar="DỰ_THẢO", help="Số dự thảo, xem bằng dondoc urge list.")
]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="TỆP", help="Tệp .docx sẽ ghi.")
]


@app.callback()
def urge(
    called: typer.Context,
    plan: PlanOption = None,
    year: YearOption = None,
    cycle: Annotated[
        str | None, typer.Option("--cycle", help="Chỉ chu kỳ này, ví dụ cycle/nq57/2026.")
    ] = None,
    task: TaskOption = None,
    to: Annotated[
        list[str] | None,
        typer.Option("--to", help="Chỉ đơn vị, hoặc nhóm đơn vị, này; ghi được nhiều lần."),
    ] = None,
    reply_by: Annotated[
        str | None, typer.Option("--reply-by", help="Ngày chậm nhất phải gửi kết quả.")
    ] = None,
    output: OutputOption = None,
    by: By = "",
    yes: Overwrite = False,
    json_: Json = False,
) -> None:
    """Soạn công văn đôn đốc (.docx) các đơn vị, nhiệm vụ quá hạn, để ký."""
    if called.invoked_subcommand is not None:
        return
    with problems(as_json=json_):
        if output is None:
            raise Problem("Hãy ghi tên tệp sẽ soạn: -o cong-van.docx")
        _check_name(output, overwrite=yes)
        context = Context()
        running = addressing.one_cycle(context, plan, year, cycle)
        draft = _draft(context, running, task, to or [], reply_by)
        kept = _write_and_keep(context, draft, output, actor(context, "officer", by))
        _say_drafted(kept, output, as_json=json_)


@app.command("list")
def list_(plan: PlanOption = None, year: YearOption = None, json_: Json = False) -> None:
    """Các công văn đôn đốc đã soạn và số, ngày của những công văn đã ký."""
    with problems(as_json=json_):
        context = Context()
        cycles = [cycle.id for cycle in addressing.running_cycles(context, plan, year)]
        urges = context.urges.of(cycles)
        if json_:
            print_json([_json(each) for each in urges])
        elif urges:
            _print_urges(urges)
        else:
            console.print("Chưa soạn công văn đôn đốc nào.")


@app.command()
def show(
    draft: DraftNumber, output: OutputOption = None, yes: Overwrite = False, json_: Json = False
) -> None:
    """Xem một công văn đã soạn; với -o thì ghi lại tệp .docx, có số và ngày nếu đã ký."""
    with problems(as_json=json_):
        context = Context()
        found = _find(context, draft)
        if output is not None:
            _check_name(output, overwrite=yes)
            with_progress(
                output,
                len(found.lines),
                lambda done: letter(found, _sender(context, found), progress=done).save(output),
            )
        if json_:
            print_json(_json(found) | {"file": None if output is None else str(output)})
        else:
            _print_urge(found)


@app.command()
def signed(
    draft: DraftNumber,
    number: Annotated[str, typer.Option("--number", help="Số, ký hiệu: 1234/SGDĐT-GDTrH.")],
    date: Annotated[str, typer.Option("--date", help="Ngày của công văn.")],
    correct: Annotated[
        bool, typer.Option("--correct", help="Sửa số, ngày đã ghi nhầm; lần ghi trước vẫn còn.")
    ] = False,
    by: By = "",
    as_: As = "officer",
    json_: Json = False,
) -> None:
    """Ghi số, ngày của công văn đã ký vào lịch sử từng phần việc được nêu."""
    with problems(as_json=json_):
        context = Context()
        found = _find(context, draft)
        given = Signed(number=_clean(number), day=parse_day(date))
        _check_signed(found, given, correct=correct)
        who = actor(context, as_, by)
        context.urges.sign(draft, given, who)
        outcomes = _note(context, found, given, who)
        _report(found, given, outcomes, as_json=json_)


# Drafting


def _check_name(file: Path, *, overwrite: bool) -> None:
    if file.suffix.lower() != ".docx":
        raise Problem(f"Tên tệp {file} cần kết thúc bằng .docx.")
    may_write(file, overwrite=overwrite)


def _draft(
    context: Context, cycle: Cycle, task: str | None, to: Sequence[str], reply_by: str | None
) -> Urge:
    at, plan = context.now, _plan(context, cycle)
    code, _, occurrence = normalize("NFC", task or "").partition("/")
    units = {unit.code for text in to for unit in _meant(context, plan, text)}
    overdue = context.urges.overdue(
        cycle.id,
        at=at,
        units=units if to else None,
        code=code or None,
        occurrence=occurrence or None,
    )
    if not overdue.lines:
        raise Problem("Không có phần việc nào quá hạn như vậy: không có gì để đôn đốc.")
    known = context.registry.directory().units
    codes = dict.fromkeys(line.unit for line in overdue.lines)
    # A unit removed from the directory still owes what it was given.
    named = [known.get(code) or context.registry.unit(code) for code in codes]
    return Urge(
        cycle=cycle.id,
        drafted_at=at,
        to=addressees(filter(None, named)),
        lines=tuple(in_full(overdue.lines, plan)),
        reply_by=None if reply_by is None else parse_day(reply_by),
        extensions_asked=overdue.extensions_asked,
    )


def _meant(context: Context, plan: Plan, text: str) -> Sequence[Unit]:
    """The units a word means: one unit, a group of the plan or of the directory, a kind."""
    try:
        return [addressing.unit(context, text)]
    except Problem as unknown:
        directory = context.registry.directory()
        meaning = Performers(plan, directory).meant_by(text)
        if meaning is not None and meaning.units:
            return meaning.units
        if text in set(UnitKind):
            return directory.of_kinds([UnitKind(text)])
        raise unknown


def _plan(context: Context, cycle: Cycle) -> Plan:
    """The plan as it is loaded now: its number, and who signs, may be known only since the
    launch."""
    return context.registry.plan(cycle.plan) or context.cycles.snapshots(cycle).plan


def _sender(context: Context, urge: Urge) -> Sender:
    plan = _plan(context, context.cycles.get(urge.cycle))
    document, officer = plan.document, plan.officer
    coordinator = context.registry.unit(officer.coordinator)
    cited = plan_in_full(
        document.title,
        number=plan.number,
        day=plan.date,
        issuer=document.issuer,
    )
    return Sender(
        letterhead=officer.letterhead,
        agency=officer.letterhead.agency or document.issuer,
        plan=cited,
        plan_short=plan_briefly(officer.short_title, number=plan.number),
        coordinator=coordinator.name if coordinator else "",
        telephone=coordinator.phone if coordinator else "",
    )


def _write_and_keep(context: Context, draft: Urge, output: Path, by: Actor) -> Urge:
    """Neither a file without its record nor a record without its file."""
    sender = _sender(context, draft)
    with replacing(output) as file:
        with_progress(
            output,
            len(draft.lines),
            lambda done: letter(draft, sender, progress=done).word.save(str(file)),
        )
        return context.urges.keep(draft, by)


def _say_drafted(urge: Urge, output: Path, *, as_json: bool) -> None:
    if as_json:
        print_json(_json(urge) | {"file": str(output)})
        return
    console.print(
        f"[green]Đã soạn[/green] công văn đôn đốc (dự thảo {urge.id}): {urge.units} đơn vị, "
        f"{len(urge.lines)} phần việc quá hạn, vào {output}.",
        highlight=False,
    )
    console.print(
        f"Khi đã ký: dondoc urge signed {urge.id} --number SỐ/KÝ_HIỆU --date NGÀY", highlight=False
    )


# Signing


def _clean(number: str) -> str:
    number = " ".join(normalize("NFC", number).split())
    if not number:
        raise Problem("Số của công văn đang để trống.")
    return number


def _check_signed(urge: Urge, given: Signed, *, correct: bool) -> None:
    if urge.signed not in (None, given) and not correct:
        known = f"số {urge.signed.number} ngày {dmy(urge.signed.day)}" if urge.signed else ""
        raise Problem(f"Dự thảo {urge.id} đã ghi {known}; thêm --correct để sửa.")


def _note(context: Context, urge: Urge, given: Signed, who: Actor) -> list[Outcome | Undeliverable]:
    reference = f"số {given.number} ngày {dmy(given.day)}"
    at = context.now
    notes = [
        Note(
            id=command_id(urge.id, reference, line.assignment),
            task=line.task,
            actor=who,
            received_at=at,
            unit=line.unit,
            kind=NoteKind.URGED,
            reference=reference,
        )
        for line in urge.lines
    ]
    for note in notes:
        context.commands.store(note)
    return run(deliver_all(context, notes))


def _report(
    urge: Urge, given: Signed, outcomes: Sequence[Outcome | Undeliverable], *, as_json: bool
) -> None:
    """Exit code 1 when a part refused or failed to take the note."""
    verdicts = Counter(
        outcome.verdict if isinstance(outcome, Outcome) else None for outcome in outcomes
    )
    wrong = verdicts[Verdict.REFUSED] + verdicts[Verdict.FAILED]
    if as_json:
        counts = {"noted": verdicts[Verdict.APPLIED], "stored": verdicts[None], "refused": wrong}
        print_json({"id": urge.id, "number": given.number, "date": given.day} | counts)
    else:
        console.print(
            f"[green]Đã ghi[/green] công văn số {given.number} ngày {dmy(given.day)} vào lịch sử "
            f"của {verdicts[Verdict.APPLIED]}/{len(outcomes)} phần việc.",
            highlight=False,
        )
    if verdicts[None]:
        errors.print(
            f"[yellow]Đã tiếp nhận[/yellow] {verdicts[None]} phần việc nữa; sẽ ghi khi hệ thống "
            "chạy lại.",
            highlight=False,
        )
    if wrong:
        reasons = {o.reason for o in outcomes if isinstance(o, Outcome) and o.reason}
        errors.print(f"[red]Không ghi được[/red] {wrong} phần việc: {'; '.join(reasons)}")
        raise typer.Exit(1)


# Looking


def _find(context: Context, draft: int) -> Urge:
    found = context.urges.get(draft)
    if found is None:
        raise Problem(f"Không có dự thảo {draft}; xem bằng dondoc urge list.")
    return found


def _json(urge: Urge) -> dict[str, Any]:
    return {
        "id": urge.id,
        "cycle": urge.cycle,
        "drafted_at": urge.drafted_at,
        "to": urge.to,
        "units": urge.units,
        "reply_by": urge.reply_by,
        "extensions_asked": urge.extensions_asked,
        "signed": None
        if urge.signed is None
        else {"number": urge.signed.number, "date": urge.signed.day},
        "lines": [line.model_dump(mode="json") for line in urge.lines],
    }


def _signed_words(urge: Urge) -> str:
    return f"{urge.signed.number}, {dmy(urge.signed.day)}" if urge.signed else "chưa ký"


def _print_urges(urges: Sequence[Urge]) -> None:
    print_table(
        f"{len(urges)} công văn đôn đốc",
        ("Dự thảo", "Soạn lúc", "Gửi", "Đơn vị", "Phần việc", "Số, ngày"),
        [
            (
                each.id,
                moment(each.drafted_at),
                "; ".join(each.to),
                each.units,
                len(each.lines),
                _signed_words(each),
            )
            for each in urges
        ],
        flexible=("Gửi",),
    )


def _print_urge(urge: Urge) -> None:
    print_table(
        f"Dự thảo {urge.id}, soạn lúc {moment(urge.drafted_at)}: {_signed_words(urge)}",
        ("Đơn vị", "Nhiệm vụ", "Hạn cuối", "Số ngày quá hạn"),
        [(line.unit_name, line.title, dmy(line.last_day), line.days_late) for line in urge.lines],
        flexible=("Đơn vị", "Nhiệm vụ"),
    )
