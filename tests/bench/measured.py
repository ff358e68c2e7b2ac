"""One command of Vigie, then its peak memory in kB on a line of its own in the file that BENCH_PEAK names."""

from __future__ import annotations

import os
import resource
from pathlib import Path

from app.cli.main import main


def peak_kb() -> int:
    """The most memory this program has held; what was held before it was started does not count, where that is told."""
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


try:
    main()
finally:
    Path(os.environ["BENCH_PEAK"]).write_text(str(peak_kb()))
