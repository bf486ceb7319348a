"""A small disk of its own: an ext4 filesystem in a file, mounted over a loop device, that can be filled and broken. Needs root."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from harness.fault import NotRun, Run


class Volume:
    def __init__(self, run: Run, megabytes: int):
        self.image, self.place = run.folder / "disk.img", run.folder / "disk"
        self.place.mkdir()
        with open(self.image, "wb") as file:
            file.truncate(megabytes << 20)
        command("mkfs.ext4", "-q", "-F", "-m", "0", str(self.image))
        self.mount()
        run.stack.callback(self.close)

    def mount(self) -> None:
        # As on a machine that was set up with care: a disk that fails is read-only from then on.
        command("mount", "-o", "loop,errors=remount-ro", str(self.image), str(self.place))
        os.chmod(self.place, 0o711)

    @property
    def filler(self) -> Path:
        return self.place / "filler"

    def fill(self) -> None:
        """To the last byte."""
        with open(self.filler, "ab", buffering=0) as file:
            for size in (1 << 20, 1 << 12, 1):
                try:
                    while True:
                        os.posix_fallocate(file.fileno(), file.seek(0, os.SEEK_END), size) if size > 1 else file.write(b"x")
                        file.seek(0, os.SEEK_END)
                except OSError:
                    pass

    def make_room(self) -> None:
        self.filler.unlink(missing_ok=True)

    def fail(self) -> None:
        """The kernel takes the disk for broken: it can only be read, and nothing written stays that was not synced."""
        device = Path(command("findmnt", "-n", "-o", "SOURCE", str(self.place)).strip()).name
        trigger = Path(f"/sys/fs/ext4/{device}/trigger_fs_error")
        if not trigger.exists():
            raise NotRun("this kernel's ext4 cannot be told to fail")
        trigger.write_text("broken by Tests/Faults")
        try:
            (self.place / "probe").write_text("")
        except OSError:
            return
        raise NotRun("the disk can still be written after its failure")

    def repair(self) -> None:
        """Unmounted, checked and mounted again, as an administrator would."""
        self.unmount()
        done = subprocess.run(["fsck.ext4", "-f", "-y", str(self.image)], capture_output=True, text=True)
        if done.returncode > 2:
            raise RuntimeError(f"fsck.ext4 could not repair the disk: {done.stdout[-500:]}")
        self.mount()

    def unmount(self) -> None:
        for _ in range(50):
            if subprocess.run(["umount", str(self.place)], capture_output=True).returncode == 0:
                return
            time.sleep(0.2)
        command("umount", "--lazy", str(self.place))

    def close(self) -> None:
        if os.path.ismount(self.place):
            self.unmount()


def command(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True, env={**os.environ, "PATH": os.environ.get("PATH", "") + ":/usr/sbin:/sbin"})
    if done.returncode != 0:
        raise NotRun(f"{words[0]}: {(done.stderr or done.stdout).strip()[:300]}")
    return done.stdout
