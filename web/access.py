"""Who may enter a page, and for whose data: every route takes exactly one of these.

    @router.get("/viec/{assignment:path}")
    def work(visitor: UnitOnly) -> Response: ...

`declared` lists them for the tests; a page that declares nothing does not start.
"""

from collections.abc import Iterable, Iterator
from typing import Annotated, NamedTuple

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from starlette.concurrency import run_in_threadpool

from activities.lookup import Part
from activities.sessions import Visit
from activities.tokens import Holder
from models.identifiers import task_id
from models.visitor import Visitor, VisitorRole
from web.api.bearer import bearer_of
from web.forms import LONGEST_NAME, NAME, POSITION, SAFE, fields_of
from web.surroundings import current, of_the_api
from web.tools import Tools, ToolsOf


class SignInNeeded(Exception):
    """Nobody is signed in; what was sent is kept until somebody is."""


class NameNeeded(Exception):
    """A unit acts, and nobody has said who they are; what was sent is asked for once more."""


def visitor_of(request: Request, tools: ToolsOf) -> Visitor | None:
    """Who is signed in, for the API whose token is shown. One query; none without a session
    cookie."""
    visit: Visit | Holder | None = None
    if of_the_api(request.url.path):
        visit = bearer_of(request, tools)
    elif secret := current().session:
        visit = tools.sessions.visit(secret)
    if visit is None:
        request.state.visitor = None
        return None
    request.state.visitor, request.state.now = visit.visitor, visit.now
    return visit.visitor


VisitorOf = Annotated[Visitor | None, Depends(visitor_of)]


class Access:
    """Lets in who is signed in with one of `roles`; `about` says whose data, for the tests.

    Whoever acts for a unit must have said who they are, except where it is `nameless`.
    """

    about = "what the role may see"

    def __init__(self, *roles: VisitorRole, nameless: bool = False) -> None:
        self.roles = frozenset(roles)
        self.nameless = nameless

    async def __call__(self, request: Request, visitor: VisitorOf, tools: ToolsOf) -> Visitor:
        if request.method in SAFE:
            return self._admitted(request, visitor, tools)
        return await run_in_threadpool(self._admitted, request, visitor, tools)

    def _admitted(self, request: Request, visitor: Visitor | None, tools: Tools) -> Visitor:
        if visitor is None:
            raise SignInNeeded
        if visitor.role not in self.roles:
            raise HTTPException(403)
        acts = visitor.role is VisitorRole.UNIT and request.method not in SAFE
        if acts and not visitor.name and not self.nameless:
            return _introduced(request, visitor, tools)
        return visitor


class Open(Access):
    """Lets everybody in, signed in or not."""

    about = "nobody's data"

    async def __call__(self, visitor: VisitorOf) -> Visitor | None:  # type: ignore[override]
        return visitor


class Untouched(Access):
    """For what needs neither a visitor nor the database: files, health."""

    about = "nobody's data"

    async def __call__(self) -> None:  # type: ignore[override]
        return None


class UnitAccess(Access):
    """The path names a `unit`: a unit sees itself, and a hub its schools. Others don't exist."""

    about = "the unit in the path"

    def __call__(  # type: ignore[override]
        self, request: Request, visitor: VisitorOf, tools: ToolsOf, unit: str
    ) -> Visitor:
        admitted = self._admitted(request, visitor, tools)
        if admitted.role is VisitorRole.UNIT and not _answers_for(tools, admitted, unit):
            raise HTTPException(404)
        return admitted


class Owned(NamedTuple):
    """An assignment and who may look at it."""

    visitor: Visitor
    part: Part


class AssignmentAccess(Access):
    """The path names an `assignment`: a unit sees its own, and a hub those of its schools.

    `touching` lets only the unit itself act.
    """

    about = "the assignment in the path"

    def __init__(self, *roles: VisitorRole, touching: bool = False, nameless: bool = False) -> None:
        super().__init__(*roles, nameless=nameless)
        self.touching = touching

    def __call__(  # type: ignore[override]
        self, request: Request, visitor: VisitorOf, tools: ToolsOf, assignment: str
    ) -> Owned:
        admitted = self._admitted(request, visitor, tools)
        found = tools.lookup.part(assignment)
        if not found:
            raise HTTPException(404)
        unit = found[0].unit
        foreign = admitted.role is VisitorRole.UNIT and unit != admitted.unit
        if foreign and (self.touching or not _answers_for(tools, admitted, unit)):
            raise HTTPException(404)
        return Owned(admitted, found[0])


class ReviewAccess(Access):
    """The path names an `assignment` whose report the visitor reviews: a hub those of its schools,
    the officer any."""

    about = "a report the visitor reviews"

    def __call__(  # type: ignore[override]
        self, request: Request, visitor: VisitorOf, tools: ToolsOf, assignment: str
    ) -> Owned:
        admitted = self._admitted(request, visitor, tools)
        found = tools.lookup.part(assignment)
        if not found:
            raise HTTPException(404)
        unit = found[0].unit
        if admitted.role is VisitorRole.UNIT and (
            unit == admitted.unit or not _answers_for(tools, admitted, unit)
        ):
            raise HTTPException(404)
        return Owned(admitted, found[0])


class FeedAccess(Access):
    """The path carries the secret of a calendar: whoever has it reads that unit's deadlines."""

    about = "the unit whose secret is in the path"

    def __call__(self, tools: ToolsOf, token: str) -> str:  # type: ignore[override]
        unit = tools.feeds.unit_of(token)
        if unit is None:
            raise HTTPException(404)
        return unit


class TaskAccess(Access):
    """The path names a task: a unit sees those that it or a school of it has a part in."""

    about = "a task the unit has a part in"

    def __call__(  # type: ignore[override]
        self,
        request: Request,
        visitor: VisitorOf,
        tools: ToolsOf,
        plan: str,
        cycle: str,
        code: str,
        occurrence: str,
        part: str,
    ) -> Visitor:
        admitted = self._admitted(request, visitor, tools)
        task = task_id(plan, cycle, code, occurrence, part)
        if admitted.role is VisitorRole.UNIT and not tools.lookup.takes_part(
            admitted.unit or "", task
        ):
            raise HTTPException(404)
        return admitted


def _introduced(request: Request, visitor: Visitor, tools: Tools) -> Visitor:
    """Whoever a form's own fields name, kept for the session's later acts."""
    fields = fields_of(request.state.form)
    name, position = fields.get(NAME, ""), fields.get(POSITION, "")
    if not name or not position:
        raise NameNeeded
    name, position = name[:LONGEST_NAME], position[:LONGEST_NAME]
    tools.sessions.introduce(visitor.session, name=name, position=position)
    named = visitor.model_copy(update={"name": name, "position": position})
    # A page that shows the form again need not ask again.
    request.state.visitor = named
    return named


def _answers_for(tools: ToolsOf, visitor: Visitor, unit: str) -> bool:
    if visitor.unit == unit:
        return True
    if not visitor.is_hub:
        return False
    known = tools.registry.unit(unit)
    return known is not None and known.hub == visitor.unit


_OFFICE = (VisitorRole.OFFICER, VisitorRole.SUPERVISOR)

Anyone = Annotated[None, Depends(Untouched())]
FeedOwner = Annotated[str, Depends(FeedAccess())]
Guest = Annotated[Visitor | None, Depends(Open())]
SignedIn = Annotated[Visitor, Depends(Access(*VisitorRole, nameless=True))]
OfficerOnly = Annotated[Visitor, Depends(Access(VisitorRole.OFFICER))]
SupervisorOnly = Annotated[Visitor, Depends(Access(VisitorRole.SUPERVISOR))]
OfficeOnly = Annotated[Visitor, Depends(Access(*_OFFICE))]
AdministratorOnly = Annotated[Visitor, Depends(Access(VisitorRole.ADMINISTRATOR))]
# Whoever has to do with the work itself: everybody but administrators.
WorkOnly = Annotated[Visitor, Depends(Access(VisitorRole.UNIT, *_OFFICE))]
UnitOnly = Annotated[Visitor, Depends(Access(VisitorRole.UNIT))]
OwnUnit = Annotated[Visitor, Depends(UnitAccess(VisitorRole.UNIT, *_OFFICE))]
OwnAssignment = Annotated[Owned, Depends(AssignmentAccess(VisitorRole.UNIT, *_OFFICE))]
ReviewersOnly = Annotated[Visitor, Depends(Access(VisitorRole.UNIT, VisitorRole.OFFICER))]
Subscribers = Annotated[Visitor, Depends(Access(VisitorRole.UNIT, VisitorRole.OFFICER))]
AssignmentToReview = Annotated[Owned, Depends(ReviewAccess(VisitorRole.UNIT, VisitorRole.OFFICER))]
OwnDraft = Annotated[
    Owned, Depends(AssignmentAccess(VisitorRole.UNIT, touching=True, nameless=True))
]
OwnAssignmentToTouch = Annotated[Owned, Depends(AssignmentAccess(VisitorRole.UNIT, touching=True))]

AssignmentOfOfficer = Annotated[Owned, Depends(AssignmentAccess(VisitorRole.OFFICER))]
SupervisedAssignment = Annotated[Owned, Depends(AssignmentAccess(VisitorRole.SUPERVISOR))]
HolderOfTask = Annotated[Visitor, Depends(TaskAccess(VisitorRole.UNIT, *_OFFICE))]


class Declared(NamedTuple):
    """A route and who may use it; `access` is empty where nobody said."""

    method: str
    path: str
    access: tuple[Access, ...]


def declared(app: FastAPI) -> list[Declared]:
    """Every route of the pages with the access it declares."""
    return [
        Declared(method, route.path or "", tuple(_accesses(getattr(route, "dependant", None))))
        for route in iter_route_contexts(app.routes)
        for method in sorted(route.methods or {"*"})
    ]


def undeclared(routes: Iterable[Declared]) -> list[str]:
    return [f"{each.method} {each.path}" for each in routes if len(each.access) != 1]


def _accesses(dependant: Dependant | None) -> Iterator[Access]:
    for needed in dependant.dependencies if dependant else ():
        if isinstance(needed.call, Access):
            yield needed.call
        yield from _accesses(needed)
