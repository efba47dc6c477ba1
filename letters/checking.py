"""What a plan's own wording may contain, and what is wrong with it, each with its line."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from jinja2 import TemplateError, TemplateSyntaxError, nodes

from letters.examples import EXAMPLES
from letters.grouping import Item, Section, Weekly
from letters.letter import Letter, Overdue
from letters.wording import WORDS, Sandbox, Wording, wording
from letters.writing import write
from models.plan import Language

MOST_SOURCE = 40_000
FILES = tuple(f"{language}/{WORDS}" for language in Language)
LETTER = {"letter": Letter}
ITEM = {**LETTER, "section": Section, "item": Item}
OVERDUE = {**LETTER, "overdue": Overdue}
WEEKLY = {**LETTER, "weekly": Weekly}
# What stands in a block is known by the beginning of its name; the longest that fits counts.
KNOWN: dict[str, Mapping[str, type | None]] = {
    "": LETTER,
    "subject": {**LETTER, "heads": None},
    "subject_": {**LETTER, "section": Section},
    "subject_weekly": WEEKLY,
    "title_many": {**ITEM, "units": None},
    "intro_": {**LETTER, "section": Section},
    "heading_": {**LETTER, "section": Section},
    "heading_weekly": WEEKLY,
    "more": {**LETTER, "section": Section},
    "units": ITEM,
    "item_": {**ITEM, "units": None},
    "until": {**ITEM, "units": None},
    "basis": {**ITEM, "units": None},
    "said": {**ITEM, "units": None},
    "next": {**ITEM, "units": None},
    "weekly_": OVERDUE,
    "weekly_more": WEEKLY,
}
ALLOWED = (
    nodes.Template,
    nodes.Block,
    nodes.Output,
    nodes.TemplateData,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Const,
    nodes.Concat,
    nodes.Name,
    nodes.Getattr,
    nodes.Filter,
)


class Mistake(NamedTuple):
    """`line` counts from 1."""

    file: str
    line: int
    sentence: str


def mistakes(letters: Mapping[str, str]) -> list[Mistake]:
    """Everything wrong with a plan's own wording, in the order of its lines."""
    found = [
        Mistake(file, 1, f"không có tệp lời thư nào tên này; chỉ có {', '.join(FILES)}")
        for file in sorted(letters)
        if file not in FILES
    ]
    for language in Language:
        file = f"{language}/{WORDS}"
        if file in letters:
            found += _mistakes(file, language, letters[file])
    return found


def _mistakes(file: str, language: Language, source: str) -> list[Mistake]:
    if len(source) > MOST_SOURCE:
        return [Mistake(file, 1, f"tệp dài hơn {MOST_SOURCE} ký tự")]
    environment = Sandbox(language)
    try:
        template = environment.parse(source)
        found = [Mistake(file, *each) for each in _of_template(template, language, environment)]
        if not found:
            environment.compile(template)
    except TemplateSyntaxError as error:
        return [Mistake(file, error.lineno, f"sai cú pháp ({error.message})")]
    except (RecursionError, SyntaxError, MemoryError):
        return [Mistake(file, 1, "lồng quá sâu")]
    found.sort(key=lambda mistake: mistake.line)
    return found or _tried(file, language, source)


def _of_template(
    template: nodes.Template, language: Language, environment: Sandbox
) -> Iterator[tuple[int, str]]:
    ours = wording(language).blocks
    for node in template.body:
        if isinstance(node, nodes.Block):
            if node.name not in ours:
                yield node.lineno, f"không có khối “{node.name}”"
            else:
                yield from _of_block(node, environment)
        elif not _is_white(node):
            yield node.lineno, "chữ nằm ngoài mọi khối sẽ không xuất hiện trong thư"


def _is_white(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Output) and all(
        isinstance(part, nodes.TemplateData) and not part.data.strip() for part in node.nodes
    )


def _of_block(block: nodes.Block, environment: Sandbox) -> Iterator[tuple[int, str]]:
    known = KNOWN[max((start for start in KNOWN if block.name.startswith(start)), key=len)]
    supers = [node for node in block.find_all(nodes.Call) if _is_super(node)]
    inside = {id(node.node) for node in supers}
    for node in block.find_all(nodes.Node):
        if isinstance(node, nodes.Block):
            yield node.lineno, "không đặt khối này trong khối khác"
        elif node in supers or id(node) in inside:
            continue
        elif isinstance(node, nodes.Name) and node.name not in known:
            names = ", ".join(sorted(known))
            yield node.lineno, f"khối “{block.name}” không có biến “{node.name}”, chỉ có {names}"
        elif isinstance(node, nodes.Getattr):
            yield from _of_field(node, known)
        elif isinstance(node, nodes.Filter) and node.name not in environment.filters:
            names = ", ".join(sorted(environment.filters))
            yield node.lineno, f"không có bộ lọc “{node.name}”, chỉ có {names}"
        elif not isinstance(node, ALLOWED):
            kind = type(node).__name__
            yield node.lineno, f"lời thư chỉ gồm chữ, giá trị và if/else; không dùng được {kind}"


def _is_super(call: nodes.Call) -> bool:
    return isinstance(call.node, nodes.Name) and call.node.name == "super" and not call.args


def _of_field(node: nodes.Getattr, known: Mapping[str, type | None]) -> Iterator[tuple[int, str]]:
    name = node.node.name if isinstance(node.node, nodes.Name) else ""
    if name not in known:
        if not isinstance(node.node, nodes.Name):
            yield node.lineno, f"không có “.{node.attr}” ở đây"
        return
    fields: tuple[str, ...] = getattr(known[name], "_fields", ())
    if node.attr not in fields:
        names = ", ".join(fields) or "không có trường nào"
        yield node.lineno, f"“{name}” không có “{node.attr}”; các trường: {names}"


def _tried(file: str, language: Language, source: str) -> list[Mistake]:
    """Every kind of letter written once: finds what reading does not, such as a date of none."""
    words = Wording(language, source)
    for name, letter in EXAMPLES.items():
        try:
            write(letter, words)
        except (TemplateError, TypeError, ValueError, AttributeError) as error:
            return [
                Mistake(file, words.line_of(error), f"không viết được thư mẫu “{name}” ({error})")
            ]
    return []
