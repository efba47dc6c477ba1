"""The shipped plan as its folder says it, and what is said about a folder with mistakes."""

import shutil
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from openpyxl import load_workbook

from intake.directory_export import export_units
from intake.plan_folder import read_directory, read_listed, read_plan
from intake.plan_lines import plan_lines
from models.directory import UnitKind
from models.finding import BadInput
from models.plan import ByDate, Ongoing, PlanDocument, Recurring, Relation, Undated
from models.policy import Policy

SHIPPED = Path(__file__).parents[2] / "plans" / "lam-dong-nq57"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped plan, to make mistakes in."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "plan"))


@pytest.fixture(scope="module")
def document() -> PlanDocument:
    return read_plan(SHIPPED).document


def problems(error: pytest.ExceptionInfo[BadInput]) -> str:
    return str(error.value)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def line_of(path: Path, part: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(n for n, line in enumerate(lines, start=1) if part in line)


# What the shipped plan says


def test_plan_has_its_nineteen_tasks_in_the_order_of_the_document(document: PlanDocument) -> None:
    letters = {"III.1": "abcd", "III.2": "abcdđe", "III.3": "abcdđ", "III.4": "abcd"}

    expected = [f"{section}.{letter}" for section in letters for letter in letters[section]]
    assert [task.code for task in document.tasks] == expected


def test_one_task_has_a_deadline_and_eighteen_are_ongoing(document: PlanDocument) -> None:
    dated = [task for task in document.tasks if isinstance(task.timing, ByDate)]

    assert [task.code for task in dated] == ["III.1.d"]
    assert dated[0].timing == ByDate(
        text="Hoàn thành trước tháng 03 năm 2026", relation=Relation.BEFORE, anchor="2026-03"
    )
    assert sum(isinstance(task.timing, Ongoing) for task in document.tasks) == 18


def test_every_task_and_report_stands_verbatim_on_its_lines(document: PlanDocument) -> None:
    source = (SHIPPED / "ke-hoach.txt").read_text(encoding="utf-8").split("\n")
    everything = " ".join(" ".join(source).split())

    for duty in document.duties:
        assert duty.lines is not None
        first, last = duty.lines
        written = " ".join(" ".join(source[first - 1 : last]).split())
        assert duty.text in written
        assert duty.timing.text in written
    for task in document.tasks:
        assert task.performers_text in everything
        assert task.section in everything
        assert all(phrase in task.performers_text for phrase in task.lead + task.cooperating)


def test_targets_days_and_recipients_are_complete(document: PlanDocument) -> None:
    assert [target.year for target in document.targets] == [2025] * 3 + [2026] * 2 + [2027] + [
        2030
    ] * 3
    numbers = [[(n.op, n.value, n.unit) for n in target.numbers] for target in document.targets]
    assert numbers == [
        [("=", 100, "%")],
        [("=", 100, "%")],
        [],
        [],
        [],
        [(">=", 1, "chương trình đào tạo, bồi dưỡng")],
        [("=", 100, "%")],
        [(">=", 80, "%")],
        [(">=", 70, "%")],
    ]
    assert [(day.task, day.date) for day in document.days] == [
        ("III.1.c", "05-18"),
        ("III.1.c", "10-01"),
        ("III.1.c", "10-10"),
    ]
    assert len(document.recipients) == 10


def test_units_report_twice_a_year_and_the_department_without_a_date(
    document: PlanDocument,
) -> None:
    units, department = document.reports

    assert units.gathered
    assert isinstance(units.timing, Recurring)
    assert units.timing.days == ("06-25", "12-15")
    assert isinstance(department.timing, Undated)
    assert department.timing.periods == ("H1", "H2")


def test_number_and_date_are_left_blank_as_in_the_document() -> None:
    plan = read_plan(SHIPPED)

    assert plan.number is None
    assert plan.officer.date is plan.document.date is None


def test_shipped_policy_writes_out_every_default() -> None:
    policy = read_plan(SHIPPED).officer.policy

    assert policy == Policy()
    assert policy.model_fields_set == set(Policy.model_fields)


def test_directory_has_the_124_communes() -> None:
    directory = read_directory(SHIPPED, schools=0)

    communes = directory.of_kinds((UnitKind.COMMUNE,))
    kinds = Counter(unit.name.removeprefix("UBND ").split()[0] for unit in communes)
    assert kinds == {"Xã": 103, "Phường": 20, "Đặc": 1}


def test_unknown_divisions_are_plainly_samples() -> None:
    directory = read_directory(SHIPPED, schools=0)

    samples = [unit for unit in directory.units.values() if unit.sample]
    assert len(samples) == 7
    assert all("mẫu" in unit.name and unit.kind is UnitKind.DIVISION for unit in samples)
    assert len(directory.of_kinds((UnitKind.OFFICE, UnitKind.DIVISION))) == 9


def test_every_shipped_address_is_in_a_reserved_domain() -> None:
    directory = read_directory(SHIPPED, schools=60)

    for unit in directory.units.values():
        assert unit.email.endswith(".example")
        assert unit.head_email.endswith(".example")


def test_sample_schools_are_added_to_a_list_without_schools() -> None:
    assert len(read_directory(SHIPPED).units) == 134 + 60
    assert len(read_directory(SHIPPED, schools=1605).units) == 134 + 1605


def test_no_sample_is_added_to_a_list_with_schools_of_its_own(folder: Path) -> None:
    with (folder / "units.csv").open("a", encoding="utf-8") as units:
        units.write("TH1,Trường Tiểu học số 1,school,22918,,,,,,\n")

    directory = read_directory(folder, schools=60)

    assert [unit.code for unit in directory.schools_of("22918")] == ["TH1"]
    assert len(directory.units) == 135


def test_spreadsheet_mark_and_decomposed_letters_are_read(folder: Path) -> None:
    path = folder / "units.csv"
    text = unicodedata.normalize("NFD", path.read_text(encoding="utf-8"))
    path.write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))

    assert read_directory(folder) == read_directory(SHIPPED)


# Mistakes


@pytest.mark.parametrize("name", ["plan.yaml", "officer.yaml"])
def test_missing_plan_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()

    with pytest.raises(BadInput) as error:
        read_plan(folder)

    assert problems(error) == f"{folder / name}: không tìm thấy tệp"


def test_missing_unit_list_is_named(folder: Path) -> None:
    (folder / "units.csv").unlink()

    with pytest.raises(BadInput) as error:
        read_directory(folder)

    assert problems(error) == f"{folder / 'units.csv'}: không tìm thấy tệp."


def test_file_in_another_encoding_is_refused_with_its_line(folder: Path) -> None:
    path = folder / "plan.yaml"
    path.write_bytes("title: ok\nissuer: Sở".encode("cp1258", errors="replace") + b"\xff\n")

    with pytest.raises(BadInput) as error:
        read_plan(folder)

    assert f"{path}, dòng 2: không phải bảng mã UTF-8" in problems(error)


def test_broken_yaml_is_refused_with_its_line(folder: Path) -> None:
    path = folder / "plan.yaml"
    replace(path, "issuer: Sở Giáo dục và Đào tạo", "issuer: [Sở Giáo dục")
    line = line_of(path, "number: null")

    with pytest.raises(BadInput) as error:
        read_plan(folder)

    assert f"{path}, dòng {line}: sai cú pháp YAML" in problems(error)


def test_unknown_and_missing_fields_are_told_together_with_path_and_line(folder: Path) -> None:
    path = folder / "plan.yaml"
    replace(path, "    to: Sở GDĐT", "    tới: Sở GDĐT")
    replace(path, 'anchor: "2026-03"', 'anchor: "2026-13"')
    duty, unknown = line_of(path, "code: V.1"), line_of(path, "tới:")
    anchor = line_of(path, "2026-13")

    with pytest.raises(BadInput) as error:
        read_plan(folder)

    assert problems(error).splitlines() == [
        f"{path}, dòng {anchor}: tasks.III.1.d.timing.anchor: giá trị “2026-13” không dùng được",
        f"{path}, dòng {duty}: reports.V.1.to: thiếu trường này",
        f"{path}, dòng {unknown}: reports.V.1.tới: không có trường này, có thể do gõ nhầm",
    ]


def test_problems_of_both_files_are_told_together(folder: Path) -> None:
    replace(folder / "plan.yaml", "kind: recurring", "kind: thường kỳ")
    replace(folder / "officer.yaml", "schools_earlier: 5", "schools_earlier: 0")

    with pytest.raises(BadInput) as error:
        read_plan(folder)

    assert "reports.V.1.timing: kind “thường kỳ” không phải là một trong" in problems(error)
    assert "policy.schools_earlier: phải từ 1 trở lên" in problems(error)


def test_two_tasks_with_one_code_are_refused(folder: Path) -> None:
    path = folder / "plan.yaml"
    replace(path, "code: III.2.đ", "code: III.2.d")

    with pytest.raises(BadInput) as error:
        read_plan(folder)

    assert "tasks.III.2.d.code: mã “III.2.d” bị trùng" in problems(error)


def test_phrase_in_two_groups_is_refused(folder: Path) -> None:
    replace(folder / "officer.yaml", "phrases: [Văn phòng Sở]", "phrases: [CÁC  cơ sở giáo dục]")

    with pytest.raises(BadInput) as error:
        read_plan(folder)

    assert "đã thuộc nhóm “Văn phòng Sở”" in problems(error)


def test_number_that_no_document_has_is_refused(folder: Path) -> None:
    replace(folder / "officer.yaml", "number: null", "number: abc")

    with pytest.raises(BadInput) as error:
        read_plan(folder)

    assert "number: Số, ký hiệu viết như 12/KH-SGDĐT" in problems(error)


def test_day_of_an_unknown_task_is_refused(folder: Path) -> None:
    replace(folder / "plan.yaml", "{task: III.1.c", "{task: III.9.c")

    with pytest.raises(BadInput) as error:
        read_plan(folder)

    assert "không có nhiệm vụ “III.9.c”" in problems(error)


def test_every_mistake_in_the_unit_list_is_told_with_its_line(folder: Path) -> None:
    path = folder / "units.csv"
    with path.open("a", encoding="utf-8") as units:
        units.write(
            "22918,Trùng mã,commune,,,,,,,\n"
            "S1,Loại lạ,ward,,,,,,,\n"
            "S2,Đầu mối lạ,school,99999,,,,,,\n"
            "S3,Vòng lặp,school,S4,,,,,,\n"
            "S4,Vòng lặp,school,S3,,,,,,\n"
            "S5,Thiếu ô\n"
            "S6,Thư sai,school,22918,,,0263 123,,,\n"
            ",Không mã,school,,,,,,,\n"
            "S7,Đầu mối hỏng,school,S1,,,,,,\n"
        )

    with pytest.raises(BadInput) as error:
        read_directory(folder)

    told = [finding.place.rpartition("dòng ")[2] for finding in error.value.findings]
    assert list(map(int, told)) == [136, 137, 138, 139, 140, 141, 142, 143]
    for message in (
        "dòng 136: mã “22918” đã dùng ở dòng 12 cho “UBND Phường Mũi Né”",
        "dòng 137: không có loại đơn vị “ward”",
        "dòng 138: đơn vị cấp trên “99999” không có trong tệp",
        "dòng 139: đầu mối của “S3” tạo thành vòng lặp",
        "dòng 140: đầu mối của “S4” tạo thành vòng lặp",
        "dòng 141: đơn vị mới “S5” chưa có loại",
        "dòng 142: thư điện tử “0263 123” không phải là một địa chỉ thư điện tử",
        "dòng 143: “Không mã” chưa có mã đơn vị",
    ):
        assert message in problems(error)


def test_unknown_and_missing_columns_are_refused(folder: Path) -> None:
    replace(folder / "units.csv", "code,name,kind,", "code,title,kind,")

    with pytest.raises(BadInput) as error:
        read_directory(folder)

    assert "dòng 1: danh bạ không có cột “title”" in problems(error)
    assert "dòng 1: thiếu cột “Tên đơn vị” (name), 134 đơn vị" in problems(error)


def test_list_may_have_vietnamese_headers_groups_and_deputies(folder: Path) -> None:
    path = folder / "units.csv"
    path.write_text(
        "Mã đơn vị;Tên đơn vị;Loại;Nhóm;Cấp phó;Thư cấp phó\n"
        "LDS;Lãnh đạo Sở;lãnh đạo;;;\n"
        "VP;Văn phòng Sở;văn phòng;;;\n"
        "GDTRH;Phòng GDTrH;phòng;Khối phòng;Bình;binh@x.example\n",
        encoding="utf-8",
    )

    unit = read_directory(folder, schools=0).units["GDTRH"]

    assert (unit.kind, unit.groups) == (UnitKind.DIVISION, ("Khối phòng",))
    assert (unit.deputy, unit.deputy_email) == ("Bình", "binh@x.example")


def as_workbook(folder: Path) -> None:
    """The list of units in two sheets of a workbook instead."""
    units = read_directory(folder, schools=0).units.values()
    export_units(folder / "units.xlsx", [unit for unit in units if unit.hub is None])
    workbook = load_workbook(folder / "units.xlsx")
    schools = workbook.create_sheet("Trường")
    schools.append(["Mã", "Tên", "Loại", "Trực thuộc"])
    schools.append(["TH1", "Trường Tiểu học số 1", "tiểu học", "Phường Mũi Né"])
    workbook.save(folder / "units.xlsx")


def test_list_may_be_a_workbook(folder: Path) -> None:
    as_workbook(folder)
    (folder / "units.csv").unlink()

    directory = read_directory(folder)

    assert len(directory.units) == 135
    assert [unit.code for unit in directory.schools_of("22918")] == ["TH1"]
    path, line = plan_lines(folder)["TH1"]
    assert (path.name, line) == ("units.xlsx", 2)


def test_two_lists_are_one_too_many(folder: Path) -> None:
    as_workbook(folder)

    with pytest.raises(BadInput) as error:
        read_directory(folder)

    assert problems(error) == f"{folder}: có cả units.csv và units.xlsx."


def test_what_the_list_lacks_is_told_together_with_its_mistakes(folder: Path) -> None:
    replace(folder / "units.csv", "VP,Văn phòng Sở,office,", "VP1,Văn phòng Sở,lạ,")

    with pytest.raises(BadInput) as error:
        read_directory(folder)

    assert "dòng 3: không có loại đơn vị “lạ”" in problems(error)
    assert "danh bạ không có đơn vị mã “VP”" in problems(error)


def test_doubtful_row_is_told_beside_what_was_read(folder: Path) -> None:
    row = "TH1,Trường Tiểu học số 1,school,22918,,,a@x.example,b@x.example,263123456,\n"
    with (folder / "units.csv").open("a", encoding="utf-8") as units:
        units.write(row + row)

    listed = read_listed(folder)

    assert listed.units["TH1"].phone == "0263123456"
    assert any("lặp lại dòng 136" in finding.message for finding in listed.findings)


def test_coordinator_and_leadership_must_be_in_the_directory(folder: Path) -> None:
    path = folder / "officer.yaml"
    replace(path, "coordinator: GDTRH", "coordinator: GDTX")
    replace(path, "leadership: LDS", "leadership: BGD")

    with pytest.raises(BadInput) as error:
        read_directory(folder)

    line = line_of(path, "coordinator: GDTX")
    assert problems(error).splitlines() == [
        f"{path}, dòng {line}: coordinator: danh bạ không có đơn vị mã “GDTX”",
        f"{path}, dòng {line + 1}: leadership: danh bạ không có đơn vị mã “BGD”",
    ]


def test_empty_contact_is_no_error(folder: Path) -> None:
    replace(folder / "units.csv", "vp@sgddt.lamdong.example", "")

    assert read_directory(folder).units["VP"].email == ""


def test_a_plan_brings_its_own_wording_of_letters(folder: Path) -> None:
    words = folder / "letters" / "vi" / "words.j2"
    words.parent.mkdir(parents=True)
    words.write_text("{% block closing %}Trân trọng cảm ơn.{% endblock %}", encoding="utf-8")

    assert read_plan(folder).letters == {"vi/words.j2": words.read_text(encoding="utf-8")}


def test_a_mistake_in_the_wording_is_named_with_file_and_line(folder: Path) -> None:
    words = folder / "letters" / "vi" / "words.j2"
    words.parent.mkdir(parents=True)
    words.write_text("\n{% block closing %}{{ ten }}{% endblock %}", encoding="utf-8")

    with pytest.raises(BadInput) as bad:
        read_plan(folder)

    (finding,) = bad.value.findings
    assert finding.place == f"{words}, dòng 2"
    assert "không có biến “ten”" in finding.message
