"""How long a person waits for the preview of a year, the start of the program included."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from benchmarks.installation import ROOT
from benchmarks.plans import SHIPPED, YEAR


class NoPreview(Exception):
    """The command does not work; the message is its own."""


def preview(schools: int) -> float:
    """Seconds. Raises NoPreview."""
    command = [
        *(sys.executable, "-c", "import starter; starter.main()"),
        *("preview", str(SHIPPED), "--year", str(YEAR), "--schools", str(schools), "--json"),
    ]
    with tempfile.TemporaryDirectory(prefix="dondoc-bench-") as folder:
        begun = perf_counter()
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=os.environ | {"DONDOC_STATE_DIR": str(Path(folder))},
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = perf_counter() - begun
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise NoPreview(lines[-1] if lines else f"exit status {done.returncode}")
    json.loads(done.stdout)
    return seconds
