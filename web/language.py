"""Pages in Vietnamese, their source language, or in English: catalogues read as they are.

A catalogue is `locale/en/{part}.po`, one per part of the pages so that few people edit the same
file; what it does not have is shown in Vietnamese. Reading takes some milliseconds at start, so
nothing is compiled or generated.
"""

from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.pofile import read_po
from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer

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


class _Translated(CodeGenerator):
    """Compiles templates for one language: what is said in every answer alike is looked up here,
    not once more for every page."""

    def visit_Template(  # noqa: N802  # as Jinja calls it
        self, node: nodes.Template, frame: Frame | None = None
    ) -> None:
        templates: Any = self.environment
        super().visit_Template(_Translator(templates.language).visit(node), frame)


class Templates(Environment):
    """The templates in one language."""

    code_generator_class = _Translated

    def __init__(self, language: str, **options: Any) -> None:
        self.language = language
        super().__init__(**options)


class _Translator(NodeTransformer):
    def __init__(self, language: str) -> None:
        self._catalogue = catalogue(language)

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802
        """`_('…')` without values becomes the text it stands for."""
        match node:
            case nodes.Call(
                node=nodes.Name(name="_"), args=[nodes.Const(value=str(message))], kwargs=[]
            ):
                words = self._catalogue.get(message)
                text = words.one if words else message
                return nodes.MarkSafe(nodes.Const(text % {}), lineno=node.lineno)
        return self.generic_visit(node)


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
