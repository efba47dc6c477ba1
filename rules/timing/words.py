"""The words of time: numbers, ordinals, weekdays, units."""

from rules.timing.atoms import Part, Unit
from rules.timing.text import number_words

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
