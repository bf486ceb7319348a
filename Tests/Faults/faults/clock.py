"""The clock jumps."""

import re
import time
from datetime import datetime, timezone

from harness.checks import all_is_there
from harness.clock import MovableClock
from harness.fault import Run, fault
from harness.installation import REQUESTS, Answer, Server
from harness.load import Load

HOUR = 3600


@fault("clock-jumps")
def clock_jumps(run: Run) -> None:
    """The server's clock jumps an hour forwards and an hour backwards under load: no crash, no lost write, sessions and tokens stay, due times follow the clock
    and never come before their record, answers under a key are given again, the ledger goes on being signed and verifies.

    Only the server's clock: a database beside it keeps its own, as when one machine's clock is wrong.
    """
    place = run.installation()
    clock = MovableClock(run)
    server = place.server(env=clock.env)
    cookie = sign_in(server)
    load = Load([server], place.token, writers=2, seed=run.options.seed).start()
    first = ask(run, server, place.token, "POST", REQUESTS, {"subject": "Before any jump"}, "jump-first")
    worked = first.json["id"]
    steps = iter([("take", {}), ("wait", {"waiting-for": "supplier"}), ("resume", {}), ("solve", {"solution": "Clock set right."})])
    slowest = 0.0
    # Forwards, back to the truth, behind it, back again.
    for jump in (HOUR, 0, -HOUR, 0):
        clock.move(jump)
        moment = time.monotonic()
        named = f"after a jump to {jump:+d} s"
        back = load.wait_for_write(moment, 10)
        if not run.expect(back is not None, f"{named}: no write is accepted within 10 s"):
            continue
        slowest = max(slowest, back or 0)
        made = ask(run, server, place.token, "POST", REQUESTS, {"subject": f"Made {named}"}, f"jump{moment}")
        expect_times(run, made.json, jump, named)
        expect_session(run, server, cookie, named)
        again = ask(run, server, place.token, "POST", REQUESTS, {"subject": "Before any jump"}, "jump-first")
        run.expect(again.json.get("id") == worked and "idempotency-replayed" in again.headers, f"{named}: a repeated request was done again")
        name, body = next(steps)
        ask(run, server, place.token, "POST", f"{REQUESTS}/{worked}/moves/{name}", body, f"jump-{name}")
        expect_signed(run, server, named)
    solved = ask(run, server, place.token, "GET", f"{REQUESTS}/{worked}").json
    for field in ("worked", "lasted"):
        run.figure(f"{field} of the request moved through the jumps", solved[field])
        run.expect(not str(solved[field] or "").startswith("-") and not (isinstance(solved[field], int | float) and solved[field] < 0), f"{field} is {solved[field]}: less than nothing")
    expect_jobs(run, place)
    load.finish()
    run.figure("slowest write after a jump s", slowest)
    run.expect(server.is_running, "the server ended when the clock jumped")
    all_is_there(run, place, load, server)


def ask(run: Run, server: Server, token: str, method: str, path: str, body: object = None, key: str | None = None) -> Answer:
    answer = server.ask(method, path, body, token=token, headers={"Idempotency-Key": key} if key else {})
    run.expect(answer.status < 300, f"{method} {path.rsplit('/', 1)[-1]} is answered {answer}")
    return answer


def expect_times(run: Run, made: dict, jump: int, named: str) -> None:
    created = instant(made["created-at"])
    off = abs((created - datetime.now(timezone.utc)).total_seconds() - jump)
    run.expect(off < 5, f"{named}: created-at is {off:.0f} s from the server's clock")
    for field in ("first-response-due", "resolution-due"):
        run.expect(made[field] is not None and instant(made[field]) > created, f"{named}: {field} {made[field]} is not after created-at {made['created-at']}")


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def expect_jobs(run: Run, place) -> None:
    """Periodic jobs go on with the clock as it is now: what was planned under the wrong clock does not hold them up."""
    ahead = place.inside().jobs_ahead()
    late = {name: seconds for name, (seconds, every) in ahead.items() if seconds > every + 60}
    run.expect(not late, "periodic jobs wait for the time that the clock once showed: " + ", ".join(f"{name} in {seconds:.0f} s" for name, seconds in late.items()))


def expect_session(run: Run, server: Server, cookie: str, named: str) -> None:
    page = server.ask("GET", "/service-desk/requests", headers={"Cookie": cookie})
    run.expect(page.status < 400 and "/sign-in" not in page.headers.get("location", ""), f"{named}: the browser is signed out: {page.status}")


def expect_signed(run: Run, server: Server, named: str) -> None:
    """The checkpoint takes in what was written, within some seconds."""
    before = signed(server)
    end = time.monotonic() + 8
    while time.monotonic() < end:
        if signed(server) > before:
            return
        time.sleep(0.2)
    run.expect(False, f"{named}: the ledger's checkpoint stands still at {before} entries")


def signed(server: Server) -> int:
    return int(server.ask("GET", "/ledger/checkpoint").body.decode().splitlines()[1])


def sign_in(server: Server, persona: str = "joseph") -> str:
    """A browser's cookie, by the sign-in page of the demonstration."""
    page = server.ask("GET", "/sign-in")
    visit = page.headers["set-cookie"].split(";")[0]
    text = page.body.decode()
    form = text[text.index('class="card personas"') - 20:]
    action = re.search(r'action="([^"]+)"', form)
    csrf = re.search(r'name="csrf" value="([^"]+)"', form)
    assert action and csrf
    answer = server.ask("POST", action[1], f"csrf={csrf[1]}&persona={persona}".encode(),
                        headers={"Cookie": visit, "Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{server.host}:{server.port}"})
    cookie = re.search(r"(?:^|[ ,])(mandate=[^;]+)", answer.headers.get("set-cookie", ""))
    if answer.status not in (302, 303) or cookie is None:
        raise RuntimeError(f"signing in is answered {answer}, {answer.headers.get('set-cookie')}")
    return cookie[1]
