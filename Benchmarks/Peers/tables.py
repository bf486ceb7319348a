"""The tables that are printed, in Markdown."""

from __future__ import annotations

import argparse
import shlex
import sys
from dataclasses import dataclass, field

from drive import Found
from product import Product

AIM = 20  # times Request Tracker's throughput


@dataclass
class Row:
    work: str
    at_once: int
    product: str
    found: Found
    cpu: float  # milliseconds of an answer, of the product and of PostgreSQL


def number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table(head: list[str], rows: list[list[str]], words: int = 1) -> str:
    """Columns of numbers to the right; the first so many are words."""
    rule = ["---"] * words + ["--:"] * (len(head) - words)
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, rule, *rows])


@dataclass
class Table:
    rows: list[Row] = field(default_factory=list)
    asides: list[Row] = field(default_factory=list)
    hits: list[tuple[str, int, dict[str, int]]] = field(default_factory=list)
    memory: list[tuple[str, int, float, float, int, float]] = field(default_factory=list)

    def text(self, machine: str, options: argparse.Namespace, products: list[Product], filling: dict[str, float], seconds: float) -> str:
        first, *peers = products
        head = ["work", "at once", "product", "per s", "p50 ms", "p95 ms", "p99 ms", "CPU ms", "bytes", "Mandate's throughput over its", "its CPU over Mandate's"]
        open_count = f"{options.open:.0%} of them open"
        parts = [
            f"`{shlex.join(['Benchmarks/Peers/run.py', *sys.argv[1:]])}`: {options.requests:,} requests, {open_count}, seed {options.seed}; "
            f"{options.seconds:g} s a measurement, {seconds / 60:.0f} min in all. {machine}.",
            "\n".join(f"- {product.name} {product.version}, on {product.engine}; filled in {filling[product.name]:.0f} s" for product in products),
            table(head, [self.cells(row) for row in self.rows], 3)]
        if self.asides:
            parts += ["Without queue, owner and requester (plain), and with Request Tracker's token instead of its session:",
                      table(head, [self.cells(row) for row in self.asides], 3)]
        parts += [
            "Requests found by 12 words of each language, all pages counted:",
            table(["language", "there are", *(product.name for product in products)],
                  [[name, f"{there:,}", *(f"{hits[product.name]:,}" for product in products)] for name, there, hits in self.hits]),
            "Memory after all this:",
            table(["product", "processes", "RSS MB", "PSS MB", "PostgreSQL sessions", "their PSS MB"],
                  [[name, str(count), f"{rss:.0f}", f"{pss:.0f}", str(sessions), f"{theirs:.0f}"] for name, count, rss, pss, sessions, theirs in self.memory])]
        return "\n\n".join([*parts, *(self.verdict(peer) for peer in peers)])

    def cells(self, row: Row) -> list[str]:
        found = row.found
        ratios = ["", ""] if row.product == "Mandate" else ["finds none", ""] if self.is_blind(row) else [f"{ratio:,.1f}×" for ratio in self.over(row)]
        figures = [found.per_second, found.p50, found.p95, found.p99, row.cpu, found.size]
        return [row.work, str(row.at_once), row.product, *(number(figure) for figure in figures), *ratios]

    def is_blind(self, row: Row) -> bool:
        """A search of a language in which the product finds nothing: how fast it finds nothing says nothing."""
        return any(row.work == f"search, {name}" and there and not hits[row.product] for name, there, hits in self.hits)

    def over(self, row: Row) -> tuple[float, float]:
        """Mandate's throughput over that of the row's product, and the product's CPU over Mandate's."""
        work = row.work.removesuffix(", by token")  # Mandate is always asked by token
        own = next(each for each in self.rows + self.asides if (each.work, each.at_once, each.product) == (work, row.at_once, "Mandate"))
        return own.found.per_second / row.found.per_second, row.cpu / own.cpu if own.cpu else float("inf")

    def verdict(self, peer: Product) -> str:
        ratios = [(self.over(row)[0], f"{row.work}, {row.at_once} at once") for row in self.rows + self.asides
                  if row.product == peer.name and not self.is_blind(row) and not row.work.endswith("by token")]
        low = [f"{what}: {ratio:.1f}×" for ratio, what in ratios if ratio < AIM]
        text = f"Over {peer.name}: from {min(ratios)[0]:.1f}× to {max(ratios)[0]:.1f}×."
        return text + (f" Below {AIM}×: {'; '.join(low)}." if low else f" {AIM}× or more everywhere.")
