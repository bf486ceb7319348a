"""Pages of the database are damaged, and rows altered behind the platform's back."""

import hashlib
import os
import random
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

from Cluster.parts import PartFailed
from Cluster.postgres import Postgres
from harness.fault import Run, fault
from harness.installation import REQUESTS, Installation

# Tables whose content is no statement about the organisation's records: what is damaged in them, the ledger does not speak of.
BESIDE = ("kernel_", "search_", "migration", "counter", "sqlite_", "grdb_", "ledger_tile")


@fault("row-altered")
def row_altered(run: Run) -> None:
    """A row changed by somebody with access to the database, past the platform: `mandate verify` names the first record, message or entry that is not as it was
    written, and says of a changed leaf that the entries do not give the signed root; exit code 1.
    """
    place = run.installation()
    server = place.server()
    made = server.ask("POST", REQUESTS, {"subject": "To be altered", "details": "true"}, token=place.token).json
    comment = server.ask("POST", f"{REQUESTS}/{made['id']}/comments", {"body": "said"}, token=place.token)
    run.expect(comment.status == 201, f"a message is answered {comment}")
    server.stop()
    good, what, entries = place.verify()
    if not run.expect(good, f"before anything is altered: {what}"):
        return
    inside = place.inside()
    last = int(inside.rows("select max(position) from ledger")[0][0])
    first = int(inside.rows("select min(position) from ledger")[0][0])
    reference = made["reference"]
    alterations = {
        "a record's field": (f"update service_desk_request set details = 'false' where reference = '{reference}'",
                             f"update service_desk_request set details = 'true' where reference = '{reference}'", reference),
        "a message": ("update kernel_comment set body = 'not said' where body = 'said'", "update kernel_comment set body = 'said' where body = 'not said'", "message"),
        "the time of an entry": (f"update ledger set leaf = {flipped(run, 'leaf')} where position = {last - 3}",
                                 f"update ledger set leaf = {flipped(run, 'leaf')} where position = {last - 3}", "an entry was altered"),
        "the payload of an entry": (f"update ledger set payload = {flipped(run, 'payload')} where position = {first + 7}",
                                    f"update ledger set payload = {flipped(run, 'payload')} where position = {first + 7}", "7"),
    }
    named = 0
    for name, (harm, cure, expected) in alterations.items():
        changed = inside.do(harm)
        run.expect(changed == 1, f"{name}: {changed} rows were altered instead of one")
        done = place.command("verify")
        told = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else done.stderr.strip()
        run.step(f"{name}: {told[:150]}")
        if run.expect(done.returncode == 1 and "ALTERED" in told and expected in told, f"{name} was altered and verify says: exit {done.returncode}, {told[:200]}"):
            named += 1
        inside.do(cure)
    run.figure("altered and named", f"{named} of {len(alterations)}")
    good, what, _ = place.verify()
    run.expect(good, f"after everything was put back: {what}")


def flipped(run: Run, column: str) -> str:
    """The bytes with one of them another; done twice, they are as before."""
    if run.is_postgres:
        return f"set_byte({column}, 20, get_byte({column}, 20) # 1)"
    # SQLite has no operator for bytes; a character of JSON that is exchanged for its neighbour stays text.
    return (f"cast(substr({column}, 1, 20) as blob) || cast(char(unicode(cast(substr({column}, 21, 1) as text)) + "
            f"case when unicode(cast(substr({column}, 21, 1) as text)) % 2 = 0 then 1 else -1 end) as blob) || cast(substr({column}, 22) as blob)")


@fault("page-corrupted")
def page_corrupted(run: Run) -> None:
    """Bytes flipped in the database's files while it is stopped: `mandate verify` says so, or what the ledger speaks of is all as it was; the server does not
    crash on them, and what is damaged is never answered as if it were whole.

    SQLite pages have no checksum: the platform's ledger is what finds damage. PostgreSQL has data checksums here, as the recipe in deploy/ asks for.
    """
    (corrupted_postgres if run.is_postgres else corrupted_sqlite)(run)


def corrupted_sqlite(run: Run) -> None:
    place = run.installation()
    with closing(sqlite3.connect(place.sqlite)) as link:
        link.execute("pragma wal_checkpoint(truncate)")
    whole = digests(place.sqlite)
    original = run.folder / "whole.sqlite"
    shutil.copy(place.sqlite, original)
    rounds, told, silent, harmless = (24 if run.options.short else 400), 0, 0, 0
    for number in range(rounds):
        shutil.copy(original, place.sqlite)
        where = flip(place.sqlite, run.random)
        for rest in ("-wal", "-shm"):
            Path(f"{place.sqlite}{rest}").unlink(missing_ok=True)
        done = place.command("verify", timeout=60)
        run.expect(done.returncode >= 0, f"bytes flipped at {where}: verify ends by signal {-done.returncode}: {done.stderr.strip()[-200:]}")
        if done.returncode != 0:
            told += 1
        elif digests(place.sqlite) == whole:
            harmless += 1
        else:
            silent += 1
            run.expect(False, f"bytes flipped at {where} altered {altered(place.sqlite, whole)}, and verify finds nothing")
        if number % 4 == 0:
            expect_no_crash(run, place, where)
    run.figure("pages damaged", rounds)
    run.figure("named by verify", told)
    run.figure("in what the ledger does not speak of, or unused", harmless)
    run.figure("silent", silent)
    run.expect(told > 0, "no damage was found at all: the fault was not made")


def flip(file: Path, chance: random.Random, page: int = 4096, least: int = 0) -> str:
    """64 bytes of one page are inverted."""
    with open(file, "r+b") as handle:
        pages = os.fstat(handle.fileno()).st_size // page
        at = chance.randrange(least, pages) * page + chance.randrange(0, page - 64)
        handle.seek(at)
        before = handle.read(64)
        handle.seek(at)
        handle.write(bytes(byte ^ 0xFF for byte in before))
    return f"page {at // page}, byte {at % page}"


def digests(file: Path) -> dict[str, str]:
    """What each table that the ledger speaks of holds; `damaged` where it cannot be read."""
    found: dict[str, str] = {}
    with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as link:
        link.text_factory = bytes
        try:
            names = [name.decode() for name, in link.execute("select name from sqlite_master where type = 'table'")]
        except sqlite3.DatabaseError:
            return {"sqlite_master": "damaged"}
        for name in names:
            if name.startswith(BESIDE) and name not in ("kernel_comment", "kernel_attachment"):
                continue
            try:
                rows = sorted(repr(row) for row in link.execute(f'select * from "{name}" not indexed'))
                found[name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
            except sqlite3.DatabaseError:
                found[name] = "damaged"
    return found


def altered(file: Path, whole: dict[str, str]) -> str:
    now = digests(file)
    return ", ".join(name for name in whole if now.get(name) != whole[name])


def expect_no_crash(run: Run, place: Installation, where: str) -> None:
    """A start on the damage: it serves, or ends with a sentence."""
    server = place.server(start=False)
    try:
        server.start(timeout=20)
        for path in (f"{REQUESTS}?limit=100&count=true", "/readyz", "/api/v1/search?q=network"):
            try:
                server.ask("GET", path, token=place.token, timeout=15)
            except OSError as error:
                run.expect(server.is_running, f"damage at {where}: the server ends at {path}: {error}")
    except PartFailed:
        pass
    code = server.process.process.poll() if server.process.process else None
    run.expect(code is None or code >= 0 or code == -signal.SIGKILL, f"damage at {where}: the server crashes with signal {-(code or 0)}: {server.process.tail(3)}")
    server.kill()


def corrupted_postgres(run: Run) -> None:
    own = Postgres(checksums=True).start()
    run.stack.callback(own.close)
    place = run.installation(postgres=own)
    tables = ("service_desk_request", "ledger", "kernel_comment")
    rounds = 3 if run.options.short else 10
    told = 0
    for table in tables:
        own.start()
        own.psql("checkpoint", database="postgres")
        file = heap(own, table)
        own.stop()
        whole = file.read_bytes()
        for _ in range(rounds):
            where = f"{table}, {flip(file, run.random, page=8192)}"
            own.start()
            done = place.command("verify", timeout=60)
            said = (done.stdout + done.stderr).strip()
            if run.expect(done.returncode > 0, f"{where}: verify ends with {done.returncode}: {said[:200]}"):
                told += 1
            run.expect("invalid page" in said or "ALTERED" in said or "damaged" in said, f"{where}: verify does not say what is damaged: {said[:200]}")
            if table != "ledger":
                expect_no_crash(run, place, where)
            own.stop("immediate")
            file.write_bytes(whole)
    own.start()
    good, what, _ = place.verify()
    run.expect(good, f"after the pages were put back: {what}")
    run.figure("pages damaged", len(tables) * rounds)
    run.figure("named by verify", told)


def heap(own: Postgres, table: str) -> Path:
    """The file of a table, or of its first partition that holds something."""
    leaf = own.psql(f"select relid::regclass from pg_partition_tree('{table}') where isleaf order by pg_relation_size(relid) desc limit 1") or table
    return own.data / own.psql(f"select pg_relation_filepath('{leaf}')")
