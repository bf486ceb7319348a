"""Run by roundup's own Python: round_up_load.py TRACKER. Reads what is to be loaded as JSON and prints the ids it got; through roundup's own classes."""

import json
import sys

from roundup import date, instance, password

told = json.load(sys.stdin)
tracker = instance.open(sys.argv[1])
db = tracker.open("admin")
try:
    agent = db.user.create(username="agent", address="agent@example.org", roles="User", password=password.Password("unused", config=db.config))
    people = {mail: db.user.create(username=mail, address=mail, roles="User") for mail in told["people"]}
    queues = {name: db.queue.create(name=name) for name in told["queues"]}
    status = {state: db.status.lookup(name) for state, name in told["status"].items()}
    issues = []
    for number, request in enumerate(told["requests"]):
        person = people[told["people"][request["person"]]]
        messages = [db.msg.create(author=person if message["by_requester"] else agent, date=date.Date("."), summary=message["text"][:60], content=message["text"])
                    for message in request["messages"]]
        issues.append(db.issue.create(
            title=request["subject"], messages=messages, status=status[request["state"]], queue=queues[told["queues"][request["queue"]]], requester=person,
            priority=db.priority.lookup(told["priorities"][request["priority"] - 1]), deadline=date.Date(request["due"]),
            assignedto=None if request["state"] == "new" else agent))
        if number % 500 == 499:
            db.commit()
    db.commit()
finally:
    db.close()
json.dump({"agent": agent, "people": people, "queues": queues, "status": {name: status[state] for state, name in told["status"].items()}, "issues": issues}, sys.stdout)
