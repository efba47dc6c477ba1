"""What screens show: read-only, of one consistent picture, in a fixed number of queries each."""

from activities.views.assignments import AssignmentScreens, AssignmentView, Page
from activities.views.cycles import CycleScreens, CycleView, Fired, TaskView
from activities.views.desk import Desk, DeskScreens, ExtensionView, Question
from activities.views.history import History, HistoryScreens, NoticeView
from activities.views.hubs import HubScreens, SchoolView
from activities.views.letters import Inbox, LetterScreens, LetterView
from activities.views.overdue import OverdueScreens

__all__ = [
    "AssignmentView",
    "CycleView",
    "Desk",
    "ExtensionView",
    "Fired",
    "History",
    "Inbox",
    "LetterView",
    "NoticeView",
    "Page",
    "Question",
    "SchoolView",
    "TaskView",
    "Views",
]


class Views(
    AssignmentScreens,
    CycleScreens,
    DeskScreens,
    HistoryScreens,
    HubScreens,
    LetterScreens,
    OverdueScreens,
):
    """All there is to see; a new screen's queries are one more module and base."""
