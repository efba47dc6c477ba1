"""The hashes that chain a task's ledger and seal a cycle's day, as docs/ledger.md says them."""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import NamedTuple

from models.assignment import Head
from models.clock import VN
from models.commands import Actor, ActorKind
from models.events import EVENT, Event

ENTRY_VERSION = "dondoc-ledger/1"
SEAL_VERSION = "dondoc-seal/1"

_COLUMNS = {"at", "kind", "unit", "command", "actor"}


class Entry(NamedTuple):
    """One entry of a ledger, as it is stored. `payload` is canonical JSON text."""

    task: str
    seq: int
    prev: str
    at: datetime
    kind: str
    unit: str | None
    command: str | None
    actor: str
    payload: str


def canonical(value: object) -> str:
    """JSON with sorted keys and no spaces, in Unicode's composed form (NFC)."""
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return unicodedata.normalize("NFC", text)


def instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def entry_hash(entry: Entry) -> str:
    return _sha256({"version": ENTRY_VERSION, **entry._asdict(), "at": instant(entry.at)})


def seal_root(cycle: str, day: date, previous: str, heads: Mapping[str, Head]) -> str:
    """The root of one day. `previous` is the root of the seal before it, empty for the first."""
    return _sha256(
        {
            "version": SEAL_VERSION,
            "cycle": cycle,
            "day": day.isoformat(),
            "prev": previous,
            "heads": [[task, heads[task].seq, heads[task].hash] for task in sorted(heads)],
        }
    )


def entry_of(event: Event, *, task: str, after: Head) -> Entry:
    """`event` as the entry that follows `after`."""
    return Entry(
        task=task,
        seq=after.seq + 1,
        prev=after.hash,
        at=event.at,
        kind=event.kind,
        unit=getattr(event, "unit", None),
        command=event.command,
        actor=f"{event.actor.kind}:{event.actor.ref}",
        payload=canonical(event.model_dump(mode="json", exclude=_COLUMNS) | _person(event)),
    )


def event_of(entry: Entry) -> Event:
    """The event an entry was made from, in Vietnam's time zone as it was then."""
    kind, _, ref = entry.actor.partition(":")
    payload = json.loads(entry.payload)
    person = payload.pop("person", "")
    columns = {
        "at": entry.at.astimezone(VN),
        "kind": entry.kind,
        "unit": entry.unit,
        "command": entry.command,
        "actor": Actor(kind=ActorKind(kind), ref=ref, person=person),
    }
    return EVENT.validate_python(payload | columns)


def _person(event: Event) -> dict[str, str]:
    """Who acted for a unit. Left out where nobody is known, as in every older entry."""
    return {"person": event.actor.person} if event.actor.person else {}


def chain(task: str, head: Head, events: Iterable[Event]) -> Iterator[tuple[Entry, str]]:
    """The entries of `events` after `head`, each with its hash."""
    for event in events:
        entry = entry_of(event, task=task, after=head)
        head = Head(seq=entry.seq, hash=entry_hash(entry))
        yield entry, head.hash


def fault(entry: Entry, hash_: str, after: Head) -> str | None:
    """What is wrong with an entry that follows `after`, as a Vietnamese sentence."""
    if entry.seq != after.seq + 1:
        return f"Thiếu mục {after.seq + 1} trong sổ."
    if entry.prev != after.hash:
        return "Mục này không nối với mục liền trước."
    if entry_hash(entry) != hash_:
        return "Nội dung không khớp với mã băm: mục này đã bị sửa."
    return None


def _sha256(value: object) -> str:
    return hashlib.sha256(canonical(value).encode()).hexdigest()
