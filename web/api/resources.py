"""Every part of the API. Those whose addresses say more come before those that say less."""

from web.api import (
    assignments,
    commands,
    cycles,
    description,
    desk,
    events,
    evidence,
    me,
    officer_acts,
    reports,
    reviews,
    subscriptions,
    tasks,
    unit_acts,
    units,
)
from web.api.routing import part

_one = part("Phần việc", "/assignments")
# Takes whatever no other address of an assignment has taken.
_one.get("/{assignment:path}", summary="Một phần việc")(assignments.one)

ROUTERS = (
    description.router,
    me.router,
    units.router,
    cycles.router,
    tasks.router,
    desk.router,
    reviews.router,
    unit_acts.router,
    officer_acts.router,
    evidence.router,
    reports.router,
    assignments.router,
    commands.router,
    events.router,
    subscriptions.router,
    _one,
)
