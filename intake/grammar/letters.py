"""Vietnamese letters by their case, for character classes: in Unicode the two cases alternate."""

import unicodedata

_BASES = "aeiouyăâêôơư"
_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_VOWELS = [unicodedata.normalize("NFC", base + tone) for base in _BASES for tone in _TONES]
LOWER = "a-zđ" + "".join(letter for letter in _VOWELS if not letter.isascii())
UPPER = LOWER.upper()
