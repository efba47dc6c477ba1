"""A plan as the importer read it: the document, how each date was read, and what stays open."""

import re
from typing import Any

from models.finding import Severity
from models.message import Document
from models.plan import (
    ByDate,
    PlanDocument,
    PlanTask,
    Recurring,
    Relation,
    ReportDuty,
)
from models.timing import Reading, TimingKind


class Signer(Document):
    authority: str = ""  # "KT. GIÁM ĐỐC"
    position: str = ""
    name: str = ""


class LineFinding(Document):
    """Something to know about one line of the source; None where it is about the whole."""

    line: int | None
    severity: Severity
    message: str


class ImportedPlan(Document):
    """`readings` are those of the tasks and reports that state a timing, by code. `year` is that of
    dates which name none."""

    document: PlanDocument
    year: int
    readings: dict[str, Reading] = {}
    signer: Signer | None = None
    findings: tuple[LineFinding, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """For other programs: the document with each timing as it was read."""
        document = self.document
        return {
            "title": document.title,
            "issuer": document.issuer,
            "number": document.number,
            "date": None if document.date is None else document.date.isoformat(),
            "bases": list(document.bases),
            "tasks": [self._task(task) for task in document.tasks],
            "reports": [self._report(duty) for duty in document.reports],
            "targets": [target.model_dump(mode="json") for target in document.targets],
            "days": [day.model_dump(mode="json") for day in document.days],
            "recipients": list(document.recipients),
            "findings": [finding.model_dump(mode="json") for finding in self.findings],
        }

    def _task(self, task: PlanTask) -> dict[str, Any]:
        return {
            "code": _printed(task.code),
            "section": task.section,
            "text": task.text,
            "lead": list(task.lead),
            "cooperating": list(task.cooperating),
            "performers_text": task.performers_text,
            "timing": self._timing(task),
            "lines": list(task.lines) if task.lines else None,
        }

    def _report(self, duty: ReportDuty) -> dict[str, Any]:
        timing = duty.timing
        reading = self.readings.get(duty.code)
        dates = list(
            timing.days if isinstance(timing, Recurring) else reading.days if reading else ()
        )
        if isinstance(timing, ByDate) and re.fullmatch(r"\d{4}-\d\d-\d\d", timing.anchor):
            dates = [timing.anchor[5:]]
        relation: Relation | None = None
        if isinstance(timing, Recurring | ByDate):
            relation = timing.relation
        return {
            "code": _printed(duty.code),
            "text": duty.text,
            "reporters": list(duty.reporters),
            "to": duty.to,
            "via": list(duty.via),
            "dates": dates,
            "relation": None if relation is None else relation.value,
        }

    def _timing(self, duty: PlanTask) -> dict[str, Any]:
        reading = self.readings.get(duty.code)
        if reading is None:
            return {
                "text": duty.timing.text,
                "kind": TimingKind.UNKNOWN.value,
                "start": None,
                "due": None,
                "due_exclusive": None,
                "rule": "",
                "confidence": 0.0,
                "alternatives": [],
            }
        fields = reading.model_dump(mode="json")
        kept = ("text", "kind", "start", "due", "due_exclusive", "rule", "confidence")
        return {name: fields[name] for name in kept} | {"alternatives": fields["alternatives"]}


def _printed(code: str) -> str:
    """The code as the document prints it; identifiers have no spaces."""
    return re.sub(r"^Điều(?=\d)", "Điều ", code)
