#!/usr/bin/env python3
"""Fills the templates of deploy/ for every host of a site.

    deploy/render.py site.conf out/            out/db1/etc/patroni/config.yml, out/app1/etc/…: one tree a host, to be copied to its /
    deploy/render.py site.conf out/ --certificates     also makes an authority and a certificate for every host, for traffic between them

The passwords are made at the first run and kept in out/secrets; a later run uses them again. Keep out/ as safe as they deserve.

In a template `@name@` is a value of the site; `@host@` and `@address@` are the host's own; a line with `@db.name@`, `@app.address@` or the like is
repeated for every host of that role. A name that nothing defines is an error.
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROLES = ("lb", "app", "db", "backup", "single")
SECRETS = ("superuser", "replication", "rewind", "patroni", "pgbouncer", "mandate", "report", "backup", "etcd-token")

# Where things are on a Debian host. deploy/try puts every host below a folder of its own instead.
STANDARD = {
    "etc": "/etc", "lib": "/var/lib", "run": "/run", "log": "/var/log", "spool": "/var/spool", "program": "/usr/lib/mandate", "data": "/srv/mandate",
    "https": "443", "http": "80", "user": "postgres", "haproxy-user": "haproxy",
    "lb-address": "*", "primary-address": "127.0.0.1", "db-etc": "/etc", "db-run": "/run", "db-data": "/var/lib/postgresql/15/@name@", "backup-etc": "/etc",
    "maxconn": "20000", "shared_buffers": "128MB", "effective_cache_size": "4GB", "max_connections": "300",
}


@dataclass
class Site:
    values: dict[str, str] = field(default_factory=dict)
    hosts: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: {role: [] for role in ROLES})

    @staticmethod
    def read(path: Path) -> "Site":
        site = Site(dict(STANDARD))
        for number, line in enumerate(path.read_text().splitlines(), 1):
            line = line.partition("#")[0].strip()
            if not line:
                continue
            name, equals, value = (part.strip() for part in line.partition("="))
            if not equals:
                sys.exit(f"{path}, line {number}: not of the form name = value")
            if name in ROLES:
                host, _, address = value.partition(" ")
                if not address:
                    sys.exit(f"{path}, line {number}: {name} takes a host and its address")
                site.hosts[name].append((host, address.strip()))
            else:
                site.values[name] = value
        for name in ("name", "origin", "network"):
            if name not in site.values:
                sys.exit(f"{path}: \"{name}\" is missing")
        return site

    def all_values(self, role: str, host: str, address: str, kept: dict[str, str]) -> dict[str, str]:
        values = {**self.values, "host": host, "address": address, "role": role}
        values |= {f"secret.{name}": value for name, value in kept.items()}
        values["etcd.members"] = ",".join(f"{name}=https://{at}:2380" for name, at in self.hosts["db"])
        # A value may itself speak of the host: `etc = /tmp/x/@host@/etc`.
        own = {"@host@": host, "@address@": address, "@name@": self.values["name"]}
        return {name: re.sub("@host@|@address@|@name@", lambda match: own[match[0]], value) for name, value in values.items()}


def fill(text: str, values: dict[str, str], hosts: dict[str, list[tuple[str, str]]], where: str) -> str:
    def value(match: re.Match[str]) -> str:
        if match[1].split(".")[0] in ROLES:
            return match[0]
        if match[1] not in values:
            sys.exit(f"{where}: nothing defines @{match[1]}@")
        return values[match[1]]

    lines = []
    # systemd's own names have an @ too (mandate@.service, @system-service): only a word between two of them is ours.
    for line in re.sub(r"@([a-z_][a-z_.-]*[a-z_])@", value, text).splitlines(keepends=True):
        role = next((role for role in ROLES if f"@{role}." in line), None)
        for number, (name, address) in enumerate(hosts[role], 1) if role else [(0, ("", ""))]:
            lines.append(line.replace(f"@{role}.name@", name).replace(f"@{role}.address@", address).replace(f"@{role}.number@", str(number)))
    return "".join(lines)


def render(site: Site, out: Path) -> list[Path]:
    """Writes every host's tree; answers the files."""
    kept = keep_secrets(out / "secrets")
    # One host with everything is its own only server.
    known = {**site.hosts, "app": site.hosts["app"] or site.hosts["single"]}
    written = []
    for role in ROLES:
        for host, address in site.hosts[role]:
            values = site.all_values(role, host, address, kept)
            for template in sorted(path for path in (HERE / role).rglob("*") if path.is_file()):
                target = out / host / template.relative_to(HERE / role)
                target.parent.mkdir(parents=True, exist_ok=True)
                text = template.read_text()
                # A configuration with a password in it is for its owner alone, from its first moment.
                target.touch(0o600)
                target.write_text(fill(text, values, known, str(template)))
                target.chmod(0o755 if os.access(template, os.X_OK) else 0o600 if "@secret." in text else 0o644)
                written.append(target)
    return written


def keep_secrets(path: Path) -> dict[str, str]:
    kept = dict(line.split(" = ", 1) for line in path.read_text().splitlines()) if path.exists() else {}
    missing = [name for name in SECRETS if name not in kept]
    if missing:
        kept |= {name: secrets.token_hex(16) for name in missing}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(0o600)
        path.write_text("".join(f"{name} = {value}\n" for name, value in kept.items()))
    return kept


def certificates(site: Site, out: Path) -> None:
    """An authority for this site, and host.crt, host.key and ca.crt below each host's /etc/mandate/tls. What exists stays."""
    authority = out / "authority"
    authority.mkdir(parents=True, exist_ok=True)
    authority.chmod(0o700)
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    if not (authority / "ca.crt").exists():
        openssl("req", "-x509", *key, "-keyout", authority / "ca.key", "-out", authority / "ca.crt", "-days", "3650", "-subj", f"/CN={site.values['name']} hosts")
    for host, address in dict.fromkeys(pair for role in ROLES for pair in site.hosts[role]):
        folder = out / host / "etc/mandate/tls"
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(authority / "ca.crt", folder / "ca.crt")
        if (folder / "host.crt").exists():
            continue
        # The address also as a DNS name: pgBackRest compares what it was told to connect to with names only.
        names = f"subjectAltName=DNS:{host},DNS:{address},DNS:localhost,IP:{address},IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n"
        (authority / "names").write_text(names)
        openssl("req", *key, "-keyout", folder / "host.key", "-out", authority / "request", "-subj", f"/CN={host}")
        openssl("x509", "-req", "-in", authority / "request", "-CA", authority / "ca.crt", "-CAkey", authority / "ca.key", "-CAcreateserial",
                "-out", folder / "host.crt", "-days", "825", "-extfile", authority / "names")
        (folder / "host.key").chmod(0o600)
        # HAProxy wants both in one file.
        (folder / "host.pem").touch(0o600)
        (folder / "host.pem").write_text((folder / "host.crt").read_text() + (folder / "host.key").read_text())


def openssl(*arguments: str | Path) -> None:
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"openssl {arguments[0]}: {done.stderr}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--certificates", action="store_true")
    options = parser.parse_args()
    site = Site.read(options.site)
    options.out.mkdir(parents=True, exist_ok=True)
    options.out.chmod(0o700)
    for path in render(site, options.out):
        print(path)
    if options.certificates:
        certificates(site, options.out)


if __name__ == "__main__":
    main()
