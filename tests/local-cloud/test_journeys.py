"""Journeys by HTTP, as people go them, through the real programs in an emulated AWS.

test_journeys.py BINARIES PORTAL IDENTITY_CENTER [unittest's arguments]

BINARIES holds NAME/bootstrap for each function, PORTAL the built portal, and IDENTITY_CENTER is the program of the
simulated one. What is present is asked of that one, never of Kari. After each journey the audit trail is compared
with what must have been recorded.
"""

import datetime
import json
import pathlib
import shutil
import sys
import tempfile
import time
import unittest
import uuid

from deployment import STACK
from journey import Case
from town import MAIL_FROM, NEWER, QUICKLY, SETS, USERS, Town, ledger_of
from trail import ENDED, GIVEN, LET_BE, MISSED, TAKEN, by, by_policy, by_review, revoked

BINARIES, PORTAL, IDENTITY_CENTER = map(pathlib.Path, sys.argv[1:4])

# So long after its end a holder of access is taken out of the ledger whose request nobody can read.
UNREADABLE_FOR = datetime.timedelta(seconds=30)

# What is paid for of access that begins at once.
MOST_TRANSITIONS = 6
# How fast waits go by where the clock is put forward before they are over: a quarter of an hour takes 15 seconds.
UNHURRIED = 1 / 60
# How long operations take that are over when they are first looked at.
AT_ONCE = {"least_ms": 100, "most_ms": 300}


def setUpModule():
    Case.live_in(Town(BINARIES, PORTAL, IDENTITY_CENTER))


class Journeys(Case):
    def test_the_whole_way_from_asking_to_being_gone(self):
        self.have_each_state_entered_once()
        town, account = self.town, self.town.account("production")
        request = town.ask("alice", account)
        self.assertEqual(town.see(request)["state"], "pending")
        town.act("bob", "approve", request)
        seen = town.until("active", request)
        self.assert_access(request, True)
        self.assertIsNone(seen["console_url"], "the link is for whoever asked")
        link = town.see(request, "alice")["console_url"]
        self.assertTrue(link.endswith(f"/start/#/console?account_id={account}&role_name=ReadOnly"), link)
        town.until_over(request)
        self.assertEqual(town.close(request)["outcome"], "expired")
        self.assert_access(request, False)
        self.assert_trail(request, [*by_review("alice", "bob"), *ENDED])
        town.eventually(lambda: town.executions(request), lambda all: all == {request: "SUCCEEDED"})
        self.assertLessEqual(len(town.visited(request)), MOST_TRANSITIONS, town.visited(request))

    def have_each_state_entered_once(self):
        """Nothing is asked too early, and nothing takes longer than it is watched: both would be waited for again."""
        town = self.town
        latency = town.identity_center.control("GET", "plan")["latency"]
        self.addCleanup(town.identity_center.plan, latency=latency)
        town.identity_center.plan(latency=AT_ONCE)
        self.addCleanup(town.cloud.scale_waits, QUICKLY)
        town.cloud.scale_waits(UNHURRIED)

    def test_administrators_get_access_without_approval(self):
        request = self.town.ask("carol", self.town.account("production"))
        self.assertEqual(self.town.until("active", request)["approval"], "policy")
        self.assert_access(request, True)
        self.town.act("carol", "revoke", request)
        self.assertEqual(self.town.close(request)["outcome"], "revoked")
        self.assert_trail(request, [*by_policy("carol"), *revoked("carol")])

    def test_what_is_denied_never_begins(self):
        request = self.town.ask("alice", self.town.account("production"))
        self.town.act("bob", "deny", request, comment="not today, please")
        self.assertEqual(self.town.until("closed", request)["outcome"], "denied")
        self.assert_access(request, False)
        self.assert_trail(request, [*by("alice", "requested"), *by("bob", "reviewed", "closed")])

    def test_what_is_withdrawn_never_begins(self):
        request = self.town.ask("alice", self.town.account("production"))
        self.town.act("alice", "withdraw", request)
        self.assertEqual(self.town.until("closed", request)["outcome"], "withdrawn")
        self.town.act("bob", "approve", request, expect=409)
        self.assertEqual(self.town.refused(request, "bob"), [("approve", "wrong-state")])
        self.assert_access(request, False)
        self.assert_trail(request, by("alice", "requested", "closed"))

    def test_nobody_approves_their_own_request_or_one_that_is_not_theirs_to_approve(self):
        request = self.town.ask("alice", self.town.account("production"))
        for who, status, code in [
            ("alice", 403, "self-review"),
            ("amy", 404, "not-found"),
            ("carol", 403, "not-a-reviewer"),
        ]:
            self.town.act(who, "approve", request, expect=status)
            self.assertEqual(self.town.refused(request, who), [("approve", code)])
        self.assertEqual(self.town.see(request)["state"], "pending")
        self.town.act("alice", "withdraw", request)
        self.assert_trail(request, by("alice", "requested", "closed"))

    def test_access_that_was_asked_for_later_begins_then(self):
        town, start = self.town, self.town.clock.now().replace(microsecond=0) + datetime.timedelta(minutes=20)
        request = town.ask("alice", town.account("sandbox"), start=start)
        self.assertEqual(town.see(request)["state"], "approved")
        town.eventually(lambda: town.visited(request), lambda states: "WaitForStart" in states)
        self.assert_access(request, False)
        town.pass_to(start)
        seen = town.until("active", request)
        self.assertGreaterEqual(datetime.datetime.fromisoformat(seen["activated_at"]), start)
        self.assert_access(request, True)
        town.until_over(request)
        town.close(request)
        self.assert_trail(request, [*by_policy("alice"), *ENDED])

    def test_access_ends_early_when_its_owner_says_so(self):
        request = self.begin("alice", minutes=240)
        began = time.monotonic()
        self.revoke(request)
        self.town.until_gone(request)
        self.assertLess(time.monotonic() - began, 10)
        self.assertEqual(self.town.close(request)["outcome"], "revoked")
        self.assert_trail(request, [*by_policy("alice"), *revoked("alice")])
        self.assertEqual(self.town.executions(request)[f"{request}-end"], "SUCCEEDED")


class WhatIsThere(Case):
    """Whose an assignment is, and until when."""

    def test_of_two_grants_of_the_same_access_the_later_end_counts(self):
        town, account = self.town, self.town.account("sandbox")
        first = town.ask("alice", account, minutes=15)
        town.until("active", first)
        second = town.ask("alice", account, minutes=30)
        town.until("active", second)
        town.until_over(first)
        self.assertEqual(town.until("closed", first)["outcome"], "expired")
        self.assert_access(second, True)
        town.until_over(second)
        town.close(second)
        self.assert_access(second, False)
        self.assert_trail(first, [*by_policy("alice"), *LET_BE])
        self.assert_trail(second, [*by_policy("alice"), *ENDED])
        second_joins = ["holder-joined", "presence-observed"]
        self.assert_ledger(first, [*GIVEN, *second_joins, "holder-left", *TAKEN])

    def test_access_that_was_there_before_stays(self):
        town, account = self.town, self.town.account("sandbox")
        town.change("assign", account=account, permission_set=SETS["ReadOnly"], principal=f"USER/{USERS['alice']}")
        town.pass_grace()
        request = town.ask("alice", account)
        town.until("active", request)
        town.until_over(request)
        self.assertEqual(town.until("closed", request)["outcome"], "expired")
        self.assert_access(request, True)
        self.assert_trail(request, [*by_policy("alice"), *LET_BE])
        self.assert_ledger(request, ["holder-joined", "found-present", "holder-left", "released"])

    def test_what_somebody_else_removed_is_not_put_back(self):
        town, request = self.town, self.begin("alice", minutes=240)
        town.pass_grace()
        town.change("remove", **town.assignment(request))
        town.reconcile("verify")
        town.until("ending", request)
        town.pass_grace()
        town.reconcile()
        town.until("closed", request)
        self.assert_access(request, False)
        self.assert_trail(request, [*by_policy("alice"), *MISSED])
        self.assertEqual(town.ledger(request).count("creation-started"), 1)


class Upgrades(Case):
    def test_a_deployment_while_access_is_live_changes_nothing_about_its_end(self):
        town, request = self.town, self.begin("alice")
        functions = town.cloud.client("lambda")
        code = lambda: functions.get_function_configuration(FunctionName=f"{STACK}-workflow")["CodeSha256"]
        before = code()
        with tempfile.TemporaryDirectory() as folder:
            town.kari.deploy(self.newer(pathlib.Path(folder)), PORTAL)
        self.assertNotEqual(code(), before)
        town.schedules(on=False)
        town.until_over(request)
        self.assertEqual(town.close(request)["outcome"], "expired")
        self.assert_trail(request, [*by_policy("alice"), *ENDED])

    def test_what_a_newer_version_recorded_is_told_and_access_ends_by_the_ledger_all_the_same(self):
        town, queue, request = self.town, self.town.listen(), self.begin("alice")
        assignment, ends_at = town.assignment(request), town.see(request)["window"]["expires_at"]
        town.newer_event(request)
        notice = {"kind": "records-unreadable", "stream": f"request/{request}", "sequence": 0}
        unreadable = lambda one: notice.items() <= (one["notice"] or {}).items()
        told = town.eventually(lambda: list(filter(unreadable, town.heard(queue))), bool)
        self.assertEqual(told[0]["told"], [{"kind": "records-unreadable", "count": 1, "recipients": [USERS["carol"]]}])
        self.assertEqual(town.call("alice", "GET", f"/v1/requests/{request}", expect=500)["code"], "corrupt")
        # Nothing is guessed about it: its execution gives up, and repeats nothing.
        town.eventually(lambda: town.executions(request), lambda all: all == {request: "SUCCEEDED"})
        answer, failed = town.kari.invoke("workflow", {"request_id": request})
        self.assertEqual((answer["errorType"], bool(failed)), ("Kari.Corrupt", True))
        self.assertIn(assignment, town.present(), "its time is not over")
        town.pass_to(datetime.datetime.fromisoformat(ends_at) + UNREADABLE_FOR)
        town.reconcile()
        town.until_absent(assignment)
        ledger = lambda: [event["kind"] for event in town.events(ledger_of(assignment))]
        town.eventually(ledger, lambda kinds: "absence-observed" in kinds)
        town.pass_grace()
        town.reconcile()
        town.eventually(ledger, lambda kinds: "absence-confirmed" in kinds)
        self.assertEqual(ledger().count("holder-left"), 1)
        # It is written like the event before it, in all but what happened.
        self.assert_trail(request, [*by_policy("alice"), (NEWER, "identity-center", "advance")])

    def newer(self, folder):
        """Other programs that do the same: something that nobody reads stands behind their end."""
        for program in BINARIES.glob("*/bootstrap"):
            copy = folder / program.parent.name / program.name
            copy.parent.mkdir()
            shutil.copy(program, copy)
            with copy.open("ab") as file:
                file.write(b"newer")
        return folder


class Relaying(Case):
    def test_records_that_come_twice_and_in_disorder_are_told_once_and_poison_holds_up_nothing(self):
        town = self.town
        queue = town.listen()
        request = self.begin("alice", minutes=240)
        told = lambda: [one for one in town.heard(queue) if (one["request"] or {}).get("id") == request]
        begun, ended = by_policy("alice"), revoked("alice")
        kinds = lambda messages: sorted(one["event"]["kind"] for one in messages)
        kinds_of = lambda trail: sorted(kind for kind, *_ in trail)
        first = town.eventually(told, lambda messages: kinds(messages) == kinds_of(begun))
        [active] = [one for one in first if one["event"]["kind"] == "activated"]
        self.assertEqual(active["told"], [{"kind": "active", "count": 1, "recipients": [USERS["alice"]]}])
        records = town.records(request)
        poison = {**records[0], "eventID": "poison"}
        poison["dynamodb"] = {**poison["dynamodb"], "SequenceNumber": "1", "NewImage": {"bytes": {"S": "no event"}}}
        answer, failed = town.kari.invoke("relay", {"Records": [poison, *records[::-1], *records]})
        self.assertEqual((answer, failed), ({"batchItemFailures": []}, None))
        self.assertEqual(town.metric("relay", "DeadLetters"), [1])
        # Poison in the table itself: what comes behind it is told all the same.
        town.poison()
        self.revoke(request)
        town.close(request)
        town.eventually(told, lambda messages: kinds(messages) == kinds_of([*begun, *ended]))
        self.assertEqual(town.metric("relay", "DeadLetters"), [1, 1])
        self.assertEqual(set(town.executions(request)), {request, f"{request}-end"})
        self.assert_trail(request, [*begun, *ended])

    def test_people_are_told_by_e_mail_with_a_link(self):
        town = self.town
        town.let_mail_be_sent()
        town.turn("email", on=True)
        self.addCleanup(town.turn, "email", on=False)
        self.assertIn("email", town.call("alice", "GET", "/v1/me")["channels"])
        request = self.begin("alice")
        [letter] = town.eventually(lambda: town.letters("alice@example.com"), bool)
        self.assertEqual(letter["Source"], f"Kari <{MAIL_FROM}>")
        self.assertIn("Your access is ready", letter["Subject"])
        link = f"{town.kari.outputs['PortalUrl']}/requests/{request}"
        self.assertIn(link, letter["BodyText"])
        self.assertIn(f'href="{link}"', letter["BodyHtml"])
        self.revoke(request)
        town.close(request)
        self.assertEqual(len(town.eventually(lambda: town.letters("alice@example.com"), lambda all: len(all) > 1)), 2)


class Logs(Case):
    def test_what_a_call_logs_says_of_which_call_and_of_which_invocation_it_is(self):
        town, call = self.town, str(uuid.uuid4())

        def lines():
            # What a function writes last may be taken up with its next invocation only.
            town.call("alice", "GET", "/v1/me", **{"X-Request-Id": call})
            return [line for line in town.kari.logs("api") if call in json.dumps(line)]

        logged = town.eventually(lines, bool)
        self.assertIn("answered", [line["fields"]["message"] for line in logged])
        for line in logged:
            within = {name: value for span in line["spans"] for name, value in span.items()}
            self.assertEqual(within["call.id"], call)
            # As Lambda's own lines name it, which tell how long it took.
            self.assertRegex(within["requestId"], r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]])
