"""How many timing phrases of a list are read as the list says."""

import json
import sys
import unicodedata
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.figures import Figure
from models.timing import Reading
from rules.timing.reading import read_timing

COMPARED = ("kind", "due", "due_exclusive", "ambiguous")
REQUIRED = 95.0
YEAR = 2026
# A month, quarter or year may be called either, as long as it ends on the same day.
ALIKE = {"period", "deadline"}


class Score(NamedTuple):
    """`wrong` has a phrase's id, its text, and what was read instead of what was expected."""

    phrases: int
    right: int
    wrong: tuple[tuple[str, str, str], ...]

    @property
    def percent(self) -> float:
        return 100 * self.right / self.phrases if self.phrases else 0.0


def score(path: Path | str) -> Score:
    """Reads every phrase of a JSON file `{"phrases": [{"text": …, "kind": …, …}]}`."""
    phrases = json.loads(Path(path).read_text(encoding="utf-8"))["phrases"]
    wrong = []
    for phrase in phrases:
        text = unicodedata.normalize(phrase.get("unicode", "NFC"), phrase["text"])
        reading = read_timing(text, year=phrase.get("context_year", YEAR))
        if differences := _differences(phrase, reading):
            wrong.append((phrase["id"], phrase["text"], differences))
    return Score(len(phrases), len(phrases) - len(wrong), tuple(wrong))


def figures(path: Path | str) -> list[Figure]:
    result = score(path)
    remark = ", ".join(identifier for identifier, _, _ in result.wrong)
    return [
        Figure(
            "Intake",
            f"timing phrases read right, of {result.phrases}",
            result.percent,
            "%",
            at_least=REQUIRED,
            remark=remark,
        )
    ]


def _differences(phrase: dict[str, Any], reading: Reading) -> str:
    read = reading.model_dump(mode="json") | {"ambiguous": reading.ambiguous}
    late = reading.due_exclusive
    read["due_exclusive"] = late and late.isoformat()
    differing = []
    for field in COMPARED:
        expected = phrase.get(field)
        if read[field] == expected:
            continue
        if field == "kind" and {read["kind"], expected} <= ALIKE and phrase.get("due"):
            continue
        differing.append(f"{field}: {read[field]}, not {expected}")
    if (expected_days := phrase.get("dates")) and list(reading.days) != expected_days:
        differing.append(f"days: {', '.join(reading.days)}, not {', '.join(expected_days)}")
    if phrase.get("start") and reading.start and reading.start.isoformat() != phrase["start"]:
        differing.append(f"start: {reading.start}, not {phrase['start']}")
    return "; ".join(differing)


def main() -> None:
    result = score(sys.argv[1])
    print(f"{result.right}/{result.phrases} ({result.percent:.1f} %)")
    for identifier, text, differences in result.wrong:
        print(f"{identifier} {text!r}: {differences}")


if __name__ == "__main__":
    main()
