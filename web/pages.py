"""Answers people read: templates with what every page needs around them."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from models.assignment import Role, Stage, Waiting
from models.clock import VN
from models.identifiers import cycle_name
from models.visitor import AccessKind, Visitor
from rules.wording import ACCESS_NAMES, ROLE_NAMES, STAGE_NAMES, WAITING_NAMES, dmy, weekday
from web.assets import asset_url
from web.forms import SAFE, command_id
from web.language import LANGUAGE, LANGUAGES, Templates, gettext, ngettext
from web.navigation import navigation
from web.rule_words import day_off, holiday, shifted, step
from web.surroundings import current
from web.tools import Tools
from web.typed_again import answer_of, told

FOLDER = Path(__file__).parent / "templates"
ROLE_TITLES = {
    "officer": "Chuyên viên",
    "supervisor": "Lãnh đạo",
    "unit": "Đơn vị",
    "administrator": "Quản trị",
}


def page(
    request: Request,
    template: str,
    /,
    *,
    status: int = 200,
    holder: str | None = None,
    stands_at: str | None = None,
    **context: Any,
) -> Response:
    """A page. `visitor`, `menu`, `messages` and `form_token()` are there for every template.

    `holder` is who its forms belong to, where that is a session this very answer begins;
    `stands_at` is where it can be read, for a page that answers a form: otherwise its reader is led
    to the first page, because what a form is sent to is often no page.
    """
    tools: Tools = request.app.state.tools
    around = current()
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    messages = tools.seals.flashed(around.flash) if around.flash else []
    text = (
        environment(LANGUAGE.get())
        .get_template(template)
        .render(
            context
            | {
                "request": request,
                "path": stands_at or (request.url.path if request.method in SAFE else "/"),
                "visitor": visitor,
                "menu": navigation(visitor, request.url.path),
                "messages": messages,
                "language": LANGUAGE.get(),
                "form_token": lambda: tools.seals.token(holder or around.holder),
            }
        )
    )
    response = HTMLResponse(text, status)
    if around.flash:
        response.delete_cookie(tools.cookies.flash, path="/")
    return response


def see(request: Request, path: str, *said: str, tone: str = "good") -> Response:
    """Sends the browser on to another page of ours, which says these sentences first.

    `tone` is good, waiting or bad.
    """
    response = RedirectResponse(path, 303)
    if said:
        say(request, response, *said, tone=tone)
    return response


def say(request: Request, response: Response, *said: str, tone: str = "good") -> None:
    tools: Tools = request.app.state.tools
    response.set_cookie(
        tools.cookies.flash,
        tools.seals.flash([(tone, sentence) for sentence in said]),
        max_age=60,
        path="/",
        httponly=True,
        samesite="lax",
        secure=tools.cookies.secure,
    )


@cache
def environment(language: str) -> Templates:
    made = Templates(
        language,
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals |= {
        "asset": asset_url,
        "answer_of": answer_of,
        "command_id": command_id,
        "languages": LANGUAGES,
        "role_titles": ROLE_TITLES,
        "told": told,
        "here": lambda: current().path,
    }
    made.filters |= FILTERS
    return made


def day(value: date | datetime | None, otherwise: str = "") -> str:
    """`28/02/2026`, of an instant the day it is in Vietnam."""
    if value is None:
        return otherwise
    return dmy(value.astimezone(VN).date() if isinstance(value, datetime) else value)


def moment(value: datetime | None, otherwise: str = "") -> str:
    """`07:30 13/02/2026` in Vietnam's time zone."""
    return otherwise if value is None else f"{value.astimezone(VN):%H:%M} {day(value)}"


def iso(value: date | datetime) -> str:
    """For `<time datetime=…>`."""
    return value.astimezone(VN).isoformat() if isinstance(value, datetime) else value.isoformat()


def number(value: int) -> str:
    """`33.250` in Vietnamese, `33,250` in English."""
    grouped = f"{value:,}"
    return grouped if LANGUAGE.get() == "en" else grouped.replace(",", ".")


def percent(part: int, whole: int) -> str:
    if not whole:
        return "–"
    text = f"{100 * part / whole:.1f}%"
    return text if LANGUAGE.get() == "en" else text.replace(".", ",")


def named(names: Mapping[Any, str], kind: type[Any]) -> Any:
    """The word for a value of an enumeration, in the language of the page."""

    def name(value: object) -> str:
        return gettext(names[kind(value)])

    return name


FILTERS = {
    "day": day,
    "weekday": lambda value: gettext(weekday(value)),
    "moment": moment,
    "iso": iso,
    "number": number,
    "percent": percent,
    "stage": named(STAGE_NAMES, Stage),
    "said": gettext,
    "step": step,
    "holiday": holiday,
    "day_off": day_off,
    "shifted": shifted,
    "cycle_name": cycle_name,
    "passage": named(ACCESS_NAMES, AccessKind),
    "role": named(ROLE_NAMES, Role),
    "waiting": named(WAITING_NAMES, Waiting),
}
