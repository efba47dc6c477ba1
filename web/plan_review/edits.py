"""What a form changes of the corrections, if nobody has changed the same place since. A form whose
change is made already changes nothing: it was sent twice."""

from collections.abc import Callable, Mapping, Sequence

from activities.plan_reviews import Overtaken
from models.imported import ImportedPlan
from models.plan_review import AddedDuty, Correction, Corrections, PlanSettings
from rules.performers import folded
from rules.plan_review import added_duty, corrected, correction
from web.plan_review.seen import ADDED, fingerprint, seen_of
from web.plan_review.typed import SEEN, added_from, correction_from

Edit = Callable[[ImportedPlan, Corrections], Corrections]


def edit_of_read(key: str, fields: Mapping[str, str]) -> Edit:
    def edit(imported: ImportedPlan, corrections: Corrections) -> Corrections:
        read = next((duty for duty in imported.document.duties if duty.code == key), None)
        by = corrections.duties.get(key, Correction())
        if read is None:
            raise Overtaken
        if "nhu_doc" in fields:
            now = Correction()
        elif {"bo", "lay_lai"} & fields.keys():
            now = by.model_copy(update={"removed": "bo" in fields})
        else:
            now = correction(read, correction_from(fields))
        if now == by:
            return corrections
        if fields.get(SEEN) != _seen_now(imported, key, by):
            raise Overtaken
        duties = {code: each for code, each in corrections.duties.items() if code != key}
        if now != Correction():
            duties[key] = now
        return corrections.model_copy(update={"duties": duties})

    return edit


def _seen_now(imported: ImportedPlan, key: str, by: Correction) -> str:
    """What a form of this duty would be made from now."""
    alone = Corrections(duties={key: by.model_copy(update={"removed": False})})
    # Nothing is removed, so each duty keeps its place.
    place = [duty.code for duty in imported.document.duties].index(key)
    return seen_of(corrected(imported, alone).duties[place], removed=by.removed)


def edit_of_added(key: str, fields: Mapping[str, str]) -> Edit:
    def edit(imported: ImportedPlan, corrections: Corrections) -> Corrections:
        added = list(corrections.added)
        code = key.removeprefix(ADDED)
        place = next((n for n, each in enumerate(added) if each.code == code), None)
        if _is_made(fields, place, added):
            return corrections
        if place is None or fields.get(SEEN) != _seen_added(added[place], imported):
            raise Overtaken
        added[place] = _changed(added[place], fields)
        return corrections.model_copy(update={"added": tuple(added)})

    return edit


def _seen_added(added: AddedDuty, imported: ImportedPlan) -> str:
    return seen_of(added_duty(added, imported), removed=added.removed)


def _is_made(fields: Mapping[str, str], place: int | None, added: Sequence[AddedDuty]) -> bool:
    """Whether the duty is removed, back, or as the form has it; it may have got another code."""
    if {"bo", "lay_lai"} & fields.keys():
        return place is not None and added[place].removed == ("bo" in fields)
    return any(_changed(each, fields) == each for each in added)


def _changed(added: AddedDuty, fields: Mapping[str, str]) -> AddedDuty:
    if {"bo", "lay_lai"} & fields.keys():
        return added.model_copy(update={"removed": "bo" in fields})
    typed = added_from(fields)
    kept = {"lines": typed.lines or added.lines, "is_report": added.is_report}
    return typed.model_copy(update=kept)


def edit_adding(fields: Mapping[str, str]) -> Edit:
    new = added_from(fields)

    def edit(imported: ImportedPlan, corrections: Corrections) -> Corrections:
        if new in corrections.added:
            return corrections
        if new.code in codes_of(imported, corrections) | removed_codes(corrections):
            raise Overtaken
        return corrections.model_copy(update={"added": (*corrections.added, new)})

    return edit


def edit_of_settings(settings: PlanSettings, seen: str | None) -> Edit:
    def edit(_imported: ImportedPlan, corrections: Corrections) -> Corrections:
        if corrections.settings != settings and seen != fingerprint(corrections.settings):
            raise Overtaken
        return corrections.model_copy(update={"settings": settings})

    return edit


def edit_of_meanings(chosen: Mapping[str, str], seen: str | None) -> Edit:
    """`chosen` has every phrase of the page, with nothing where it was left open. What is known of
    others stays: their task may come back."""
    shown = {folded(phrase) for phrase in chosen}

    def edit(_imported: ImportedPlan, corrections: Corrections) -> Corrections:
        before = corrections.meanings
        others = {phrase: who for phrase, who in before.items() if folded(phrase) not in shown}
        meanings = others | {phrase: who for phrase, who in chosen.items() if who}
        if meanings != before and seen != fingerprint(before):
            raise Overtaken
        return corrections.model_copy(update={"meanings": meanings})

    return edit


def is_made(edit: Edit, imported: ImportedPlan, corrections: Corrections) -> bool:
    """Whether the same form was sent before."""
    try:
        return edit(imported, corrections) == corrections
    except Overtaken:
        return False


def codes_of(imported: ImportedPlan, corrections: Corrections, *, but: str = "") -> set[str]:
    """The codes in use by others than the duty of this key."""
    read = {
        by.code or duty.code
        for duty in imported.document.duties
        if duty.code != but and not (by := corrections.duties.get(duty.code, Correction())).removed
    }
    return read | {
        each.code for each in corrections.added if not each.removed and f"{ADDED}{each.code}" != but
    }


def removed_codes(corrections: Corrections, *, but: str = "") -> set[str]:
    """The codes of added duties that were removed and can be brought back."""
    return {
        each.code for each in corrections.added if each.removed and f"{ADDED}{each.code}" != but
    }
