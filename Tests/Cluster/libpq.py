"""A connection to PostgreSQL through the system's libpq: a few functions, so that no test needs a driver installed.

    with Connection(url) as database:
        database.run("select 1, 'x'")        [["1", "x"]]; SQL null is None
"""

from __future__ import annotations

import ctypes
import ctypes.util
from typing import Iterator

_lib = ctypes.CDLL(ctypes.util.find_library("pq") or "libpq.so.5")
for _name, _result, *_arguments in [
    ("PQconnectdb", ctypes.c_void_p, ctypes.c_char_p), ("PQstatus", ctypes.c_int, ctypes.c_void_p), ("PQfinish", None, ctypes.c_void_p),
    ("PQerrorMessage", ctypes.c_char_p, ctypes.c_void_p), ("PQexec", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p), ("PQclear", None, ctypes.c_void_p),
    ("PQresultStatus", ctypes.c_int, ctypes.c_void_p), ("PQresultErrorField", ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int),
    ("PQntuples", ctypes.c_int, ctypes.c_void_p), ("PQnfields", ctypes.c_int, ctypes.c_void_p),
    ("PQgetvalue", ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_int), ("PQgetisnull", ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_int),
]:
    getattr(_lib, _name).restype, getattr(_lib, _name).argtypes = _result, _arguments


class DatabaseError(Exception):
    """What the server or the network said; `state` is the SQLSTATE, None when the connection is gone."""

    def __init__(self, message: str, state: str | None):
        super().__init__(message.strip())
        self.state = state


class Connection:
    def __init__(self, url: str, timeout: int = 3):
        text = url + ("&" if "?" in url else "?") + f"connect_timeout={timeout}"
        self.link = ctypes.c_void_p(_lib.PQconnectdb(text.encode()))
        if _lib.PQstatus(self.link) != 0:
            message = self.message
            self.close()
            raise DatabaseError(message, None)

    @property
    def message(self) -> str:
        return _lib.PQerrorMessage(self.link).decode(errors="replace")

    def run(self, sql: str) -> list[list[str | None]]:
        result = ctypes.c_void_p(_lib.PQexec(self.link, sql.encode()))
        try:
            if _lib.PQresultStatus(result) not in (1, 2):  # done, rows
                state = _lib.PQresultErrorField(result, ord("C"))
                raise DatabaseError(self.message, state.decode() if state else None)
            return [list(self._row(result, row)) for row in range(_lib.PQntuples(result))]
        finally:
            _lib.PQclear(result)

    def _row(self, result: ctypes.c_void_p, row: int) -> Iterator[str | None]:
        for column in range(_lib.PQnfields(result)):
            yield None if _lib.PQgetisnull(result, row, column) else _lib.PQgetvalue(result, row, column).decode()

    def close(self) -> None:
        if self.link:
            _lib.PQfinish(self.link)
            self.link = None

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
