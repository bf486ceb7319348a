"""A job that always fails, and one that ends its server."""

import time

from harness.checks import all_is_there
from harness.fault import Run, fault
from harness.installation import REQUESTS, Installation, Server
from harness.load import Load

POISONED, OTHER = "service-desk.close-solved", "service-desk.follow-the-sun"
ATTEMPTS = 5  # of every job of the apps


@fault("poisoned-job")
def poisoned_job(run: Run) -> None:
    """A job that always fails is tried again with growing pauses and set aside as failed after five attempts; other jobs and people go on. One that ends its
    server each time is set aside after as many attempts, and not run for ever.
    """
    place = run.installation()
    server = place.server()
    poisoned = Poisoned(run, place, server)
    # Each job runs at the first start; then its next run is planned.
    planned = wait_for(place, f"select count(*) from kernel_job where state = 'waiting' and name in ('{POISONED}', '{OTHER}') having count(*) = 2", 15)
    run.expect(bool(planned), "the periodic jobs are not planned within 15 s")
    server.stop()
    # Due now: otherwise a test would wait for its hour.
    place.inside().do("update kernel_job set due_at = {instant:-1} where state = 'waiting'")
    server.start()
    load = Load([server], place.token, writers=2, seed=run.options.seed).start()
    pauses = []
    for attempt in range(1, ATTEMPTS + 1):
        state, pause, fault_said = attempted(run, place, attempt)
        if state == "":
            break
        if attempt < ATTEMPTS:
            run.expect(state == "waiting" and pause > 0, f"after attempt {attempt} the job is {state}, again in {pause:.0f} s")
            pauses.append(pause)
            # What remains of the pause is left out, not the pause: its length is what is checked.
            place.inside().do(f"update kernel_job set due_at = {{instant:-1}} where name = '{POISONED}' and state = 'waiting'")
        else:
            run.expect(state == "failed", f"after attempt {attempt} the job is {state} and not failed")
            run.expect(len(fault_said) > 10, "a failed job does not say what failed")
    run.figure("pauses s", ", ".join(f"{pause:.0f}" for pause in pauses))
    run.expect(all(later > sooner for sooner, later in zip(pauses, pauses[1:])), f"the pauses do not grow: {pauses}")
    done = place.inside().rows(f"select count(*) from kernel_job where name = '{OTHER}' and state = 'done'")
    run.expect(int(done[0][0]) > 0, f"{OTHER} was held up by the poisoned job")
    again = wait_for(place, f"select state from kernel_job where name = '{POISONED}' and state = 'waiting'", 10)
    run.expect(bool(again), "the next run of the failed periodic job is not planned")

    # As a job leaves it that ended its server in each of its attempts: running, its lease over.
    changed = place.inside().do(f"update kernel_job set state = 'running', attempts = {ATTEMPTS}, leased_until = {{instant:-5}}, due_at = {{instant:-60}} "
                                f"where name = '{OTHER}' and state = 'waiting'")
    if run.expect(changed == 1, "the job that ends its server could not be set up"):
        time.sleep(4)
        state, attempts = place.inside().rows(f"select state, attempts from kernel_job where name = '{OTHER}' and attempts >= {ATTEMPTS} order by attempts desc")[0]
        run.figure("a job that ended its server five times", f"{state} after {attempts} attempts")
        run.expect(state == "failed" and int(attempts) == ATTEMPTS, f"a job that ended its server {ATTEMPTS} times is run again ({state}, attempt {attempts})")
    load.finish()
    run.expect(not load.answers, f"writers were refused: {dict(load.answers)}")
    run.figure("the record beside the poisoned one", poisoned.state_beside())
    run.expect(poisoned.state_beside() == "closed", "one record that cannot be closed holds up the others that the same job is to close")
    poisoned.cure()
    all_is_there(run, place, load, server)


class Poisoned:
    """Two requests solved long ago, which a job is to close: one of them cannot be, because a field that must be filled is empty."""

    def __init__(self, run: Run, place: Installation, server: Server):
        self.place = place
        self.references = [self.solved(run, place, server, subject) for subject in ("Poisoned", "Beside it")]
        named = ", ".join(f"'{reference}'" for reference in self.references)
        self.before = place.inside().rows(f"select reference, solved_at, channel from service_desk_request where reference in ({named})")
        place.inside().do(f"update service_desk_request set solved_at = {{instant:-8000000}} where reference in ({named})")
        place.inside().do(f"update service_desk_request set channel = null where reference = '{self.references[0]}'")

    @staticmethod
    def solved(run: Run, place: Installation, server: Server, subject: str) -> str:
        made = server.ask("POST", REQUESTS, {"subject": subject}, token=place.token).json
        for name, body in (("take", {}), ("solve", {"solution": "x"})):
            answer = server.ask("POST", f"{REQUESTS}/{made['id']}/moves/{name}", body, token=place.token)
            run.expect(answer.status == 200, f"{name} is answered {answer}")
        return made["reference"]

    def state_beside(self) -> str:
        return self.place.inside().rows(f"select state from service_desk_request where reference = '{self.references[1]}'")[0][0]

    def cure(self) -> None:
        """As they were, so that the ledger is not told of a change that was the harness's."""
        for reference, solved_at, channel in self.before:
            self.place.inside().do(f"update service_desk_request set solved_at = '{solved_at}', channel = '{channel}' where reference = '{reference}'")


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
