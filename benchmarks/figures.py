"""Figures beside what is required of them."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One measured number. With a `baseline` the ratio to it is judged, else the number itself.

    `at_least` and `at_most` are what is required; a figure without either is for information.
    """

    part: str
    name: str
    measured: float
    unit: str
    baseline: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    remark: str = ""

    @property
    def ratio(self) -> float | None:
        return self.measured / self.baseline if self.baseline else None

    @property
    def required(self) -> str:
        sign, bound = ("≥", self.at_least) if self.at_least is not None else ("≤", self.at_most)
        if bound is None:
            return ""
        return f"{sign} {_number(bound)} {'×' if self.baseline else self.unit}"

    @property
    def reached(self) -> bool | None:
        """None when nothing is required."""
        judged = self.measured if self.ratio is None else self.ratio
        if self.at_least is not None:
            return judged >= self.at_least
        if self.at_most is not None:
            return judged <= self.at_most
        return None


@dataclass(frozen=True)
class Results:
    machine: str
    settings: str
    figures: Sequence[Figure]
    notes: Sequence[str]


def print_table(results: Results) -> None:
    table = Table(title="Đôn Đốc beside bare Temporal", caption=results.settings)
    table.add_column("part")
    table.add_column("figure")
    for heading in ("measured", "bare", "ratio", "required"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("")
    part = ""
    for figure in results.figures:
        if part and figure.part != part:
            table.add_section()
        table.add_row(
            "" if figure.part == part else figure.part,
            figure.name + (f" [dim]({figure.remark})[/dim]" if figure.remark else ""),
            f"{_number(figure.measured)} {figure.unit}",
            "" if figure.baseline is None else _number(figure.baseline),
            "" if figure.ratio is None else f"{_number(figure.ratio)} ×",
            figure.required,
            {True: "[green]✓[/green]", False: "[red]✗[/red]", None: ""}[figure.reached],
        )
        part = figure.part
    # A pipe has no width of its own, and the default would cut the table to pieces.
    console = Console(width=None if Console().is_terminal else 150)
    console.print(results.machine, highlight=False)
    console.print(table)
    for note in results.notes:
        console.print(f"[yellow]{note}[/yellow]", highlight=False)


def print_json(results: Results) -> None:
    figures = [
        {
            "part": figure.part,
            "name": figure.name,
            "measured": figure.measured,
            "unit": figure.unit,
            "baseline": figure.baseline,
            "ratio": figure.ratio,
            "at_least": figure.at_least,
            "at_most": figure.at_most,
            "reached": figure.reached,
            "remark": figure.remark,
        }
        for figure in results.figures
    ]
    told = {
        "machine": results.machine,
        "settings": results.settings,
        "figures": figures,
        "notes": list(results.notes),
    }
    print(json.dumps(told, ensure_ascii=False, indent=2))


def _number(value: float) -> str:
    """Three digits that matter."""
    if value == 0 or not math.isfinite(value):
        return f"{value:.0f}"
    decimals = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:,.{decimals}f}".rstrip("0").rstrip(".") if decimals else f"{value:,.0f}"
