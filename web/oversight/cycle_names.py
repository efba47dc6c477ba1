"""What a line of a list says of the cycle it belongs to."""

from collections.abc import Callable

from models.identifiers import cycle_id, cycle_name
from web.language import gettext as _
from web.tools import Tools


def cycle_namer(tools: Tools) -> Callable[[str], str]:
    """The name of the cycle an assignment belongs to, by the assignment's id: with its plan where
    there are several, and nothing where there is but one cycle."""
    cycles = tools.views.cycle_titles()
    several_plans = len({each.plan for each in cycles}) > 1
    names = {}
    for each in cycles if len(cycles) > 1 else ():
        name = _("chu kỳ %(year)s", year=each.id.rpartition("/")[2])
        names[each.id] = f"{each.title} · {name}" if several_plans else name

    def named(assignment: str) -> str:
        plan, _slash, _rest = assignment.partition("/")
        return names.get(cycle_id(plan, cycle_name(assignment)), "")

    return named
