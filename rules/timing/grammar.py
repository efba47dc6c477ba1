"""How timing expressions are written: each form as a pattern over folded text, in order."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from rules.timing.atoms import Atom, Count, Every, Hour, Mark, Moment, Part, Unit, Value
from rules.timing.text import Folded, Vocabulary, fold, number_words, without_marks

Found = list[tuple[Mark, Value]]
Builder = Callable[[re.Match[str]], Found]

YEAR = r"(?:19|20|21)\d\d"
NUMBERS = number_words(
    {
        "một": 1,
        "hai": 2,
        "ba": 3,
        "bốn": 4,
        "tư": 4,
        "năm": 5,
        "sáu": 6,
        "bảy": 7,
        "bẩy": 7,
        "tám": 8,
        "chín": 9,
        "mười": 10,
        "mười một": 11,
        "mười hai": 12,
        "mười lăm": 15,
        "hai mươi": 20,
        "ba mươi": 30,
        "bốn mươi lăm": 45,
        "sáu mươi": 60,
        "chín mươi": 90,
    }
)
SPELLED = (
    "bốn mươi lăm|mười một|mười hai|mười lăm|hai mươi|ba mươi|sáu mươi|chín mươi|"
    "một|hai|ba|bốn|tư|năm|sáu|bảy|bẩy|tám|chín|mười"
)
# "tháng năm 2026" is a month left blank; May is "tháng năm năm 2026".
MONTH_WORDS = "mười một|mười hai|một|hai|ba|bốn|tư|năm(?= năm)|sáu|bảy|bẩy|tám|chín|mười"
ROMANS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8}
# A capital I that became a small L.
ROMANS |= {"l": 1, "ll": 2, "lll": 3, "lv": 4}
ROMAN = "viii|vii|vi|iv|v|iii|ii|i|lll|ll|lv|l"
WEEKDAYS = number_words({"hai": 0, "ba": 1, "tư": 2, "năm": 3, "sáu": 4, "bảy": 5, "bẩy": 5}) | {
    str(number): number - 2 for number in range(2, 8)
}
ORDINALS = number_words(
    {"đầu": 1, "đầu tiên": 1, "thứ nhất": 1, "giữa": 2, "thứ hai": 2, "thứ ba": 3}
) | number_words({"cuối": 3, "cuối cùng": 3})
WEEK_ORDINALS = number_words({"nhất": 1, "hai": 2, "ba": 3, "tư": 4, "đầu": 1, "cuối": 5})
UNITS = {
    "ngay": Unit.DAY,
    "tuan": Unit.WEEK,
    "thang": Unit.MONTH,
    "quy": Unit.QUARTER,
    "qui": Unit.QUARTER,
    "nam": Unit.YEAR,
    "gio": Unit.HOUR,
    "tieng": Unit.HOUR,
}
PARTS = {
    "dau": Part.START,
    "giua": Part.MIDDLE,
    "cuoi": Part.END,
    "thuong": Part.START,
    "trung": Part.MIDDLE,
    "ha": Part.END,
}

OF_YEAR = rf"(?:(?:/|-|\.| - | / |(?: ,)? )(?:năm )?(?P<y>{YEAR}))?"
DAY_WORD = "(?:ngày |mùng |mồng )"
CITED_DAY = (
    rf"(?: ngày (?:\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}|\d{{1,2}} tháng \d{{1,2}} năm {YEAR}))?"
)
DOTS = "[.…/_ -]{0,40}"


def _number(written: str) -> int:
    if written.isdigit():
        return int(written)
    return ROMANS.get(written) or NUMBERS[written]


def _year(match: re.Match[str]) -> int | None:
    written = match.groupdict().get("y") or match.groupdict().get("yy")
    if not written:
        return None
    return 2000 + int(written) if len(written) == 2 else int(written)


def _one(mark: Mark, value: Value = None) -> Builder:
    return lambda _: [(mark, value)]


def _hour(match: re.Match[str]) -> Found:
    hour = int(match["h"])
    if hour < 12 and match["half"] in {"chieu", "toi"}:
        hour += 12
    return [(Mark.HOUR, Hour(hour, int(match["min"] or 0)))]


def _clock(match: re.Match[str]) -> Found:
    return [(Mark.HOUR, Hour(int(match["h"]), int(match["min"])))]


def _day(match: re.Match[str]) -> Found:
    written = match.groupdict()
    year = _year(match)
    return [
        (
            Mark.MOMENT,
            Moment(
                Unit.DAY,
                number=int(match["d"]),
                month=_number(match["m"]),
                year=year,
                short_year=len(written.get("y") or "") == 2,
                explicit=year is not None or bool(written.get("word")),
            ),
        )
    ]


def _days(match: re.Match[str]) -> Found:
    last = Moment(Unit.DAY, number=int(match["b"]), month=int(match["m"]), year=_year(match))
    return [
        (Mark.MOMENT, Moment(Unit.DAY, number=int(match["a"]))),
        (Mark.DASH, None),
        (Mark.MOMENT, last),
    ]


def _first_of_days(match: re.Match[str]) -> Found:
    return [(Mark.FROM, None), (Mark.MOMENT, Moment(Unit.DAY, number=int(match["d"])))]


def _only_day(match: re.Match[str]) -> Found:
    return [(Mark.MOMENT, Moment(Unit.DAY, number=int(match["d"])))]


def _day_of_next_month(match: re.Match[str]) -> Found:
    day = Moment(Unit.DAY, number=int(match["d"]))
    return [(Mark.MOMENT, day), (Mark.EVERY, Every(Unit.MONTH))]


def _of_quarter(match: re.Match[str]) -> Found:
    """ "ngày 20 của tháng cuối quý", "tháng đầu quý III/2026"."""
    position = ORDINALS[match["which"]]
    day = match["d"]
    quarter = match["q"]
    if quarter is None:
        unit = Unit.DAY if day else Unit.MONTH
        number = int(day) if day else None
        return [(Mark.MOMENT, Moment(unit, number=number, month_of_quarter=position))]
    month = (_number(quarter) - 1) * 3 + position
    if day:
        return [(Mark.MOMENT, Moment(Unit.DAY, int(day), month=month, year=_year(match)))]
    return [(Mark.MOMENT, Moment(Unit.MONTH, number=month, year=_year(match)))]


def _listed(unit: Unit) -> Builder:
    """ "tháng 3, 6 và 9/2026", "quý I-II": the year stands after the last."""

    def build(match: re.Match[str]) -> Found:
        found: Found = []
        written = match["list"]
        pieces = [written] if written in NUMBERS else re.findall(r"\w+|[,&-]", written)
        for piece in pieces:
            if piece in {",", "&", "va"}:
                found.append((Mark.AND, None))
            elif piece in {"-", "den"}:
                found.append((Mark.DASH, None))
            elif piece not in {"thang", "t", "quy", "qui", "q"}:
                found.append((Mark.MOMENT, Moment(unit, number=_number(piece))))
        if isinstance(last := found[-1][1], Moment):
            short = match.groupdict().get("yy") is not None
            found[-1] = (Mark.MOMENT, replace(last, year=_year(match), short_year=short))
        return found

    return build


def _month_of_year(match: re.Match[str]) -> Found:
    month = Moment(Unit.MONTH, number=int(match["m"]), year=_year(match), explicit=False)
    return [(Mark.MOMENT, month)]


def _months_of_year(match: re.Match[str]) -> Found:
    first = Moment(Unit.MONTH, number=int(match["a"]), explicit=False)
    last = Moment(Unit.MONTH, number=int(match["b"]), year=_year(match), explicit=False)
    return [(Mark.MOMENT, first), (Mark.DASH, None), (Mark.MOMENT, last)]


def _some_months(match: re.Match[str]) -> Found:
    """ "6 tháng đầu năm 2026"."""
    number = _number(match.groupdict().get("n") or "6")
    part = PARTS[match["which"]]
    return [(Mark.MOMENT, Moment(Unit.MONTHS, number, part=part, year=_year(match)))]


def _week(match: re.Match[str]) -> Found:
    written = match["n"]
    number = int(written) if written.isdigit() else WEEK_ORDINALS[written]
    week = Moment(Unit.WEEK, number, month=_number(match["m"]), year=_year(match))
    return [(Mark.MOMENT, week)]


def _school_year(match: re.Match[str]) -> Found:
    term = match.groupdict().get("term")
    number = None if term is None else ROMANS.get(term) or int(term)
    return [(Mark.MOMENT, Moment(Unit.SCHOOL_YEAR, number, year=_year(match)))]


def _calendar_year(match: re.Match[str]) -> Found:
    explicit = match["word"] is not None
    return [(Mark.MOMENT, Moment(Unit.YEAR, year=_year(match), explicit=explicit))]


def _every(match: re.Match[str]) -> Found:
    return [(Mark.EVERY, Every(UNITS[match["unit"]]))]


def _every_months(match: re.Match[str]) -> Found:
    units = {1: Unit.MONTH, 3: Unit.QUARTER, 6: Unit.HALF, 12: Unit.YEAR}
    number = _number(match["n"])
    unit = units.get(number)
    if unit is None:
        return [(Mark.PERIODIC, None)]
    return [(Mark.EVERY, Every(unit))]


def _times(match: re.Match[str]) -> Found:
    return [(Mark.EVERY, Every(UNITS[match["unit"]], _number(match["n"])))]


def _count(match: re.Match[str]) -> Found:
    unit = UNITS[match["unit"]]
    return [(Mark.COUNT, Count(_number(match["n"]), unit, match["working"] is not None))]


def _weekday(match: re.Match[str]) -> Found:
    return [(Mark.WEEKDAY, WEEKDAYS.get(match["n"] or "", 6))]


def _part(match: re.Match[str]) -> Found:
    return [(Mark.PART, PARTS[match["part"]])]


def _bare_unit(match: re.Match[str]) -> Found:
    return [(Mark.BARE_UNIT, UNITS[match["unit"]])]


EVERY_WORD = "(?:hằng|hàng|mỗi|từng)"
QUARTER_WORD = "(?:quý|quí)"
PER = "(?:năm|quý|quí|tháng|tuần|ngày)"

# The order matters: what is found first at a place is what stands there.
GRAMMAR: tuple[tuple[str, Builder], ...] = (
    # Words that look like timing and are not.
    (
        (
            "trước (?:hết|mắt|đây|đó|tiên|nay|pháp luật|nhân dân)|từ trước đến nay"
            "|(?:kinh phí|chi|ngân sách|giáo dục|vốn|nguồn|đầu tư) thường xuyên"
            "|(?:việt|miền|phía) nam|nam bộ|đến từ|từ điển|trong (?:đó|sạch)|ngoài ra"
            "|sau đây|như sau|sau đó|sau cùng"
        ),
        _one(Mark.OTHER),
    ),
    (
        (
            rf"(?:số )?\d{{1,5}}[a-z]{{0,2}}(?:/\d{{4}})?/"
            rf"(?!(?:tháng|t|quý|quí|q|năm|tuần|lần|ngày)\b)[a-z_]+(?:[-/][a-z_]+){{0,6}}{CITED_DAY}"
            rf"|(?:số )?\d{{1,5}}-[a-z_]+/[a-z_]+(?:[-/][a-z_]+){{0,6}}{CITED_DAY}"
            rf"|số \d{{1,5}}{CITED_DAY}"
        ),
        _one(Mark.CITATION),
    ),
    # Dates, the fullest forms first.
    (r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})", _day),
    (
        (
            rf"(?P<word>{DAY_WORD})?(?P<d>\d{{1,2}})(?P<sign>[/.-])(?P<m>\d{{1,2}})(?P=sign)"
            r"(?P<y>\d{4}|\d{2})"
        ),
        _day,
    ),
    (rf"{DAY_WORD}?(?P<d>\d{{1,2}})[/.](?P<m>\d{{1,2}})[-./](?P<y>\d{{4}})", _day),
    (
        (
            rf"{DAY_WORD}?(?P<d>\d{{1,2}})(?:/|,)? ?(?P<word>tháng) ?"
            rf"(?P<m>\d{{1,2}}|{MONTH_WORDS})(?! lần){OF_YEAR}"
        ),
        _day,
    ),
    (
        (
            rf"(?:{DAY_WORD}(?P<d>\d{{1,2}})(?: của)? )?tháng (?P<which>cuối cùng|cuối|"
            rf"đầu tiên|đầu|giữa|thứ nhất|thứ hai|thứ ba)(?: của)?(?: {EVERY_WORD})? {QUARTER_WORD}"
            rf"(?: (?P<q>{ROMAN}|[1-4])(?!\w){OF_YEAR})?"
            "(?: (?:sau|tiếp theo|kế tiếp|liền kề|báo cáo))?"
        ),
        _of_quarter,
    ),
    (
        (
            rf"{DAY_WORD}(?P<d>\d{{1,2}})(?: của)?(?: đầu)? tháng"
            "(?: liền)? (?:sau|tiếp theo|kế tiếp|liền kề|tiếp|kế)(?: liền kề)?"
        ),
        _day_of_next_month,
    ),
    (
        (
            rf"tháng{DOTS}năm(?! năm)(?: {YEAR})?|ngày{DOTS}tháng \d{{1,2}}{OF_YEAR}"
            rf"|ngày{DOTS}[/.…_]{DOTS}{YEAR}"
        ),
        _one(Mark.BLANK),
    ),
    (
        (
            rf"{DAY_WORD}?(?P<a>\d{{1,2}})(?:-| - )(?P<b>\d{{1,2}})"
            r"/(?P<m>\d{1,2})(?:/(?P<y>\d{4}))?"
        ),
        _days,
    ),
    (
        r"từ (?:ngày )?(?P<d>\d{1,2})(?= (?:đến|tới|-)(?: hết)?(?: ngày)? \d{1,2}(?:/| tháng ))",
        _first_of_days,
    ),
    # Recurrences, before the periods they are made of.
    (
        (
            rf"(?:{EVERY_WORD} |định kỳ |định kì )?(?P<n>\d{{1,2}}|{SPELLED}) tháng"
            "(?:/| (?:một |1 |01 )?)lần"
        ),
        _every_months,
    ),
    (
        (
            rf"(?:định kỳ|định kì|{EVERY_WORD}|báo cáo)(?: {EVERY_WORD})? "
            "(?P<n>06|6|sáu|03|3|ba|12) tháng(?! (?:đầu|cuối))"
        ),
        _every_months,
    ),
    (
        rf"(?P<n>\d{{1,2}}|{SPELLED}) lần(?:/| (?:{EVERY_WORD} |một |trong |1 )?)(?P<unit>{PER})",
        _times,
    ),
    # "2 năm một lần" is no recurrence within a year.
    (
        rf"(?:\d{{1,2}}|{SPELLED}) (?:năm|quý|quí|tuần|ngày)(?:/| (?:một |1 |01 ))lần",
        _one(Mark.PERIODIC),
    ),
    (rf"(?:{EVERY_WORD}|một) (?P<unit>{PER}) (?P<n>\d{{1,2}}|{SPELLED}) lần", _times),
    (
        rf"(?:{EVERY_WORD}|giao ban)(?: {EVERY_WORD})? (?P<unit>năm|quý|quí|tháng|tuần)(?! học)",
        _every,
    ),
    (
        (
            rf"(?:định kỳ|định kì)(?: {EVERY_WORD}| theo)? (?P<unit>năm|quý|quí|tháng|tuần)"
            rf"(?! (?:(?:\d|{ROMAN})\b|định))"
        ),
        _every,
    ),
    (
        rf"báo cáo (?P<unit>năm|quý|quí|tháng|tuần)(?! (?:(?:\d|{ROMAN})\b|học|đầu|cuối|sau))",
        _every,
    ),
    # Periods.
    (
        rf"(?P<n>\d{{1,2}}|{SPELLED}) tháng (?P<which>đầu|cuối)(?: của)?(?: năm)?{OF_YEAR}",
        _some_months,
    ),
    (rf"nửa (?P<which>đầu|cuối)(?: của)? năm{OF_YEAR}", _some_months),
    (
        (
            rf"tuần (?:lễ )?(?:thứ )?(?P<n>[1-5]|nhất|hai|ba|tư|đầu|cuối)(?: tiên| cùng)?(?: của)?"
            rf" tháng (?P<m>\d{{1,2}}|{MONTH_WORDS}){OF_YEAR}"
        ),
        _week,
    ),
    (
        (
            rf"(?:học kỳ|học kì|kỳ|hk) ?(?P<term>ii|i|1|2),? ?(?:của )?năm học "
            rf"(?P<y>{YEAR})(?: ?[-/] ?(?:{YEAR}|\d\d))?"
        ),
        _school_year,
    ),
    (rf"năm học (?P<y>{YEAR})(?: ?[-/–] ?(?:{YEAR}|\d\d))?", _school_year),
    (r"(?:học kỳ|học kì|hk) ?(?P<term>ii|i|1|2)|năm học", _school_year),
    (
        (
            r"(?:tháng|t) ?(?P<list>\d{1,2}(?:(?: ?, ?| ?& ?| và | ?- ?| đến )"
            r"(?:(?:tháng|t) )?\d{1,2}(?![/.]\d{1,2}(?!\d))(?!\w| tháng)){0,11})"
            rf"(?:(?:/|-|\.| - |(?: ,)? )(?:năm )?(?P<y>{YEAR})|/(?:năm )?(?P<yy>\d\d))?"
        ),
        _listed(Unit.MONTH),
    ),
    (
        rf"tháng (?P<list>{MONTH_WORDS}){OF_YEAR}",
        _listed(Unit.MONTH),
    ),
    (rf"(?P<a>\d{{1,2}})(?:-| - )(?P<b>\d{{1,2}})/(?P<y>{YEAR})", _months_of_year),
    (
        (
            rf"(?:quý|quí|q) ?(?P<list>(?:{ROMAN}|\d{{1,2}}|{MONTH_WORDS})(?!\w)"
            rf"(?:(?: ?, ?| ?& ?| và | ?- ?| đến )(?:(?:quý|quí|q) )?"
            rf"(?:{ROMAN}|\d)(?!\w|[/.]\d{{1,2}}(?!\d)))"
            rf"{{0,3}}){OF_YEAR}"
        ),
        _listed(Unit.QUARTER),
    ),
    # Hours, counts, weekdays.
    (
        (
            r"(?P<h>\d{1,2}) ?(?:giờ|h|g)(?: ?(?P<min>\d{1,2})(?![/.-]\d)(?: ?(?:phút|p))?)?"
            r"(?: (?P<half>sáng|trưa|chiều|tối))?"
        ),
        _hour,
    ),
    (r"(?P<h>\d{1,2}):(?P<min>\d{2})", _clock),
    (
        (
            rf"(?P<n>\d{{1,3}}|{SPELLED})(?: \( (?:{SPELLED}|\d{{1,3}}) \))? "
            r"(?P<unit>ngày|tuần|tháng|năm|tiếng|giờ)(?P<working> làm việc)?(?: liên tục)?(?! \d)"
        ),
        _count,
    ),
    (r"thứ (?P<n>hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ nhật", _weekday),
    (
        (
            rf"(?P<word>{DAY_WORD})?(?P<d>\d{{1,2}})/(?P<m>\d{{1,2}})"
            "(?! (?:ngày|buổi|giờ|số|tổng|chỉ tiêu|đơn vị))"
        ),
        _day,
    ),
    (rf"(?P<word>{DAY_WORD})(?P<d>\d{{1,2}})[.-](?P<m>\d{{1,2}})", _day),
    (rf"(?P<m>\d{{1,2}})[/.-](?P<y>{YEAR})", _month_of_year),
    (rf"{DAY_WORD}(?P<d>\d{{1,2}})", _only_day),
    (rf"(?P<word>năm )?(?P<y>{YEAR})", _calendar_year),
    # Relations.
    (
        (
            "(?:và )?(?:(?:các|những) )?năm (?:tiếp theo|kế tiếp|tiếp sau|sau đó)"
            "|(?:các|những) năm sau|trở đi|về sau"
        ),
        _one(Mark.ONWARD),
    ),
    (
        (
            "chậm nhất(?: là)?|muộn nhất(?: là)?|trễ nhất(?: là)?|không quá|không muộn hơn"
            "|không chậm hơn|không trễ hơn|hạn cuối(?: cùng)?|hạn chót|thời hạn(?: hoàn thành)?"
            "|hạn hoàn thành"
        ),
        _one(Mark.BY),
    ),
    ("từ nay|kể từ nay", _one(Mark.NOW)),
    ("(?:cho )?(?:đến|tới)(?: hết)?", _one(Mark.TO)),
    ("hết", _one(Mark.BY)),
    ("trước(?: khi)?", _one(Mark.BEFORE)),
    ("trong(?: (?:vòng|thời hạn|thời gian|khoảng))?|vào", _one(Mark.WITHIN)),
    ("(?:ngay )?sau(?: khi| ngày)?|kể từ khi", _one(Mark.AFTER)),
    ("(?:kể|tính|bắt đầu|áp dụng|thực hiện) từ|từ", _one(Mark.FROM)),
    (
        (
            "(?:ngày )?(?:ký ban hành|ký|ban hành|phát hành)"
            "(?: (?:kế hoạch|văn bản|quyết định|chỉ thị|công văn|thông báo)(?: này)?)?(?= [,.;)]|$)"
            "|ngày (?:kế hoạch|văn bản|quyết định|chỉ thị)(?: này)? được (?:ký|ban hành|phát hành)"
            "(?= [,.;)]|$)"
        ),
        _one(Mark.SIGNING),
    ),
    # Without a date.
    ("thường xuyên|liên tục|quanh năm|suốt năm|hằng ngày|hàng ngày|mỗi ngày", _one(Mark.ONGOING)),
    (
        (
            "theo(?: đúng)? (?:quy định|qui định|hướng dẫn|kế hoạch|lộ trình|tiến độ|lịch|thông báo"
            "|chỉ đạo|văn bản|chương trình|thời gian|thời hạn|khung)"
            "|đúng (?:thời hạn|thời gian|hạn|quy định|tiến độ)"
        ),
        _one(Mark.EXTERNAL),
    ),
    (
        (
            "(?:theo|khi có|khi được|khi) yêu cầu|đột xuất|khi cần(?: thiết)?|khi phát sinh"
            "|ngay khi|khi có|khi được"
        ),
        _one(Mark.DEMAND),
    ),
    ("định kỳ|định kì", _one(Mark.PERIODIC)),
    ("đầu tư", _one(Mark.FILLER)),
    ("(?P<part>đầu|giữa|cuối)(?: cùng)?", _part),
    ("(?P<part>thượng|trung|hạ) tuần", _part),
    (
        (
            r"(?P<unit>năm|quý|quí|tháng|tuần)(?! (?:định|chế|trình|mô|hoạch|luật|tắc|tụ)\b)"
            "(?: (?:nay|này))?"
        ),
        _bare_unit,
    ),
    (
        "văn bản|quyết định|kế hoạch|hướng dẫn|chỉ thị|công văn|thông tư|nghị quyết|thông báo",
        _one(Mark.DOCUMENT),
    ),
    # Signs and words that part nothing.
    ("và|hoặc|,|&", _one(Mark.AND)),
    ("-", _one(Mark.DASH)),
    (r"\(|\[", _one(Mark.OPEN)),
    (r"\)|\]", _one(Mark.CLOSE)),
    (r";|\.|\+|\*", _one(Mark.STOP)),
    (
        (
            "ngày|là|lúc|của|vào lúc|thời điểm|giai đoạn|thời gian|thời kỳ|dự kiến|khoảng|buổi|sáng"
            "|chiều|cả|:|hoàn thành|hoàn thiện|xong|trình|nộp|gửi|báo cáo|thực hiện|ban hành"
            "|triển khai|nhiệm vụ|tiến độ|phải|cần|về|đã|hạn|dương lịch|mỗi|hằng|hàng"
        ),
        _one(Mark.FILLER),
    ),
)


# A word or a number ends where the next character belongs to neither; a sign ends anywhere.
WHOLE = r"(?:(?<!\w)|(?!\w|/\w))"
RULES: tuple[tuple[re.Pattern[str], Builder], ...] = tuple(
    (re.compile(rf"(?:{without_marks(pattern)}){WHOLE}"), build) for pattern, build in GRAMMAR
)
VOCABULARY = Vocabulary(pattern for pattern, _ in GRAMMAR)


def folded(text: str) -> Folded:
    return fold(text, VOCABULARY)


def atoms(text: Folded) -> list[Atom]:
    return list(_scan(text.text))


def _scan(text: str) -> Iterator[Atom]:
    place = 0
    while place < len(text):
        if text[place] == " ":
            place += 1
            continue
        for pattern, build in RULES:
            if (match := pattern.match(text, place)) and match.end() > place:
                for mark, value in build(match):
                    yield Atom(mark, place, match.end(), value)
                place = match.end()
                break
        else:
            end = _end_of_piece(text, place)
            yield Atom(Mark.OTHER, place, end)
            place = end


def _end_of_piece(text: str, place: int) -> int:
    """Up to the next space or tight dash: `cong-tac` is two pieces, `a/b` one."""
    ends = (text.find(" ", place), text.find("-", place + 1))
    return min((end for end in ends if end > 0), default=len(text))
