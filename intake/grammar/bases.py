"""The documents a plan rests on."""

import re
from collections.abc import Iterator

from intake.documents.blocks import Table, fold
from intake.grammar.letters import UPPER
from intake.grammar.pieces import Blocks

BASIS = re.compile(
    r"^[-–•+]?\s*(?:Căn cứ|Thực hiện|Thi hành|Theo|Xét|Để|Triển khai|Nhằm|Tiếp tục)\b"
)
BASIS_TEXT = re.compile(
    r"(?:Căn cứ|căn cứ|Thực hiện|thực hiện|Thi hành|Theo|Triển khai)\s+(?:các\s+)?"
    r"(?P<text>(?:Kế hoạch|Quyết định|Nghị quyết|Chỉ thị|Luật|Nghị định|Thông tư|Chương trình|"
    r"Công văn|Hướng dẫn|Công điện|Kết luận|Đề án|Thông báo|Bộ luật|Hiến pháp|Văn bản)\b[^;]*)"
)
BASIS_ENDS = re.compile(
    r"\s+(?:về việc|về|quy định|ban hành|phê duyệt|sửa đổi|hướng dẫn|của Quốc hội về)\b|"
    rf";|\.\s|,\s+(?=[{UPPER}]|để|nhằm|trong)|\.$"
)


def cited_bases(blocks: Blocks) -> Iterator[str]:
    seen: set[str] = set()
    for block in blocks:
        if isinstance(block, Table):
            continue
        lines = [line for line in block.pieces if BASIS.match(fold(line.text))]
        text = block.text
        if not lines:
            continue
        if not BASIS.match(text):
            text = text[text.index(fold(lines[-1].text)) :]
        ends_like_basis = text.rstrip().endswith((";", ".", ":", ",")) or text.startswith("Căn cứ")
        if not ends_like_basis:
            continue
        for basis in BASIS_TEXT.finditer(text):
            cut = BASIS_ENDS.split(basis["text"], maxsplit=1)[0].strip(" ,.;:")
            if len(cut.split()) > 2 and cut not in seen:
                seen.add(cut)
                yield cut
