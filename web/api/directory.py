"""A unit that a program names by its code, as a command names it."""

from models.commands import Member
from web.api.problems import ApiProblem
from web.lacking import Lacking
from web.tools import Tools
from web.units_said import members_of


def member(tools: Tools, code: str) -> Member:
    """Raises ApiProblem for a code the directory does not have. Blocking."""
    try:
        (found,) = members_of(tools, "unit", [code])
        return found
    except Lacking as lacking:
        raise ApiProblem("invalid", str(lacking)) from lacking
