"""The letter that brings a new sign-in link to somebody who asked for one."""

from datetime import datetime

from letters.letter import Written
from letters.writing import Page, laid_out
from models.clock import VN
from models.plan import Language


def new_link(name: str, url: str, *, asked_at: datetime) -> Written:
    """`asked_at` is wall time."""
    asked = asked_at.astimezone(VN)
    return laid_out(
        Page(
            language=Language.VIETNAMESE,
            subject="Liên kết mới để vào hệ thống theo dõi, đôn đốc",
            greeting=f"Kính gửi: {name}",
            on_behalf="",
            opening=(
                f"Lúc {asked:%H:%M} ngày {asked:%d/%m/%Y} có người mở một liên kết cũ trong thư "
                "của hệ thống và xin liên kết mới. Liên kết dưới đây dùng được một lần. Nếu không "
                "phải Quý đơn vị hoặc anh/chị xin, đề nghị bỏ qua thư này; không ai vào được hệ "
                "thống nếu không có thư."
            ),
            sections=[],
            table=None,
            link="Vào hệ thống",
            address=url,
            closing="Trân trọng.",
            footer="Thư gửi tự động theo yêu cầu trên trang đăng nhập.",
        )
    )
