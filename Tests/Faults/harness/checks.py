"""What is checked after every fault."""

from __future__ import annotations

from harness.fault import Run
from harness.installation import Installation, Server
from harness.load import Load


def all_is_there(run: Run, place: Installation, load: Load, server: Server, *, least: int = 20) -> None:
    """Every acknowledged write exactly once, read over the API; then the server stops in order and `mandate verify` finds the database as it was written."""
    run.figure("acknowledged", load.count)
    run.figure("records", load.creates)
    run.figure("answered again", load.repeated)
    if load.answers:
        run.figure("refused", dict(load.answers.most_common(6)))
    run.expect(load.count >= least, f"only {load.count} writes were acknowledged: the load was too small to show anything")
    faults = load.check(server)
    run.figure("lost or twice", len(faults))
    for sentence in faults[:8]:
        run.expect(False, sentence)
    if any(" 500 " in text for text in load.wrong):
        run.expect(False, f"the log says of a 500: {said_of_faults(place)}")
    verify(run, place)


def said_of_faults(place: Installation) -> str:
    """What the servers wrote into their logs of faults that they had no answer for."""
    lines = [line for log in place.logs.glob("server-*.log") for line in log.read_text(errors="replace").splitlines()
             if " error " in line and "store: unavailable" not in line]
    return lines[0][:600] if lines else "nothing"


def verify(run: Run, place: Installation) -> None:
    place.stop()
    good, what, entries = place.verify()
    run.figure("ledger", f"{entries} entries {'verify' if good else 'DO NOT VERIFY'}")
    run.expect(good, f"mandate verify: {what}")
