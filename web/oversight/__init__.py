"""What supervisors look at, and what every role sees of a task, a unit and an assignment."""

from web.oversight import cycle, export, heat, history, lists, task, timeline, unit

ROUTERS = (
    cycle.router,
    heat.router,
    timeline.router,
    lists.router,
    export.router,
    task.router,
    unit.router,
    history.router,
)
