"""A cable that can be slow, lose packets and be cut, between this machine and a network namespace in which a server runs. Needs root.

Two TUN devices, one on each side, and a process of its own that carries packets from one to the other: `tc netem` does the same, but is missing in the kernels
of many virtual machines. TCP above it is the kernel's own, with its retransmissions and time-outs.
"""

from __future__ import annotations

import fcntl
import heapq
import json
import os
import random
import select
import struct
import subprocess
import sys
import time
from pathlib import Path

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 1, 0x1000


class Namespace:
    """A network of its own, with `lo` and whatever links are made to it."""

    count = 0

    def __init__(self, stack):
        from harness.volume import command
        Namespace.count += 1
        self.name = f"mandate-{os.getpid()}-{Namespace.count}"
        command("ip", "netns", "add", self.name)
        stack.callback(subprocess.run, ["ip", "netns", "del", self.name], capture_output=True)
        command("ip", "-n", self.name, "link", "set", "lo", "up")

    @property
    def prefix(self) -> list[str]:
        return ["ip", "netns", "exec", self.name]


class Link:
    """One cable. `near` is the address on this side, `far` the one inside the namespace."""

    def __init__(self, namespace: Namespace, number: int, stack, seed: int = 1):
        from harness.fault import NotRun
        from harness.volume import command
        if not Path("/dev/net/tun").exists():
            raise NotRun("this machine has no /dev/net/tun")
        tag = f"{os.getpid() % 100000}{namespace.name.rsplit('-', 1)[1]}{number}"
        names = [f"mnd{tag}a", f"mnd{tag}b"]
        third = (os.getpid() + number * 7 + Namespace.count * 31) % 250
        self.near, self.far = f"10.213.{third}.1", f"10.213.{third}.2"
        self.process = subprocess.Popen([sys.executable, str(Path(__file__).resolve()), *names, str(seed)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        stack.callback(self.close)
        assert self.process.stdout is not None
        if self.process.stdout.readline().strip() != "ready":
            raise NotRun("no TUN device can be made here")
        command("ip", "link", "set", names[1], "netns", namespace.name)
        command("ip", "addr", "add", f"{self.near}/30", "dev", names[0])
        command("ip", "link", "set", names[0], "up")
        command("ip", "-n", namespace.name, "addr", "add", f"{self.far}/30", "dev", names[1])
        command("ip", "-n", namespace.name, "link", "set", names[1], "up")

    def set(self, *, delay: float = 0, loss: float = 0, cut: bool = False) -> None:
        """`delay` is of a round trip, in seconds; `loss` the share of packets lost, in each direction."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"delay": delay / 2, "loss": loss, "cut": cut}) + "\n")
        self.process.stdin.flush()

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(5)


def opened(name: str) -> int:
    handle = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(handle, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI))
    return handle


def carry(names: list[str], seed: int) -> None:
    """Takes packets from each side to the other until standard input ends."""
    ends = [opened(name) for name in names]
    print("ready", flush=True)
    chance = random.Random(seed)
    how = {"delay": 0.0, "loss": 0.0, "cut": False}
    waiting: list[tuple[float, int, int, bytes]] = []
    number = 0
    while True:
        pause = max(0.0, waiting[0][0] - time.monotonic()) if waiting else None
        ready, _, _ = select.select([*ends, 0], [], [], pause)
        if 0 in ready:
            line = sys.stdin.readline()
            if not line:
                return
            how = json.loads(line)
            if how["cut"]:
                waiting.clear()
        for side, end in enumerate(ends):
            for _ in range(64) if end in ready else ():
                try:
                    packet = os.read(end, 65536)
                except (BlockingIOError, OSError):
                    break
                if how["cut"] or chance.random() < how["loss"]:
                    continue
                number += 1
                heapq.heappush(waiting, (time.monotonic() + how["delay"], number, ends[1 - side], packet))
        now = time.monotonic()
        while waiting and waiting[0][0] <= now:
            _, _, end, packet = heapq.heappop(waiting)
            try:
                os.write(end, packet)
            except OSError:
                pass  # the other side is not up yet, or its queue is full: lost, as on any cable


if __name__ == "__main__":
    carry(sys.argv[1:3], int(sys.argv[3]))
