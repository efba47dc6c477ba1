"""A real OpenID Connect provider on this machine, where one person is always signed in.

Its rules are those of OpenID Connect Core and RFC 7636; what it says can be bent.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, Key, KeySet

CLIENT, SECRET = "dondoc", "bi mat: cua & dondoc"


class OpenIdProvider:
    """`person` are the claims of who is signed in. `bend` changes the claims of a token before it
    is signed, `key` signs it; `published` are the keys it shows. While it is `away` it tells
    nobody about itself; `discoveries` counts who asked; `odd` is what it says to every code."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self.person: dict[str, Any] = {"sub": "0001", "email": "a@example.vn", "name": "A"}
        self.person["email_verified"] = True
        self.bend: Callable[[dict[str, Any]], None] = lambda _: None
        self.key: Key = new_key()
        self.published: list[Key] = [self.key]
        self.away = False
        self.odd: tuple[int, str] | None = None
        self.discoveries = 0
        self._asked: dict[str, dict[str, str]] = {}

    def authorize(self, asked: dict[str, str]) -> str:
        assert asked["response_type"] == "code"
        assert "openid" in asked["scope"].split()
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self._asked[code] = asked
        answer = urlencode({"code": code, "state": asked["state"]})
        return f"{asked['redirect_uri']}?{answer}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, Any]:
        if self.odd is not None:
            return self.odd
        expected = base64.b64encode(f"{CLIENT}:{quote_plus(SECRET)}".encode()).decode()
        if authorization != f"Basic {expected}":
            return 401, {"error": "invalid_client"}
        asked = self._asked.pop(form["code"], None)
        if asked is None or form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": asked["client_id"], "nonce": asked["nonce"]}
        claims |= {"iat": now, "exp": now + 300} | self.person
        self.bend(claims)
        header = {"alg": "ES256", "kid": self.key.kid or ""}
        signed = jwt.encode(header, claims, self.key)
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": signed}

    def discovery(self) -> dict[str, Any]:
        self.discoveries += 1
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }


def new_key() -> ECKey:
    return ECKey.generate_key("P-256", {"kid": secrets.token_hex(4), "use": "sig"})


@contextmanager
def openid_provider() -> Iterator[OpenIdProvider]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(dict(parse_qsl(parts.query))))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif parts.path == "/keys":
                self._say(200, KeySet(provider.published).as_dict(private=False))
            else:
                self._say(503 if provider.away else 200, provider.discovery())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._say(*provider.token(dict(parse_qsl(body)), self.headers["Authorization"]))

        def _say(self, status: int, told: Any) -> None:
            content = (told if isinstance(told, str) else json.dumps(told)).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = OpenIdProvider(server.server_port)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
