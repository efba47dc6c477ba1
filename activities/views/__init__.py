"""What screens show: read-only, of one consistent picture, in a fixed number of queries each."""

from activities.views.assignments import AssignmentScreens, AssignmentView, Page
from activities.views.cycles import CycleScreens, CycleView, Fired, TaskView
from activities.views.desk import Desk, DeskScreens, ExtensionView, Question
from activities.views.heat import Cell, HeatMap, HeatRow, HeatScreens
from activities.views.history import DispatchView, History, HistoryScreens, NoticeView, TaskStory
from activities.views.hubs import HubScreens, SchoolView
from activities.views.letters import Inbox, LetterScreens, LetterView
from activities.views.overdue import OverdueScreens
from activities.views.oversight import Oversight, OversightScreens
from activities.views.screens import Which
from activities.views.timeline import TimelineScreens, ToldOnDay

__all__ = [
    "AssignmentView",
    "Cell",
    "CycleView",
    "Desk",
    "DispatchView",
    "ExtensionView",
    "Fired",
    "HeatMap",
    "HeatRow",
    "History",
    "Inbox",
    "LetterView",
    "NoticeView",
    "Oversight",
    "Page",
    "Question",
    "SchoolView",
    "TaskStory",
    "TaskView",
    "ToldOnDay",
    "Views",
    "Which",
]


class Views(
    AssignmentScreens,
    CycleScreens,
    DeskScreens,
    HeatScreens,
    HistoryScreens,
    HubScreens,
    LetterScreens,
    OverdueScreens,
    OversightScreens,
    TimelineScreens,
):
    """All there is to see; a new screen's queries are one more module and base."""
