"""A process of its own for a file somebody sent: `python -m intake.reading_process FILE OUT …`.

What a hostile or an enormous file does to memory and time happens here and to nobody else. Writes
`{"imported": …, "lines": …}` or `{"refused": …}` to OUT, and `done total` lines while it reads.
"""

import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

from intake.importing import import_document
from models.finding import BadInput

MOST_MEMORY = 2 << 30
MOST_SECONDS = 600
NICER = 5
LARGE = "tệp cần quá nhiều bộ nhớ để đọc: hãy tách thành các tệp nhỏ hơn"


def main() -> None:
    file, out, year, otherwise = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    # People who are waiting for a page go first.
    os.nice(NICER)
    answer = _read(Path(file), int(year) or None, int(otherwise))
    Path(out).write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")


def _read(file: Path, year: int | None, otherwise: int) -> dict[str, Any]:
    try:
        imported, source = import_document(file, year=year, otherwise=otherwise, progress=_progress)
    except BadInput as bad:
        return {"refused": [finding.message for finding in bad.findings]}
    except MemoryError:
        return {"refused": [LARGE]}
    return {"imported": imported.model_dump_json(), "lines": source.numbered()}


def _progress(done: int, total: int) -> None:
    sys.stdout.write(f"{done} {total}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
