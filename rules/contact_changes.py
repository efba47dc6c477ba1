"""What a list of contacts and absences changes, before anything is written."""

from collections.abc import Sequence

from models.directory import Absence, Contact
from models.message import Message


class ContactChange(Message):
    """`what` is as it will be; without `before` it is new, if `removed` it goes as it is."""

    what: Contact | Absence
    before: Contact | Absence | None = None
    removed: bool = False


def compare_contacts(
    known: Sequence[Contact | Absence],
    listed: Sequence[Contact | Absence],
    *,
    channels: bool,
) -> list[ContactChange]:
    """A list says all of the units it names: what is known of them and not listed goes. Without
    `channels` the list says nothing of those."""
    units = {each.unit for each in listed}
    left = [each for each in known if each.unit in units]
    changes = []
    for each in listed:
        before = _same(each, left)
        after = each
        if before is not None:
            left.remove(before)
            after = each.model_copy(update={"id": before.id})
            if isinstance(before, Contact) and not channels:
                after = after.model_copy(update={"channels": before.channels})
        if after != before:
            changes.append(ContactChange(what=after, before=before))
    return [*changes, *(ContactChange(what=each, removed=True) for each in left)]


def _same(
    listed: Contact | Absence, known: Sequence[Contact | Absence]
) -> Contact | Absence | None:
    """The known one of the same role and days; of several the one that says the same."""
    same = [each for each in known if _key(each) == _key(listed)]
    alike = [each for each in same if each.model_copy(update={"id": None}) == listed]
    return next(iter([*alike, *same]), None)


def _key(each: Contact | Absence) -> tuple[object, ...]:
    days = (
        (each.valid_from, each.valid_until)
        if isinstance(each, Contact)
        else (each.first_day, each.last_day)
    )
    return (type(each), each.unit, each.role, *days)
