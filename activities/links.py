"""Sign-in links as they stand in letters: signed, expiring, each good for one sign-in."""

import os
import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from itsdangerous import BadSignature, URLSafeSerializer

LINKS_LAST = timedelta(days=30)
PASSWORD_LINKS_LAST = timedelta(days=3)
SECRET_BYTES = 32


class LinkKind(StrEnum):
    UNIT = "unit"
    ACCOUNT = "account"
    PASSWORD = "password"  # noqa: S105  # may set a new one; no password itself


GOOD_FOR = {
    LinkKind.UNIT: LINKS_LAST,
    LinkKind.ACCOUNT: LINKS_LAST,
    LinkKind.PASSWORD: PASSWORD_LINKS_LAST,
}


class Link(NamedTuple):
    """What a link says. `ref` is a unit's code or an account's id; `id` is what is used up.

    `expires` is wall time: a rehearsal's fast clock makes no letter older.
    """

    kind: LinkKind
    ref: str
    id: str
    expires: datetime

    def expired(self, *, at: datetime) -> bool:
        return at >= self.expires


class Links:
    """Makes and reads links. `base_url` is how recipients reach the web pages."""

    def __init__(self, base_url: str, secret: str) -> None:
        self._base_url = base_url.rstrip("/")
        self._signer = URLSafeSerializer(secret, salt="dondoc.link")

    def unit(self, code: str, *, at: datetime, then: str = "") -> str:
        """The address that signs in as a unit; `at` is the wall time it is made, `then` the local
        page it leads to afterwards."""
        return self._url(LinkKind.UNIT, code, at, then)

    def account(self, id_: str, *, at: datetime, then: str = "") -> str:
        return self._url(LinkKind.ACCOUNT, id_, at, then)

    def password(self, account: str, *, at: datetime) -> str:
        """The address where an account's owner chooses a password."""
        return self._url(LinkKind.PASSWORD, account, at, "")

    def read(self, token: str) -> Link | None:
        """What a token says, expired or not; None when it was not made here."""
        try:
            kind, ref, id_, expires = self._signer.loads(token)
            return Link(LinkKind(kind), ref, id_, datetime.fromisoformat(expires))
        except (BadSignature, TypeError, ValueError):
            return None

    def _url(self, kind: LinkKind, ref: str, at: datetime, then: str) -> str:
        expires = at + GOOD_FOR[kind]
        said: list[Any] = [kind, ref, secrets.token_urlsafe(12), _whole_seconds(expires)]
        query = f"?{urlencode({'den': then})}" if then else ""
        return f"{self._base_url}/vao/{self._signer.dumps(said)}{query}"


def installation_secret(state_dir: Path, configured: str | None = None) -> str:
    """What this installation signs with: the configured secret, else one made once and kept in a
    file that only its owner reads. Raises OSError."""
    if configured:
        return configured
    file = state_dir / "secret.key"
    if not file.exists():
        _make_secret(file)
    return file.read_text(encoding="ascii")


def _make_secret(file: Path) -> None:
    """The first of several starters wins, and whoever is killed leaves no half a secret."""
    file.parent.mkdir(parents=True, exist_ok=True)
    made = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as opened:
            opened.write(secrets.token_urlsafe(SECRET_BYTES))
            opened.flush()
            os.fsync(opened.fileno())
        # Unlike a rename, a link never replaces what another starter has put there.
        with suppress(FileExistsError):
            os.link(made, file)
    finally:
        made.unlink(missing_ok=True)


def _whole_seconds(instant: datetime) -> str:
    return instant.replace(microsecond=0).isoformat()
