"""Units as people type them into a form: codes, or names."""

import re
from collections.abc import Sequence

from models.commands import Member
from rules.bare_text import bare
from web.lacking import Lacking
from web.language import gettext as _
from web.tools import Tools


def codes_said(tools: Tools, field: str, said: str) -> list[str]:
    """Of one unit, whose name may hold a comma, or of several: names between commas, codes also
    between spaces. Raises Lacking for whom nobody is called, and for a name that several bear.
    Blocking."""
    known = tools.registry.by_name()

    def called(one: str) -> list[str]:
        found = known.get(bare(one), [])
        if one not in found and len(found) > 1:
            sentence = _("Có %(n)s đơn vị tên “%(name)s”: hãy ghi mã.", n=len(found), name=one)
            raise Lacking(field, sentence)
        return [one] if one in found else found

    if whole := called(said.strip()):
        return whole
    codes: list[str] = []
    for piece in filter(None, map(str.strip, re.split("[,;\n]", said))):
        each = [called(piece)] if called(piece) else [called(word) for word in piece.split()]
        if not all(each):
            raise _unknown(field, piece)
        codes += [code for found in each for code in found]
    return list(dict.fromkeys(codes))


def members_of(tools: Tools, field: str, codes: Sequence[str]) -> list[Member]:
    """The units with these codes, in their order. Raises Lacking. One query."""
    found = tools.registry.all_assignable(codes)
    for code in codes:
        if code not in found:
            raise _unknown(field, code)
    return [Member(code=code, hub=found[code].hub) for code in codes]


def _unknown(field: str, said: str) -> Lacking:
    return Lacking(field, _("Danh bạ không có đơn vị có mã hoặc tên “%(said)s”.", said=said))
