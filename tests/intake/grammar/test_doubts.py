"""What the reader is not sure of is said to the officer, and no date is made up for it."""

import time
from pathlib import Path

import pytest

from intake.importing import import_document
from models.imported import ImportedPlan
from models.timing import TimingKind


def read(folder: Path, text: str) -> ImportedPlan:
    path = folder / "van-ban.txt"
    path.write_text(text, encoding="utf-8")
    return import_document(path, otherwise=2026)[0]


def messages(plan: ImportedPlan) -> list[str]:
    return [finding.message for finding in plan.findings]


FAIR = """\
KẾ HOẠCH
Hội chợ cá nóc năm 2026
I. THỜI GIAN, ĐỊA ĐIỂM
1. Thời gian: từ ngày 12/9/2026 đến ngày 14/9/2026.
II. PHÂN CÔNG NHIỆM VỤ
1. Hội Nông dân dựng gian hàng; xong 04 ngày làm việc trước khi khai mạc hội chợ.
2. Đoàn Thanh niên treo cờ; xong 04 ngày trước khi khai mạc hội chợ.
3. Đội Xe trả mặt bằng; xong chậm nhất 03 ngày làm việc trước ngày 25/9/2026.
"""


def test_working_days_before_an_event_give_no_date_and_are_asked(tmp_path):
    plan = read(tmp_path, FAIR)

    working, plain = plan.readings["II.1"], plan.readings["II.2"]
    assert (working.kind, working.due) == (TimingKind.RELATIVE, None)
    assert working.confidence < 0.5
    assert any(m.startswith("II.1: “04 ngày làm việc trước") for m in messages(plan))
    assert str(plain.due) == "2026-09-08"
    dated = plan.readings["II.3"]
    assert (dated.due, dated.confidence < 0.5) == (None, True)
    assert "3 ngày làm việc trước ngày 25/09/2026: chưa tính ngày nghỉ" in dated.rule


PERIODS = """\
KẾ HOẠCH
Sửa cầu treo năm 2026
II. CÁC NHIỆM VỤ THỰC HIỆN TRONG QUÝ II NĂM 2026
1. Đội Cầu đường thay ván mặt cầu, xong trước ngày 15/8/2026.
2. Đội Cầu đường sơn dây cáp; riêng dây phía đông sơn trước ngày 10/4/2026.
3. Đội Cầu đường đặt biển báo, xong trước ngày 01/6/2026.
4. Đội Cầu đường lập dự toán năm 2027.
"""


def test_a_sentences_own_later_deadline_goes_before_its_heading_and_is_named(tmp_path):
    plan = read(tmp_path, PERIODS)

    due = {task.code: str(plan.readings[task.code].due) for task in plan.document.tasks}
    assert due == {
        "II.1": "2026-08-14",
        "II.2": "2026-06-30",
        "II.3": "2026-05-31",
        "II.4": "2026-06-30",
    }
    later = "II.1: hạn “trước ngày 15/8/2026” muộn hơn kỳ nêu ở tiêu đề"
    assert [m for m in messages(plan) if "cần xem lại" in m] == [
        later + "; đã lấy hạn trong câu, cần xem lại",
        "II.2: trong câu còn nêu “trước ngày 10/4/2026”, không lấy làm hạn; cần xem lại",
    ]


PASSED_OVER = """\
Số: 17/KH-UBND
Suối Mơ, ngày 20 tháng 02 năm 2026
KẾ HOẠCH
Vớt bèo hồ Suối Mơ năm 2026
II. NHIỆM VỤ
1. Đội Thủy nông vá thuyền bị hỏng ngày 15/02/2026.
2. Đội Thủy nông sơn phao tiêu theo biên bản họp ngày 12/3/2026.
3. Đội Thủy nông đan lưới.
4. Đội Thủy nông đắp bờ; các hộ được mượn xuồng; Đội Xe cử hai người.
5. Vườn ươm do Trạm Khuyến nông vận hành.
PHỤ LỤC
TT | Nhiệm vụ | Chủ trì | Thời gian
1 | Trồng tre giữ bờ | Đội Thủy nông | Vụ Xuân
2 | Thả cá giống trước ngày 11/6/2026 | Đội Thủy nông | Vụ Hè
3 | Nạo vét ngòi, xong trước ngày 17/9/2026 | Đội Thủy nông | 2026-2030
4 | Kéo lưới, xong trước ngày 17/9/2026 | Đội Thủy nông | Tháng 9/2026
"""


def test_days_that_are_nobodys_deadline_and_doers_in_passing_are_named(tmp_path):
    plan = read(tmp_path, PASSED_OVER)

    said = {(finding.line, finding.message) for finding in plan.findings}
    beside = "lấy “trước ngày 17/9/2026” nêu bên cạnh"
    assert said >= {
        (6, "II.1: trong câu có “ngày 15/02/2026”, không lấy làm hạn; cần xem lại"),
        (7, "II.2: trong câu có “ngày 12/3/2026”, không lấy làm hạn; cần xem lại"),
        (8, "không nêu thời gian"),
        (9, "“Đội Xe” được giao một phần việc, hiểu là phối hợp"),
        (
            10,
            "“Trạm Khuyến nông” đứng ở chỗ của đơn vị, hiểu là đơn vị thực hiện; cần kiểm tra",
        ),
        (14, "PL.2: thời gian ghi “Vụ Hè”, lấy “trước ngày 11/6/2026” nêu bên cạnh; cần xem lại"),
        (15, f"PL.3: thời gian ghi “2026-2030”, {beside}; cần xem lại"),
        (16, f"PL.4: thời gian ghi “Tháng 9/2026”, {beside}"),
    }
    assert plan.document.tasks[3].cooperating == ("Đội Xe",)
    assert {line for line, message in said if message == "không nêu thời gian"} == {8, 9, 10}


NUMBERED_RECIPIENTS = """\
KẾ HOẠCH
Vớt bèo hồ Suối Mơ năm 2026
II. NHIỆM VỤ
1. Đội Thủy nông vá thuyền.
Nơi nhận:
1. Đội Thủy nông xã;
2. Các thôn ven hồ;
3. Lưu: VT.
CHỦ TỊCH
"""


def test_numbered_recipients_are_no_paragraphs_gone_astray(tmp_path):
    plan = read(tmp_path, NUMBERED_RECIPIENTS)

    assert not [message for message in messages(plan) if "nằm sau chữ ký" in message]


@pytest.mark.parametrize(
    ("recipients", "stray"),
    [
        ("- Đội Thủy nông xã;\n- Lưu: VT.", True),
        ("1. Đội Thủy nông xã;\n2. Lưu: VT.", True),
        ("- Đội Thủy nông xã;\n- Các thôn ven hồ.", True),
        ("1. Đội Thủy nông xã;", False),
    ],
)
def test_a_task_below_the_recipients_is_none_of_them(tmp_path, recipients, stray):
    head, _, _ = NUMBERED_RECIPIENTS.partition("1. Đội Thủy nông xã")
    task = "2. Đội Xe chở đá trước ngày 12/5/2026."

    plan = read(tmp_path, f"{head}{recipients}\n{task}\n")

    said = f"nằm sau chữ ký, không đưa vào kế hoạch: “{task}”"
    assert (said in messages(plan)) is stray


REPORTS = """\
KẾ HOẠCH
Chống nóng đàn ong năm 2026
III. CHẾ ĐỘ BÁO CÁO
1. Các bản báo cáo Trạm Khuyến nông hằng tháng.
2. Các TKN báo cáo Trạm Khuyến nông trước ngày 12/6/2026 (6 tháng) và trước ngày 12/11/2026 (năm).
3. Trạm Khuyến nông báo cáo UBND xã trước ngày 05/12/2026.
4. Hội Nuôi ong báo cáo UBND xã vào ngày 27 hằng tháng.
5. Các bản gửi báo cáo 6 tháng đầu năm (trước ngày 16/6) và báo cáo năm (trước ngày 07/12) về xã.
6. Đội Ong tổng hợp kết quả thực hiện, tham mưu UBND xã báo cáo Hội Nuôi ong trước ngày 21/12/2026.
7. Trạm Thú y báo cáo quý I trước ngày 13/3, quý II trước ngày 12/6 và cả năm trước ngày 11/12.
IV. NHỮNG VIỆC TRONG QUÝ III NĂM 2026
1. Trạm Khuyến nông báo cáo kết quả về UBND xã trước ngày 08/9/2026.
"""


def test_reports_fall_due_only_on_days_the_document_gives(tmp_path):
    reports = read(tmp_path, REPORTS).as_json()["reports"]

    assert [(r["reporters"], r["dates"][:2], len(r["dates"])) for r in reports] == [
        (["Các bản"], [], 0),
        (["Các TKN"], ["06-12", "11-12"], 2),
        (["Trạm Khuyến nông"], ["12-05"], 1),
        (["Hội Nuôi ong"], ["01-27", "02-27"], 12),
        (["Các bản"], ["06-16", "12-07"], 2),
        (["Đội Ong"], ["12-21"], 1),
        (["Trạm Thú y"], ["03-13", "06-12"], 3),
        (["Trạm Khuyến nông"], ["09-08"], 1),
    ]


SIGNED = """\
UBND TỈNH MƯỜNG PHĂNG
Số: 91/QĐ-UBND
QUYẾT ĐỊNH
Ban hành Kế hoạch nuôi tằm năm 2026
Điều 1. Ban hành kèm theo Quyết định này Kế hoạch nuôi tằm năm 2026.
Điều 2. Quyết định này có hiệu lực kể từ ngày ký.
Nơi nhận:
- Như Điều 2;
- Lưu: VT.
KT. CHỦ TỊCH
PHÓ CHỦ TỊCH
{title}
I. NHIỆM VỤ
1. Trại Tằm tỉnh nuôi 500 vòng trứng, xong trước ngày 15/3/2026.
"""


def test_what_follows_a_signature_is_read_or_named(tmp_path):
    joined = read(tmp_path, SIGNED.format(title="KẾ HOẠCH\nnuôi tằm của tỉnh năm 2026"))
    stray = read(tmp_path, SIGNED.format(title="Bản thảo chưa trình"))

    assert [task.lead for task in joined.document.tasks] == [("Trại Tằm tỉnh",)]
    assert stray.document.tasks == ()
    assert any(m.startswith("nằm sau chữ ký") and "Trại Tằm" in m for m in messages(stray))


BY_PLACE = """\
KẾ HOẠCH
Mở lò gốm năm 2026
I. TỔ CHỨC THỰC HIỆN
1. Lò gốm
a) Nung 20 bộ ấm.
b) Sửa kho củi.
2. Phường Đông: chuẩn bị mặt bằng.
3. Lò bát: chuẩn bị đường vào lò.
"""


def test_who_is_known_by_the_place_alone_is_to_be_checked(tmp_path):
    plan = read(tmp_path, BY_PLACE)

    assert [task.lead for task in plan.document.tasks] == [
        ("Lò gốm",),
        ("Lò gốm",),
        ("Phường Đông",),
        ("Lò bát",),
    ]
    asked = "đứng ở chỗ của đơn vị, hiểu là đơn vị thực hiện; cần kiểm tra"
    doubted = [message for message in messages(plan) if asked in message]
    assert doubted == [f"“Lò gốm” {asked}", f"“Lò bát” {asked}"]


@pytest.mark.parametrize(
    "words", ["do Sở A ", "giao Sở A ", "Phòng Hậu cần ", "Sở A (PC07) ", "các xã, phường, "]
)
def test_a_line_without_end_is_cut_and_said(tmp_path, words):
    endless = (words * 30_000)[:30_000].strip()
    cells = f"1 | {endless} | {endless} | quý I"
    begun = time.monotonic()

    plan = read(
        tmp_path,
        f"KẾ HOẠCH\nThử năm 2026\nI. NHIỆM VỤ\n1. Sở Y tế dọn kho.\n2. {endless}\n"
        "3. Trung tâm Kiểm soát bệnh tật tỉnh phun thuốc.\n"
        f"PHỤ LỤC\nTT | Nhiệm vụ | Chủ trì | Thời gian\n{cells}\n2 | Xây bể | Sở C | quý II\n",
    )

    assert time.monotonic() - begun < 60  # it was minutes; now it is a second
    cut = [finding.line for finding in plan.findings if "chỉ đọc 10000 ký tự" in finding.message]
    assert cut == [5, 9]
    leads = {task.lead for task in plan.document.tasks}
    assert leads >= {
        ("Sở Y tế",),
        ("Trung tâm Kiểm soát bệnh tật tỉnh",),
        ("Sở C",),
    }


PARTY = """\
{above}
Số: 31-KH/ĐU
ĐẢNG CỘNG SẢN VIỆT NAM
Suối Mơ, ngày 06 tháng 01 năm 2026
KẾ HOẠCH
Thi đua trồng cây ở đèo Suối Mơ năm 2026
1. Đội Cầu đường trồng cây, xong trước ngày 26/3/2026.
"""


@pytest.mark.parametrize(
    ("above", "issuer"),
    [
        ("ĐẢNG BỘ TỈNH MƯỜNG PHĂNG\nĐẢNG ỦY XÃ SUỐI MƠ", "Đảng ủy xã Suối Mơ"),
        ("TỔNG CÔNG TY CHÈ TÂY NGUYÊN", "Tổng công ty Chè Tây Nguyên"),
        ("CÔNG TY TNHH CẤP NƯỚC SUỐI MƠ", "Công ty TNHH Cấp nước Suối Mơ"),
        ("TRUNG TÂM KIỂM SOÁT BỆNH TẬT", "Trung tâm Kiểm soát bệnh tật"),
        ("CÔNG AN TỈNH MƯỜNG PHĂNG\nNAM", "Công an tỉnh Mường Phăng"),
        ("TRƯỜNG ĐẠI HỌC LÂM NGHIỆP VÀ NHIỆT ĐỚI", "Trường Đại học Lâm nghiệp và Nhiệt đới"),
        ("SỞ KHOÁNG SẢN VÀ MÔI\nTRƯỜNG", "Sở Khoáng sản và Môi trường"),
        ("UBND XÃ SUỐI MƠ\nVĂN PHÒNG", "Văn phòng UBND xã Suối Mơ"),
        ("ỦY BAN NHÂN DÂN TỈNH MƯỜNG PHĂNG", "Ủy ban nhân dân tỉnh Mường Phăng"),
        ("KHO BẠC NHÀ NƯỚC KHU VỰC IX", "Kho bạc Nhà nước khu vực IX"),
        ("TẬP ĐOÀN BƯU CHÍNH VIỄN THÔNG VIỆT NAM", "Tập đoàn Bưu chính viễn thông Việt Nam"),
    ],
)
def test_an_issuer_in_capitals_gets_the_letters_of_its_name(tmp_path, above, issuer):
    assert read(tmp_path, PARTY.format(above=above)).document.issuer == issuer


PERIODS_AS_PARTS = """\
CHƯƠNG TRÌNH
Công tác Đoàn của nông trường năm 2026
I. QUÝ I
1. Trồng 90 gốc chè (ngày 22/02/2026): Chi đoàn đội 3.
2. Vớt bèo kênh mương, xong trước ngày 13/3/2026: Chi đoàn đội 5.
II. 6 THÁNG CUỐI NĂM
1. Thi hái chè giỏi: Chi đoàn đội 3, Chi đoàn đội 5.
2. Tham mưu dựng trại trước ngày 24/11; vẽ phác thảo trong quý III: Chi đoàn đội 3.
III. THƯỜNG XUYÊN
1. Đọc báo đầu buổi: Các chi đoàn.
"""


def test_periods_may_head_the_parts_and_who_acts_may_stand_last(tmp_path):
    plan = read(tmp_path, PERIODS_AS_PARTS)

    read_as = [
        (task.code, task.lead, str(plan.readings[task.code].due)) for task in plan.document.tasks
    ]
    assert read_as == [
        ("I.1", ("Chi đoàn đội 3",), "2026-02-22"),
        ("I.2", ("Chi đoàn đội 5",), "2026-03-12"),
        ("II.1", ("Chi đoàn đội 3", "Chi đoàn đội 5"), "2026-12-31"),
        ("II.2", ("Chi đoàn đội 3",), "2026-11-23"),
        ("III.1", ("Các chi đoàn",), "None"),
    ]
    assert plan.readings["III.1"].kind is TimingKind.ONGOING


BROKEN = """\
KẾ HOẠCH
Rà soát quy hoạch cán bộ của Hợp tác xã Suối Mơ năm 2026
II. NHIỆM VỤ CỤ THỂ ĐƯỢC GIAO CHO CÁC TỔ, ĐỘI CỦA HỢP TÁC XÃ
- Tổ Kế toán và Tổ Kiểm soát rà soát danh sách quy hoạch nhiệm kỳ 2025
- 2030 và 2030 - 2035, xong trước ngày 14/5/2026.
- Đội Thủy nông lồng ghép việc nạo vét với việc kiểm tra cống đầu mối.
"""


def test_a_dash_between_two_years_begins_nothing(tmp_path):
    plan = read(tmp_path, BROKEN)

    assert [(task.code, str(task.timing.text)) for task in plan.document.tasks] == [
        ("II.1", "trước ngày 14/5/2026"),
        ("II.2", ""),
    ]


INSPECTION = """\
KẾ HOẠCH
Kiểm tra, giám sát các hợp tác xã năm 2026
II. NỘI DUNG
1. Kiểm tra 03 hợp tác xã về việc thu thủy lợi phí
- Đối tượng: Hợp tác xã Suối Mơ, Hợp tác xã Hồ Mẫu.
- Mốc kiểm tra: từ tháng 02/2024 đến tháng 11/2025.
- Thời gian: quý II/2026, kết thúc trước ngày 24/6/2026.
- Chủ trì: Liên minh Hợp tác xã tỉnh.
"""


def test_what_is_inspected_is_no_task_of_its_own(tmp_path):
    (task,) = read(tmp_path, INSPECTION).document.tasks

    assert (task.code, task.lead) == ("II.1", ("Liên minh Hợp tác xã tỉnh",))
    assert task.timing.text == "quý II/2026, kết thúc trước ngày 24/6/2026"
    assert task.text.startswith("Kiểm tra 03 hợp tác xã")
