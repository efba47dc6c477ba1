"""A review as the plan it becomes, the same from its page and through the API."""

from activities.plan_reviews import Review
from models.finding import Finding
from models.plan import Plan
from models.plan_review import ReviewState
from rules.plan_review import plan_of, problems
from web.plan_review.seen import standing_of
from web.tools import Tools


class Unready(Exception):
    """What is still to be corrected before it can be a plan."""

    def __init__(self, found: list[Finding]) -> None:
        super().__init__()
        self.findings = found


class WouldReplace(Exception):
    """A plan of that code is loaded, and nobody has said that it is to be replaced."""


def plan_from(tools: Tools, review: Review, *, may_replace: bool) -> Plan:
    """Raises Unready, WouldReplace. Blocking."""
    imported, corrections = tools.plan_reviews.content(review.id)
    like, over = standing_of(tools, review, corrections)
    wrong = list(problems(imported, corrections, tools.registry.directory()))
    if wrong:
        raise Unready(wrong)
    if over is not None and not may_replace:
        raise WouldReplace
    return plan_of(imported, corrections, like, replaces=over is not None)


def is_confirmed(review: Review, version: int) -> bool:
    """Whether the same was asked before."""
    return review.state is ReviewState.CONFIRMED and review.version == version
