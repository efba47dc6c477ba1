"""How timing expressions are written: each form as a pattern over folded text, in order."""

from rules.timing.atoms import Mark, Unit
from rules.timing.builders import (
    Builder,
    bare_unit,
    calendar_year,
    clock,
    count,
    day,
    day_of_months,
    day_of_next_month,
    days,
    dotted_days,
    every,
    every_months,
    first_days,
    first_of_days,
    hour,
    listed,
    month_of_year,
    months_of_year,
    of_quarter,
    one,
    only_day,
    part,
    related_days,
    school_year,
    some_months,
    times,
    week,
    weekday,
)
from rules.timing.words import MONTH_WORDS, ROMAN, SPELLED, YEAR

OF_YEAR = rf"(?:(?:/|-|\.| - | / |(?: ,)? )(?:năm )?(?P<y>{YEAR}))?"
DAY_WORD = "(?:ngày |mùng |mồng )"
CITED_DAY = (
    rf"(?: ngày (?:\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}|\d{{1,2}} tháng \d{{1,2}} năm {YEAR}))?"
)
DOTS = "[.…/_ -]{0,40}"
EVERY_WORD = "(?:hằng|hàng|mỗi|từng)"
QUARTER_WORD = "(?:quý|quí)"
# "28.8 và 15.9" are days where the clause ends behind them, or a year does it; before a unit, also
# that of a number listed after them, they are numbers.
DOTTED_DAY = r"[0-3]?\d\.(?:0?[1-9]|1[0-2])(?!\d)"
FULL_DAY = r"\d{1,2}(?:/\d{1,2}|[.-]\d{1,2}[./-]\d{4})(?!\d)"
EVERY_YEAR = rf"(?: của)? {EVERY_WORD} năm\b"
DOTTED_DAYS = (
    rf"(?P<days>{DOTTED_DAY}(?:(?: và | , ){DOTTED_DAY})*)"
    rf"(?:(?:/| / |(?: ,)? (?:của )?năm )(?P<y>{YEAR})|"
    rf"(?= ?[.;)](?!\d)|{EVERY_YEAR}| ,(?! \d+\.\d)| và (?!\d)|(?: ,| và) {FULL_DAY}|$))"
)
# "Ngày 10 tháng 6, 7 và tháng 9": of each of the months, not "10 tháng 6, 7 xã".
A_MONTH = r"(?:1[0-2]|0?[1-9])(?!\d)"
DAY_OF_MONTHS = (
    rf"{DAY_WORD}(?P<d>\d{{1,2}}) tháng (?P<months>{A_MONTH}"
    rf"(?:(?: , (?:tháng )?{A_MONTH})* và (?:tháng )?{A_MONTH}|(?: , {A_MONTH})+))"
    rf"(?:(?:/|-|\.| - | / |(?: ,)? (?:của )?(?:năm )?)(?P<y>{YEAR})|"
    rf"(?= ?[.;:)](?! ?\d)|{EVERY_YEAR}| , (?!\d)| và (?!\d)|$))"
)
# "Trừ tháng 7, 8" is said of time; "phòng trừ sâu bệnh", "không kể ngày nghỉ" are not.
EXCEPT = (
    "(?:(?:ngoại |loại )?trừ|không (?:kể|tính))(?: các| những| từ)*"
    rf"(?= (?:(?:tháng|t|tuần) ?\d|(?:tháng|quý|quí) (?:\d|{ROMAN}\b|{MONTH_WORDS})|năm \d{{4}}"
    r"|(?:ngày )?\d{1,2}/\d))"
    # Which days these are is known to whoever wrote them.
    "|(?:(?:ngoại |loại )?trừ|không (?:kể|tính))(?: các| những| tháng| quý| quí| dịp| kỳ)*"
    " (?:nghỉ hè|hè|nghỉ tết|tết|cao điểm|(?<=tháng )(?:đầu|cuối)(?: năm| quý)?)"
)
SOME_MONTHS = r"(?P<n>06|6|sáu|03|3|ba|09|9|chín)(?P<which>) tháng(?: của)? năm"
PER = "(?:năm|quý|quí|tháng|tuần|ngày)"

# The order matters: what is found first at a place is what stands there.
GRAMMAR: tuple[tuple[str, Builder], ...] = (
    ("trong đó|riêng", one(Mark.APART)),
    (EXCEPT, one(Mark.EXCEPT)),
    # Words that look like timing and are not.
    (
        (
            "trước (?:hết|mắt|đây|đó|tiên|nay|pháp luật|nhân dân)|từ trước đến nay"
            "|(?:kinh phí|chi|ngân sách|giáo dục|vốn|nguồn|đầu tư) thường xuyên"
            "|(?:việt|miền|phía) nam|nam bộ|đến từ|từ điển|trong (?:đó|sạch)|ngoài ra"
            "|khấu trừ|bù trừ|phòng trừ|sau đây|như sau|sau đó|sau cùng"
            # The session has a day of its own, which the phrase does not say.
            r"|(?:kỳ họp|phiên họp|đại hội)(?: [^ \d]+){0,6}? (?:đầu|giữa|cuối) năm(?: \d{4})?"
        ),
        one(Mark.OTHER),
    ),
    (
        (
            rf"(?:số )?\d{{1,5}}[a-z]{{0,2}}(?:/\d{{4}})?/"
            rf"(?!(?:tháng|t|quý|quí|q|năm|tuần|lần|ngày)\b)[a-z_]+(?:[-/][a-z_]+){{0,6}}{CITED_DAY}"
            rf"|(?:số )?\d{{1,5}}-[a-z_]+/[a-z_]+(?:[-/][a-z_]+){{0,6}}{CITED_DAY}"
            rf"|số \d{{1,5}}{CITED_DAY}"
        ),
        one(Mark.CITATION),
    ),
    # Dates, the fullest forms first.
    (r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})", day),
    (
        (
            rf"(?P<word>{DAY_WORD})?(?P<d>\d{{1,2}})(?P<sign>[/.-])(?P<m>\d{{1,2}})(?P=sign)"
            r"(?P<y>\d{4}|\d{2})"
        ),
        day,
    ),
    (rf"{DAY_WORD}?(?P<d>\d{{1,2}})[/.](?P<m>\d{{1,2}})[-./](?P<y>\d{{4}})", day),
    (DAY_OF_MONTHS, day_of_months),
    (
        (
            rf"{DAY_WORD}?(?P<d>\d{{1,2}})(?:/|,)? ?(?P<word>tháng) ?"
            rf"(?P<m>\d{{1,2}}|{MONTH_WORDS})(?! lần){OF_YEAR}"
        ),
        day,
    ),
    (
        (
            rf"(?:{DAY_WORD}(?P<d>\d{{1,2}})(?: của)? )?tháng (?P<which>cuối cùng|cuối|"
            rf"đầu tiên|đầu|giữa|thứ nhất|thứ hai|thứ ba)(?: của)?(?: {EVERY_WORD})? {QUARTER_WORD}"
            rf"(?: (?P<q>{ROMAN}|[1-4])(?!\w){OF_YEAR})?"
            "(?: (?:sau|tiếp theo|kế tiếp|liền kề|báo cáo))?"
        ),
        of_quarter,
    ),
    (
        (
            rf"{DAY_WORD}(?P<d>\d{{1,2}})(?: của)?(?: đầu)? tháng"
            "(?: liền)? (?:sau|tiếp theo|kế tiếp|liền kề|tiếp|kế)(?: liền kề)?"
        ),
        day_of_next_month,
    ),
    (
        (
            rf"tháng{DOTS}năm(?! năm)(?: {YEAR})?|ngày{DOTS}tháng \d{{1,2}}{OF_YEAR}"
            rf"|ngày{DOTS}[/.…_]{DOTS}{YEAR}"
        ),
        one(Mark.BLANK),
    ),
    (
        (
            rf"{DAY_WORD}?(?P<a>\d{{1,2}})(?:-| - )(?P<b>\d{{1,2}})"
            r"/(?P<m>\d{1,2})(?:/(?P<y>\d{4}))?"
        ),
        days,
    ),
    (
        r"từ (?:ngày )?(?P<d>\d{1,2})(?= (?:đến|tới|-)(?: hết)?(?: ngày)? \d{1,2}(?:/| tháng ))",
        first_of_days,
    ),
    (
        (
            rf"(?P<n>\d{{1,2}}|{SPELLED}) ngày đầu(?: tiên)?(?: của)? tháng "
            rf"(?P<m>\d{{1,2}}|{MONTH_WORDS}){OF_YEAR}"
        ),
        first_days,
    ),
    # Of what is told, "9 tháng năm 2026" are the first nine; a course of that length is none.
    (
        (
            r"(?:báo cáo|kết quả|số liệu|sơ kết)(?: [^ \d]+){0,3}? "
            rf"{SOME_MONTHS} (?P<y>{YEAR})"
        ),
        some_months,
    ),
    # So they are where nothing else is said.
    (
        rf"(?:^(?=\w+ tháng(?: của)? năm \d+ ?[.;]?$)|(?<=trong )){SOME_MONTHS} (?P<y>{YEAR})",
        some_months,
    ),
    # "Tình hình 6 tháng năm 2026": what is spoken of.
    (rf"(?:06|6|sáu|09|9|chín) tháng(?: của)? năm {YEAR}", one(Mark.OTHER)),
    # "6 tháng trước ngày 10/6" names a report.
    (
        (
            "(?:06|6|sáu|03|3|ba|09|9|chín) tháng(?= (?:trước|chậm nhất|muộn nhất)(?: là)?"
            r"(?: ngày)? \d{1,2}(?:/| tháng ))"
        ),
        one(Mark.FILLER),
    ),
    # Recurrences, before the periods they are made of.
    (
        (
            rf"(?:{EVERY_WORD} |định kỳ |định kì )?(?P<n>\d{{1,2}}|{SPELLED}) tháng"
            "(?:/| (?:một |1 |01 )?)lần"
        ),
        every_months,
    ),
    (
        (
            rf"(?:định kỳ|định kì|{EVERY_WORD}|báo cáo)(?: {EVERY_WORD})? "
            "(?P<n>06|6|sáu|03|3|ba|12) tháng(?! (?:đầu|cuối))"
        ),
        every_months,
    ),
    (
        rf"(?P<n>\d{{1,2}}|{SPELLED}) lần(?:/| (?:{EVERY_WORD} |một |trong |1 )?)(?P<unit>{PER})",
        times,
    ),
    # "2 năm một lần" is no recurrence within a year.
    (
        rf"(?:\d{{1,2}}|{SPELLED}) (?:năm|quý|quí|tuần|ngày)(?:/| (?:một |1 |01 ))lần",
        one(Mark.PERIODIC),
    ),
    (rf"(?:{EVERY_WORD}|một) (?P<unit>{PER}) (?P<n>\d{{1,2}}|{SPELLED}) lần", times),
    (
        rf"(?:{EVERY_WORD}|giao ban)(?: {EVERY_WORD})? (?P<unit>năm|quý|quí|tháng|tuần)(?! học)",
        every,
    ),
    (
        (
            rf"(?:định kỳ|định kì)(?: {EVERY_WORD}| theo)? (?P<unit>năm|quý|quí|tháng|tuần)"
            rf"(?! (?:(?:\d|{ROMAN})\b|định))"
        ),
        every,
    ),
    (
        rf"báo cáo (?P<unit>năm|quý|quí|tháng|tuần)(?! (?:(?:\d|{ROMAN})\b|học|đầu|cuối|sau))",
        every,
    ),
    # Periods.
    (
        rf"(?P<n>\d{{1,2}}|{SPELLED}) tháng (?P<which>đầu|cuối)(?: của)?(?: năm)?{OF_YEAR}",
        some_months,
    ),
    (rf"nửa (?P<which>đầu|cuối)(?: của)? năm{OF_YEAR}", some_months),
    (
        (
            rf"tuần (?:lễ )?(?:thứ )?(?P<n>[1-5]|nhất|hai|ba|tư|đầu|cuối)(?: tiên| cùng)?(?: của)?"
            rf" tháng (?P<m>\d{{1,2}}|{MONTH_WORDS}){OF_YEAR}"
        ),
        week,
    ),
    (
        (
            rf"(?:học kỳ|học kì|kỳ|hk) ?(?P<term>ii|i|1|2),? ?(?:của )?năm học "
            rf"(?P<y>{YEAR})(?: ?[-/] ?(?:{YEAR}|\d\d))?"
        ),
        school_year,
    ),
    (rf"năm học (?P<y>{YEAR})(?: ?[-/–] ?(?:{YEAR}|\d\d))?", school_year),
    (r"(?:học kỳ|học kì|hk) ?(?P<term>ii|i|1|2)|năm học", school_year),
    (
        (
            r"(?:tháng|t)(?: ?\.)? ?(?P<list>\d{1,2}(?:(?: ?, ?| ?& ?| và | ?- ?| đến )"
            r"(?:(?:tháng|t) )?\d{1,2}(?![/.]\d{1,2}(?!\d))(?!\w| tháng)){0,11})"
            rf"(?:(?:/|-|\.| - |(?: ,)? )(?:năm )?(?P<y>{YEAR})|/(?:năm )?(?P<yy>\d\d))?"
        ),
        listed(Unit.MONTH),
    ),
    (
        rf"tháng (?P<list>{MONTH_WORDS}){OF_YEAR}",
        listed(Unit.MONTH),
    ),
    (rf"(?P<a>\d{{1,2}})(?:-| - )(?P<b>\d{{1,2}})/(?P<y>{YEAR})", months_of_year),
    (
        (
            rf"(?:quý|quí|q)(?: ?\.)? ?(?P<list>(?:{ROMAN}|\d{{1,2}}|{MONTH_WORDS})(?!\w)"
            rf"(?:(?: ?, ?| ?& ?| và | ?- ?| đến )(?:(?:quý|quí|q) )?"
            rf"(?:{ROMAN}|\d)(?!\w|[/.]\d{{1,2}}(?!\d)))"
            rf"{{0,3}}){OF_YEAR}"
        ),
        listed(Unit.QUARTER),
    ),
    # Hours, counts, weekdays.
    (
        (
            r"(?P<h>\d{1,2}) ?(?:giờ|h|g)(?: ?(?P<min>\d{1,2})(?![/.-]\d)(?: ?(?:phút|p))?)?"
            r"(?: (?P<half>sáng|trưa|chiều|tối))?"
        ),
        hour,
    ),
    (r"(?P<h>\d{1,2}):(?P<min>\d{2})", clock),
    (
        (
            rf"(?P<n>\d{{1,3}}|{SPELLED})(?: \( (?:{SPELLED}|\d{{1,3}}) \))? "
            r"(?P<unit>ngày|tuần|tháng|năm|tiếng|giờ)(?P<working> làm việc)?(?: liên tục)?(?! \d)"
        ),
        count,
    ),
    (r"thứ (?P<n>hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ nhật", weekday),
    (
        (
            rf"(?P<word>{DAY_WORD})?(?P<d>\d{{1,2}})/(?P<m>\d{{1,2}})"
            "(?! (?:ngày|buổi|giờ|số|tổng|chỉ tiêu|đơn vị))"
        ),
        day,
    ),
    (rf"{DAY_WORD}{DOTTED_DAYS}", dotted_days),
    (rf"(?P<word>{DAY_WORD})(?P<d>\d{{1,2}})[.-](?P<m>\d{{1,2}})", day),
    (rf"(?P<m>\d{{1,2}})[/.-](?P<y>{YEAR})", month_of_year),
    (rf"{DAY_WORD}(?P<d>\d{{1,2}})", only_day),
    (rf"(?P<word>năm )?(?P<y>{YEAR})", calendar_year),
    (rf"(?P<relation>trước|chậm nhất|muộn nhất)(?: là)? {DOTTED_DAYS}", related_days),
    # "Đến 28.8" is a day only where nothing else is said: in a sentence it is a number.
    (
        (
            "^(?:(?:xong|hoàn thành) )?(?P<relation>đến|tới|hết)(?: hết)? "
            rf"{DOTTED_DAYS}(?= ?[.;]?$)"
        ),
        related_days,
    ),
    # Relations.
    (
        (
            "(?:và )?(?:(?:các|những) )?năm (?:tiếp theo|kế tiếp|tiếp sau|sau đó)"
            "|(?:các|những) năm sau|trở đi|về sau"
        ),
        one(Mark.ONWARD),
    ),
    (
        (
            "chậm nhất(?: là)?|muộn nhất(?: là)?|trễ nhất(?: là)?|không quá|không muộn hơn"
            "|không chậm hơn|không trễ hơn|hạn cuối(?: cùng)?|hạn chót|thời hạn(?: hoàn thành)?"
            "|hạn hoàn thành"
        ),
        one(Mark.BY),
    ),
    ("từ nay|kể từ nay", one(Mark.NOW)),
    ("(?:cho )?(?:đến|tới)(?: hết)?", one(Mark.TO)),
    ("hết", one(Mark.BY)),
    ("trước(?: khi)?", one(Mark.BEFORE)),
    ("(?:trong )?cả(?= năm)", one(Mark.WITHIN)),
    ("trong(?: (?:vòng|thời hạn|thời gian|khoảng))?|vào", one(Mark.WITHIN)),
    ("(?:ngay )?sau(?: khi| ngày)?|kể từ khi", one(Mark.AFTER)),
    ("(?:kể|tính|bắt đầu|áp dụng|thực hiện) từ|từ", one(Mark.FROM)),
    (
        (
            "(?:ngày )?(?:ký ban hành|ký|ban hành|phát hành)"
            "(?: (?:kế hoạch|văn bản|quyết định|chỉ thị|công văn|thông báo)(?: này)?)?(?= [,.;)]|$)"
            "|ngày (?:kế hoạch|văn bản|quyết định|chỉ thị)(?: này)? được (?:ký|ban hành|phát hành)"
            "(?= [,.;)]|$)"
        ),
        one(Mark.SIGNING),
    ),
    # Without a date.
    ("thường xuyên|liên tục|quanh năm|suốt năm|hằng ngày|hàng ngày|mỗi ngày", one(Mark.ONGOING)),
    (
        (
            "theo(?: đúng)? (?:quy định|qui định|hướng dẫn|kế hoạch|lộ trình|tiến độ|lịch|thông báo"
            "|chỉ đạo|văn bản|chương trình|thời gian|thời hạn|khung)"
            "|đúng (?:thời hạn|thời gian|hạn|quy định|tiến độ)"
        ),
        one(Mark.EXTERNAL),
    ),
    (
        (
            "(?:theo|khi có|khi được|khi) yêu cầu|đột xuất|khi cần(?: thiết)?|khi phát sinh"
            "|ngay khi|khi có|khi được"
        ),
        one(Mark.DEMAND),
    ),
    ("định kỳ|định kì", one(Mark.PERIODIC)),
    ("đầu tư", one(Mark.FILLER)),
    ("(?P<part>đầu|giữa|cuối)(?: cùng)?", part),
    ("(?P<part>thượng|trung|hạ) tuần", part),
    (
        (
            r"(?P<unit>năm|quý|quí|tháng|tuần)(?! (?:định|chế|trình|mô|hoạch|luật|tắc|tụ)\b)"
            "(?: (?:nay|này))?"
        ),
        bare_unit,
    ),
    (
        "văn bản|quyết định|kế hoạch|hướng dẫn|chỉ thị|công văn|thông tư|nghị quyết|thông báo",
        one(Mark.DOCUMENT),
    ),
    # Signs and words that part nothing.
    ("và|hoặc|,|&", one(Mark.AND)),
    ("-", one(Mark.DASH)),
    (r"\(|\[", one(Mark.OPEN)),
    (r"\)|\]", one(Mark.CLOSE)),
    (r";|\.|\+|\*", one(Mark.STOP)),
    (
        (
            "ngày|là|lúc|của|vào lúc|thời điểm|giai đoạn|thời gian|thời kỳ|dự kiến|khoảng|buổi|sáng"
            "|chiều|cả|:|hoàn thành|hoàn thiện|xong|trình|nộp|gửi|báo cáo|thực hiện|ban hành"
            "|triển khai|nhiệm vụ|tiến độ|phải|cần|về|đã|hạn|dương lịch|mỗi|hằng|hàng"
        ),
        one(Mark.FILLER),
    ),
)
