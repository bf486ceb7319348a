"""A wall clock that the harness moves while the server runs; the machine's own stays as it is."""

from __future__ import annotations

import mmap
import shutil
import struct
import subprocess
from pathlib import Path

from harness.fault import NotRun, Run


class MovableClock:
    def __init__(self, run: Run):
        compiler = next((found for name in ("cc", "gcc", "clang") if (found := shutil.which(name))), None)
        if compiler is None:
            raise NotRun("no C compiler for the clock's shim (gcc, or Swift's clang in the path)")
        library, self.file = run.folder / "clock.so", run.folder / "clock"
        done = subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(Path(__file__).with_name("clock.c"))], capture_output=True, text=True)
        if done.returncode != 0:
            raise NotRun(f"the clock's shim does not compile: {done.stderr.strip()[:300]}")
        self.file.write_bytes(bytes(8))
        self.file.chmod(0o644)
        library.chmod(0o755)
        self._handle = open(self.file, "r+b")
        self._page = mmap.mmap(self._handle.fileno(), 8)
        run.stack.callback(self._handle.close)
        run.stack.callback(self._page.close)
        self.env = {"LD_PRELOAD": str(library), "MANDATE_TEST_CLOCK": str(self.file)}

    def move(self, seconds: float) -> None:
        """So far from the real time, from now on."""
        self._page[:8] = struct.pack("q", int(seconds * 1e6))
