"""Forms that only our own pages can send, and what was typed into one that could not be taken."""

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any, NamedTuple
from urllib.parse import urlsplit
from uuid import uuid4

from fastapi import Depends, Request
from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer
from starlette.datastructures import FormData

from activities.openid import Errand
from web.surroundings import current, of_the_api

TOKEN = "_the"  # noqa: S105  # the name of a field
COMMAND = "_ma"
NAME = "ho_ten"
POSITION = "chuc_vu"
LONGEST_NAME = 200
KEPT = "giu"
AGAIN = "lai"
PASSWORD = "mat_khau"  # noqa: S105  # the name of a field
# Not kept: a form's proof, and what nobody may read again.
OWN_FIELDS = (TOKEN, PASSWORD)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
KEPT_SECONDS = 12 * 3600
LONGEST_KEPT = 500_000
FLASH_SECONDS = 60
ERRAND_SECONDS = 600


class ForeignForm(Exception):
    """A form another site sent; nothing of it is looked at."""


class StaleForm(Exception):
    """A form of ours whose time is over; what was typed comes back to be sent again."""


class Kept(NamedTuple):
    """What was sent but not taken: where to, and the fields, without files."""

    path: str
    fields: list[tuple[str, str]]


class Seals:
    """Signs what a browser carries for us, each kind apart."""

    def __init__(self, secret: str) -> None:
        self._key = secret.encode()
        self._kept = URLSafeTimedSerializer(secret, salt="dondoc.kept")
        self._flash = URLSafeTimedSerializer(secret, salt="dondoc.flash")
        self._errand = URLSafeTimedSerializer(secret, salt="dondoc.errand")
        self._small = URLSafeSerializer(secret, salt="dondoc.small")

    def token(self, holder: str) -> str:
        """A form's proof that its page was made for the same browser. Another each time, so that
        compressed pages do not betray it."""
        mask = secrets.token_hex(8)
        return f"{mask}.{self._proof(mask, holder)}"

    def genuine(self, token: str, holder: str) -> bool:
        mask, _, proof = token.partition(".")
        return hmac.compare_digest(proof.encode(), self._proof(mask, holder).encode())

    def secret(self, *said: str) -> str:
        """A secret that only we can make of what was said, and that is always the same."""
        proof = hmac.digest(self._key, "\0".join(("dondoc.secret", *said)).encode(), "sha256")
        return urlsafe_b64encode(proof).decode().rstrip("=")

    def keep(self, kept: Kept, *, visit: str) -> str:
        return str(self._kept.dumps([visit, kept.path, kept.fields]))

    def kept(self, sealed: str, *, visit: str) -> Kept | None:
        """What the same browser kept, for some hours."""
        try:
            whose, path, fields = self._kept.loads(sealed, max_age=KEPT_SECONDS)
        except (BadSignature, TypeError, ValueError):
            return None
        if whose != visit:
            return None
        return Kept(path, [(name, value) for name, value in fields])

    def errand(self, errand: Errand) -> str:
        return str(self._errand.dumps(errand))

    def errand_of(self, sealed: str) -> Errand | None:
        """What a browser was sent away with, some minutes ago."""
        try:
            return Errand(*self._errand.loads(sealed, max_age=ERRAND_SECONDS))
        except (BadSignature, TypeError, ValueError):
            return None

    def led_to(self, sealed: str) -> str:
        """Where an errand was to lead in the end, however old it is."""
        try:
            return Errand(*self._errand.loads(sealed)).then
        except (BadSignature, TypeError, ValueError):
            return "/"

    def flash(self, sentences: list[tuple[str, str]]) -> str:
        return str(self._flash.dumps(sentences))

    def flashed(self, sealed: str) -> list[tuple[str, str]]:
        """Kind and sentence of what the page before had to say."""
        try:
            return [
                (kind, sentence)
                for kind, sentence in self._flash.loads(sealed, max_age=FLASH_SECONDS)
            ]
        except (BadSignature, TypeError, ValueError):
            return []

    def _proof(self, mask: str, holder: str) -> str:
        said = f"dondoc.form\0{mask}\0{holder}".encode()
        return hmac.digest(self._key, said, "sha256").hex()


async def own_form(request: Request) -> AsyncIterator[None]:
    """Refuses every change that was not sent from a form of ours, and closes its files at the end.
    The API has no cookies, and so nothing to be misused."""
    if request.method in SAFE or of_the_api(request.url.path):
        yield
        return
    if _foreign(request):
        raise ForeignForm
    form = await request.form()
    request.state.form = form
    try:
        token = form.get(TOKEN)
        seals: Seals = request.app.state.tools.seals
        if not isinstance(token, str) or not seals.genuine(token, current().holder):
            raise StaleForm
        yield
    finally:
        await form.close()


OwnForm = Depends(own_form)


async def kept_of(request: Request) -> Kept:
    """What a refused request had been sent with. Files are not kept, and longest texts neither.
    A form that only carries what was kept before is that."""
    form = await request.form()
    seals: Seals = request.app.state.tools.seals
    before = seals.kept(str(form.get(KEPT, "")), visit=current().visit)
    if before is not None:
        return before
    query = f"?{request.url.query}" if request.url.query else ""
    return Kept(request.url.path + query, list(_texts(form)))


def command_id(typed: object = None) -> str:
    """The id of what a form asks for: sending the form twice asks once. A form that brings none,
    or one that is not ours, gets a new one."""
    if isinstance(typed, str) and len(typed) == 32 and typed.isalnum() and typed.isascii():
        return typed
    return uuid4().hex


def local_path(typed: object, otherwise: str = "/") -> str:
    """A page of ours that somebody asks to be led to; never another site's."""
    if not isinstance(typed, str) or not typed.startswith("/") or len(typed) > 2000:
        return otherwise
    # Browsers read a backslash as a slash, and drop tabs and line ends.
    if typed.startswith("//") or any(ord(c) < 33 or c in "\\\x7f" for c in typed):
        return otherwise
    parts = urlsplit(typed)
    return otherwise if parts.scheme or parts.netloc else typed


def fields_of(form: Mapping[str, Any]) -> dict[str, str]:
    """The texts of a form, without white space around them."""
    return {name: value.strip() for name, value in form.items() if isinstance(value, str)}


def _texts(form: FormData) -> Any:
    length = 0
    for name, value in form.multi_items():
        if not isinstance(value, str) or name in OWN_FIELDS:
            continue
        length += len(name) + len(value)
        if length > LONGEST_KEPT:
            return
        yield name, value


def _foreign(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("origin")
    if origin is None:
        return False
    allowed = {request.url.netloc, urlsplit(request.app.state.tools.settings.base_url).netloc}
    return urlsplit(origin).netloc not in allowed


async def form_fields(request: Request) -> dict[str, str]:
    return fields_of(await request.form())


Fields = Annotated[dict[str, str], Depends(form_fields)]
