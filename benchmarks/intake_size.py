"""The largest files intake promises to read: `python -m benchmarks.intake_size`.

A PDF of 300 pages, half of them ruled tables, and a directory sheet of 10,000 rows; each is read in
a process of its own, so that its peak of memory is its own.
"""

import resource
import runpy
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

from benchmarks.figures import Figure
from intake.directory_export import export_units
from intake.directory_files import read_units
from intake.importing import import_document
from models.directory import Directory, Unit, UnitKind

TESTS = Path(__file__).parents[1] / "tests" / "intake"
PAGES, ROWS = 300, 10_000
MOST_SECONDS, MOST_MEGABYTES = 60.0, 1000.0
LINES_A_PAGE = 40


def a_long_pdf(path: Path) -> None:
    # The tests have the only writer of PDFs; nothing in the program makes any.
    made = runpy.run_path(str(TESTS / "documents" / "files.py"))
    words, ruled = made["Words"], made["ruled"]
    sentence = "Sở A chủ trì, phối hợp với Sở B rà soát trước ngày 30/6/2026."
    text = [words(60, 800 - 18 * n, f"{n + 1}. {sentence}") for n in range(LINES_A_PAGE)]
    row = ("1", "Rà soát danh mục", "Sở A", "30/6/2026")
    table = ruled(
        [("TT", "Nhiệm vụ", "Chủ trì", "Thời hạn"), *[row] * 20], (40, 260, 120, 100), top=800
    )
    made["a_pdf"](path, [page for _ in range(PAGES // 2) for page in (text, table)])


def a_long_sheet(path: Path) -> None:
    units = (
        Unit(code=f"T{n}", name=f"Trường {n}", kind=UnitKind.SCHOOL, email=f"t{n}@vi.du")
        for n in range(ROWS)
    )
    export_units(path, list(units))


def read_pdf(path: Path) -> None:
    import_document(path, otherwise=2026)


def read_sheet(path: Path) -> None:
    read_units(path, Directory(units={}))


def cost(read: Callable[[Path], None], path: Path) -> tuple[float, float]:
    """Seconds, and the peak of the whole process in MB."""
    before = time.perf_counter()
    read(path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return time.perf_counter() - before, peak / 1024


def figures() -> list[Figure]:
    found: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        for name, make, read in (
            (f"a PDF of {PAGES} pages", a_long_pdf, read_pdf),
            (f"a sheet of {ROWS:,} rows", a_long_sheet, read_sheet),
        ):
            path = Path(folder) / ("a.pdf" if read is read_pdf else "a.xlsx")
            make(path)
            with get_context("spawn").Pool(1) as pool:
                seconds, megabytes = pool.apply(cost, (read, path))
            found += [
                Figure("Intake", f"{name}: read in", seconds, "s", at_most=MOST_SECONDS),
                Figure("Intake", f"{name}: memory", megabytes, "MB", at_most=MOST_MEGABYTES),
            ]
    return found


def main() -> int:
    measured = figures()
    for figure in measured:
        print(f"{figure.name} {figure.measured:.1f} {figure.unit} ({figure.required})")
    return 0 if all(figure.reached for figure in measured) else 1


if __name__ == "__main__":
    sys.exit(main())
