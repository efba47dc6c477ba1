"""Pages in Vietnamese, their source language, or in English: catalogues read as they are.

A catalogue is `locale/en/{part}.po`, one per part of the pages so that few people edit the same
file; what it does not have is shown in Vietnamese. Reading takes some milliseconds at start, so
nothing is compiled or generated.
"""

from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import NamedTuple

from babel.messages.pofile import read_po

SOURCE = "vi"
LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
LANGUAGE: ContextVar[str] = ContextVar("language", default=SOURCE)
FOLDER = Path(__file__).parent / "locale"


class Words(NamedTuple):
    """A translation: for one, and for many where the message counts something."""

    one: str
    many: str


def gettext(message: str, /, **values: object) -> str:
    """A sentence in the language of the request."""
    words = catalogue(LANGUAGE.get()).get(message)
    text = words.one if words else message
    return text % values if values else text


def ngettext(message: str, plural: str, number: int, /, **values: object) -> str:
    """A sentence that counts; Vietnamese needs no plural, so both source forms may be the same."""
    words = catalogue(LANGUAGE.get()).get(message) or Words(message, plural)
    return (words.one if number == 1 else words.many) % {"num": number, **values}


def lazily(message: str) -> str:
    """Marks a text at the place it is written; whoever shows it asks `gettext`."""
    return message


@cache
def catalogue(language: str) -> Mapping[str, Words]:
    if language == SOURCE:
        return {}
    return dict(_entries(language))


def _entries(language: str) -> Iterator[tuple[str, Words]]:
    for file in sorted((FOLDER / language).glob("*.po")):
        with file.open("rb") as opened:
            messages = read_po(opened, locale=language, abort_invalid=True)
        for message in messages:
            forms = message.string if isinstance(message.string, tuple) else (message.string,)
            source = message.id[0] if isinstance(message.id, (list, tuple)) else message.id
            if source and all(forms):
                yield source, Words(str(forms[0]), str(forms[-1]))
