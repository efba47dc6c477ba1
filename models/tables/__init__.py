"""Database rows. Written by activities and web only: rows never cross Temporal.

Times are stored in UTC; the word after a time says which clock it shows: plan time unless it is
marked as wall time. Words a person wrote live in `StatementTable`, names in `PersonTable`.
"""

from models.tables.access import (
    AccessTable,
    AccountTable,
    FeedTable,
    LinkLetterTable,
    SessionTable,
    TokenTable,
    UsedLinkTable,
)
from models.tables.directory import AbsenceTable, ContactTable, UnitTable
from models.tables.ledger import (
    AssignmentTable,
    ClockTable,
    CommandTable,
    LedgerTable,
    PersonTable,
    SealTable,
    StatementTable,
    TaskTable,
)
from models.tables.notices import DispatchTable, MessageTable, NoticeTable, UrgeTable
from models.tables.plans import (
    CarriedTable,
    CycleTable,
    PlanReviewTable,
    PlanTable,
    PlanTextTable,
    SnapshotTable,
)
from models.tables.programs import AskedTable, SubscriptionTable, ToldTable
from models.tables.reports import (
    AttachmentTable,
    DraftTable,
    ReportFigureTable,
    ReportLineTable,
    ReportTable,
)

__all__ = [
    "AbsenceTable",
    "AccessTable",
    "AccountTable",
    "AskedTable",
    "AssignmentTable",
    "AttachmentTable",
    "CarriedTable",
    "ClockTable",
    "CommandTable",
    "ContactTable",
    "CycleTable",
    "DispatchTable",
    "DraftTable",
    "FeedTable",
    "LedgerTable",
    "LinkLetterTable",
    "MessageTable",
    "NoticeTable",
    "PersonTable",
    "PlanReviewTable",
    "PlanTable",
    "PlanTextTable",
    "ReportFigureTable",
    "ReportLineTable",
    "ReportTable",
    "SealTable",
    "SessionTable",
    "SnapshotTable",
    "StatementTable",
    "SubscriptionTable",
    "TaskTable",
    "TokenTable",
    "ToldTable",
    "UnitTable",
    "UrgeTable",
    "UsedLinkTable",
]
