"""What the people of the demonstration write into their reports."""

from models.report import Draft, FigureDraft, FormTarget, LineDraft, ReportForm

RESULTS = (
    "Đã xây dựng chuyên mục trên Trang thông tin điện tử, cập nhật {n} tin, bài trong kỳ.",
    "Đã tổ chức {n} buổi sinh hoạt chuyên đề cho cán bộ, giáo viên và học sinh.",
    "Đã phổ biến tài liệu tuyên truyền đến {n} lượt người tham gia.",
    "Duy trì {n} hoạt động truyền thông qua nền tảng số của đơn vị.",
)
DIFFICULTIES = (
    "",
    "",
    "Thiết bị phục vụ truyền thông còn thiếu, đường truyền chưa ổn định.",
    "",
    "Chưa có cán bộ chuyên trách làm công tác truyền thông.",
)
PROPOSALS = ("", "", "", "Đề nghị tổ chức tập huấn kỹ năng truyền thông số.")


def filled(form: ReportForm, habit: int) -> Draft:
    """A whole report; `habit`, 0 to 99, decides what it says. What a hub has gathered stays."""
    return form.draft.model_copy(
        update={
            "lines": {
                line.code: form.draft.lines.get(line.code) or _line(form, habit + number)
                for number, line in enumerate(form.lines)
            },
            "figures": {target.code: _figure(form, target, habit) for target in form.targets},
            "summary": form.draft.summary,
        }
    )


def _line(form: ReportForm, number: int) -> LineDraft:
    if form.evidence_needed:
        return LineDraft(
            status="done",
            result="Đã thiết lập trang, kênh trên nền tảng số và đăng tin, bài thường xuyên.",
            links=f"https://kenh-{form.unit.lower()}.lamdong.example/",
        )
    if number % 17 == 16:
        return LineDraft(status="nothing")
    if number % 23 == 22:
        return LineDraft(status="not_started", difficulties=DIFFICULTIES[2])
    return LineDraft(
        status="ongoing",
        result=RESULTS[number % len(RESULTS)].format(n=number % 12 + 1),
        difficulties=DIFFICULTIES[number % len(DIFFICULTIES)],
        proposals=PROPOSALS[number % len(PROPOSALS)],
    )


def _figure(form: ReportForm, target: FormTarget, habit: int) -> FigureDraft:
    known = form.draft.figures.get(target.code, FigureDraft())
    if known != FigureDraft():
        return known
    if target.number is None:
        return FigureDraft(statement="Đã phân công người phụ trách và tham gia theo hướng dẫn.")
    if not target.counted:
        return FigureDraft(numerator=str(habit % 2))
    if form.reporters:
        return FigureDraft(numerator="0", denominator="0")
    whole = 1 if "cơ sở giáo dục xây dựng" in target.text else 20 + habit
    reached = whole if habit % 4 else whole * 9 // 10
    return FigureDraft(numerator=str(reached), denominator=str(whole))
