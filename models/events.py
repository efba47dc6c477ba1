"""What happened to a task: the entries of its ledger, and the only way its state changes."""

from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import AwareDatetime, Field, TypeAdapter

from models.assignment import Role, TaskFacts, Waiting
from models.commands import SYSTEM, Actor, NoteKind
from models.deadline import Deadline, Ladder
from models.message import Message


class TaskEvent(Message):
    """`at` is the plan instant of recording; `command` the command that led here, if any."""

    at: AwareDatetime
    actor: Actor = SYSTEM
    command: str | None = None


class UnitEvent(TaskEvent):
    unit: str


class TaskOpened(TaskEvent):
    kind: Literal["task_opened"] = "task_opened"
    facts: TaskFacts
    waiting: dict[Waiting, str] = {}  # điều đang chờ -> cụm từ trong văn bản


class DeadlineSet(TaskEvent):
    """A resolved deadline, kept under `key`. With a `unit_class` it is the one of that class, and
    every open assignment of the class that had none takes it over."""

    kind: Literal["deadline_set"] = "deadline_set"
    key: str
    deadline: Deadline
    unit_class: str | None = None
    reference: str | None = None
    text: str | None = None


class LadderSet(TaskEvent):
    """A shared ladder for acknowledgement, review or a question to the officer."""

    kind: Literal["ladder_set"] = "ladder_set"
    key: str
    ladder: Ladder


class Asked(TaskEvent):
    """The task begins to wait for the officer."""

    kind: Literal["asked"] = "asked"
    waiting: Waiting
    ladder: str
    phrase: str = ""


class Answered(TaskEvent):
    kind: Literal["answered"] = "answered"
    waiting: Waiting


class OfficerReminded(TaskEvent):
    kind: Literal["officer_reminded"] = "officer_reminded"
    waiting: Waiting
    rungs: tuple[str, ...]
    scheduled: AwareDatetime


class Carried(Message):
    """What comes with an assignment that was open when its cycle closed: its id there, whether it
    was late there already, how many extensions it had."""

    assignment: str
    late: bool = False
    extensions: int = 0


class Assigned(UnitEvent):
    """`held`: the deadline had passed before the launch. `carried`: from an earlier cycle."""

    kind: Literal["assigned"] = "assigned"
    role: Role
    hub: str | None = None
    due: str | None = None
    version: int = 1
    ack: str | None = None
    held: bool = False
    replaces: str | None = None
    carried: Carried | None = None


class RungFired(UnitEvent):
    """Rungs of one ladder recorded together; the last of them carries the one message.

    `clock` is `due`, `ack` or `review`; `scheduled` the instant of the last rung, `at` when it was
    recorded.
    """

    kind: Literal["rung_fired"] = "rung_fired"
    clock: Literal["due", "ack", "review"]
    version: int
    rungs: tuple[str, ...]
    level: int
    scheduled: AwareDatetime


class Adopted(UnitEvent):
    """`late`: settled after its deadline. Left out otherwise, as in every older entry."""

    kind: Literal["adopted"] = "adopted"
    settled: bool
    late: bool = Field(default=False, exclude_if=lambda late: not late)
    due: str | None = None


class Acknowledged(UnitEvent):
    kind: Literal["acknowledged"] = "acknowledged"
    received_at: AwareDatetime


class AcknowledgementUndone(UnitEvent):
    kind: Literal["acknowledgement_undone"] = "acknowledgement_undone"


class Submitted(UnitEvent):
    kind: Literal["submitted"] = "submitted"
    received_at: AwareDatetime
    revision: int
    late: bool
    on_behalf: bool = False
    reference: str | None = None
    review: str | None = None
    report: str | None = None
    text: str | None = None


class Progressed(UnitEvent):
    """An update on an ongoing task."""

    kind: Literal["progressed"] = "progressed"
    received_at: AwareDatetime
    text: str | None = None


class EscalationWithdrawn(UnitEvent):
    """Escalations that went out between the receipt of a report and its recording."""

    kind: Literal["escalation_withdrawn"] = "escalation_withdrawn"
    rungs: tuple[str, ...]


class Withdrawn(UnitEvent):
    kind: Literal["withdrawn"] = "withdrawn"
    text: str | None = None


class Accepted(UnitEvent):
    kind: Literal["accepted"] = "accepted"
    text: str | None = None


class Returned(UnitEvent):
    kind: Literal["returned"] = "returned"
    due: str
    reasons: dict[str, str] = {}
    text: str | None = None


class Reopened(UnitEvent):
    kind: Literal["reopened"] = "reopened"
    review: str | None = None
    text: str | None = None


class ExtensionAsked(UnitEvent):
    kind: Literal["extension_asked"] = "extension_asked"
    proposed: date
    review: str
    text: str | None = None


class ExtensionGranted(UnitEvent):
    kind: Literal["extension_granted"] = "extension_granted"
    due: str
    text: str | None = None


class ExtensionRefused(UnitEvent):
    kind: Literal["extension_refused"] = "extension_refused"
    text: str | None = None


class Rescheduled(UnitEvent):
    kind: Literal["rescheduled"] = "rescheduled"
    due: str
    text: str | None = None


class Reassigned(UnitEvent):
    kind: Literal["reassigned"] = "reassigned"
    to: str
    text: str | None = None


class Cancelled(UnitEvent):
    kind: Literal["cancelled"] = "cancelled"
    reference: str
    text: str | None = None


class Suspended(UnitEvent):
    """`left` counts the working days from here to the deadline."""

    kind: Literal["suspended"] = "suspended"
    left: int | None = None
    text: str | None = None


class Resumed(UnitEvent):
    """`due` is the new deadline; None where none was running."""

    kind: Literal["resumed"] = "resumed"
    due: str | None = None
    text: str | None = None


class Noted(TaskEvent):
    """`promised` is the day the unit said it would report by."""

    kind: Literal["noted"] = "noted"
    note: NoteKind
    unit: str | None = None
    text: str | None = None
    reference: str | None = None
    promised: date | None = None


class Refused(TaskEvent):
    """A command that was not followed, and why."""

    kind: Literal["refused"] = "refused"
    verb: str
    reason: str
    unit: str | None = None


class CommandFailed(TaskEvent):
    """A command that could not be decided because of an error of ours."""

    kind: Literal["command_failed"] = "command_failed"
    verb: str
    error: str
    unit: str | None = None


class TaskClosed(TaskEvent):
    kind: Literal["task_closed"] = "task_closed"
    text: str | None = None


class TaskVoided(TaskEvent):
    kind: Literal["task_voided"] = "task_voided"
    text: str | None = None


Event = Annotated[
    TaskOpened
    | DeadlineSet
    | LadderSet
    | Asked
    | Answered
    | OfficerReminded
    | Assigned
    | RungFired
    | Adopted
    | Acknowledged
    | AcknowledgementUndone
    | Submitted
    | Progressed
    | EscalationWithdrawn
    | Withdrawn
    | Accepted
    | Returned
    | Reopened
    | ExtensionAsked
    | ExtensionGranted
    | ExtensionRefused
    | Rescheduled
    | Reassigned
    | Cancelled
    | Suspended
    | Resumed
    | Noted
    | Refused
    | CommandFailed
    | TaskClosed
    | TaskVoided,
    Field(discriminator="kind"),
]

EVENT_KINDS = tuple(str(kind.model_fields["kind"].default) for kind in get_args(get_args(Event)[0]))

EVENT: TypeAdapter[Event] = TypeAdapter(Event)
EVENTS: TypeAdapter[list[Event]] = TypeAdapter(list[Event])
