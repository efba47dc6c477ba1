"""Files of our own that pages load: named by their content, so that browsers keep them for ever."""

import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from fastapi import APIRouter, HTTPException, Request, Response

from web.access import Anyone

FOLDER = Path(__file__).parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
FOR_EVER = "public, max-age=31536000, immutable"

router = APIRouter(prefix="/static")


class Asset(NamedTuple):
    content: bytes
    compressed: bytes
    type: str


@cache
def assets() -> dict[str, Asset]:
    """Every file under the name it is served as: `app.1f3c9a72.css`."""
    found = {}
    for file in sorted(FOLDER.iterdir()):
        if file.suffix not in TYPES:
            continue
        content = file.read_bytes()
        digest = hashlib.sha256(content).hexdigest()[:10]
        found[f"{file.stem}.{digest}{file.suffix}"] = Asset(
            content, gzip.compress(content, mtime=0), TYPES[file.suffix]
        )
    return found


@cache
def asset_url(name: str) -> str:
    """The address of `app.css`. Raises KeyError when there is no such file."""
    stem, _, suffix = name.rpartition(".")
    for served in assets():
        if served.startswith(f"{stem}.") and served.endswith(f".{suffix}"):
            return f"/static/{served}"
    raise KeyError(name)


@router.get("/{name}", include_in_schema=False)
async def asset(request: Request, name: str, _: Anyone) -> Response:
    found = assets().get(name)
    if found is None:
        raise HTTPException(404)
    headers = {"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(found.compressed, headers=headers, media_type=found.type)
    return Response(found.content, headers=headers, media_type=found.type)
