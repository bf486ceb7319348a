"""A receiver of webhooks on loopback: one that takes them, one that answers 500, one that never answers."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver:
    def __init__(self, kind: str, stack):
        self.seen: list[tuple[str, str]] = []  # id of the message, id of the record
        self._ending = threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                receiver.seen.append((self.headers["webhook-id"], body["data"]["id"]))
                if kind == "silent":
                    receiver._ending.wait(30)
                    return
                self.send_response(500 if kind == "broken" else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        stack.callback(self.close)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/"

    def records(self) -> set[str]:
        return {record for _, record in list(self.seen)}

    def ids_by_record(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for message, record in list(self.seen):
            found.setdefault(record, set()).add(message)
        return found

    def close(self) -> None:
        self._ending.set()
        self.server.shutdown()
        self.server.server_close()
