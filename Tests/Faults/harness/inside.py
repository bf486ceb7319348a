"""What only the database itself can tell or be made to hold: jobs, and damage. For both kinds."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from Cluster.postgres import Postgres

# How often the jobs of the platform run, in seconds, where a fault looks at them.
EVERY = {"service-desk.follow-the-sun": 300, "service-desk.close-solved": 3600, "kernel.webhooks": 5}


class Inside:
    def __init__(self, file: str | None, postgres: Postgres | None, database: str):
        self.file, self.postgres, self.database = file, postgres, database

    def rows(self, sql: str) -> list[list[str]]:
        """Rows as text. Instants are written `{at:column}` and come as seconds since 1970; `{now}` is the database's time."""
        if self.postgres is not None:
            said = self.postgres.psql(self._of(sql, "extract(epoch from {})", "extract(epoch from now())"), user="postgres", database=self.database)
            return [line.split("|") for line in said.splitlines() if line]
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=10)) as link:
            found = link.execute(self._of(sql, "({} / 1e6)", "(julianday('now') - 2440587.5) * 86400")).fetchall()
        return [["" if value is None else str(value) for value in row] for row in found]

    def do(self, sql: str) -> int:
        """Changes rows behind the platform's back; answers how many. `{instant:-60}` is the time a minute ago, in the column's own form."""
        sql = self._instants(sql)
        if self.postgres is not None:
            said = self.postgres.psql(f"with changed as ({sql} returning 1) select count(*) from changed", user="postgres", database=self.database)
            return int(said)
        with closing(sqlite3.connect(self.file or "", timeout=10)) as link, link:
            return link.execute(sql).rowcount

    def forbid_updates(self, table: str, reference: str) -> None:
        """From here on the database itself refuses every change of one record, as a damaged page would."""
        if self.postgres is not None:
            self.postgres.psql(
                "create function poisoned() returns trigger language plpgsql as $$ begin raise exception 'poisoned'; end $$;"
                f"create trigger poisoned before update on {table} for each row when (old.reference = '{reference}') execute function poisoned()",
                user="postgres", database=self.database)
            return
        with closing(sqlite3.connect(self.file or "", timeout=10)) as link, link:
            link.execute(f"create trigger poisoned before update on {table} when old.reference = '{reference}' begin select raise(abort, 'poisoned'); end")

    def allow_updates(self, table: str) -> None:
        if self.postgres is not None:
            self.postgres.psql(f"drop trigger poisoned on {table}; drop function poisoned", user="postgres", database=self.database)
            return
        with closing(sqlite3.connect(self.file or "", timeout=10)) as link, link:
            link.execute("drop trigger poisoned")

    @staticmethod
    def _of(sql: str, form: str, now: str) -> str:
        while "{at:" in sql:
            head, _, rest = sql.partition("{at:")
            column, _, tail = rest.partition("}")
            sql = head + form.replace("{}", column) + tail
        return sql.replace("{now}", now)

    def _instants(self, sql: str) -> str:
        while "{instant:" in sql:
            head, _, rest = sql.partition("{instant:")
            seconds, _, tail = rest.partition("}")
            value = (f"now() + interval '{seconds} seconds'" if self.postgres is not None
                     else f"cast(((julianday('now') - 2440587.5) * 86400 + {seconds}) * 1e6 as integer)")
            sql = f"{head}{value}{tail}"
        return sql

    def jobs_ahead(self) -> dict[str, tuple[float, int]]:
        """The periodic jobs that wait: in how many seconds they run, and how often they should."""
        rows = self.rows("select name, {at:due_at} - {now} from kernel_job where state = 'waiting'")
        return {name: (float(ahead), EVERY[name]) for name, ahead in rows if name in EVERY}
