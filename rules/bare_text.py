"""Text as people type it who leave out what a keyboard makes hard."""

import re
import unicodedata


def bare(text: str) -> str:
    """Words without accents, case and punctuation: “Phường Mũi Né” is “phuong mui ne”."""
    letters = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join(re.findall(r"[a-z0-9]+", re.sub("[\u0300-\u036f]", "", letters)))
