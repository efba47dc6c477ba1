"""What people ask of a task. One class per verb; `verb` is also the name of the Temporal update.

Free text and people enter by reference only (`text`, `actor`): Temporal and the ledger hold no
words a person wrote and no name, so that both can be erased without breaking the chain.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, TypeAdapter

from models.assignment import Role
from models.message import Message


class ActorKind(StrEnum):
    OFFICER = "officer"
    UNIT = "unit"
    SUPERVISOR = "supervisor"
    SYSTEM = "system"


class Actor(Message):
    """Who acts: a unit's code for a unit, else a reference into the table of people. `person`
    refers to who acted for the unit, where that is known."""

    kind: ActorKind
    ref: str = ""
    person: str = ""


SYSTEM = Actor(kind=ActorKind.SYSTEM)


class TaskCommand(Message):
    """`received_at` (plan time) has the legal effect, whenever the command is decided."""

    id: str
    task: str
    actor: Actor
    received_at: AwareDatetime
    text: str | None = None


class UnitCommand(TaskCommand):
    unit: str


class Member(Message):
    """A unit of the directory as a command names it: its code and its hub."""

    code: str
    hub: str | None = None


class Allocate(TaskCommand):
    verb: Literal["allocate"] = "allocate"
    units: tuple[Member, ...] = Field(min_length=1)
    role: Role = Role.LEAD


class SetDate(TaskCommand):
    """Sets the last day on time of a task whose document gives none."""

    verb: Literal["set_date"] = "set_date"
    last_day: date


class DocumentIssued(TaskCommand):
    """The document a dormant task waits for. `last_day` overrides the period the plan states."""

    verb: Literal["document_issued"] = "document_issued"
    number: str
    issued_on: date
    last_day: date | None = None


class Acknowledge(UnitCommand):
    verb: Literal["acknowledge"] = "acknowledge"
    undo: bool = False


class Submit(UnitCommand):
    """`reference` is the number of a report that came on paper; `on_behalf` says an officer
    enters it. `report` refers to the content, which is kept outside the engine."""

    verb: Literal["submit"] = "submit"
    on_behalf: bool = False
    reference: str | None = None
    report: str | None = None


class Withdraw(UnitCommand):
    verb: Literal["withdraw"] = "withdraw"


class Accept(UnitCommand):
    verb: Literal["accept"] = "accept"


class Return(UnitCommand):
    """`last_day` is the sub-deadline of the resubmission; the policy's when absent. `reasons` are
    references to words by the code of the task in the report they are about."""

    verb: Literal["return_report"] = "return_report"
    last_day: date | None = None
    reasons: dict[str, str] = {}


class Reopen(UnitCommand):
    verb: Literal["reopen"] = "reopen"


class AskExtension(UnitCommand):
    verb: Literal["ask_extension"] = "ask_extension"
    last_day: date


class GrantExtension(UnitCommand):
    """`last_day` is the day granted; the day asked for when absent."""

    verb: Literal["grant_extension"] = "grant_extension"
    last_day: date | None = None


class RefuseExtension(UnitCommand):
    verb: Literal["refuse_extension"] = "refuse_extension"


class Reassign(UnitCommand):
    verb: Literal["reassign"] = "reassign"
    to: Member


class Reschedule(TaskCommand):
    """Moves the deadline of one unit, or of every unit that still owes."""

    verb: Literal["reschedule"] = "reschedule"
    last_day: date
    unit: str | None = None


class Cancel(TaskCommand):
    """ "Không tiếp tục thực hiện", with the number of the decision."""

    verb: Literal["cancel"] = "cancel"
    reference: str
    unit: str | None = None


class Suspend(TaskCommand):
    """ "Tạm dừng, chờ văn bản của cấp trên": one unit's part, or that of every unit that owes."""

    verb: Literal["suspend"] = "suspend"
    unit: str | None = None


class Resume(TaskCommand):
    """One unit's part goes on, or all that rest, each with the time that was left to it."""

    verb: Literal["resume"] = "resume"
    unit: str | None = None


class NoteKind(StrEnum):
    CALL = "call"  # đã gọi điện
    INSTRUCTION = "instruction"  # ý kiến chỉ đạo
    PROGRESS = "progress"  # cập nhật tiến độ
    URGED = "urged"  # công văn đôn đốc đã ký
    OTHER = "other"


class Note(TaskCommand):
    """`reference` is the number and date of the signed letter that `URGED` notes; `promised` the
    day a unit said on the telephone it would report by."""

    verb: Literal["note"] = "note"
    kind: NoteKind
    unit: str | None = None
    reference: str | None = None
    promised: date | None = None


class Adopt(TaskCommand):
    """The officer's word on what was breached before the launch; for all held units when empty.
    `late`: it was settled, but after its deadline."""

    verb: Literal["adopt"] = "adopt"
    settled: bool
    late: bool = False
    units: tuple[str, ...] = ()


class Close(TaskCommand):
    verb: Literal["close"] = "close"


class Void(TaskCommand):
    verb: Literal["void"] = "void"


Command = Annotated[
    Allocate
    | SetDate
    | DocumentIssued
    | Acknowledge
    | Submit
    | Withdraw
    | Accept
    | Return
    | Reopen
    | AskExtension
    | GrantExtension
    | RefuseExtension
    | Reassign
    | Reschedule
    | Cancel
    | Suspend
    | Resume
    | Note
    | Adopt
    | Close
    | Void,
    Field(discriminator="verb"),
]

COMMAND: TypeAdapter[Command] = TypeAdapter(Command)


class Verdict(StrEnum):
    APPLIED = "applied"
    REFUSED = "refused"
    FAILED = "failed"


class Outcome(Message):
    """How a command ended. `reason` is a Vietnamese sentence when it was not applied."""

    command: str
    verdict: Verdict
    reason: str = ""
