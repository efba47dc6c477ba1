"""Text as timing phrases are compared: without case, line breaks, and marks a typist left out."""

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

IGNORED = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
DASHES = dict.fromkeys("‐‑‒–—―−~", "-")
SLASHES = dict.fromkeys("⁄∕／", "/")
PUNCTUATION = {**DASHES, **SLASHES, "．": ".", "：": ":", "，": ",", "（": "(", "）": ")"}
PIECES = re.compile(r"\d+|(?:[^\W\d_]|[\u0300-\u036f])+|\s+|.", re.DOTALL)
WORDS = re.compile(r"[^\W\d_]+")
# đ does not decompose, so its stroke is written as the mark it is.
STROKE = "\u0335"
YEARS = range(1900, 2200)
# "Sau" is a relation and "sáu" a number: their marks are all that parts them.
KEPT_APART = {"sáu": "sau6"}
# Slips of the pen that are words of their own, and what is meant.
SLIPS = {"thánh": "thang"}

Marks = Counter[str]


def bare(word: str) -> tuple[str, Marks]:
    """A word without its Vietnamese marks, and the marks: `trước` is `truoc` with ̛ ̛ ́."""
    if apart := KEPT_APART.get(unicodedata.normalize("NFC", word.casefold())):
        return apart, Counter()
    decomposed = unicodedata.normalize("NFKD", word.casefold()).replace("đ", f"d{STROKE}")
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    marks = Counter(letter for letter in decomposed if unicodedata.combining(letter))
    return letters, marks


class Vocabulary:
    """The words timing phrases are made of.

    A written word counts as one of them if it lacks some of its marks or has them in other places
    ("truoc", "trươc", "Qúy"), never if it has a mark too many: "nắm" is not "năm".
    """

    def __init__(self, sources: Iterable[str]) -> None:
        self._spellings: dict[str, list[Marks]] = {}
        for source in sources:
            for word in WORDS.findall(unicodedata.normalize("NFC", source)):
                letters, marks = bare(word)
                spellings = self._spellings.setdefault(letters, [])
                if marks not in spellings:
                    spellings.append(marks)

    def fold(self, word: str) -> tuple[str, bool]:
        """The word without marks, and whether some are missing. Other words begin with `_`."""
        if slip := SLIPS.get(unicodedata.normalize("NFC", word.casefold())):
            return slip, True
        letters, marks = bare(word)
        if not (letters.isascii() and letters.isalnum()):
            return "_", False
        spellings = self._spellings.get(letters)
        if spellings is None:
            return letters, False
        if not any(marks <= spelling for spelling in spellings):
            return f"_{letters}", False
        return letters, marks not in spellings


@dataclass(frozen=True)
class Token:
    """A word, a number or a sign, with its place in the original text."""

    text: str
    start: int
    end: int
    spaced: bool  # khoảng trắng đứng trước
    number: bool = False
    spoiled: bool = False  # thiếu dấu, hoặc chữ số bị tách rời


@dataclass(frozen=True)
class Folded:
    """Tokens joined by single spaces; `/` and signs within numbers join without one."""

    text: str
    tokens: tuple[Token, ...]
    offsets: tuple[int, ...]

    def token_at(self, offset: int) -> int:
        return bisect_right(self.offsets, offset) - 1

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original text of `text[start:end]`."""
        first, last = self.token_at(start), self.token_at(end - 1)
        return self.tokens[first].start, self.tokens[last].end

    def spoiled(self, start: int, end: int) -> bool:
        inside = self.tokens[self.token_at(start) : self.token_at(end - 1) + 1]
        return any(token.spoiled for token in inside)


def fold(text: str, vocabulary: Vocabulary) -> Folded:
    tokens = _mended(_tokens(text, vocabulary))
    pieces: list[str] = []
    offsets: list[int] = []
    length = 0
    for index, token in enumerate(tokens):
        if index and not _attached(tokens, index):
            pieces.append(" ")
            length += 1
        offsets.append(length)
        pieces.append(token.text)
        length += len(token.text)
    return Folded("".join(pieces), tuple(tokens), tuple(offsets))


def _tokens(text: str, vocabulary: Vocabulary) -> list[Token]:
    places = [place for place, letter in enumerate(text) if letter not in IGNORED]
    kept = "".join(text[place] for place in places)
    tokens: list[Token] = []
    spaced = False
    for piece in PIECES.finditer(kept):
        found = piece.group()
        if found.isspace():
            spaced = True
            continue
        start, end = places[piece.start()], places[piece.end() - 1] + 1
        if found[0].isdecimal():
            digits = "".join(str(unicodedata.decimal(digit)) for digit in found)
            tokens.append(Token(digits, start, end, spaced, number=True))
        elif found[0].isalpha() or unicodedata.combining(found[0]):
            word, spoiled = vocabulary.fold(found)
            tokens.append(Token(word, start, end, spaced, spoiled=spoiled))
        else:
            tokens.append(Token(PUNCTUATION.get(found, found), start, end, spaced))
        spaced = False
    return tokens


def _mended(tokens: Sequence[Token]) -> list[Token]:
    """Digits that a PDF tore apart, joined where the whole is part of a date: "3 0/6/20 26"."""
    mended: list[Token] = []
    index = 0
    while index < len(tokens):
        stop = index + 1
        while stop < len(tokens) and tokens[stop].number and tokens[stop - 1].number:
            stop += 1
        run = tokens[index:stop]
        if len(run) > 1 and _torn(run, tokens, index, stop):
            whole = "".join(token.text for token in run)
            mended.append(replace(run[0], text=whole, end=run[-1].end, spoiled=True))
        else:
            mended += run
        index = stop
    return mended


def _torn(run: Sequence[Token], tokens: Sequence[Token], index: int, stop: int) -> bool:
    whole = "".join(token.text for token in run)
    before = tokens[index - 1].text if index else ""
    after = tokens[stop].text if stop < len(tokens) else ""
    if len(whole) == 4:
        return before in {"/", ".", "-", "nam"} and int(whole) in YEARS
    if len(whole) != 2:
        return False
    follows = tokens[stop + 1] if stop + 1 < len(tokens) else None
    if before in {"/", ".", "thang", "t"}:
        # The month of a full date, or of "tháng 1 0"; "1/1 2/2" is two dates.
        year_follows = follows is not None and follows.text[:2] in {"2", "20"}
        return int(whole) <= 12 and (before in {"thang", "t"} or (after == "/" and year_follows))
    dated = (after == "/" and follows is not None and follows.number) or after == "thang"
    return dated and int(whole) <= 31


def _attached(tokens: Sequence[Token], index: int) -> bool:
    before, token = tokens[index - 1], tokens[index]
    if token.text == "/":
        return not token.spaced or (index + 1 < len(tokens) and tokens[index + 1].number)
    if before.text == "/":
        return not token.spaced or token.number
    if token.spaced:
        return False
    return _within_number(tokens, index) or _within_number(tokens, index - 1)


def _within_number(tokens: Sequence[Token], index: int) -> bool:
    """A tight `-`, and a `.` or `:` between digits."""
    if not 0 < index < len(tokens) - 1 or tokens[index].spaced or tokens[index + 1].spaced:
        return False
    sign = tokens[index].text
    if sign == "-":
        return True
    return sign in {".", ":"} and tokens[index - 1].number and tokens[index + 1].number


def without_marks(pattern: str) -> str:
    """A regular expression over folded text, from one written in Vietnamese."""
    spelled = unicodedata.normalize("NFC", pattern)
    return WORDS.sub(lambda word: _bare_keeping_case(word.group()), spelled)


def _bare_keeping_case(word: str) -> str:
    # \d and (?P<name>…) are words here too: ASCII stays as it is.
    return word if word.isascii() else bare(word)[0]


def number_words(pairs: Mapping[str, int]) -> dict[str, int]:
    return {bare(word)[0]: number for word, number in pairs.items()}
