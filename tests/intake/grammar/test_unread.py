"""Nothing is left out in silence: every line is read, or named in a finding."""

import json
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.importing import import_document

HEADINGS = st.sampled_from(
    [
        "{n}. MỤC ĐÍCH, YÊU CẦU",
        "{n}. NHIỆM VỤ, GIẢI PHÁP",
        "{n}. CHỈ TIÊU",
        "{n}. CHƯƠNG TRÌNH BA NGÀY",
        "{n}. KINH PHÍ",
        "{n}. TỔ CHỨC THỰC HIỆN",
        "{n}. CHẾ ĐỘ BÁO CÁO",
    ]
)
LINES = st.sampled_from(
    [
        "- Rà soát hồ sơ {mark}.",
        "- Cây xanh {mark}.",
        "1. Sở A chủ trì, phối hợp với Sở B lập sổ {mark}.",
        "2. Sở B: mở lớp {mark}; xong trước ngày 30/6/2026.",
        "a) Đạt ít nhất 80% hộ có sổ {mark}.",
        "Sở A báo cáo kết quả {mark} về Sở B trước ngày 15 hằng tháng.",
        "Một câu không giao cho ai {mark}.",
        "Giao Sở C dọn kho {mark}.",
        "Thời gian: tháng 5/2026, đợt {mark}.",
        "+ Thực hiện: Phòng {mark}.",
        "Sở C:",
        "Quyết định này có hiệu lực từ ngày ký, bản {mark}.",
    ]
)
PARTS = st.lists(
    st.tuples(HEADINGS, st.lists(LINES, min_size=1, max_size=5)), min_size=1, max_size=4
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(parts=PARTS)
def test_every_line_is_read_or_named(parts, tmp_path: Path):
    lines = ["KẾ HOẠCH", "Thử đọc cho hết năm 2026", ""]
    marks: dict[int, str] = {}
    for roman, (heading, below) in zip(["I", "II", "III", "IV"], parts, strict=False):
        lines.append(heading.format(n=roman))
        for line in below:
            mark = f"QK{len(lines)}"
            lines.append(line.format(mark=mark))
            if mark in lines[-1]:
                marks[len(lines)] = mark
    path = tmp_path / "van-ban.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    plan, _ = import_document(path, otherwise=2026)

    read = plan.as_json()
    findings = {finding.line for finding in plan.findings}
    tasks, duties = plan.document.tasks, plan.document.reports
    parts_read = [*filter(None, [task.lines for task in tasks])]
    parts_read += filter(None, [duty.lines for duty in duties])
    text = json.dumps({**read, "findings": []}, ensure_ascii=False)
    sections = [finding.line for finding in plan.findings if "không giao việc" in finding.message]
    for number, mark in marks.items():
        heading = max(n for n in range(1, number) if lines[n - 1][:1] in "IV")
        assert (
            mark in text
            or number in findings
            or heading in sections
            or any(first <= number <= last for first, last in parts_read)
        ), lines[number - 1]
