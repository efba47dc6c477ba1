"""Signing in with an account of the agency's own, at an OpenID Connect provider."""

import secrets
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, NamedTuple
from urllib.parse import quote_plus

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from rules.addresses import is_private_way

# Where the provider sends people back to; it is registered there.
BACK = "/dang-nhap/oidc/ve"
SCOPE = "openid email profile"
# Asymmetric only: with a symmetric one, whoever knows the client's secret signs as the provider.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
TIMEOUT_SECONDS = 10.0
KNOWN_FOR_SECONDS = 3600.0
# As long as the provider is away, people are told so at once instead of waiting for it: each who
# waits keeps one of the threads that all pages are made in.
AWAY_FOR_SECONDS = 15.0
WAIT_SECONDS = 2.0
EXCHANGES_AT_ONCE = 4
LEEWAY_SECONDS = 60
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class ProviderProblem(Exception):
    """Nobody can be signed in: the provider does not answer, or not as it should."""


class Refused(Exception):
    """What came back proves nobody's identity."""


class Errand(NamedTuple):
    """What this browser was sent to the provider with."""

    state: str
    nonce: str
    verifier: str
    then: str


class Identity(NamedTuple):
    """Who the provider says it is. `subject` is unique among all providers; `email` is empty unless
    the provider has verified it."""

    subject: str
    email: str
    name: str


class _Known(NamedTuple):
    metadata: Mapping[str, Any]
    keys: KeySet
    until: float


class _Away(NamedTuple):
    why: str
    until: float


class Provider:
    """All methods block, and raise ProviderProblem."""

    def __init__(
        self,
        issuer: str,
        client_id: str,
        secret_file: Path,
        base_url: str,
        *,
        away_for: float = AWAY_FOR_SECONDS,
    ) -> None:
        """`base_url` is how people reach the web pages; `away_for` is how many seconds a problem of
        the provider's is remembered."""
        self._issuer = issuer
        self._client_id = client_id
        self._secret_file = secret_file
        self._back = f"{base_url.rstrip('/')}{BACK}"
        self._away_for = away_for
        self._known: _Known | None = None
        self._away: _Away | None = None
        self._learning = BoundedSemaphore(1)
        self._exchanging = BoundedSemaphore(EXCHANGES_AT_ONCE)

    def send(self, then: str) -> tuple[str, Errand]:
        """The provider's address to send a browser to, and what to remember meanwhile."""
        errand = Errand(
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            then=then,
        )
        url = prepare_grant_uri(
            self._metadata()["authorization_endpoint"],
            client_id=self._client_id,
            response_type="code",
            redirect_uri=self._back,
            scope=SCOPE,
            state=errand.state,
            nonce=errand.nonce,
            code_challenge=create_s256_code_challenge(errand.verifier),
            code_challenge_method="S256",
        )
        return url, errand

    def identify(self, code: str, errand: Errand) -> Identity:
        """Who has come back. Raises Refused."""
        told = self._exchange(code, errand.verifier)
        claims = self._claims(str(told.get("id_token", "")), errand, str(told["access_token"]))
        verified = claims.get("email_verified") is True
        return Identity(
            subject=f"{self._issuer}#{claims['sub']}",
            email=str(claims.get("email", "")) if verified else "",
            name=str(claims.get("name", "")),
        )

    def check(self) -> str:
        """A sentence about a provider that answers."""
        self._known = self._away = None
        keys, secret = len(self._keys().keys), self._secret
        if not secret:
            raise ProviderProblem(f"{self._secret_file} trống")
        return f"{self._issuer} trả lời, {keys} khóa ký"

    @property
    def _secret(self) -> str:
        """Read each time: it is renewed without a restart."""
        try:
            return self._secret_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ProviderProblem(f"không đọc được {self._secret_file} ({error})") from error

    def _exchange(self, code: str, verifier: str) -> Mapping[str, Any]:
        metadata = self._metadata()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._back,
            "code_verifier": verifier,
        }
        supported = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        basic = "client_secret_basic" in supported
        if not basic:
            form |= {"client_id": self._client_id, "client_secret": self._secret}
        # RFC 6749, 2.3.1: both are encoded as in a form first.
        who = (quote_plus(self._client_id), quote_plus(self._secret))
        auth = httpx.BasicAuth(*who) if basic else httpx.Auth()
        with self._turn(self._exchanging):
            answer = self._post(metadata["token_endpoint"], form, auth)
        # Out of turn: an odd answer about one person does not mean that the provider is away.
        return _granted(answer)

    def _post(self, address: str, form: Mapping[str, str], auth: httpx.Auth) -> httpx.Response:
        try:
            with httpx.Client(timeout=TIMEOUT_SECONDS, verify=_trusted()) as client:
                answer = client.post(
                    address, data=form, auth=auth, headers={"Accept": "application/json"}
                )
        except httpx.HTTPError as error:
            raise ProviderProblem(f"{self._issuer} không trả lời ({error})") from error
        if answer.status_code >= 500:
            raise ProviderProblem(f"{self._issuer} trả lời {answer.status_code}")
        return answer

    def _claims(self, token: str, errand: Errand, access_token: str) -> CodeIDToken:
        try:
            decoded = self._decoded(token)
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                options={
                    "iss": {"essential": True, "value": self._issuer},
                    "aud": {"essential": True, "value": self._client_id},
                    "nonce": {"essential": True, "value": errand.nonce},
                },
                params={"nonce": errand.nonce, "client_id": self._client_id}
                | {"access_token": access_token},
            )
            claims.validate(leeway=LEEWAY_SECONDS)
        except (JoseError, ValueError, KeyError) as error:
            raise Refused(f"id_token: {error}") from error
        return claims

    def _decoded(self, token: str) -> jwt.Token:
        try:
            return jwt.decode(token, self._keys(), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            # The provider may have changed its keys since we asked for them.
            self._known = None
            return jwt.decode(token, self._keys(), algorithms=ALGORITHMS)

    def _metadata(self) -> Mapping[str, Any]:
        return self._learn().metadata

    def _keys(self) -> KeySet:
        return self._learn().keys

    def _learn(self) -> _Known:
        known = self._still_known()
        if known is not None:
            return known
        with self._turn(self._learning):
            # Whoever had the turn before may have learned it.
            self._known = self._still_known() or self._asked()
            return self._known

    def _still_known(self) -> _Known | None:
        known = self._known
        return known if known is not None and known.until > time.monotonic() else None

    @contextmanager
    def _turn(self, gate: BoundedSemaphore) -> Iterator[None]:
        """A conversation with the provider, unless it is known to be away, or others have been
        waiting for it too long already."""
        self._check_away()
        if not gate.acquire(timeout=WAIT_SECONDS):
            raise ProviderProblem(f"{self._issuer} đang được hỏi và chưa trả lời")
        try:
            self._check_away()
            try:
                yield
            except ProviderProblem as problem:
                self._away = _Away(str(problem), time.monotonic() + self._away_for)
                raise
        finally:
            gate.release()

    def _check_away(self) -> None:
        away = self._away
        if away is not None and away.until > time.monotonic():
            raise ProviderProblem(away.why)

    def _asked(self) -> _Known:
        address = f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"
        with httpx.Client(timeout=TIMEOUT_SECONDS, verify=_trusted()) as client:
            metadata = self._get(client, address)
            if metadata.get("issuer") != self._issuer:
                raise ProviderProblem(f"{address} tự nhận là {metadata.get('issuer')}")
            for name in ENDPOINTS:
                if not is_private_way(str(metadata.get(name, ""))):
                    raise ProviderProblem(f"{address}: {name} không dùng được")
            keys = self._get(client, metadata["jwks_uri"])
        try:
            made = KeySet.import_key_set(keys)  # type: ignore[arg-type]
        except (JoseError, ValueError, KeyError) as error:
            raise ProviderProblem(f"{metadata['jwks_uri']}: {error}") from error
        return _Known(metadata, made, time.monotonic() + KNOWN_FOR_SECONDS)

    def _get(self, client: httpx.Client, address: str) -> Mapping[str, Any]:
        try:
            answer = client.get(address, headers={"Accept": "application/json"})
        except httpx.HTTPError as error:
            raise ProviderProblem(f"{address} không trả lời ({error})") from error
        if answer.status_code != 200:
            raise ProviderProblem(f"{address} trả lời {answer.status_code}")
        return _json(answer)


@cache
def _trusted() -> ssl.SSLContext:
    # Reading the certificates takes longer than all else a sign-in asks of this machine.
    return httpx.create_ssl_context()


def _granted(answer: httpx.Response) -> Mapping[str, Any]:
    """What a token endpoint tells of a code it takes. Raises Refused, ProviderProblem."""
    try:
        told = _json(answer)
    except ProviderProblem:
        if answer.status_code == 200:
            raise
        told = {}
    if answer.status_code != 200 or "access_token" not in told:
        raise Refused(f"token: {told.get('error', answer.status_code)}")
    return told


def _json(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        told = answer.json()
    except ValueError as error:
        raise ProviderProblem(f"{answer.url}: không phải JSON") from error
    if not isinstance(told, dict):
        raise ProviderProblem(f"{answer.url}: không phải JSON")
    return told
