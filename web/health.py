"""Whether the program answers, for whoever watches over it."""

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from web.access import Anyone

router = APIRouter()


@router.get("/khoe", include_in_schema=False)
async def alive(_: Anyone) -> Response:
    return PlainTextResponse("ok")
