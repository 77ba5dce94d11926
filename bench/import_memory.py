"""The importer's peak memory: `manage.py import_snapshot` with all its processes, looked at while it runs."""

import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

from bench.generated_papers import write_snapshot
from bench.import_rounds import empty_tables

CHECKOUT = Path(__file__).resolve().parent.parent
LOOK_SECONDS = 0.1


def peak_megabytes(folder: Path, records: int) -> float:
    """Load so many records into empty tables; return the largest sum of resident memory, shared pages counted twice."""
    path = folder / f"{records}.jsonl.gz"
    write_snapshot(path, records)
    empty_tables()
    command = [sys.executable, str(CHECKOUT / "manage.py"), "import_snapshot", str(path)]
    began = time.monotonic()
    with subprocess.Popen([*command, "--restart"], cwd=folder) as process:
        peak = 0
        while process.poll() is None:
            peak = max(peak, resident_bytes(psutil.Process(process.pid)))
            time.sleep(LOOK_SECONDS)
    if process.returncode:
        raise SystemExit(f"import_snapshot ended with status {process.returncode}")
    print(f"{records:,} records in {time.monotonic() - began:,.0f} s, at most {peak / 1e6:,.0f} MB", flush=True)
    path.unlink()
    return peak / 1e6


def resident_bytes(process: psutil.Process) -> int:
    """The memory of a process and its children."""
    total = 0
    with suppress(psutil.NoSuchProcess):
        for member in [process, *process.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                total += member.memory_info().rss
    return total
