"""Finds timing expressions inside a longer sentence, verbatim and with their places."""

from collections.abc import Iterator, Sequence

from models.timing import TimingSpan
from rules.timing.atoms import Atom, Mark, Moment, Unit
from rules.timing.grammar import atoms, folded
from rules.timing.reading import LONGEST
from rules.timing.text import Folded

CORE = {
    Mark.MOMENT,
    Mark.COUNT,
    Mark.EVERY,
    Mark.ONGOING,
    Mark.EXTERNAL,
    Mark.DEMAND,
    Mark.BLANK,
}
LINKS = {
    Mark.HOUR,
    Mark.WEEKDAY,
    Mark.ONWARD,
    Mark.SIGNING,
    Mark.BEFORE,
    Mark.BY,
    Mark.TO,
    Mark.WITHIN,
    Mark.FROM,
    Mark.AFTER,
    Mark.NOW,
    Mark.PERIODIC,
    Mark.PART,
    Mark.BARE_UNIT,
    Mark.AND,
    Mark.DASH,
    Mark.OPEN,
    Mark.CLOSE,
    Mark.EXCEPT,
}
BINDING = {Mark.BEFORE, Mark.BY, Mark.TO, Mark.FROM, Mark.NOW, Mark.HOUR}
# Words that may stand inside an expression; verbs begin another one.
SMALL_WORDS = {"ngay", "la", "cua", "luc", "vao luc", "thoi diem", "giai doan", ":"}
VERBS = {"hoan thanh", "xong"}
NOT_AT_START = {Mark.AND, Mark.DASH, Mark.CLOSE, Mark.FILLER, Mark.TO, Mark.OPEN}
NOT_AT_END = {Mark.AND, Mark.DASH, Mark.OPEN, Mark.FILLER, Mark.PART, Mark.BARE_UNIT} | (
    BINDING - {Mark.HOUR} | {Mark.WITHIN, Mark.AFTER, Mark.PERIODIC}
)
# The date of a law or of a signature is nobody's deadline.
DATED_EVENTS = ("hieu luc", "thong qua", "da ky", "ban hanh")
LONGEST_EVENT = 14
LIKELY = 0.9
OPEN_TO_DOUBT = 0.5
UNLIKELY = 0.25


def find_timing(sentence: str) -> list[TimingSpan]:
    """The timing expressions of a sentence, in order, never overlapping.

    Conservative: an adverb ("thường xuyên tổ chức …"), a year in a name or a date without any
    relation has a low confidence; the number and date of a cited document is none at all.
    """
    text = folded(sentence[:LONGEST])
    all_atoms = atoms(text)
    spans = []
    for first, last in _clusters(all_atoms, text):
        start, end = text.original(all_atoms[first].start, all_atoms[last].end)
        spans.append(
            TimingSpan(
                phrase=sentence[start:end],
                start=start,
                end=end,
                confidence=round(_confidence(all_atoms, first, last, text), 2),
            )
        )
    return spans


def _clusters(found: Sequence[Atom], text: Folded) -> Iterator[tuple[int, int]]:
    """First and last atom of each expression."""
    place = 0
    while place < len(found):
        stop = place
        depth = 0
        while stop < len(found) and _belongs(found[stop], text):
            depth += {Mark.OPEN: 1, Mark.CLOSE: -1}.get(found[stop].mark, 0)
            if depth < 0:
                break  # a bracket that was opened before the expression
            stop += 1
        trimmed = _trimmed(found, place, stop - 1)
        place = max(stop, place + 1)
        if trimmed is None:
            continue
        first, last = trimmed
        if _counts_from_event(found, first, last):
            last = _end_of_event(found, last)
            place = max(place, last + 1)
        if _tells(found[first : last + 1]):
            yield _with_verb(found, first, text), last


def _belongs(atom: Atom, text: Folded) -> bool:
    if atom.mark is Mark.FILLER:
        return text.text[atom.start : atom.end] in SMALL_WORDS
    return atom.mark in CORE or atom.mark in LINKS


def _trimmed(found: Sequence[Atom], first: int, last: int) -> tuple[int, int] | None:
    """Without what says nothing at either end, and without brackets that lost their partner."""
    count = next((n for n in range(first, last) if found[n].mark is Mark.COUNT), None)
    while first <= last and found[last].mark in NOT_AT_END:
        # "05 ngày trước khi khai mạc": what follows the relation is an event, no date.
        counted = found[last].mark in {Mark.BEFORE, Mark.FROM} and count is not None
        if found[last].mark is Mark.AFTER or counted:
            break
        last -= 1
    # "(10/10) hằng năm": the bracket holds only a part of the expression.
    closing = max((n for n in range(first, last) if found[n].mark is Mark.CLOSE), default=first)
    while first <= last and found[first].mark in NOT_AT_START:
        if found[first].mark is Mark.TO and first < last:
            break
        if found[first].mark is Mark.OPEN and closing > first:
            break
        first += 1
    depth = 0
    for atom in found[first : last + 1]:
        depth += {Mark.OPEN: 1, Mark.CLOSE: -1}.get(atom.mark, 0)
    while depth < 0 and first <= last and found[last].mark is Mark.CLOSE:
        last, depth = last - 1, depth + 1
    return (first, last) if first <= last else None


def _counts_from_event(found: Sequence[Atom], first: int, last: int) -> bool:
    marks = [atom.mark for atom in found[first : last + 1]]
    if Mark.MOMENT in marks:
        return False
    return marks[-1] in {Mark.AFTER, Mark.DEMAND} or Mark.COUNT in marks


def _end_of_event(found: Sequence[Atom], last: int) -> int:
    """Up to the next comma, bracket or end of the sentence, within reason."""
    end = last
    for place in range(last + 1, min(len(found), last + LONGEST_EVENT + 1)):
        if found[place].mark in {Mark.AND, Mark.STOP, Mark.OPEN, Mark.CLOSE, Mark.DASH}:
            break
        end = place
    return end


def _tells(cluster: Sequence[Atom]) -> bool:
    """Whether it says something about time, and not only in passing."""
    marks = {atom.mark for atom in cluster}
    if Mark.COUNT in marks and not marks & {Mark.MOMENT, Mark.EVERY}:
        related = BINDING | {Mark.WITHIN, Mark.AFTER}
        return bool(marks & related)
    if cluster[0].mark is Mark.AFTER and len(cluster) > 1:
        return cluster[0].end - cluster[0].start > len("sau")
    if not marks & CORE:
        return False
    moments = [atom.value for atom in cluster if isinstance(atom.value, Moment)]
    if moments and not marks & (BINDING | {Mark.WITHIN, Mark.EVERY}):
        # "3/4" of something is no third of April.
        return any(_is_dated(moment) for moment in moments)
    return True


def _is_dated(moment: Moment) -> bool:
    if moment.unit is Unit.SCHOOL_YEAR and moment.year is None:
        return moment.number is not None
    return moment.explicit or moment.year is not None


def _with_verb(found: Sequence[Atom], first: int, text: Folded) -> int:
    """ "Hoàn thành trước …" at the beginning of a sentence is one expression."""
    if first == 0:
        return first
    verb = found[first - 1]
    opens = first == 1 or _ends_before(found[first - 2], text)
    return first - 1 if opens and text.text[verb.start : verb.end] in VERBS else first


def _ends_before(atom: Atom, text: Folded) -> bool:
    """Whether a new statement begins after `atom`."""
    return atom.mark in {Mark.STOP, Mark.OPEN} or text.text[atom.start : atom.end] == ":"


def _confidence(found: Sequence[Atom], first: int, last: int, text: Folded) -> float:
    cluster = found[first : last + 1]
    confidence = _likelihood(found, first, last, text)
    before = text.text[: cluster[0].start].rstrip().replace("_", "")
    if before.endswith(DATED_EVENTS) and not {Mark.BEFORE, Mark.BY} & {a.mark for a in cluster}:
        confidence = min(confidence, UNLIKELY)
    if text.spoiled(cluster[0].start, cluster[-1].end):
        confidence *= 0.8
    return confidence


def _likelihood(found: Sequence[Atom], first: int, last: int, text: Folded) -> float:
    cluster = found[first : last + 1]
    marks = {atom.mark for atom in cluster}
    if first == 0 and all(atom.mark is Mark.STOP for atom in found[last + 1 :]):
        return 0.95
    following = found[last + 1].mark if last + 1 < len(found) else Mark.STOP
    closed = following in {Mark.STOP, Mark.CLOSE}
    apart = first == 0 or _ends_before(found[first - 1], text)
    moments = [atom.value for atom in cluster if isinstance(atom.value, Moment)]
    if moments:
        return _likelihood_of_date(marks, moments)
    if Mark.EVERY in marks:
        return 0.7 if closed or following is Mark.AND else OPEN_TO_DOUBT
    if Mark.COUNT in marks:
        return 0.8
    if marks & {Mark.ONGOING, Mark.EXTERNAL}:
        if closed and apart:
            return LIKELY
        return 0.55 if closed and Mark.EXTERNAL in marks else UNLIKELY
    return UNLIKELY if Mark.BLANK in marks else OPEN_TO_DOUBT


def _likelihood_of_date(marks: set[Mark], moments: Sequence[Moment]) -> float:
    only_years = all(moment.unit in {Unit.YEAR, Unit.SCHOOL_YEAR} for moment in moments)
    if Mark.EVERY in marks or marks & {Mark.BEFORE, Mark.BY, Mark.HOUR}:
        return LIKELY
    if marks & BINDING:
        # "đến năm 2030" is mostly part of a title.
        return OPEN_TO_DOUBT if only_years else LIKELY
    if only_years:
        return 0.3
    return 0.75 if marks & {Mark.WITHIN, Mark.DASH} else OPEN_TO_DOUBT
