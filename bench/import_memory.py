"""The importer's peak memory: `manage.py import_snapshot` with all its processes, looked at while it runs."""

import subprocess
import sys
import time
from pathlib import Path

import psutil

from bench.generated_papers import write_snapshot
from bench.import_rounds import empty_tables
from bench.memory import highest_memory

CHECKOUT = Path(__file__).resolve().parent.parent


def peak_megabytes(folder: Path, records: int) -> float:
    """Load so many records into empty tables; return the largest sum of resident memory, shared pages counted twice."""
    path = folder / f"{records}.jsonl.gz"
    write_snapshot(path, records)
    empty_tables()
    command = [sys.executable, str(CHECKOUT / "manage.py"), "import_snapshot", str(path)]
    began = time.monotonic()
    with (
        subprocess.Popen([*command, "--restart"], cwd=folder) as process,
        highest_memory(process=psutil.Process(process.pid)) as memory,
    ):
        process.wait()
    if process.returncode:
        raise SystemExit(f"import_snapshot ended with status {process.returncode}")
    print(f"{records:,} records in {time.monotonic() - began:,.0f} s, at most {memory.most / 1e6:,.0f} MB", flush=True)
    path.unlink()
    return memory.most / 1e6
