"""The importer's peak memory: `manage.py import_snapshot` with all its processes, looked at while it runs."""

import subprocess
import sys
import time
from pathlib import Path

import psutil

from bench.generated_papers import write_snapshot
from bench.import_rounds import empty_tables
from bench.memory import LOOK_SECONDS, resident_bytes

CHECKOUT = Path(__file__).resolve().parent.parent


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
