#!/usr/bin/env python3
"""Kills the server at random moments while it is written to, and checks that nothing acknowledged was lost.

    Tests/Faults/kill.py [--kills 200] [--binary .build/debug/mandate] [--seed 1]

Several writers create requests through the API and note each one that was acknowledged (201). After each kill the server is started again on the same
folder; at the end every acknowledged request must be there as it was sent, and `mandate verify` must find the database as it was written. Exit code 1
when one promise was broken.
"""
import argparse, json, os, random, signal, socket, subprocess, sys, tempfile, threading, time, urllib.error, urllib.request


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    def __init__(self, binary, data, port):
        self.binary, self.data, self.port = binary, data, port
        self.process = None

    def start(self):
        log = open(os.path.join(self.data, "..", "server.log"), "ab")
        self.process = subprocess.Popen(
            [self.binary, "serve", "--demo", "--demo-size", "40", "--data", self.data, "--port", str(self.port)],
            stdout=log, stderr=log, env={**os.environ, "MANDATE_NO_RATE_LIMITS": "yes"})
        end = time.time() + 120
        while time.time() < end:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=1) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, ConnectionError, OSError):
                if self.process.poll() is not None:
                    sys.exit(f"the server ended with {self.process.returncode} instead of starting; see server.log")
                time.sleep(0.02)
        sys.exit("the server did not answer within 120 s")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def writer(number, port, token, stop, acknowledged, lock):
    count = 0
    while not stop.is_set():
        count += 1
        subject = f"Written before a kill {number}-{count}-{random.random()}"
        body = json.dumps({"subject": subject, "details": "x" * 200}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/api/v1/service-desk/requests", data=body, method="POST",
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {token}"})
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                made = json.loads(answer.read())
                with lock:
                    acknowledged[made["id"]] = subject
        except urllib.error.HTTPError as error:
            if error.code not in (429, 503):
                print(error.code, error.read()[:300], file=sys.stderr)
                time.sleep(0.2)
        except (urllib.error.URLError, ConnectionError, OSError):
            time.sleep(0.01)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--binary", default=os.environ.get("MANDATE_BIN", ".build/debug/mandate"))
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    random.seed(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "data")
        os.mkdir(data)
        server = Server(options.binary, data, free_port())
        server.start()
        token = subprocess.run([options.binary, "token", "create", "--person", "lucie", "--data", data], capture_output=True, text=True, check=True).stdout.split()[-1]
        acknowledged, lock = {}, threading.Lock()
        started = time.time()
        for kill in range(options.kills):
            stop = threading.Event()
            writers = [threading.Thread(target=writer, args=(n, server.port, token, stop, acknowledged, lock)) for n in range(4)]
            for thread in writers:
                thread.start()
            time.sleep(random.uniform(0.02, 0.6))
            server.kill()
            stop.set()
            for thread in writers:
                thread.join()
            server.start()
        lost = 0
        for id, subject in acknowledged.items():
            request = urllib.request.Request(f"http://127.0.0.1:{server.port}/api/v1/service-desk/requests/{id}", headers={"Authorization": f"Bearer {token}"})
            for _ in range(50):
                try:
                    with urllib.request.urlopen(request, timeout=5) as answer:
                        if json.loads(answer.read())["subject"] != subject:
                            lost += 1
                    break
                except urllib.error.HTTPError as error:
                    if error.code == 429:
                        time.sleep(float(error.headers.get("Retry-After", "1")))
                        continue
                    lost += 1
                    break
        server.process.terminate()
        server.process.wait()
        verify = subprocess.run([options.binary, "verify", "--data", data, "--json"], capture_output=True, text=True)
        report = json.loads(verify.stdout)
        print(f"{options.kills} kills in {time.time() - started:.0f} s: {len(acknowledged)} acknowledged, {lost} lost; ledger of {report['entries']} entries {'verifies' if report['good'] else 'DOES NOT VERIFY: ' + str(report['fault'])}")
        if lost or not report["good"] or not acknowledged:
            sys.exit(1)


if __name__ == "__main__":
    main()
