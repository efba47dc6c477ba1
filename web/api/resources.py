"""Every part of the API. Those whose addresses say more come before those that say less."""

from web.api import (
    assignments,
    commands,
    cycle_ends,
    cycles,
    description,
    desk,
    events,
    evidence,
    launches,
    me,
    officer_acts,
    plan_reviews,
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
    cycle_ends.router,
    cycles.router,
    launches.router,
    plan_reviews.router,
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
