"""A review as its page shows it: every duty beside the lines it was read from, findings first."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from activities.plan_reviews import Review
from intake.vietnam_calendar import calendar_of_cycle
from models.directory import Directory, Unit, UnitKind
from models.finding import Finding, Severity
from models.imported import ImportedPlan, LineFinding
from models.plan import Duty, Officer, Plan, PlanTask, ReportDuty
from models.plan_review import Change, Correction, Corrections, SourceLine
from models.timing import Reading
from rules.checks import check, phrases_of
from rules.performers import Meaning, Performers, folded
from rules.plan_review import (
    added_duty,
    changes,
    corrected,
    plan_of,
    problems,
    reading_of,
)
from web.language import gettext as _
from web.language import lazily as later
from web.tools import Tools

ADDED = "them."
NAMED_KINDS = (UnitKind.OFFICE, UnitKind.DIVISION, UnitKind.LEADERSHIP)
MEANINGS = {
    "allocated": later("Không nêu tên ai: cán bộ phân công"),
    "outside": later("Cơ quan ngoài danh bạ, không giao việc"),
    "kind:division": later("Các phòng thuộc Sở"),
    "kind:commune": later("UBND các xã, phường, đặc khu"),
    "kind:direct": later("Các đơn vị trực thuộc Sở"),
    "kind:school": later("Các cơ sở giáo dục thuộc xã, phường, đặc khu"),
    "kind:school+direct": later("Tất cả các cơ sở giáo dục"),
}


class Card(NamedTuple):
    """A duty on the page. `key` is its code as it was read, or says that an officer added it;
    `seen` is what a form that changes it must have been made from."""

    key: str
    duty: Duty
    read: Duty | None
    removed: bool
    changed: bool
    reading: Reading | None
    findings: list[LineFinding]

    @property
    def seen(self) -> str:
        return seen_of(self.duty, removed=self.removed)

    @property
    def is_report(self) -> bool:
        return isinstance(self.duty, ReportDuty)

    @property
    def lead(self) -> tuple[str, ...]:
        return self.duty.lead if isinstance(self.duty, PlanTask) else self.duty.reporters

    @property
    def cooperating(self) -> tuple[str, ...]:
        return self.duty.cooperating if isinstance(self.duty, PlanTask) else ()

    @property
    def to(self) -> str:
        return self.duty.to if isinstance(self.duty, ReportDuty) else ""

    @property
    def lines(self) -> tuple[int, int] | None:
        return self.duty.lines


class Phrase(NamedTuple):
    """A phrase for performers that nothing explains, or that the officer has explained here."""

    words: str
    meaning: str
    codes: list[str]


class Seen(NamedTuple):
    """All of a review. `loose` are the findings of no duty, `problems` what forbids a plan;
    `over` is the snapshot of the loaded plan that it would replace, `changes` what would differ."""

    review: Review
    imported: ImportedPlan
    corrections: Corrections
    cards: list[Card]
    loose: list[LineFinding]
    checked: list[Finding]
    phrases: list[Phrase]
    problems: list[Finding]
    over: str | None
    changes: list[Change]
    units: list[Unit]

    @property
    def waiting(self) -> list[tuple[Card | None, LineFinding]]:
        """Findings nobody has acted on yet, the gravest first."""
        found: list[tuple[Card | None, LineFinding]] = [(None, each) for each in self.loose]
        for card in self.cards:
            if not (card.changed or card.removed):
                # A grave one is also a problem of the plan it would become.
                found += [(card, f) for f in card.findings if f.severity is not Severity.ERROR]
        return sorted(found, key=lambda pair: (_GRAVITY[pair[1].severity], pair[1].line or 0))

    @property
    def settings_seen(self) -> str:
        return fingerprint(self.corrections.settings)

    @property
    def meanings_seen(self) -> str:
        return fingerprint(self.corrections.meanings)


_GRAVITY = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


class Standing(NamedTuple):
    """The plan that a review stands beside: the one it replaces, or whose conventions hold."""

    like: Plan | None
    over: str | None


def standing_of(tools: Tools, review: Review, corrections: Corrections) -> Standing:
    loaded = {row.id: row.snapshot for row in tools.registry.plans()}
    code = corrections.settings.plan
    if code in loaded:
        return Standing(tools.registry.plan(code), loaded[code])
    like = review.sent.replaces or review.sent.conventions
    return Standing(tools.registry.plan(like) if like else None, None)


def look(tools: Tools, review: Review) -> Seen:
    imported, corrections = tools.plan_reviews.content(review.id)
    like, over = standing_of(tools, review, corrections)
    directory = tools.registry.directory()
    wrong = list(problems(imported, corrections, directory))
    cards = list(_cards(imported, corrections))
    placed = {id(finding) for card in cards for finding in card.findings}
    draft = _plan(imported, corrections, like, replaces=over is not None)
    return Seen(
        review=review,
        imported=imported,
        corrections=corrections,
        cards=cards,
        loose=[each for each in imported.findings if id(each) not in placed],
        checked=_checked(draft, directory, imported.year),
        phrases=_phrases(imported, corrections, like, directory),
        problems=wrong,
        over=over,
        changes=changes(like, draft) if like and over else [],
        units=directory.of_kinds(NAMED_KINDS),
    )


def _plan(
    imported: ImportedPlan, corrections: Corrections, like: Plan | None, *, replaces: bool
) -> Plan:
    """The plan as far as it is settled: what is missing must not keep the rest from being seen."""
    try:
        return plan_of(imported, corrections, like, replaces=replaces)
    except ValueError:
        unnamed = Officer(plan="moi", short_title="", coordinator="", leadership="")
        return Plan(document=corrected(imported, corrections), officer=unnamed)


def _cards(imported: ImportedPlan, corrections: Corrections) -> Iterator[Card]:
    document = imported.document
    bare = corrections.model_copy(
        update={
            "duties": {
                code: by.model_copy(update={"removed": False})
                for code, by in corrections.duties.items()
            },
            "added": (),
        }
    )
    whole = corrected(imported, bare)
    spans = {duty.code: duty.lines for duty in document.duties if duty.lines}
    of_line = _owners(imported, spans)
    for read, duty in zip(document.duties, whole.duties, strict=True):
        by = corrections.duties.get(read.code, Correction())
        yield Card(
            key=read.code,
            duty=duty,
            read=read,
            removed=by.removed,
            changed=by != Correction(removed=by.removed),
            reading=imported.readings.get(read.code)
            if by.timing is None
            else reading_of(by.timing, imported),
            findings=of_line.get(read.code, []),
        )
    for added in corrections.added:
        yield Card(
            key=f"{ADDED}{added.code}",
            duty=added_duty(added, imported),
            read=None,
            removed=added.removed,
            changed=True,
            reading=reading_of(added.timing, imported) if added.timing else None,
            findings=[],
        )


def seen_of(duty: Duty, *, removed: bool = False) -> str:
    """What tells whether a duty was changed since a page was made."""
    return fingerprint((duty.model_dump(mode="json"), removed))


def _owners(
    imported: ImportedPlan, spans: dict[str, tuple[int, int]]
) -> dict[str, list[LineFinding]]:
    """Findings by the duty whose lines hold theirs; the narrowest, where duties lie in others."""
    owners: dict[int, str] = {}
    # The widest first, so that what lies in them has the last word.
    for code, (first, last) in sorted(spans.items(), key=lambda each: each[1][0] - each[1][1]):
        owners.update(dict.fromkeys(range(first, last + 1), code))
    found: dict[str, list[LineFinding]] = {}
    for finding in imported.findings:
        line = finding.line
        if line is not None and (owner := owners.get(line)) is not None:
            found.setdefault(owner, []).append(finding)
    return found


def _checked(plan: Plan, directory: Directory, year: int) -> list[Finding]:
    """What the checks of a launch say, without what has a place of its own on this page."""
    elsewhere = {duty.code for duty in plan.duties} | directory.units.keys()
    found = check(plan, directory, calendar_of_cycle(year), year=year)
    return [each for each in found if each.place not in elsewhere]


def _phrases(
    imported: ImportedPlan, corrections: Corrections, like: Plan | None, directory: Directory
) -> list[Phrase]:
    without = corrections.model_copy(update={"meanings": {}})
    performers = Performers(_plan(imported, without, like, replaces=False), directory)
    meant = {folded(phrase): meaning for phrase, meaning in corrections.meanings.items()}
    found: dict[str, Phrase] = {}
    open_: dict[str, bool] = {}  # a plan says the same few phrases again and again
    for duty in corrected(imported, corrections).duties:
        for words in phrases_of(duty):
            key = folded(words)
            if words not in open_:
                open_[words] = key in meant or not _is_explained(performers.meant_by(words))
            if open_[words]:
                phrase = found.setdefault(key, Phrase(words, meant.get(key, ""), []))
                phrase.codes.append(duty.code)
    return list(found.values())


def _is_explained(meaning: Meaning | None) -> bool:
    return meaning is not None and bool(meaning.units or meaning.allocated or meaning.outside)


def meaning_options(units: Sequence[Unit]) -> list[tuple[str, str]]:
    return [
        ("", _("– chưa rõ là ai –")),
        *((value, _(words)) for value, words in MEANINGS.items()),
        *((f"unit:{unit.code}", unit.name) for unit in units),
    ]


def passages(tools: Tools, review: Review, cards: Sequence[Card]) -> dict[str, list[SourceLine]]:
    """The lines of the document that each card was read from. One query."""
    spans = {card.key: card.lines for card in cards if card.lines}
    lines = tools.plan_reviews.passages(review.id, list(spans.values()))
    return {
        key: [line for line in lines if first <= line.number <= last]
        for key, (first, last) in spans.items()
    }


def fingerprint(value: object) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()[:16]
