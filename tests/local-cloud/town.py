"""Kari deployed for a small organization, and people who use it over HTTP with tokens of Cognito."""

import contextlib
import datetime
import hashlib
import json
import pathlib
import time
import tomllib
import urllib.request
import uuid

from deployment import STACK, Deployment, claims
from ministack import Ministack
from simulated import Simulated, Unexamined
from slack import Slack
from state_machine import entered
from trail import entry

ORGANIZATION = pathlib.Path(__file__).with_name("organization.toml")
_file = tomllib.loads(ORGANIZATION.read_text())
USERS = {one["name"]: one["id"] for one in _file["user"]}
GROUPS = {one["name"]: one["id"] for one in _file["group"]}
UNITS = {one["name"]: one["id"] for one in _file["unit"]}
SETS = {one["name"]: one["arn"] for one in _file["permission_set"]}
# How many accounts each unit has, besides those of the file: one for each test, so that none gets in another's way.
ACCOUNTS = {"production": 100, "sandbox": 130}

# Whom people get e-mail from.
MAIL_FROM = "kari@example.com"

# What holds within seconds is waited for so long.
SOON = 60
# Longer than it takes until a second look may show that access is gone for good.
GRACE = datetime.timedelta(minutes=2, seconds=5)
# How fast the state machine's waits go by where nothing else is said: a quarter of an hour takes three seconds. It
# then asks too early, and is sent to wait again, until the clock was put forward.
QUICKLY = 1 / 300


# A kind of event that no program here knows.
NEWER = "notary-summoned"


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def ledger_of(assignment):
    """The stream of an assignment."""
    _, user = assignment["principal"].split("/")
    return f"assignment/{assignment['account']}/{user}/{assignment['permission_set']}"


class Town:
    """A deployment with a simulated Identity Center beside it, and with a Slack if there is a program for it.

    Schedules are off: tests invoke what they want.
    """

    def __init__(self, binaries, portal, identity_center, slack=None, people=None):
        self.slack, self._tokens, self._heard = None, {}, {}
        with contextlib.ExitStack() as running:
            self.cloud = Ministack(with_clock=True)
            running.callback(self.cloud.stop)
            self.clock = self.cloud.clock
            self.identity_center = Simulated(
                identity_center, ORGANIZATION, Unexamined(), environment=self.clock.environment
            )
            running.callback(self.identity_center.stop)
            if slack:
                self.slack = Slack(slack, self.cloud, people)
                running.callback(self.slack.stop)
            self._set_up(binaries, portal)
            self._running = running.pop_all()

    def _set_up(self, binaries, portal):
        self.cloud.scale_waits(QUICKLY)
        groups = {"Administrators": GROUPS["administrators"], "Auditors": GROUPS["auditors"]}
        slack = self.slack.parameters if self.slack else {}
        told = {"MailFrom": MAIL_FROM, **slack}
        self.kari = Deployment(self.cloud, binaries, portal, self.identity_center.ready, **groups, **told)
        self.schedules(on=False)
        self._accounts = {unit: self._add_accounts(unit, count) for unit, count in ACCOUNTS.items()}
        self.sync()
        self.make_policies()

    def _add_accounts(self, unit, count):
        center, parent = self.identity_center, UNITS[unit]
        center.control("POST", "changes", {"change": "add-accounts", "count": count, "parent": parent})
        pages = center.organizations.get_paginator("list_accounts_for_parent").paginate(ParentId=parent)
        return [account["Id"] for page in pages for account in page["Accounts"]]

    def stop(self):
        self._running.close()

    # ── Setting up ────────────────────────────────────────────────────────────────────────────────────────────────

    def make_policies(self):
        production, sandbox = ({"units": [UNITS[name]]} for name in ("production", "sandbox"))
        developers, administrators = ({"groups": [GROUPS[name]]} for name in ("developers", "administrators"))
        for id, principals, targets, approval in [
            ("developers-production", developers, production, True),
            ("developers-sandbox", developers, sandbox, False),
            ("administrators-anywhere", administrators, {"all": True}, False),
        ]:
            self.make("policies/eligibility", id, principals=principals, targets=targets, permission_sets="all",
                      max_duration_minutes=240, approval_required=approval, ticket_required=False)
        leads = {"reviewers": {"groups": [GROUPS["leads"]]}, "quorum": 1}
        self.make("policies/approvers", "leads", targets={"all": True}, permission_sets="all", requirements=[leads])

    def set(self, **settings):
        """An administrator changes some of the settings."""
        told = self.call("carol", "GET", "/v1/settings")
        self.call("carol", "PUT", "/v1/settings", told["settings"] | settings, **{"If-Match": f'"{told["version"]}"'})

    def make(self, kind, id, **fields):
        policy = {"id": id, "name": id, "enabled": True, **fields}
        self.call("carol", "POST", f"/v1/{kind}", policy, expect=201)

    def schedules(self, on):
        scheduler = self.cloud.client("scheduler")
        for one in scheduler.list_schedules()["Schedules"]:
            told = scheduler.get_schedule(Name=one["Name"], GroupName=one["GroupName"])
            kept = ("Name", "GroupName", "ScheduleExpression", "FlexibleTimeWindow", "Target")
            scheduler.update_schedule(
                **{name: told[name] for name in kept}, State="ENABLED" if on else "DISABLED"
            )

    def account(self, unit):
        """An account of a unit that nobody has asked for yet."""
        return self._accounts[unit].pop()

    def sync(self):
        self._ran(self.kari.invoke("directory-sync", {}))

    def reconcile(self, task="overdue"):
        self._ran(self.kari.invoke("reconciler", {"task": task}))

    def _ran(self, answer):
        told, failed = answer
        assert not failed, told

    # ── People ────────────────────────────────────────────────────────────────────────────────────────────────────

    def token(self, who):
        now = self.clock.now().timestamp()
        if who not in self._tokens or claims(self._tokens[who])["exp"] < now + 60:
            self._tokens[who] = self.kari.sign_in(USERS[who])["access_token"]
        return self._tokens[who]

    def call(self, who, method, path, body=None, expect=200, **headers):
        status, answer = self.kari.api(method, path, self.token(who), body, **headers)
        assert status == expect, f"{who} {method} {path}: {status} {answer}"
        return answer

    def ask(self, who, account, permission_set="ReadOnly", minutes=15, start=None):
        """The id of a request that is taken."""
        return self.ask_for(who, [account], permission_set, minutes, start)[0]

    def ask_for(self, who, accounts, permission_set="ReadOnly", minutes=15, start=None):
        wanted = {
            "accounts": accounts,
            "permission_set": SETS[permission_set],
            "duration_minutes": minutes,
            "justification": "the disk is full again",
        }
        if start:
            wanted["start"] = start.strftime("%Y-%m-%dT%H:%M:%SZ")
        # Fifty accounts at once may take longer than a function has where everything shares one machine: as clients do, the
        # same is asked again with the same key.
        key = {"Idempotency-Key": str(uuid.uuid4())}
        for _ in range(3):
            status, answer = self.kari.api("POST", "/v1/requests", self.token(who), wanted, **key)
            if status != 502:
                break
        assert status == 201, f"{who} POST /v1/requests: {status} {answer}"
        return [result["request"]["id"] for result in answer["results"]]

    def act(self, who, action, request, expect=200, **body):
        return self.call(who, "POST", f"/v1/requests/{request}/{action}", body, expect)

    def see(self, request, who="dora"):
        return self.call(who, "GET", f"/v1/requests/{request}")

    def until(self, state, request, within=SOON):
        """The request as soon as it is in this state."""
        end = time.monotonic() + within
        while (seen := self.see(request))["state"] != state:
            assert time.monotonic() < end, f"not {state} within {within} s: {seen}\n{self.trail(request)}"
            time.sleep(0.2)
        return seen

    # ── Time ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def pass_to(self, instant):
        """It is this instant, and what schedules copy meanwhile is copied."""
        self.clock.advance_to(instant)
        self.sync()

    def until_over(self, request):
        """It is the end of the request's window."""
        self.pass_to(datetime.datetime.fromisoformat(self.see(request)["window"]["expires_at"]))

    def pass_grace(self):
        """So much time passes that a second look may show that access is gone for good."""
        self.pass_to(self.clock.now() + GRACE)

    def close(self, request):
        """Access ends and is seen gone; the second look closes the request."""
        self.until("ending", request)
        self.until_gone(request)
        self.eventually(lambda: self.ledger(request), lambda kinds: "absence-observed" in kinds)
        self.pass_grace()
        self.reconcile()
        return self.until("closed", request)

    # ── What is really so ─────────────────────────────────────────────────────────────────────────────────────────

    def has_access(self, request):
        """Whether whoever asked has now what they asked for."""
        return self.assignment(request) in self.present()

    def assignment(self, request):
        """What a request is about, as Identity Center calls it."""
        seen = self.see(request)
        account, set, user = seen["account"]["id"], seen["permission_set"]["arn"], seen["requester"]["id"]
        return {"account": account, "permission_set": set, "principal": f"USER/{user}"}

    def present(self):
        """All that is assigned, listed or not."""
        return [one["assignment"] for one in self.identity_center.control("GET", "assignments")["present"]]

    def until_gone(self, request, within=SOON):
        self.until_absent(self.assignment(request), within)

    def until_absent(self, assignment, within=SOON):
        self.eventually(self.present, lambda present: assignment not in present, within)

    def change(self, change, **what):
        """Somebody else changes something in Identity Center."""
        self.identity_center.control("POST", "changes", {"change": change, **what})

    def trail(self, request):
        """What is recorded of a request, in the order in which it happened."""
        return [entry(event) for event in self.events(f"request/{request}")]

    def refused(self, request, who):
        """What was recorded of somebody's refused attempts about a request, the oldest first."""
        attempts = [event["data"] for event in self.events(f"attempts/{USERS[who]}/")]
        return [(one["command"], one["code"]) for one in attempts if one["request"] == request]

    def events(self, stream):
        found, cursor = [], ""
        while cursor is not None:
            page = self.call("dora", "GET", f"/v1/audit?stream={stream}&limit=200{cursor}")
            found += page["items"]
            cursor = f"&cursor={page['next']}" if page["next"] else None
        return found[::-1]

    def ledger(self, request):
        """What is recorded of the assignment that a request is about, by kind."""
        since = self.see(request)["submitted_at"]
        events = self.events(ledger_of(self.assignment(request)))
        return [event["kind"] for event in events if event["at"] >= since]

    def execution(self, request, suffix=""):
        """Step Functions, and which execution of it is a request's."""
        machine = self.kari.outputs["StateMachineArn"]
        execution = machine.replace(":stateMachine:", ":execution:")
        return self.cloud.client("stepfunctions"), f"{execution}:{request}{suffix}"

    def visited(self, request):
        """The states that the execution of a request has been in."""
        states, execution = self.execution(request)
        pages = states.get_paginator("get_execution_history").paginate(executionArn=execution)
        return entered([event for page in pages for event in page["events"]])

    def executions(self, request):
        """The status of every execution of a request, by name."""
        pages = self.cloud.client("stepfunctions").get_paginator("list_executions")
        found = pages.paginate(stateMachineArn=self.kari.outputs["StateMachineArn"])
        each = [one for page in found for one in page["executions"]]
        return {one["name"]: one["status"] for one in each if one["name"].startswith(request)}

    def records(self, request):
        """What is recorded of a request, as the stream of the table gives it."""
        query = self.cloud.client("dynamodb").query(
            TableName=self.kari.outputs["TableName"],
            KeyConditionExpression="pk = :pk AND begins_with(sk, :events)",
            ExpressionAttributeValues={":pk": {"S": f"request/{request}"}, ":events": {"S": "event#"}},
        )
        change = lambda item: {"Keys": {"pk": item["pk"], "sk": item["sk"]}, "NewImage": item}
        return [
            {"eventName": "INSERT", "dynamodb": {"SequenceNumber": str(place), **change(item)}}
            for place, item in enumerate(query["Items"], 100)
        ]

    def newer_event(self, request):
        """A newer release records something of a request that the programs here have never heard of."""
        table = self.kari.outputs["TableName"]
        *_, last = [record["dynamodb"]["NewImage"] for record in self.records(request)]
        before = last["bytes"]["S"]
        envelope = json.loads(before)
        place = envelope["sequence"] + 1
        append = str(uuid.uuid4())
        envelope |= {"kind": NEWER, "data": {}, "sequence": place, "append": append, "previous": sha256(before)}
        written = json.dumps(envelope, separators=(",", ":"))
        told = {
            "sk": f"event#request/{request}#{place:010}",
            "append": append,
            "kind": NEWER,
            "bytes": written,
            "hash": sha256(written),
            "place": f"{last['place']['S'].rsplit('#', 1)[0]}#{place:010}",
            "list_what": f"kind#{NEWER}",
        }
        event = last | {name: {"S": value} for name, value in told.items()}
        # The request's state, and where its stream ends now, as that release understands them.
        end = {":place": {"N": str(place)}, ":hash": {"S": sha256(written)}, ":state": {"S": '{"state":"notarized"}'}}
        state = {
            "TableName": table,
            "Key": {"pk": last["pk"], "sk": {"S": f"state#request/{request}"}},
            "UpdateExpression": "SET #version = :place, #hash = :hash, "
            "item_version = :place, item_hash = :hash, body = :state",
            "ConditionExpression": "attribute_exists(body)",
            "ExpressionAttributeNames": {"#version": "version", "#hash": "hash"},
            "ExpressionAttributeValues": end,
        }
        put = {"TableName": table, "Item": event, "ConditionExpression": "attribute_not_exists(pk)"}
        self.cloud.client("dynamodb").transact_write_items(TransactItems=[{"Put": put}, {"Update": state}])

    def poison(self):
        """Something among the events that is none."""
        item = {"pk": {"S": "request/poison"}, "sk": {"S": "event#request/poison#0000000001"}, "bytes": {"S": "poison"}}
        self.cloud.client("dynamodb").put_item(TableName=self.kari.outputs["TableName"], Item=item)

    # ── What is told ──────────────────────────────────────────────────────────────────────────────────────────────

    def turn(self, channel, on):
        """A channel is off until somebody turns it on."""
        before = self.call("carol", "GET", "/v1/settings")
        settings = {**before["settings"], "channels": {**before["settings"]["channels"], channel: on}}
        self.call("carol", "PUT", "/v1/settings", settings, **{"If-Match": f'"{before["version"]}"'})

    def listen(self):
        """A queue that hears what the topic tells."""
        self.turn("sns", on=True)
        queues = self.cloud.client("sqs")
        queue = queues.create_queue(QueueName=f"heard-{uuid.uuid4()}")["QueueUrl"]
        arn = queues.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        topic, raw = self.kari.outputs["NotificationTopicArn"], {"RawMessageDelivery": "true"}
        allow = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
        queues.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
        self.cloud.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=raw)
        self._heard[queue] = []
        return queue

    def let_mail_be_sent(self):
        """NB. The emulator knows neither the identity that a letter is sent from nor its address, so that no right confined
        to them lets anything pass; test_template.py holds that right. Here one that is not confined stands for it."""
        self.cloud.client("sesv2").create_email_identity(EmailIdentity=MAIL_FROM)
        allow = {"Effect": "Allow", "Action": "ses:SendEmail", "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
        detail = {"StackName": STACK, "LogicalResourceId": "RelayRole"}
        role = self.cloud.client("cloudformation").describe_stack_resource(**detail)["StackResourceDetail"]
        iam = self.cloud.client("iam")
        iam.put_role_policy(RoleName=role["PhysicalResourceId"], PolicyName="any-mail", PolicyDocument=policy)

    def letters(self, to):
        """Everything that was mailed to somebody so far."""
        with urllib.request.urlopen(f"{self.cloud.address}/_ministack/ses/messages") as answer:
            sent = [letter for of in json.load(answer)["messages"].values() for letter in of]
        return [letter for letter in sent if letter["To"] == [to]]

    def heard(self, queue):
        """Everything that it has heard so far."""
        queues = self.cloud.client("sqs")
        while messages := queues.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                self._heard[queue].append(json.loads(message["Body"]))
                queues.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return self._heard[queue]

    def metric(self, function, name):
        """The values that a function has measured, in order."""
        return [line[name] for line in self.kari.logs(function) if "_aws" in line and name in line]

    def eventually(self, look, holds, within=SOON):
        """What is seen as soon as this holds of it."""
        end = time.monotonic() + within
        while not holds(seen := look()):
            assert time.monotonic() < end, f"not within {within} s: {seen}"
            time.sleep(0.2)
        return seen

    def fault(self, fault, **more):
        self.identity_center.control("POST", "faults", {"fault": fault, **more})
