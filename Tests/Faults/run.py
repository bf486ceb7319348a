#!/usr/bin/env python3
"""Breaks what can break under a running Mandate, and checks what was promised. See docs/reliability.md.

    python3 Tests/Faults/run.py --binary .build/debug/mandate [--database sqlite|postgres|both] [--only name,…] [--short | --long] [--kills N]

Each fault gets a demonstration of its own, writers that note what was acknowledged, and a promise; at the end there is a table, and with --json a file.
Exit code 1 when a promise was broken. What cannot be done on this machine (no root, no PostgreSQL) is told as "not run".
"""

import argparse
import json
import os
import sys
import textwrap
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "Tests"), str(Path(__file__).resolve().parent)]

import faults  # noqa: E402, F401
from harness.fault import FAULTS, Fault, Options, Outcome, run_fault, temporary  # noqa: E402
from harness.installation import Templates  # noqa: E402


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=Path(os.environ.get("MANDATE_BIN", ROOT / ".build/debug/mandate")))
    parser.add_argument("--database", choices=["sqlite", "postgres", "both"], default="both")
    parser.add_argument("--only", default="", help="names of faults, with commas; a name may be a beginning")
    parser.add_argument("--except", dest="excepted", default="", help="names to leave out")
    parser.add_argument("--short", dest="short", action="store_true", default=True, help="a quarter of an hour for all (the standard)")
    parser.add_argument("--long", dest="short", action="store_false", help="longer cuts, more rounds")
    parser.add_argument("--kills", type=int, help="of server and database; 10, or 200 with --long")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="file for the results")
    parser.add_argument("--markdown", type=Path, help="file for the table of docs/reliability.md")
    parser.add_argument("--list", action="store_true", help="the faults and what each promises")
    return parser.parse_args()


def chosen(names: str, excepted: str) -> list[Fault]:
    wanted = [name for name in names.split(",") if name]
    unwanted = [name for name in excepted.split(",") if name]
    unknown = [name for name in wanted + unwanted if not any(one.name.startswith(name) for one in FAULTS)]
    if unknown:
        sys.exit(f"there is no fault {unknown[0]}; there are: {', '.join(one.name for one in FAULTS)}")
    return [one for one in FAULTS if (not wanted or any(one.name.startswith(name) for name in wanted))
            and not any(one.name.startswith(name) for name in unwanted)]


def run_all(options: Options, some: list[Fault]) -> list[Outcome]:
    with temporary("mandate-faults-") as folder:
        templates = Templates(options.binary, options.database, folder)
        try:
            templates.make()
            outcomes = []
            for one in some:
                if options.database not in one.databases:
                    continue
                print(f"{one.name} ({options.database})", flush=True)
                if one.needs_root and os.geteuid() != 0:
                    outcome = Outcome(one.name, options.database, one.promise, "not run", ["needs root: mounts or network namespaces"], {}, 0)
                else:
                    outcome = run_fault(one, options, templates)
                outcomes.append(outcome)
                print(f"    {outcome.state}, {outcome.seconds:.0f} s", flush=True)
                for sentence in outcome.what:
                    print(f"    - {sentence}", flush=True)
            return outcomes
        finally:
            templates.close()


def table(outcomes: list[Outcome]) -> str:
    lines = []
    for one in outcomes:
        head = f"{one.name} · {one.database} · {one.state.upper()} · {one.seconds:.0f} s"
        figures = ", ".join(f"{name}: {said(value)}" for name, value in one.figures.items())
        lines += ["", head, *wrapped("promise  ", one.promise), *(wrapped("figures  ", figures) if figures else [])]
        for sentence in one.what:
            lines += wrapped("BROKEN   " if one.state == "broken" else "note     ", sentence)
    states = [one.state for one in outcomes]
    lines += ["", f"{states.count('kept')} kept, {states.count('broken')} broken, {states.count('not run')} not run, {sum(one.seconds for one in outcomes):.0f} s"]
    return "\n".join(lines)


def markdown(outcomes: list[Outcome]) -> str:
    """The table as docs/reliability.md shows it."""
    lines = ["| fault | database | | what happened |", "|---|---|---|---|"]
    for one in outcomes:
        told = "; ".join(f"{name}: {said(value)}" for name, value in one.figures.items())
        if one.state != "kept":
            told = f"**{'; '.join(one.what)}** {told}"
        lines.append(f"| `{one.name}` | {one.database} | {one.state} | {told.replace('|', '/')} |")
    return "\n".join(lines) + "\n"


def said(value: object) -> str:
    return "; ".join(f"{count} × {name}" for name, count in value.items()) if isinstance(value, dict) else str(value)


def wrapped(head: str, text: str) -> list[str]:
    return textwrap.wrap(text, 150, initial_indent="  " + head, subsequent_indent=" " * (len(head) + 2), break_long_words=False)


def main() -> None:
    asked = arguments()
    if asked.list:
        for one in FAULTS:
            print("\n".join(wrapped(f"{one.name:<20} ", f"{one.promise} ({', '.join(one.databases)})")))
        return
    some = chosen(asked.only, asked.excepted)
    binary = asked.binary.resolve()
    if not os.access(binary, os.X_OK):
        sys.exit(f"{asked.binary} is not there; build it first: swift build --product mandate")
    outcomes: list[Outcome] = []
    began = time.time()
    for database in ["sqlite", "postgres"] if asked.database == "both" else [asked.database]:
        outcomes += run_all(Options(binary, database, asked.short, asked.kills or (10 if asked.short else 200), asked.seed), some)
    print(table(outcomes))
    if asked.json:
        asked.json.write_text(json.dumps({"began": time.strftime("%FT%TZ", time.gmtime(began)), "outcomes": [one.json for one in outcomes]}, indent=1, ensure_ascii=False) + "\n")
    if asked.markdown:
        asked.markdown.write_text(markdown(outcomes))
    if not outcomes or any(one.state == "broken" for one in outcomes):
        sys.exit(1)


if __name__ == "__main__":
    main()
