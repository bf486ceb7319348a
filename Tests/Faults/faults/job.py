"""Jobs that always fail, records that a job cannot work on, and receivers that never answer well."""

import time

from faults.clock import expect_signed
from harness.checks import all_is_there
from harness.fault import Run, fault
from harness.installation import REQUESTS, Installation, Server
from harness.load import Load
from harness.receiver import Receiver

POISONED, OTHER = "service-desk.close-solved", "service-desk.follow-the-sun"
ATTEMPTS = 5  # of every job of the apps
TABLE = "service_desk_request"


@fault("poisoned-job")
def poisoned_job(run: Run) -> None:
    """A record that a job may not change is passed over. A job that always fails is tried again with growing pauses and set aside as failed after five attempts;
    other jobs and people go on. One that ends its server each time is set aside too, and not run for ever.
    """
    place = run.installation()
    server = place.server()
    old = OldRequests(run, place, server, ["Refused", "Beside it"])
    # Each job runs at the first start; then its next run is planned.
    planned = wait_for(place, f"select count(*) from kernel_job where state = 'waiting' and name in ('{POISONED}', '{OTHER}') having count(*) = 2", 15)
    run.expect(bool(planned), "the periodic jobs are not planned within 15 s")
    load = Load([server], place.token, writers=2, seed=run.options.seed).start()

    old.empty_required(0)
    due_now(place, POISONED)
    wait_for(place, f"select state from {TABLE} where reference = '{old.references[1]}' and state = 'closed'", 10)
    run.figure("the record beside a refused one", old.state(1))
    run.expect(old.state(1) == "closed", "one record that cannot be closed holds up the others that the same job is to close")
    old.cure()

    broken = OldRequests(run, place, server, ["Poisoned"])
    place.inside().forbid_updates(TABLE, broken.references[0])
    wait_for(place, f"select state from kernel_job where name = '{POISONED}' and state = 'waiting'", 10)
    always_failing(run, place)
    ends_its_server(run, place)
    load.finish()
    run.expect(not load.answers, f"writers were refused: {dict(load.answers)}")
    place.inside().allow_updates(TABLE)
    broken.cure()
    all_is_there(run, place, load, server)


class OldRequests:
    """Requests solved long ago, which a job is to close."""

    def __init__(self, run: Run, place: Installation, server: Server, subjects: list[str]):
        self.place = place
        self.references = [self.solved(run, place, server, subject) for subject in subjects]
        self.named = ", ".join(f"'{reference}'" for reference in self.references)
        self.before = place.inside().rows(f"select reference, solved_at, channel from {TABLE} where reference in ({self.named})")
        place.inside().do(f"update {TABLE} set solved_at = {{instant:-8000000}} where reference in ({self.named})")

    @staticmethod
    def solved(run: Run, place: Installation, server: Server, subject: str) -> str:
        made = server.ask("POST", REQUESTS, {"subject": subject}, token=place.token).json
        for name, body in (("take", {}), ("solve", {"solution": "x"})):
            answer = server.ask("POST", f"{REQUESTS}/{made['id']}/moves/{name}", body, token=place.token)
            run.expect(answer.status == 200, f"{name} is answered {answer}")
        return made["reference"]

    def empty_required(self, number: int) -> None:
        """The rules refuse every move of it: a field that must be filled is empty."""
        self.place.inside().do(f"update {TABLE} set channel = null where reference = '{self.references[number]}'")

    def state(self, number: int) -> str:
        return self.place.inside().rows(f"select state from {TABLE} where reference = '{self.references[number]}'")[0][0]

    def cure(self) -> None:
        """As they were, so that the ledger is not told of a change that was the harness's."""
        for reference, solved_at, channel in self.before:
            self.place.inside().do(f"update {TABLE} set solved_at = '{solved_at}', channel = '{channel}' where reference = '{reference}'")


def due_now(place: Installation, name: str) -> None:
    """What remains of a job's pause is left out: a test would wait for its hour."""
    place.inside().do(f"update kernel_job set due_at = {{instant:-1}} where name = '{name}' and state = 'waiting'")


def always_failing(run: Run, place: Installation) -> None:
    pauses = []
    for attempt in range(1, ATTEMPTS + 1):
        due_now(place, POISONED)
        state, pause, said = attempted(run, place, attempt)
        if state == "":
            return
        if attempt < ATTEMPTS:
            run.expect(state == "waiting" and pause > 0, f"after attempt {attempt} the job is {state}, again in {pause:.0f} s")
            pauses.append(pause)
        else:
            run.expect(state == "failed", f"after attempt {attempt} the job is {state} and not failed")
            run.expect("poisoned" in said, f"a failed job does not say what failed, but: {said}")
    run.figure("pauses s", ", ".join(f"{pause:.0f}" for pause in pauses))
    run.expect(all(later > sooner for sooner, later in zip(pauses, pauses[1:])), f"the pauses do not grow: {pauses}")
    ended = f"select max({{at:ended_at}}) from kernel_job where name = '{OTHER}' and state = 'done' having max({{at:ended_at}})"
    last = place.inside().rows(f"{ended} > 0")[0][0]
    due_now(place, OTHER)
    done = wait_for(place, f"{ended} > {last} + 0.001", 15)
    run.expect(bool(done), f"{OTHER} was held up by the poisoned job")
    again = wait_for(place, f"select state from kernel_job where name = '{POISONED}' and state = 'waiting'", 10)
    run.expect(bool(again), "the next run of the failed periodic job is not planned")


def ends_its_server(run: Run, place: Installation) -> None:
    """As a job leaves it that ended its server in each of its attempts: running, its lease over."""
    wait_for(place, f"select 1 from kernel_job where name = '{OTHER}' and state = 'waiting'", 10)
    changed = place.inside().do(f"update kernel_job set state = 'running', attempts = {ATTEMPTS}, leased_until = {{instant:-5}}, due_at = {{instant:-60}} "
                                f"where name = '{OTHER}' and state = 'waiting'")
    if not run.expect(changed == 1, "the job that ends its server could not be set up"):
        return
    found = wait_for(place, f"select state, fault from kernel_job where name = '{OTHER}' and attempts >= {ATTEMPTS} and state <> 'running'", 10)
    state, said = found[0] if found else ("running", "")
    run.figure("a job that ended its server five times", state)
    run.expect(state == "failed" and bool(said), f"a job that ended its server {ATTEMPTS} times is run again: {state}")


def attempted(run: Run, place: Installation, attempt: int) -> tuple[str, float, str]:
    """Waits until the attempt is over: the job's state, seconds until it is due again, what failed."""
    where = f"name = '{POISONED}' and attempts >= {attempt} and state in ('waiting', 'failed')"
    found = wait_for(place, f"select state, {{at:due_at}} - {{now}}, fault from kernel_job where {where}", 15)
    if not run.expect(bool(found), f"attempt {attempt} of the poisoned job did not come within 15 s"):
        return "", 0, ""
    state, pause, said = found[0]
    return state, float(pause or 0), said


def wait_for(place: Installation, sql: str, seconds: float) -> list[list[str]]:
    end = time.monotonic() + seconds
    while True:
        found = place.inside().rows(sql)
        if found or time.monotonic() > end:
            return found
        time.sleep(0.1)


@fault("webhook-broken")
def webhook_broken(run: Run) -> None:
    """One receiver of webhooks answers 500 and one does not answer at all; a third, and everybody else, is served meanwhile: each event reaches it under one id,
    also when the server is killed between. The broken ones are tried again later, with growing pauses.
    """
    place = run.installation()
    for words in (("user", "grant", "admin", "platform.administrator"), ("user", "grant", "admin", "service-desk.agent")):
        place.command(*words)
    server = place.server(env={"MANDATE_WEBHOOKS_TO_PRIVATE": "yes"})
    token = place.make_token("admin")
    receivers = {name: Receiver(name, run.stack) for name in ("good", "broken", "silent")}
    hooks = {}
    for name, receiver in receivers.items():
        answer = server.ask("POST", "/api/v1/webhooks", {"url": receiver.url, "kinds": ["service-desk.request.create"]}, token=token)
        run.expect(answer.status == 201, f"registering a webhook is answered {answer}")
        hooks[name] = answer.json.get("id")
    load = Load([server], place.token, writers=1, pause=0.15, seed=run.options.seed).start()
    time.sleep(6)
    run.figure("received by the good one before the kill", len(receivers["good"].seen))
    expect_signed(run, server, "while a receiver is silent")
    server.kill()
    server.start()
    let_leases_end(run, place)
    time.sleep(run.options.seconds(6, 20))
    load.finish()
    made = {kept.id for kept in load.kept.values()}
    start = time.monotonic()
    end = start + 90
    while time.monotonic() < end and not made <= receivers["good"].records():
        time.sleep(0.5)
    missing = made - receivers["good"].records()
    run.figure("events", len(made))
    run.figure("s until the good receiver had all", time.monotonic() - start)
    run.figure("received by the good one", len(receivers["good"].seen))
    run.expect(not missing, f"{len(missing)} of {len(made)} events did not reach the good receiver within 90 s")
    ids = receivers["good"].ids_by_record()
    run.expect(all(len(found) == 1 for found in ids.values()), "an event was sent under two ids")
    again = server.ask("GET", f"/api/v1/webhooks/{hooks['broken']}/deliveries", token=token).json["items"]
    run.figure("of the broken one", f"{len(again)} deliveries, attempts {sorted({item['attempts'] for item in again})}")
    run.expect(bool(again) and all(item["attempts"] >= 1 for item in again[-5:]), "the broken receiver's deliveries were not tried")
    run.expect(all(item["state"] == "waiting" for item in again), "a delivery to the broken receiver is no longer tried after some seconds")
    all_is_there(run, place, load, server, least=10)


def let_leases_end(run: Run, place: Installation) -> None:
    """What was being sent at the kill is held for the killed server until its lease ends: how long is told, and left out."""
    held = place.inside().rows("select {at:leased_until} - {now} from kernel_job where name = 'kernel.webhooks' and state = 'running'")
    if held:
        run.figure("s for which a killed server holds the job", float(held[0][0]))
    place.inside().do("update kernel_job set leased_until = {instant:-1} where name = 'kernel.webhooks' and state = 'running'")
    place.inside().do("update kernel_delivery set due_at = {instant:-1} where state = 'waiting' and attempts = 1")
