"""Several change the same record at once."""

import threading
import time
from collections import Counter

from harness.checks import verify
from harness.fault import Run, fault
from harness.installation import REQUESTS, Installation, Server, send


@fault("race")
def race(run: Run) -> None:
    """Many change the same record at once with the version they read, over three servers on PostgreSQL and one on SQLite: exactly one wins each version, the
    others are told 412; numbers are given once; a request sent twice at the same time under one key is done once.
    """
    place = run.installation()
    servers = [place.server() for _ in range(3 if run.is_postgres else 1)]
    run.figure("servers", len(servers))
    time.sleep(0.5)
    for _ in range(2 if run.options.short else 6):
        race_for_versions(run, servers, place.token, clients=9, rounds=25 if run.options.short else 100)
    race_for_numbers(run, servers, place.token, clients=9, each=30 if run.options.short else 200)
    race_under_one_key(run, servers, place.token, rounds=20 if run.options.short else 100)
    race_in_bulk(run, place, servers, rounds=10 if run.options.short else 50)
    verify(run, place)


def at_once(clients: int, body) -> None:
    """Runs the body in so many threads, all let go at the same moment."""
    gate = threading.Barrier(clients)
    faults: list[str] = []

    def one(number: int) -> None:
        gate.wait()
        try:
            body(number)
        except Exception as error:
            faults.append(f"{type(error).__name__}: {error}")

    threads = [threading.Thread(target=one, args=(number,), daemon=True) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    if faults:
        raise RuntimeError(faults[0])


def race_for_versions(run: Run, servers: list[Server], token: str, clients: int, rounds: int) -> None:
    record = servers[0].ask("POST", REQUESTS, {"subject": "Changed by many at once", "details": "start"}, token=token).json
    path = f"{REQUESTS}/{record['id']}"
    won: list[tuple[int, str]] = []
    answers: Counter[str] = Counter()
    lock = threading.Lock()

    def client(number: int) -> None:
        link = servers[number % len(servers)].connection(20)
        for turn in range(rounds):
            version = send(link, "GET", path, token=token).json["version"]
            text = f"{number}-{turn}"
            answer = send(link, "PATCH", path, {"details": text}, headers={"If-Match": f'"{version}"'}, token=token)
            with lock:
                answers[str(answer.status) if answer.status < 400 else str(answer)] += 1
                if answer.status == 200:
                    won.append((answer.json["version"], text))
                    if answer.json["version"] != version + 1:
                        run.expect(False, f"a change of version {version} made version {answer.json['version']}")
        link.close()

    at_once(clients, client)
    run.figure("changes", answers["200"] + int(run.figures.get("changes", 0)))
    run.figure("told 412", answers["412 stale"] + int(run.figures.get("told 412", 0)))
    run.expect(set(answers) <= {"200", "412 stale"}, f"other answers than 200 and 412: {dict(answers)}")
    run.expect(answers["412 stale"] > 0, "no two clients met: the race was none")
    versions = Counter(version for version, _ in won)
    run.expect(max(versions.values()) == 1, f"version {versions.most_common(1)[0][0]} was won {versions.most_common(1)[0][1]} times")
    end = servers[-1].ask("GET", path, token=token).json
    run.expect(end["version"] == 1 + len(won), f"after {len(won)} changes the version is {end['version']}")
    run.expect(not won or end["details"] == max(won)[1], "the last winner's text is not the record's")


def race_for_numbers(run: Run, servers: list[Server], token: str, clients: int, each: int) -> None:
    references: list[str] = []
    lock = threading.Lock()

    def client(number: int) -> None:
        link = servers[number % len(servers)].connection(20)
        for turn in range(each):
            answer = send(link, "POST", REQUESTS, {"subject": f"Numbered {number}-{turn}"}, token=token)
            with lock:
                if run.expect(answer.status == 201, f"creating at the same time is answered {answer}"):
                    references.append(answer.json["reference"])
        link.close()

    at_once(clients, client)
    twice = [name for name, times in Counter(references).items() if times > 1]
    numbers = sorted(int(name.rsplit("-", 1)[1]) for name in references)
    run.figure("numbers given", len(references))
    run.expect(not twice, f"{len(twice)} numbers were given twice, such as {twice[:1]}")
    run.expect(not numbers or numbers[-1] - numbers[0] + 1 == len(numbers), "numbers were left out though nothing failed")


def race_under_one_key(run: Run, servers: list[Server], token: str, rounds: int) -> None:
    """The same request at the same moment, as an impatient program sends it."""
    made: Counter[str] = Counter()
    answers: Counter[str] = Counter()
    lock = threading.Lock()
    for turn in range(rounds):
        def client(number: int) -> None:
            answer = servers[number % len(servers)].ask("POST", REQUESTS, {"subject": f"Sent twice {turn}"}, headers={"Idempotency-Key": f"twice-{turn}"}, token=token, timeout=20)
            with lock:
                answers[str(answer.status) if answer.status < 400 else str(answer)] += 1
                if answer.status == 201:
                    made[answer.json["id"]] += 1

        at_once(6, client)
    run.figure("under one key", dict(answers))
    run.expect(set(answers) <= {"201", "409 idempotency-key-in-use"}, f"other answers under one key: {dict(answers)}")
    run.expect(len(made) == rounds, f"{rounds} keys made {len(made)} records")


def race_in_bulk(run: Run, place: Installation, servers: list[Server], rounds: int) -> None:
    """The same under one key with work of several transactions, each operation for itself."""
    answers: Counter[str] = Counter()
    lock = threading.Lock()
    for turn in range(rounds):
        def client(number: int) -> None:
            body = {"operations": [{"op": "create", "values": {"subject": f"In bulk {turn}-{part}"}} for part in range(4)]}
            answer = servers[number % len(servers)].ask("POST", f"{REQUESTS}/bulk", body, headers={"Idempotency-Key": f"bulk-{turn}"}, token=place.token, timeout=30)
            with lock:
                answers[str(answer.status) if answer.status < 400 else str(answer)] += 1

        at_once(6, client)
    run.figure("in bulk under one key", dict(answers))
    run.expect(set(answers) <= {"200", "409 idempotency-key-in-use"}, f"other answers in bulk under one key: {dict(answers)}")
    made = int(place.inside().rows("select count(*) from service_desk_request where subject like 'In bulk %'")[0][0])
    run.expect(made == rounds * 4, f"{rounds} keys, each for 4 records, made {made}")
