"""What a form changes of the corrections, if nobody has changed the same place since."""

from collections.abc import Callable, Mapping

from activities.plan_reviews import Overtaken
from models.imported import ImportedPlan
from models.plan_review import Correction, Corrections
from rules.plan_review import added_task, corrected, correction
from web.plan_review.seen import ADDED, seen_of
from web.plan_review.typed import SEEN, added_from, correction_from

Edit = Callable[[ImportedPlan, Corrections], Corrections]


def edit_of_read(key: str, fields: Mapping[str, str]) -> Edit:
    def edit(imported: ImportedPlan, corrections: Corrections) -> Corrections:
        read = next((duty for duty in imported.document.duties if duty.code == key), None)
        by = corrections.duties.get(key, Correction())
        if read is None or fields.get(SEEN) != _seen_now(imported, key, by):
            raise Overtaken
        if "nhu_doc" in fields:
            now = Correction()
        elif {"bo", "lay_lai"} & fields.keys():
            now = by.model_copy(update={"removed": "bo" in fields})
        else:
            now = correction(read, correction_from(fields))
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
        code = key.removeprefix(ADDED)
        place = next((n for n, each in enumerate(corrections.added) if each.code == code), None)
        if place is None:
            raise Overtaken
        added = list(corrections.added)
        if fields.get(SEEN) != seen_of(added_task(added[place], imported)):
            raise Overtaken
        if "bo" in fields:
            del added[place]
        else:
            typed = added_from(fields)
            lines = typed.lines or added[place].lines
            added[place] = typed.model_copy(update={"lines": lines})
        return corrections.model_copy(update={"added": tuple(added)})

    return edit


def codes_of(imported: ImportedPlan, corrections: Corrections, *, but: str = "") -> set[str]:
    """The codes in use by others than the duty of this key."""
    read = {
        by.code or duty.code
        for duty in imported.document.duties
        if duty.code != but and not (by := corrections.duties.get(duty.code, Correction())).removed
    }
    return read | {each.code for each in corrections.added if f"{ADDED}{each.code}" != but}
