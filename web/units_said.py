"""Units as people type them into a form: codes, or a name."""

import re
from collections.abc import Sequence

from models.commands import Member
from web.lacking import Lacking
from web.language import gettext as _
from web.tools import Tools


def codes_said(tools: Tools, field: str, said: str) -> list[str]:
    """Codes between commas or spaces, and names between commas; whom nobody is called stays as it
    was typed. Raises Lacking for a name that several units bear. Blocking."""
    codes: list[str] = []
    for one in filter(None, map(str.strip, re.split("[,;\n]", said))):
        called = tools.registry.called(one)
        if one not in called and len(called) > 1:
            sentence = _("Có %(n)s đơn vị tên “%(name)s”: hãy ghi mã.", n=len(called), name=one)
            raise Lacking(field, sentence)
        codes += [one] if one in called else called or one.split()
    return list(dict.fromkeys(codes))


def members_of(tools: Tools, field: str, codes: Sequence[str]) -> list[Member]:
    """The units with these codes, in their order. Raises Lacking. One query."""
    found = tools.registry.all_assignable(codes)
    for code in codes:
        if code not in found:
            raise Lacking(field, _("Danh bạ không có đơn vị mang mã “%(code)s”.", code=code))
    return [Member(code=code, hub=found[code].hub) for code in codes]
