"""What goes wrong, and much at once, in an emulated AWS with the real programs: access ends all the same.

test_troubles.py BINARIES PORTAL IDENTITY_CENTER [unittest's arguments]

The arguments are those of test_journeys.py.
"""

import concurrent.futures
import datetime
import pathlib
import sys
import time
import unittest

from journey import Case
from town import Town
from trail import ENDED, GIVEN, GONE, LEFT, TAKEN, by_policy, revoked

BINARIES, PORTAL, IDENTITY_CENTER = map(pathlib.Path, sys.argv[1:4])


def setUpModule():
    Case.live_in(Town(BINARIES, PORTAL, IDENTITY_CENTER))


class WhenThingsGoWrong(Case):
    def test_access_whose_execution_was_killed_is_ended_by_the_schedule(self):
        town, request = self.town, self.begin("alice")
        states, execution = town.execution(request)
        states.stop_execution(executionArn=execution)
        town.until_over(request)
        self.addCleanup(town.schedules, on=False)
        town.schedules(on=True)
        town.until_gone(request)
        town.eventually(lambda: town.ledger(request), lambda kinds: "absence-observed" in kinds)
        town.pass_grace()
        self.assertEqual(town.until("closed", request)["outcome"], "expired")
        self.assertEqual(states.describe_execution(executionArn=execution)["status"], "ABORTED")
        self.assert_trail(request, [*by_policy("alice"), *ENDED])
        self.assert_ledger(request, [*GIVEN, *TAKEN])

    def test_a_creation_that_was_accepted_and_failed_is_tried_again(self):
        self.town.fault("fail-next-after-accepting")
        request = self.begin("alice")
        self.town.until_over(request)
        self.town.close(request)
        self.assert_trail(request, [*by_policy("alice"), *ENDED])
        failed = ["holder-joined", "creation-started", "creation-accepted", "creation-failed"]
        self.assert_ledger(request, [*failed, "creation-accepted", "presence-observed", *TAKEN])

    def test_a_removal_that_was_accepted_and_failed_is_tried_again_and_closes_nothing(self):
        self.wait_as_long_as_they_say()
        request = self.begin("alice", minutes=240)
        self.town.fault("fail-next-after-accepting")
        self.revoke(request)
        self.town.close(request)
        self.assert_access(request, False)
        self.assert_trail(request, [*by_policy("alice"), *revoked("alice")])
        failed = ["removal-accepted", "removal-failed"]
        self.assert_ledger(request, [*GIVEN, *LEFT, *failed, "removal-accepted", *GONE])

    def test_twenty_seconds_of_throttling_keep_nothing_from_beginning_or_ending(self):
        town = self.town
        self.wait_as_long_as_they_say()
        town.fault("throttle", seconds=20)
        request = town.ask("alice", town.account("sandbox"), minutes=240)
        town.until("active", request, within=60)
        town.fault("throttle", seconds=20)
        began = time.monotonic()
        self.revoke(request)
        town.until_gone(request, within=60)
        self.assertGreater(time.monotonic() - began, 15)
        town.close(request)
        self.assert_trail(request, [*by_policy("alice"), *revoked("alice")])
        # What cannot be looked at does not begin: of the first trouble there is nothing to be recorded yet.
        self.assert_ledger(request, [*GIVEN, *LEFT, "trouble-noted", "removal-accepted", *GONE])

    def test_answers_that_are_lost_leave_no_access_behind_and_none_unclaimed(self):
        self.wait_as_long_as_they_say()
        self.town.fault("lose-next-response")
        request = self.begin("alice", minutes=240)
        self.town.fault("lose-next-response")
        self.revoke(request)
        self.town.close(request)
        self.assert_access(request, False)
        self.assert_trail(request, [*by_policy("alice"), *revoked("alice")])
        # It was ours although nobody said so. That it was removed nobody said either: it was seen.
        given = ["holder-joined", "creation-started", "trouble-noted", "creation-accepted", "presence-observed"]
        self.assert_ledger(request, [*given, *LEFT, "trouble-noted", *GONE])


class ManyAtOnce(Case):
    GRANTS = 100
    # What Kari allows itself, of the 15 operations and the 20 calls a second that AWS does. So many may begin access,
    # and the rest is left for what ends it.
    MOST_BEGINNING = 10
    MOST_UNDER_WAY = 15
    MOST_A_SECOND = 15
    # What Kari's own queue lets through.
    PLACES_A_SECOND = 10
    # A call may be late by so many seconds, which the places reckon with: see limiter.rs.
    LATE = 0.2

    def test_a_hundred_grants_that_end_at_the_same_instant_end_as_fast_as_identity_center_takes_it(self):
        town = self.town
        accounts = [town.account("sandbox") for _ in range(self.GRANTS)]
        # They are still asleep when the others of this test come.
        self.wait_as_long_as_they_say()
        self.let_any_number_be_under_way()
        before = self.press_anew()
        requests = [*town.ask_for("alice", accounts[:50]), *town.ask_for("alice", accounts[50:])]
        self.watch("began", set(accounts), True, self.MOST_BEGINNING, before)
        for request in requests:
            town.until("active", request, within=120)
        last = max(datetime.datetime.fromisoformat(town.see(request)["window"]["expires_at"]) for request in requests)
        town.pass_to(last)
        before = self.press_anew()
        # What woke up at this instant: an execution of each.
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            list(pool.map(lambda request: town.kari.start(request, "-wakes"), requests))
        self.watch("ended", set(accounts), False, self.MOST_UNDER_WAY, before)
        for request in self.swept_until_closed(requests):
            self.assert_trail(request, [*by_policy("alice"), *ENDED])

    def let_any_number_be_under_way(self):
        """NB. Identity Center would refuse what is too much, and nobody would see that Kari had tried."""
        center = self.town.identity_center
        quotas = center.control("GET", "plan")["quotas"]
        self.addCleanup(center.plan, quotas=quotas)
        center.plan(quotas={**quotas, "outstanding_creations": 1_000, "outstanding_deletions": 1_000})

    def swept_until_closed(self, requests, most_sweeps=8):
        town, left = self.town, requests
        for _ in range(most_sweeps):
            town.pass_grace()
            town.reconcile()
            left = [request for request in left if town.see(request)["state"] != "closed"]
            if not left:
                return requests
        self.fail(f"{len(left)} are not closed after {most_sweeps} sweeps: {town.see(left[0])}")

    def press_anew(self):
        """How often Identity Center was called so far. How hard it is pressed counts from now on."""
        center = self.town.identity_center
        center.control("DELETE", "peaks")
        return center.control("GET", "counts")["services"]["sso-admin"]

    def watch(self, what, accounts, present, most_under_way, before):
        """Until access is or is not there in all of these; how hard Identity Center was pressed until then."""
        center, began = self.town.identity_center, time.monotonic()
        while True:
            there = accounts & {one["account"] for one in self.town.present()}
            if there == (accounts if present else set()):
                break
            self.assertLess(time.monotonic() - began, 240, f"in {len(there)} accounts")
            time.sleep(0.2)
        # NB. The front says it itself: whoever looks now and then misses what is between.
        counts = center.control("GET", "counts")
        after, most = counts["services"]["sso-admin"], counts["most_operations_under_way"]
        stood_still = counts["longest_stall_ms"] / 1000
        calls, refused = (after[name] - before[name] for name in ("calls", "errors"))
        took, pace = time.monotonic() - began, after["most_in_one_second"]
        told = f"{calls} calls, at most {pace} within a second, {refused} of them refused, at most {most} operations at once"
        print(f"\n{len(accounts)} grants {what} within {took:.0f} s: {told}", file=sys.stderr)
        self.assertLessEqual(most, most_under_way)
        # Where the machine stood still, what was sent meanwhile came at once.
        at_once = self.PLACES_A_SECOND * stood_still if stood_still > self.LATE else 0
        self.assertLessEqual(pace, self.MOST_A_SECOND + at_once, f"nothing went on for {stood_still:.2f} s")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]])
