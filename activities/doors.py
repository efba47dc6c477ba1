"""The links of messages: plain ones to be kept, signed ones to be sent."""

from datetime import datetime

from activities.links import Links
from activities.mailroom import SignIn


class SignInDoors:
    """`base_url` is how recipients reach the web pages."""

    def __init__(self, base_url: str, links: Links) -> None:
        self._base_url = base_url.rstrip("/")
        self._links = links

    def plain(self, code: str) -> str:
        return f"{self._base_url}{_page(code)}"

    def sign_in(self, code: str, *, wall: datetime) -> SignIn:
        url = self._links.unit(code, at=wall, then=_page(code))
        made = self._links.read(url.rpartition("/")[2].partition("?")[0])
        return SignIn(url, None if made is None else made.id)


def _page(code: str) -> str:
    return f"/don-vi/{code}"
