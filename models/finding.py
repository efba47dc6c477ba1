"""What an officer should know about a plan, a directory or a launch."""

from enum import StrEnum

from pydantic import Field

from models.message import Message


class Severity(StrEnum):
    ERROR = "error"  # không ghi gì cho đến khi sửa
    WARNING = "warning"
    INFO = "info"


class Finding(Message):
    """`place` names where: a file and line, a task's code, a unit's code. `remedy` is what to do
    about it, where that can be said; `on_page` the same for who sees pages only, where a command or
    a file would not help them."""

    severity: Severity
    place: str
    message: str
    remedy: str = ""
    on_page: str = Field(default="", exclude=True)

    @property
    def remedy_on_page(self) -> str:
        return self.on_page or self.remedy


class BadInput(Exception):
    """Input that cannot be used; nothing was written. Each finding names its place."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(f"{f.place}: {f.message}" for f in findings))
        self.findings = findings
