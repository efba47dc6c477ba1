"""Whole numbers as people type them: `1234`, `1.234`, `1 234`."""

import re

_DIGITS = re.compile(r"[0-9]+")
_GROUPS = re.compile(r"[0-9]{1,3}(?:[. \u00a0\u202f][0-9]{3})+")  # a comma would be a decimal one
MOST_DIGITS = 15


def whole_number(typed: str) -> int:
    """The number that was typed. Raises ValueError with a Vietnamese sentence that says what is
    wrong with it."""
    text = typed.strip()
    if text.startswith(("-", "−", "–")) and whole_number(text[1:]) >= 0:
        raise ValueError(f"“{typed.strip()}” là số âm; số liệu không được nhỏ hơn 0.")
    if not _DIGITS.fullmatch(text) and not _GROUPS.fullmatch(text):
        raise ValueError(f"“{typed.strip()}” không phải là số nguyên; hãy viết ví dụ 1250.")
    digits = re.sub(r"\D", "", text)
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"“{typed.strip()}” lớn quá; đề nghị kiểm tra lại.")
    return int(digits)
