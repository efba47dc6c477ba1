"""Calendar feeds: served to whoever has the secret address, asked for again and again."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from documents.calendar_feed import etag, feed_bytes
from web.access import FeedOwner
from web.tools import ToolsOf

FRESH_SECONDS = 900

router = APIRouter()


@router.api_route("/lich/{token}.ics", methods=["GET", "HEAD"], include_in_schema=False)
def calendar(request: Request, unit: FeedOwner, tools: ToolsOf) -> Response:
    """The unit's deadlines; 304 while they are those the calendar program has."""
    content = feed_bytes(tools.calendars.of_unit(unit), base_url=tools.settings.base_url)
    # Weak: the same deadlines are sent compressed or not.
    headers = {"ETag": f"W/{etag(content)}", "Cache-Control": f"private, max-age={FRESH_SECONDS}"}
    if etag(content) in _known(request):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type="text/calendar; charset=utf-8")


def _known(request: Request) -> set[str]:
    """The tags of what the reader has."""
    tags = request.headers.get("if-none-match", "").split(",")
    return {tag.strip().removeprefix("W/") for tag in tags}
