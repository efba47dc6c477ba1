"""The addresses of channels, as contacts have them."""

from urllib.parse import urlsplit

EMAIL, WEBHOOK, APPRISE = "email", "webhook", "apprise"
CHANNEL_NAMES = {EMAIL: "thư điện tử", WEBHOOK: "webhook", APPRISE: "Apprise"}


def channel_of(url: str) -> str:
    return WEBHOOK if url.startswith(("https://", "http://")) else APPRISE


def shown_target(address: str) -> str:
    """An address without the keys and passwords that URLs of channels carry."""
    if "://" not in address:
        return address
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.hostname or ''}/…"
