"""HAProxy with a configuration of deploy/: of a load balancer, or of an application host on its way to the database."""

from __future__ import annotations

import csv
import io
import signal
import socket
from pathlib import Path

from Cluster.parts import PartFailed, program, run
from Cluster.site import Site


class HAProxy:
    """The one of a host of a site."""

    def __init__(self, site: Site, host: str):
        self.site, self.host = site, host
        self.config = site.path(host, "etc/haproxy/haproxy.cfg")
        self.socket = site.path(host, "run/haproxy/admin.sock")
        self.haproxy = program("haproxy", "haproxy")
        # -W: a master with a worker, as systemd runs it; a signal to the master changes the worker without closing the port.
        self.process = site.process(host, "haproxy", [self.haproxy, "-W", "-f", str(self.config)])

    def start(self) -> "HAProxy":
        run([self.haproxy, "-c", "-q", "-f", str(self.config)])
        self.process.start(ready=lambda: self.answers("show info"), timeout=10)
        return self

    def reload(self) -> None:
        self.process.send(signal.SIGUSR2)

    def stop(self) -> None:
        self.process.stop()

    def admin(self, command: str) -> str:
        """A command of the administration socket, such as `show stat` or `set server servers/app1 state drain`."""
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(5)
            link.connect(str(self.socket))
            link.sendall(command.encode() + b"\n")
            answer = b""
            while piece := link.recv(65536):
                answer += piece
        return answer.decode().strip()

    def answers(self, command: str) -> bool:
        try:
            return bool(self.admin(command))
        except OSError:
            return False

    def statistics(self) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.admin("show stat").removeprefix("# "))))

    def up(self, backend: str) -> list[str]:
        """The servers of a backend that get connections now."""
        return [row["svname"] for row in self.statistics() if row["pxname"] == backend and row["svname"] not in ("FRONTEND", "BACKEND")
                and row["status"].startswith(("UP", "no check")) and row["bck"] != "1"]

    def set(self, backend: str, server: str, state: str) -> None:
        """ready, drain (those connected stay, nobody new comes) or maint."""
        answer = self.admin(f"set server {backend}/{server} state {state}")
        if answer:
            raise PartFailed(f"HAProxy: {answer}")

    def sessions(self, backend: str, server: str) -> int:
        return next(int(row["scur"]) for row in self.statistics() if row["pxname"] == backend and row["svname"] == server)


def config_is_valid(path: Path) -> bool:
    try:
        run([program("haproxy", "haproxy"), "-c", "-q", "-f", str(path)])
        return True
    except PartFailed:
        return False
