"""A letter of every kind, made up: for previews, for trying a plan's own wording, for review."""

from datetime import date

from letters.letter import Letter, Line, Overdue
from models.deadline import RungKind

PLAN = "Kế hoạch truyền thông thực hiện Nghị quyết 57-NQ/TW"
TAG = "NQ57-2026"
LINK = "https://dondoc.example/don-vi/"
CHANNEL = "Xây dựng chuyên mục, kênh truyền thông trên các nền tảng số"
PHRASE = "Hoàn thành trước tháng 03 năm 2026"
RULE = "“trước” là không kể tháng 3 năm 2026"
COMMUNE, DIVISION = "UBND xã Mẫu", "Phòng Giáo dục Trung học"
ESCALATION = RungKind.ESCALATION


def _line(kind: str, **fields: object) -> Line:
    usual: dict[str, object] = {
        "level": 0,
        "unit": "X1",
        "unit_name": COMMUNE,
        "own": True,
        "code": "III.1.d",
        "occurrence": "han",
        "title": f"III.1.d. {CHANNEL}",
        "last_day": date(2026, 2, 28),
        "phrase": PHRASE,
        "rule": RULE,
        "next_day": date(2026, 3, 2),
        "next_head": True,
    }
    return Line(kind=kind, **{**usual, **fields})  # type: ignore[arg-type]


def _after(day: date, *, head: bool = False, to: tuple[str, ...] = ()) -> dict[str, object]:
    return {"next_day": day, "next_head": head, "next_to": to}


NOTHING: dict[str, object] = {"next_day": None, "next_head": False}
UNDATED: dict[str, object] = {**NOTHING, "last_day": None, "phrase": "", "rule": ""}


def _to(unit: str, code: str, *lines: Line, on: date, overdue: tuple[Overdue, ...] = ()) -> Letter:
    return Letter(PLAN, unit, lines, on, f"{LINK}{code}", tag=TAG, sender=DIVISION, overdue=overdue)


def _commune(*lines: Line, on: date) -> Letter:
    return _to(COMMUNE, "X1", *lines, on=on)


def _division(*lines: Line, on: date, overdue: tuple[Overdue, ...] = ()) -> Letter:
    return _to(DIVISION, "GDTRH", *lines, on=on, overdue=overdue)


def _others(kind: str, number: int, **fields: object) -> list[Line]:
    """The same of `number` communes."""
    return [
        _line(kind, own=False, unit=f"X{n}", unit_name=f"UBND xã Mẫu {n}", **fields)
        for n in range(1, number + 1)
    ]


def _school(kind: str, name: str, **fields: object) -> Line:
    return _line(kind, own=False, unit=name, unit_name=name, last_day=date(2026, 2, 13), **fields)


def _overdue() -> tuple[Overdue, ...]:
    people = (
        ("Trường Tiểu học Mẫu", "Cán bộ A", "0263 000 001", date(2026, 3, 5), date(2026, 3, 12)),
        ("UBND xã Mẫu", "Cán bộ B", "0263 000 002", date(2026, 3, 6), None),
        ("UBND phường Mẫu", "", "0263 000 003", None, None),
        ("Trường THCS Mẫu", "", "", None, None),
    )
    return tuple(
        Overdue(
            assignment=f"nq57/2026/III.1.d/han/U{number}",
            unit=f"U{number}",
            unit_name=name,
            code="III.1.d",
            occurrence="han",
            title=f"III.1.d. {CHANNEL}",
            last_day=date(2026, 2, 28),
            days_late=9,
            level=2,
            focal_person=person,
            phone=phone,
            called_on=called,
            call="Đang chờ duyệt nội dung" if called else "",
            promised=promised,
        )
        for number, (name, person, phone, called, promised) in enumerate(people, start=1)
    )


_SCHOOL_NEXT = _after(date(2026, 2, 25), to=(DIVISION,))
_REPORT = {
    "code": "V.1",
    "occurrence": "H1",
    "title": "V.1. Báo cáo kết quả thực hiện kỳ 25/6",
    "last_day": date(2026, 6, 24),
    "phrase": "trước ngày 25/6 và 15/12 hàng năm",
    "rule": "“trước” là không kể ngày 25/6/2026",
    **_after(date(2026, 6, 25), head=True),
}

# By the name `dondoc notices preview --kind` knows them by.
EXAMPLES: dict[str, Letter] = {
    "assigned": _commune(
        _line("assigned"),
        _line(
            "assigned",
            code="III.1.a",
            title="III.1.a. Tuyên truyền thường xuyên trên cổng thông tin điện tử",
            **UNDATED,
        ),
        _line("assigned", **_REPORT),
        on=date(2026, 1, 6),
    ),
    "dated": _commune(
        _line("dated", phrase="theo quy định", rule="hạn do cán bộ ấn định"), on=date(2026, 2, 3)
    ),
    "acknowledgement": _commune(
        _line(RungKind.ACKNOWLEDGEMENT, **_after(date(2026, 1, 9), to=(DIVISION,))),
        _line(RungKind.ACKNOWLEDGEMENT, **{**_REPORT, **_after(date(2026, 1, 9), to=(DIVISION,))}),
        on=date(2026, 1, 7),
    ),
    "acknowledgement-missing": _division(
        *_others(RungKind.ACKNOWLEDGEMENT, 9, level=1, **NOTHING), on=date(2026, 1, 9)
    ),
    "reminder": _commune(_line(RungKind.REMINDER), on=date(2026, 2, 13)),
    "due": _commune(_line(RungKind.DUE), on=date(2026, 2, 27)),
    "due-late": _commune(_line(RungKind.DUE), on=date(2026, 3, 2)),
    "overdue": _to(
        f"Lãnh đạo {COMMUNE}",
        "X1",
        _line(ESCALATION, level=1, **_after(date(2026, 3, 4), to=(DIVISION,))),
        on=date(2026, 3, 2),
    ),
    "overdue-schools": _commune(
        _school(ESCALATION, "Trường Tiểu học Mẫu", level=1, **_SCHOOL_NEXT),
        _school(ESCALATION, "Trường THCS Mẫu", level=1, **_SCHOOL_NEXT),
        on=date(2026, 2, 23),
    ),
    "overdue-many": _division(
        *_others(ESCALATION, 62, level=2, **_after(date(2026, 3, 10), to=("Lãnh đạo Sở",))),
        on=date(2026, 3, 4),
    ),
    "overdue-leadership": _to(
        "Lãnh đạo Sở", "LDS", *_others(ESCALATION, 7, level=3, **NOTHING), on=date(2026, 3, 10)
    ),
    "overdue-withdrawn": _division(
        *_others("escalation_withdrawn", 1, **NOTHING), on=date(2026, 3, 4)
    ),
    "adopted": _commune(
        _line("adopted", **_after(date(2026, 6, 17), head=True)), on=date(2026, 6, 16)
    ),
    "returned": _commune(
        _line(
            "returned",
            text="Đề nghị bổ sung địa chỉ kênh và số liệu kèm theo.",
            last_day=date(2026, 3, 5),
            rule="trả lại, nộp lại trong 5 ngày làm việc",
            **_after(date(2026, 3, 6), head=True),
        ),
        on=date(2026, 2, 26),
    ),
    "accepted": _commune(_line("accepted", **NOTHING), on=date(2026, 2, 26)),
    "reopened": _commune(_line("reopened"), on=date(2026, 2, 12)),
    "submitted": _division(
        *_others("submitted", 3, **_after(date(2026, 3, 4), to=("Lãnh đạo Sở",))),
        on=date(2026, 2, 25),
    ),
    "withdrawn": _division(*_others("withdrawn", 1, **NOTHING), on=date(2026, 2, 25)),
    "review": _division(
        *_others(RungKind.REVIEW, 2, **_after(date(2026, 3, 4), to=("Lãnh đạo Sở",))),
        on=date(2026, 3, 2),
    ),
    "extension-asked": _division(
        *_others("extension_asked", 1, text="Đơn vị đang chờ bổ sung minh chứng.", **NOTHING),
        on=date(2026, 2, 24),
    ),
    "extension-granted": _commune(
        _line(
            "extension_granted",
            last_day=date(2026, 3, 10),
            rule="được gia hạn đến hết ngày 10/03/2026",
            **_after(date(2026, 3, 11), head=True),
        ),
        on=date(2026, 2, 26),
    ),
    "extension-refused": _commune(
        _line("extension_refused", text="Nội dung đã rõ, đề nghị nộp đúng hạn."),
        on=date(2026, 2, 26),
    ),
    "rescheduled": _commune(
        _line(
            "rescheduled",
            text="Theo văn bản điều chỉnh của cấp trên.",
            last_day=date(2026, 4, 15),
            rule="dời hạn đến hết ngày 15/04/2026",
            **_after(date(2026, 4, 16), head=True),
        ),
        on=date(2026, 2, 26),
    ),
    "reassigned": _commune(_line("reassigned", **NOTHING), on=date(2026, 2, 26)),
    "cancelled": _commune(_line("cancelled", **NOTHING), on=date(2026, 2, 26)),
    "suspended": _commune(
        _line("suspended", text="Chờ văn bản hướng dẫn của cấp trên.", **NOTHING),
        on=date(2026, 2, 3),
    ),
    "resumed": _commune(
        _line(
            "resumed",
            last_day=date(2026, 3, 20),
            rule="tạm dừng từ ngày 02/02/2026, tiếp tục từ ngày 02/03/2026 với 14 ngày làm việc "
            "còn lại: hết ngày 20/03/2026",
            **_after(date(2026, 3, 21), head=True),
        ),
        on=date(2026, 3, 3),
    ),
    "instruction": _commune(
        _line("instruction", text="Tập trung hoàn thành trước kỳ họp.", **NOTHING),
        on=date(2026, 2, 24),
    ),
    "ask-allocation": _division(
        _line(
            "ask-allocation",
            unit="",
            unit_name="",
            own=False,
            code="III.2.a",
            title="III.2.a. Biên soạn tài liệu truyền thông",
            why="theo phân công nhiệm vụ được giao",
            **UNDATED,
        ),
        on=date(2026, 1, 12),
    ),
    "ask-date": _division(
        _line(
            "ask-date",
            unit="",
            unit_name="",
            own=False,
            code="V.2",
            occurrence="H1",
            title="V.2. Tổng hợp, báo cáo UBND tỉnh",
            why="theo quy định",
            **UNDATED,
        ),
        on=date(2026, 2, 5),
    ),
    "ask-document": _division(
        _line(
            "ask-document",
            unit="",
            unit_name="",
            own=False,
            code="IV.3",
            title="IV.3. Triển khai theo hướng dẫn",
            why="sau khi có văn bản hướng dẫn",
            **UNDATED,
        ),
        on=date(2026, 2, 5),
    ),
    "ask-adoption": _division(
        _line("ask-adoption", unit="", unit_name="", own=False, **UNDATED), on=date(2026, 6, 16)
    ),
    "ask-resumption": _division(
        _line("ask-resumption", unit="", unit_name="", own=False, why="X1", **UNDATED),
        on=date(2026, 3, 2),
    ),
    "command-failed": _division(
        _line("command_failed", own=False, why="OSError: đĩa đầy", **UNDATED), on=date(2026, 2, 5)
    ),
    "undeliverable": _division(
        _line(
            "undeliverable",
            own=False,
            why="x1@xa-mau.example: 550 không có hộp thư này",
            **UNDATED,
        ),
        on=date(2026, 2, 5),
    ),
    "digest": _commune(
        _line(
            "returned",
            text="Thiếu minh chứng.",
            code="III.1.c",
            occurrence="18-05",
            title="III.1.c. Hưởng ứng ngày 18/5",
            last_day=date(2026, 6, 10),
            phrase="ngày 18/5 hằng năm",
            rule="trả lại, nộp lại trong 5 ngày làm việc",
            **_after(date(2026, 6, 11), head=True),
        ),
        _line(RungKind.REMINDER, **_REPORT),
        _school(ESCALATION, "Trường Tiểu học Mẫu", level=1, **_SCHOOL_NEXT),
        *(
            _line(
                "assigned",
                code=f"III.4.{n}",
                title=f"III.4.{n}. Nhiệm vụ thường xuyên {n}",
                **UNDATED,
            )
            for n in range(1, 16)
        ),
        on=date(2026, 6, 3),
    ),
    "week": _division(on=date(2026, 3, 9), overdue=_overdue()),
    "on-behalf": _commune(
        _line(RungKind.REMINDER, unit="T3", unit_name="Trường Ba"),
        on=date(2026, 2, 13),
    )._replace(
        on_behalf="Thư này dành cho Trường Ba, đơn vị chưa có địa chỉ liên hệ trong danh bạ."
    ),
}
