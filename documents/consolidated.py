"""The consolidated report ("báo cáo tổng hợp") as a .docx for signature. Every number is the data's
own; nothing is reckoned here but shares of two numbers that stand beside them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from documents import consolidated_tables as tables
from documents import decree30
from documents.figures import count
from documents.paper import Paper
from documents.report_appendices import ROMAN, Appendix, appendices, write_appendix
from models.clock import VN
from models.consolidated import ConsolidatedReport, SourcedText, TaskSection
from models.letterhead import Letterhead
from models.report import Reporter, TaskStatus
from rules.citation import plan_in_full
from rules.wording import dmy

FEW_WORDS = 5  # sourced texts that the body carries; more go to an appendix
STATUSES = {
    TaskStatus.DONE: "đã hoàn thành",
    TaskStatus.ONGOING: "đang thực hiện",
    TaskStatus.NOT_STARTED: "chưa thực hiện",
    TaskStatus.NOTHING: "không phát sinh",
}
Progress = Callable[[int], None]


def lines_of(report: ConsolidatedReport) -> int:
    """How many rows of tables there are to write: what progress counts up to."""
    return sum(len(appendix.rows) for appendix in appendices(report, words=_many_words(report)))


def report_document(
    report: ConsolidatedReport,
    letterhead: Letterhead,
    *,
    progress: Progress = lambda _: None,
) -> Paper:
    agency = letterhead.agency or report.issuer
    abstract = f"Kết quả thực hiện {_brief(report)} {report.period_name}"
    paper = Paper(title=abstract, author=agency, at=report.source.data_at)
    symbol = "-".join(filter(None, ("BC", letterhead.symbol)))
    head = letterhead.model_copy(update={"agency": agency})
    decree30.head(paper, head, number=None, symbol=symbol, day=None)
    decree30.kind(paper, "Báo cáo", abstract)
    if to := _addressee(report, letterhead):
        decree30.addressees(paper, [to])
    attached = appendices(report, words=_many_words(report))
    _body(paper, _Body(report, agency, attached))
    decree30.foot(paper, letterhead, ["Như trên", *letterhead.recipients])
    for number, appendix in enumerate(attached, start=1):
        alone = len(attached) == 1
        write_appendix(paper, appendix, None if alone else number, abstract, progress)
    return paper


def _brief(report: ConsolidatedReport) -> str:
    if report.plan_number:
        return f"Kế hoạch số {report.plan_number}"
    return report.plan_title or report.plan_full_title


def _addressee(report: ConsolidatedReport, letterhead: Letterhead) -> str:
    to = "; ".join(letterhead.report_to) or report.to
    return f"{to} (qua {'; '.join(report.via)})" if to and report.via else to


def _many_words(report: ConsolidatedReport) -> bool:
    of_tasks = (
        texts
        for task in report.tasks
        for texts in (task.results, task.difficulties, task.proposals)
    )
    of_targets = (
        texts for target in report.targets for texts in (target.statements, target.corrections)
    )
    return any(len(texts) > FEW_WORDS for texts in chain((report.summaries,), of_tasks, of_targets))


class _Body(NamedTuple):
    report: ConsolidatedReport
    agency: str
    attached: Sequence[Appendix]

    def appendix(self, key: str) -> str:
        """`Phụ lục II`, as it is numbered; empty when there is none of that kind."""
        keys = [appendix.key for appendix in self.attached]
        if key not in keys:
            return ""
        return "Phụ lục" if len(keys) == 1 else f"Phụ lục {ROMAN[keys.index(key)]}"


def _body(paper: Paper, body: _Body) -> None:
    report = body.report
    _grounds(paper, body)
    paper.heading("I. TÌNH HÌNH BÁO CÁO VÀ KẾT QUẢ CHUNG")
    _who_reported(paper, body)
    _overall(paper, body)
    paper.heading("II. KẾT QUẢ THỰC HIỆN THEO NHIỆM VỤ")
    _by_task(paper, body)
    paper.heading("III. KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU")
    _targets(paper, body)
    paper.heading("IV. KHÓ KHĂN, VƯỚNG MẮC")
    _words(paper, body, "difficulties", "Các đơn vị không nêu khó khăn, vướng mắc.")
    paper.heading("V. KIẾN NGHỊ, ĐỀ XUẤT")
    _words(paper, body, "proposals", "Các đơn vị không có kiến nghị, đề xuất.")
    end = f"Trên đây là báo cáo kết quả thực hiện {_brief(report)} {report.period_name}"
    paper.body(f"{end} của {body.agency}./.")


def _grounds(paper: Paper, body: _Body) -> None:
    report = body.report
    plan = plan_in_full(
        report.plan_full_title,
        number=report.plan_number,
        day=report.plan_date,
        issuer=report.issuer,
    )
    paper.body(
        f"Thực hiện {plan}, {body.agency} báo cáo kết quả thực hiện {report.period_name} như sau:"
    )
    at = report.source.data_at.astimezone(VN)
    paper.body(
        f"(Số liệu tính đến {at:%H} giờ {at:%M} phút ngày {dmy(at.date())}, tổng hợp từ "
        f"{count(report.source.reports)} báo cáo đã được chấp nhận{_window(report)}.)",
        italic=True,
    )


def _window(report: ConsolidatedReport) -> str:
    if report.window is None:
        return ""
    return f"; kỳ số liệu từ ngày {dmy(report.window.first)} đến ngày {dmy(report.window.last)}"


# I


def _who_reported(paper: Paper, body: _Body) -> None:
    report = body.report
    paper.heading("1. Tình hình báo cáo")
    if report.coverage:
        tables.coverage(paper, report.coverage)
    lists = (
        (report.missing, "chưa báo cáo", "missing"),
        (report.waiting, "đã gửi báo cáo, đang chờ duyệt nên chưa tính vào số liệu", "waiting"),
        (
            report.changed,
            "có báo cáo được chấp nhận sau khi đầu mối đã tổng hợp nên chưa tính vào số liệu",
            "changed",
        ),
    )
    for units, what, key in lists:
        if units:
            paper.body(f"{count(len(units))} đơn vị {what}{_named(units, body.appendix(key))}.")


def _named(units: Sequence[Reporter], appendix: str) -> str:
    if appendix:
        return f" (danh sách tại {appendix})"
    return ": " + "; ".join(unit.name for unit in units)


def _overall(paper: Paper, body: _Body) -> None:
    report = body.report
    paper.heading("2. Kết quả chung")
    paper.body(_four_ways(report))
    tables.four_way(paper, "Nhóm đơn vị", report.by_group, report.cycle_counts)
    if report.late:
        late = f"{count(len(report.late))} phần việc thực hiện muộn hoặc quá hạn"
        paper.body(f"Danh sách {late} tại {body.appendix('late')}.")
    if report.not_updated:
        days = report.not_updated[0].days
        units = _counted((row.code, row.units) for row in report.not_updated)
        paper.body(f"Nhiệm vụ thường xuyên không cập nhật tiến độ từ {days} ngày trở lên: {units}.")
    if len(report.summaries) > FEW_WORDS:
        paper.body(
            f"Đánh giá chung của {count(len(report.summaries))} đơn vị tại "
            f"{body.appendix('words')}."
        )
    else:
        _sourced(paper, report.summaries)


def _counted(numbers: Iterable[tuple[str, int]]) -> str:
    """`III.1.a (4 đơn vị), III.1.b (2 đơn vị)`"""
    return ", ".join(f"{code} ({count(units)} đơn vị)" for code, units in numbers)


def _four_ways(report: ConsolidatedReport) -> str:
    counts = report.cycle_counts
    held = (
        f"{count(counts.held)} có hạn đã qua trước khi phát động và đang chờ quyết định, "
        if counts.held
        else ""
    )
    return (
        f"Toàn kế hoạch có {count(counts.total)} phần việc giao cho các đơn vị, trong đó "
        f"{count(counts.completed_on_time)} hoàn thành đúng hạn, {count(counts.completed_late)} "
        f"hoàn thành muộn, {count(counts.open_within_time)} đang thực hiện trong hạn, "
        f"{count(counts.open_overdue)} quá hạn, {held}{count(counts.ongoing)} thường xuyên, "
        f"{count(counts.undated)} chưa có hạn, {count(counts.discontinued)} không tiếp tục thực "
        "hiện."
    )


# II


def _by_task(paper: Paper, body: _Body) -> None:
    report = body.report
    tables.four_way(paper, "Nhiệm vụ", report.by_task, report.cycle_counts)
    sections = list(dict.fromkeys(task.section for task in report.tasks if task.section))
    section = ""
    for task in report.tasks:
        if task.section and task.section != section:
            section = task.section
            paper.heading(f"{sections.index(section) + 1}. {_sentence(section)}")
        paper.body(f"{task.code}. {_sentence(task.text)}")
        if len(task.results) <= FEW_WORDS:
            paper.body(_statuses(task))
            _sourced(paper, task.results)
        else:
            units = count(len(task.results))
            paper.body(
                f"{_statuses(task)} Kết quả cụ thể của {units} đơn vị tại {body.appendix('words')}."
            )


def _sentence(text: str) -> str:
    return text if text.endswith((".", "…")) else f"{text}."


def _statuses(task: TaskSection) -> str:
    told = [
        f"{count(number)} đơn vị {words}"
        for status, words in STATUSES.items()
        if (number := task.statuses.get(status, 0))
    ]
    return f"Theo báo cáo: {', '.join(told)}." if told else "Chưa có đơn vị báo cáo."


# III


def _targets(paper: Paper, body: _Body) -> None:
    report = body.report
    if not report.targets:
        paper.body("Kế hoạch không có chỉ tiêu.")
        return
    tables.targets(paper, report.targets)
    stated = [(f"Chỉ tiêu {target.code}", target.statements) for target in report.targets]
    _told(paper, body, "Đánh giá của các đơn vị", stated)
    corrected = [(f"Chỉ tiêu {target.code}", target.corrections) for target in report.targets]
    _told(paper, body, "Số liệu được đầu mối điều chỉnh so với cơ sở báo", corrected)


# IV, V


def _words(paper: Paper, body: _Body, field: str, none: str) -> None:
    said = [(f"Nhiệm vụ {task.code}", getattr(task, field)) for task in body.report.tasks]
    if not any(texts for _, texts in said):
        paper.body(none)
    _told(paper, body, "Ý kiến của các đơn vị", said)


def _told(
    paper: Paper, body: _Body, what: str, said: Sequence[tuple[str, Sequence[SourcedText]]]
) -> None:
    """Few words stand here, each below what they are about; of many it is said where they stand."""
    many = [(about, len(texts)) for about, texts in said if len(texts) > FEW_WORDS]
    if many:
        paper.body(f"{what} tại {body.appendix('words')}: {_counted(many)}.")
    for about, texts in said:
        if 0 < len(texts) <= FEW_WORDS:
            paper.body(f"{about}, {what[:1].lower()}{what[1:]}:", kept=True)
            _sourced(paper, texts)


def _sourced(paper: Paper, texts: Sequence[SourcedText]) -> None:
    for line in _lines(texts):
        paper.body(line)


def _lines(texts: Sequence[SourcedText]) -> Iterator[str]:
    for text in texts:
        yield f"- {text.name}: {' '.join(text.text.split())}"
