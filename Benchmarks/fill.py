#!/usr/bin/env python3
"""Fills a demonstration's mandate.sqlite for the room's benchmarks, server stopped: copies past the platform, without ledger entries and search index.

    Benchmarks/fill.py FILE --incidents 100000      in the last 30 days, within four degrees of those that are there
    Benchmarks/fill.py FILE --positions 10000000    of the patrols that are there, one a second each
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sqlite3
import time

DEEPEST = 30


def cell(longitude: float, latitude: float) -> int:
    """The place's number along the curve of map tiles, as `MapCurve.number` has it."""
    side, sine = 1 << DEEPEST, math.sin(math.radians(max(-85.05112877980659, min(85.05112877980659, latitude))))
    column = min(side - 1, max(0, int((longitude + 180) / 360 * side)))
    row = min(side - 1, max(0, int((0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)) * side)))
    return spread(column) | spread(row) << 1


def spread(number: int) -> int:
    number = (number | number << 16) & 0x0000FFFF0000FFFF
    number = (number | number << 8) & 0x00FF00FF00FF00FF
    number = (number | number << 4) & 0x0F0F0F0F0F0F0F0F
    number = (number | number << 2) & 0x3333333333333333
    return (number | number << 1) & 0x5555555555555555


def identity(moment: int, number: int) -> bytes:
    """Version 7: the milliseconds of the moment, then the number."""
    return (moment // 1000).to_bytes(6, "big") + b"\x70\x00" + (1 << 63 | number).to_bytes(8, "big")


def put(row: dict, field: str, longitude: float, latitude: float) -> None:
    point = json.dumps({"coordinates": [longitude, latitude], "type": "Point"}, separators=(",", ":"))
    row.update({field: point, f"{field}_longitude": longitude, f"{field}_latitude": latitude, f"{field}_cell": cell(longitude, latitude)})


class Table:
    """A table that is filled fast: its indexes are made anew afterwards."""

    def __init__(self, base: sqlite3.Connection, name: str, columns: list[str]):
        self.base, self.name = base, name
        listed = ", ".join(f'"{column}"' for column in columns)
        self.insert = f"insert into {name} ({listed}) values ({', '.join('?' * len(columns))})"

    def fill(self, rows, count: int) -> None:
        indexes = self.base.execute("select name, sql from sqlite_master where type = 'index' and tbl_name = ? and sql is not null", [self.name]).fetchall()
        start = time.monotonic()
        self.base.execute("pragma cache_size = -400000")
        for name, _ in indexes:
            self.base.execute(f'drop index "{name}"')
        self.base.executemany(self.insert, rows)
        for _, sql in indexes:
            self.base.execute(sql)
        self.base.execute("pragma analysis_limit = 400")
        self.base.execute(f"analyze {self.name}")
        self.base.commit()
        print(f"{count:,} rows in {self.name} in {time.monotonic() - start:.0f} s")


def models(base: sqlite3.Connection, sql: str) -> list[dict]:
    base.row_factory = sqlite3.Row
    found = [dict(row) for row in base.execute(sql)]
    base.row_factory = None
    return found


def incidents(base: sqlite3.Connection, count: int) -> None:
    dice = random.Random(29)
    rows = models(base, "select * from situation_incident where state in ('reported', 'under-verification', 'verified')")
    now, names = int(time.time() * 1_000_000), list(rows[0])

    def copies():
        for number in range(count):
            row = dict(dice.choice(rows))
            at = now - dice.randrange(30 * 86_400 * 1_000_000)
            row.update(id=identity(at, number), reference=f"INC-1999-{number:07}", occurred=at, created_at=at, changed_at=at, reported_at=at)
            longitude, latitude = row["place_longitude"] + dice.uniform(-4, 4), row["place_latitude"] + dice.uniform(-2, 2)
            for field in ("place", "area"):
                put(row, field, longitude, latitude)
            yield [row[name] for name in names]

    Table(base, "situation_incident", names).fill(copies(), count)


def positions(base: sqlite3.Connection, count: int) -> None:
    """Each patrol walks: its positions lie near one another, in time and on the ground, as they really do."""
    dice = random.Random(29)
    rows = models(base, "select * from situation_position group by patrol")
    now, names = int(time.time() * 1_000_000), list(rows[0])
    ways = [[row, row["place_longitude"] + dice.uniform(-3, 3), row["place_latitude"] + dice.uniform(-3, 3)] for row in rows for _ in range(max(1, 200 // len(rows)))]

    def copies():
        for number in range(count):
            way = ways[number % len(ways)]
            way[1] = min(179.0, max(-179.0, way[1] + dice.uniform(-0.0005, 0.0005)))
            way[2] = min(80.0, max(-80.0, way[2] + dice.uniform(-0.0005, 0.0005)))
            row, at = dict(way[0]), now - 86_400_000_000 - (count - number) * 1_000_000 // len(ways)
            row.update(id=identity(at, number), at=at, created_at=at, changed_at=at)
            put(row, "place", way[1], way[2])
            yield [row[name] for name in names]

    Table(base, "situation_position", names).fill(copies(), count)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--incidents", type=int, default=0)
    parser.add_argument("--positions", type=int, default=0)
    options = parser.parse_args()
    base = sqlite3.connect(options.file)
    if options.incidents:
        incidents(base, options.incidents)
    if options.positions:
        positions(base, options.positions)
    base.close()


if __name__ == "__main__":
    main()
