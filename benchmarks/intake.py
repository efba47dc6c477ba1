"""How well documents are read: `python -m benchmarks.intake FOLDER`.

FOLDER has `docs/` and, for each document, `expected/NAME.json`. `expected/seed.json` is the shipped
plan's document.
"""

import argparse
import json
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import intake_timing
from intake.importing import import_document
from models.finding import BadInput

SEED = Path(__file__).parents[1] / "plans" / "lam-dong-nq57" / "ke-hoach.txt"
REQUIRED = 0.95
# Texts at least this alike are the same task under another code.
ALIKE = 0.85
MEASURES = ("tasks", "leads", "cooperating", "due dates")


@dataclass
class Score:
    right: int = 0
    found: int = 0
    expected: int = 0

    def add(self, found: Counter[str], expected: Counter[str]) -> None:
        self.right += sum((found & expected).values())
        self.found += sum(found.values())
        self.expected += sum(expected.values())

    def __iadd__(self, other: "Score") -> "Score":
        self.right += other.right
        self.found += other.found
        self.expected += other.expected
        return self

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.expected if self.expected else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass
class Scores:
    of: dict[str, Score] = field(default_factory=lambda: {name: Score() for name in MEASURES})
    misses: list[str] = field(default_factory=list)


def folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split()).strip(" .,;:")


def phrases(units: Sequence[str]) -> Counter[str]:
    """The units of a list. Ground truth keeps some cells whole, so both sides are taken apart the
    same way: what matters is that the same words stand in the same role."""
    text = folded("; ".join(units)).replace(" và ", "; ").replace(",", ";").replace("\n", ";")
    return Counter(part.strip(" .") for part in text.split(";") if part.strip(" ."))


def pairs(
    found: Sequence[dict[str, Any]], expected: Sequence[dict[str, Any]]
) -> Iterator[tuple[dict[str, Any] | None, dict[str, Any] | None]]:
    """Every task with its counterpart: by code and text, else by text alone."""
    left = list(expected)
    for task in found:
        match = next((each for each in left if _same(task, each)), None)
        match = match or next((each for each in left if _alike(task, each)), None)
        if match is not None:
            left.remove(match)
        yield task, match
    yield from ((None, each) for each in left)


def _same(task: dict[str, Any], other: dict[str, Any]) -> bool:
    code = str(task["code"]).replace(" ", "")
    return code == str(other.get("code")).replace(" ", "") and _similar(task, other) > ALIKE / 2


def _alike(task: dict[str, Any], other: dict[str, Any]) -> bool:
    return _similar(task, other) >= ALIKE


def _similar(task: dict[str, Any], other: dict[str, Any]) -> float:
    one, two = folded(task["text"])[:400], folded(other["text"])[:400]
    if one == two:
        return 1.0
    matcher = SequenceMatcher(None, one, two, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE / 2 else 0.0


def score(found: dict[str, Any], expected: dict[str, Any]) -> Scores:
    scores = Scores()
    either = set(expected.get("optional_tasks", ()))
    for task, truth in pairs(found["tasks"], expected["tasks"]):
        if (task is None or truth is None) and (task or truth or {}).get("code") in either:
            continue  # may be a task or none
        one = Counter({"task": 1})
        scores.of["tasks"].add(one if task else Counter(), one if truth else Counter())
        for name, key in (("leads", "lead"), ("cooperating", "cooperating")):
            scores.of[name].add(
                phrases(task[key]) if task else Counter(),
                phrases(truth[key]) if truth else Counter(),
            )
        due = (task or {}).get("timing", {}).get("due")
        true_due = _due(truth)
        scores.of["due dates"].add(
            Counter({due: 1}) if due else Counter(),
            Counter({true_due: 1}) if true_due else Counter(),
        )
        scores.misses += _misses(task, truth, due, true_due)
    return scores


def _due(truth: dict[str, Any] | None) -> str | None:
    return (truth.get("due") or truth.get("overall_due")) if truth else None


def _misses(
    task: dict[str, Any] | None, truth: dict[str, Any] | None, due: str | None, true_due: str | None
) -> Iterator[str]:
    if task is None or truth is None:
        which, what = ("thừa", task) if task else ("thiếu", truth)
        yield f"{which} {what['code']}: {what['text'][:90]}" if what else ""
        return
    for key in ("lead", "cooperating"):
        if phrases(task[key]) != phrases(truth[key]):
            yield f"{task['code']} {key}: đọc {task[key]}, đúng {truth[key]}"
    if due != true_due:
        yield f"{task['code']} due: đọc {due}, đúng {true_due} ({task['timing']['text']})"


def documents(folder: Path) -> Iterator[tuple[str, Path, dict[str, Any]]]:
    for truth in sorted((folder / "expected").glob("*.json")):
        expected = json.loads(truth.read_text(encoding="utf-8"))
        if truth.stem == "seed":
            yield "seed", SEED, expected
        for document in sorted((folder / "docs").glob(f"{truth.stem}.*")):
            yield document.name, document, expected


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--year", type=int, default=2026)
    parser.add_argument("--misses", action="store_true", help="list what was read wrongly")
    arguments = parser.parse_args()
    console = Console()
    table = Table(title="precision / recall / F1")
    table.add_column("document")
    for name in MEASURES:
        table.add_column(name, justify="right")
    overall = Scores()
    for name, document, expected in documents(arguments.folder):
        try:
            plan, _ = import_document(document, otherwise=arguments.year)
        except BadInput as bad:
            console.print(f"{name}: {bad}", style="red")
            scores = score({"tasks": []}, expected)
        else:
            scores = score(plan.as_json(), expected)
        table.add_row(name, *map(_shown, scores.of.values()))
        for measure, each in scores.of.items():
            overall.of[measure] += each
        overall.misses += (f"{name}: {miss}" for miss in scores.misses)
    table.add_section()
    table.add_row("overall", *map(_shown, overall.of.values()), style="bold")
    console.print(table)
    if arguments.misses:
        for miss in overall.misses:
            console.print(miss, markup=False, highlight=False)
    missed = [name for name, each in overall.of.items() if each.f1 < REQUIRED]
    phrases_read = arguments.folder / "timing-phrases.json"
    if phrases_read.exists():
        for figure in intake_timing.figures(phrases_read):
            console.print(f"{figure.name}: {figure.measured:.1f} {figure.unit}", highlight=False)
            if figure.reached is False:
                missed.append(figure.name)
    if missed:
        console.print(f"below {REQUIRED}: {', '.join(missed)}", style="red")
    return 1 if missed else 0


def _shown(score: Score) -> str:
    return f"{score.precision:.3f} / {score.recall:.3f} / {score.f1:.3f}"


if __name__ == "__main__":
    sys.exit(main())
