"""Journeys in Slack, as people go them, through the real programs in an emulated AWS.

test_slack.py BINARIES PORTAL IDENTITY_CENTER SLACK [unittest's arguments]

BINARIES holds NAME/bootstrap for each function, PORTAL the built portal, and IDENTITY_CENTER and SLACK are the programs
of the simulated ones. What people do is sent as Slack sends it, signed. What they see is asked of Slack and what is
present of Identity Center, never of Kari.
"""

import collections
import concurrent.futures
import datetime
import json
import pathlib
import sys
import time
import unittest

from clicks import IDS, REVIEW, WHY, Clicks, button, buttons, runs_of, text_of
from deployment import STACK
from stream import Reader
from town import GROUPS, SETS, UNITS, USERS, Town
from trail import BEGUN, ENDED, WARNED, approved, by, revoked

BINARIES, PORTAL, IDENTITY_CENTER, SLACK = map(pathlib.Path, sys.argv[1:5])

# A channel that is deleted.
FRAGILE = "C0FRAGILE"
# The secrets are read again at most once a minute, and then the relay has to come again.
READ_AGAIN_WITHIN = 120
# Another workspace.
STRANGE = "T0000000002"


def in_slack(who, *kinds):
    return by(who, *kinds, through="slack")


def approved_in_slack(who, reviewer):
    return approved(who, reviewer, through="slack")


class Case(unittest.TestCase):
    """All share one deployment; each asks for accounts that are its own."""

    town = slack = clicks = reader = None

    def setUp(self):
        began = time.monotonic()
        self.addCleanup(lambda: print(f"{time.monotonic() - began:.0f} s ", end="", file=sys.stderr))

    def account(self):
        return self.town.account("production")

    def ask(self, who="alice", **fields):
        """The account, the request that somebody asks for there, and the message about it with its buttons."""
        account = self.account()
        [request] = self.clicks.ask(who, [account], **fields)
        return account, request, self.clicks.card(account, "approve")

    def state(self, request):
        return self.town.see(request)["state"]

    def until_whispered(self, id, words):
        """As soon as somebody was told this where nobody else sees it."""
        self.town.eventually(lambda: self.clicks.whispered(id), lambda told: any(words in text for text in told))

    def until_quiet(self):
        """Slack has not been called for two seconds."""
        known, since = -1, time.monotonic()
        while time.monotonic() - since < 2:
            if (count := len(self.slack.calls())) != known:
                known, since = count, time.monotonic()
            time.sleep(0.2)

    def undeliverable(self):
        events = self.town.events("channels/slack")
        return [(one["data"]["destination"], one["data"]["code"]) for one in events]


def setUpModule():
    town = Case.town = Town(BINARIES, PORTAL, IDENTITY_CENTER, SLACK, {id: name for name, id in IDS.items()})
    unittest.addModuleCleanup(town.stop)
    Case.slack, Case.clicks = town.slack, Clicks(town)
    town.slack.control(channels={REVIEW: None, FRAGILE: None})
    leads = {"reviewers": {"groups": [GROUPS["leads"]]}, "quorum": 1}
    there = {"targets": {"units": [UNITS["production"]]}, "permission_sets": "all", "requirements": [leads]}
    town.make("policies/approvers", "leads-in-slack", slack_channel=REVIEW, **there)
    Case.reader = Reader(town.cloud, f"{STACK}-slack-relay")
    unittest.addModuleCleanup(Case.reader.stop)
    settings = town.call("carol", "GET", "/v1/settings")["settings"]
    town.set(channels={**settings["channels"], "slack": True})


class Journeys(Case):
    def test_the_whole_way_from_asking_in_a_modal_to_being_gone_is_one_message(self):
        town, clicks, account = self.town, self.clicks, self.account()
        form = clicks.open_form("alice")
        self.assertEqual(clicks.search("alice", form, "accounts", account), [account])
        sets = clicks.search("alice", form, "permission-set", "read", accounts=[account])
        self.assertEqual(sets, [SETS["ReadOnly"]])
        answer = clicks.deliver(clicks.send_form("alice", form, accounts=[account]))
        self.assertIn('"response_action":"update"', answer[1])
        asked = clicks.card(account, "approve")
        [request] = clicks.made("alice", [account])
        until = ["30 min after it begins", "may last 1 h longer"]
        for words in ["alice (alice)", account, "ReadOnly", WHY, *until]:
            self.assertIn(words, text_of(asked))
        clicks.told("alice", account, "Your request was received.")

        clicks.press(IDS["bob"], asked, "approve")
        active = clicks.card_says(account, "Active until")
        self.assertTrue(town.has_access(request), "it says so once it is")
        self.assertIn("Approved by bob", text_of(active))
        told = clicks.told("alice", account, "Your access is ready.")
        link = f"/start/#/console?account_id={account}&role_name=ReadOnly"
        self.assertTrue(button(told, "details-1")["url"].endswith(link), told)

        ends_at = datetime.datetime.fromisoformat(town.see(request)["window"]["expires_at"])
        town.pass_to(ends_at - datetime.timedelta(minutes=14))
        town.reconcile()
        warned = clicks.told("alice", account, "Your access ends soon.")
        self.assertEqual(button(warned, "end")["value"], request)
        town.reconcile()
        town.until_over(request)
        self.assertEqual(town.close(request)["outcome"], "expired")
        ended = clicks.card_says(account, "its time was over")
        clicks.told("alice", account, "Your access expired.")
        self.assertFalse(town.has_access(request))
        self.assertEqual(town.trail(request), [*approved_in_slack("alice", "bob"), *BEGUN, WARNED, *ENDED])
        self.assert_one_message(asked, ended)

    def assert_one_message(self, asked, ended):
        self.assertEqual((asked["channel"], asked["ts"]), (ended["channel"], ended["ts"]))
        self.assertEqual(buttons(ended), ["details"], "nothing is left to press")
        updates = [one["body"] for one in self.slack.calls("chat.update") if one["body"]["ts"] == asked["ts"]]
        self.assertEqual(len(updates), ended["edits"])
        said = [update["text"].rpartition(" – ")[2] for update in updates]
        order = ["approved", "being set up", "active", "ending", "ended"]
        self.assertEqual(sorted(said, key=order.index), said, "no older state after a newer one")
        self.assertLessEqual({"active", "ended"}, set(said))
        letters = self.letters("alice", ended)
        self.assertEqual(len(letters), len(set(letters)), f"none twice: {letters}")

    def letters(self, who, card):
        """What the bot wrote to somebody alone about the request of a card, each by its first words."""
        about = button(card, "details")["url"]
        written = [one for one in self.slack.messages(f"D{IDS[who][1:]}") if about in text_of(one)]
        return [runs_of(one)[0][1]["text"] for one in written]

    def test_access_ends_early_by_the_button_of_the_warning(self):
        town, clicks = self.town, self.clicks
        account, request, card = self.ask()
        clicks.press(IDS["bob"], card, "approve")
        ends_at = town.until("active", request)["window"]["expires_at"]
        town.pass_to(datetime.datetime.fromisoformat(ends_at) - datetime.timedelta(minutes=14))
        town.reconcile()
        clicks.press(IDS["alice"], clicks.told("alice", account, "Your access ends soon."), "end")
        self.assertEqual(town.close(request)["outcome"], "revoked")
        clicks.card_says(account, "Ended early by alice")
        clicks.told("alice", account, "Your access was ended early.")
        begun = [*approved_in_slack("alice", "bob"), *BEGUN]
        self.assertEqual(town.trail(request), [*begun, WARNED, *revoked("alice", through="slack")])

    def test_reviewers_are_reminded_once_shortly_before_a_request_lapses(self):
        town = self.town
        before = town.call("carol", "GET", "/v1/settings")["settings"]["pending_lapses_after_minutes"]
        town.set(pending_lapses_after_minutes=20)
        self.addCleanup(town.set, pending_lapses_after_minutes=before)
        account, request, _ = self.ask()
        lapses_at = datetime.datetime.fromisoformat(town.see(request)["lapses_at"])

        def reminded():
            """What the channel is told of it, once the schedule has come round."""
            self.assertEqual(town.kari.invoke("slack-relay", {}), ({"batchItemFailures": []}, None))
            there = [text_of(one) for one in self.slack.messages(REVIEW)]
            return [text for text in there if account in text and "A request lapses soon, and waits for you." in text]

        town.pass_to(lapses_at - datetime.timedelta(minutes=10))
        self.assertEqual(reminded(), [])
        town.pass_to(lapses_at - datetime.timedelta(minutes=4))
        town.eventually(reminded, bool)
        self.assertEqual(len(reminded()), 1)
        town.act("alice", "withdraw", request)

    def test_a_denial_asks_for_a_comment_and_tells_it(self):
        account, request, card = self.ask()
        self.clicks.deny("bob", card, "not today: <!channel> *please*")
        self.assertEqual(self.town.until("closed", request)["outcome"], "denied")
        denied = self.clicks.card_says(account, "Denied by bob.")
        self.assertIn(("rich_text_quote", {"type": "text", "text": "not today: <!channel> *please*"}), runs_of(denied))
        self.assertEqual(buttons(denied), ["details"])
        self.clicks.told("alice", account, "not today: <!channel> *please*")
        expected = [*in_slack("alice", "requested"), *in_slack("bob", "reviewed", "closed")]
        self.assertEqual(self.town.trail(request), expected)


class Clicking(Case):
    def test_a_double_click_approves_once_and_says_nothing(self):
        account, request, card = self.ask()
        whispered = [self.clicks.whispered(IDS[who]) for who in ("alice", "bob")]
        for _ in range(2):
            self.clicks.press(IDS["bob"], card, "approve")
        self.clicks.card_says(account, "Active until")
        self.clicks.told("alice", account, "Your access is ready.")
        self.until_quiet()
        self.assertEqual(self.town.trail(request), [*approved_in_slack("alice", "bob"), *BEGUN])
        self.assertEqual(self.town.refused(request, "bob"), [])
        self.assertEqual([self.clicks.whispered(IDS[who]) for who in ("alice", "bob")], whispered, "nothing was said")

    def test_of_two_who_approve_at_once_one_does_and_the_other_is_told(self):
        account, request, card = self.ask()
        approve = lambda who: self.clicks.press(IDS[who], card, "approve")
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            list(pool.map(approve, ["bob", "ben"]))
        self.clicks.card_says(account, "Active until")
        told = lambda: [one for who in ("bob", "ben") for one in self.town.refused(request, who)]
        self.assertEqual(self.town.eventually(told, bool), [("approve", "wrong-state")])
        slower, faster = ("bob", "ben") if self.town.refused(request, "bob") else ("ben", "bob")
        self.assertEqual(self.town.trail(request), [*approved_in_slack("alice", faster), *BEGUN])
        self.until_whispered(IDS[slower], "This is not possible any more: the request has moved on.")

    def test_an_approval_after_the_lapse_is_refused_though_nobody_recorded_the_lapse(self):
        town = self.town
        _, request, card = self.ask()
        town.pass_to(datetime.datetime.fromisoformat(town.see(request)["lapses_at"]))
        self.clicks.press(IDS["bob"], card, "approve")
        self.until_whispered(IDS["bob"], "Too late: the request has lapsed.")
        self.assertEqual(self.town.refused(request, "bob"), [("approve", "lapsed")])
        self.assertEqual(town.trail(request), in_slack("alice", "requested"))

    def test_fifty_accounts_are_one_message_and_all_are_approved_by_one_button(self):
        town, clicks = self.town, self.clicks
        accounts = [self.account() for _ in range(50)]
        began, later = time.monotonic(), town.clock.now() + datetime.timedelta(hours=3)
        requests = clicks.ask("amy", accounts, start=later)
        whole = lambda text: all(account in text for account in accounts)
        card = clicks.card(accounts[-1], "approve")
        town.eventually(lambda: text_of(clicks.card(accounts[-1])), whole, within=60)
        posted = time.monotonic()
        clicks.press(IDS["bob"], card, "approve")
        town.eventually(lambda: [self.state(one) for one in requests], lambda all: set(all) == {"approved"}, within=60)
        done = time.monotonic()
        card = town.eventually(lambda: clicks.card(accounts[-1]), lambda card: buttons(card) == ["details"], within=60)
        self.assertEqual(text_of(card).count("Approved by bob. It begins "), 50)
        self.assertEqual(town.trail(requests[0]), approved_in_slack("amy", "bob"))
        shown, approved, later = posted - began, done - posted, time.monotonic() - done
        told = f"shown in {shown:.0f} s, approved in {approved:.0f} s and shown so {later:.0f} s later"
        print(f"\n50 accounts: {told}, {card['edits']} edits of one message", file=sys.stderr)


class Replays(Case):
    def test_the_same_message_sent_again_does_nothing(self):
        town, clicks, account = self.town, self.clicks, self.account()
        sent = clicks.send_form("alice", clicks.open_form("alice"), accounts=[account])
        self.assertEqual(clicks.deliver(sent)[0], 200)
        card = clicks.card(account, "approve")
        approval = clicks.signed(clicks.pressed(IDS["bob"], card, "approve"))
        for _ in range(2):
            self.assertEqual(clicks.deliver(approval), (200, ""))
        clicks.card_says(account, "Active until")
        [request] = clicks.made("alice", [account])
        town.act("bob", "revoke", request)
        clicks.deliver(approval)
        clicks.deliver(sent)
        replayed = [("approve", "replayed")] * 2
        town.eventually(lambda: self.town.refused(request, "bob"), lambda refused: refused == replayed)
        self.assertEqual(town.close(request)["outcome"], "revoked")
        clicks.told("alice", account, "Your access was ended early.")
        self.assertEqual(clicks.made("alice", [account]), [request], "nothing was asked for again")
        self.assertEqual(town.trail(request), [*approved_in_slack("alice", "bob"), *BEGUN, *revoked("bob")])


class Refused(Case):
    """All are about one request, which waits to the end."""

    @classmethod
    def setUpClass(cls):
        account = cls.town.account("production")
        [cls.request] = cls.clicks.ask("alice", [account])
        cls.card = cls.clicks.card(account, "approve")

    def tearDown(self):
        self.assertEqual(self.town.trail(self.request), in_slack("alice", "requested"))

    def test_an_approver_who_left_the_group_meanwhile_is_told_alone(self):
        leads = {"group": GROUPS["leads"], "user": USERS["ben"]}
        self.town.change("set-membership", member=False, **leads)
        self.addCleanup(self.town.change, "set-membership", member=True, **leads)
        self.clicks.press(IDS["ben"], self.card, "approve")
        self.until_whispered(IDS["ben"], "You are not one of the people who decide about this, or not any more.")
        self.assertEqual(self.town.refused(self.request, "ben"), [("approve", "not-found")])

    def test_nobody_approves_their_own_request(self):
        self.clicks.press(IDS["alice"], self.card, "approve")
        self.until_whispered(IDS["alice"], "Nobody reviews their own request.")
        self.assertEqual(self.town.refused(self.request, "alice"), [("approve", "self-review")])

    def test_what_slack_did_not_sign_or_signed_long_ago_is_not_taken(self):
        town, slack = self.town, self.slack
        payload = json.dumps(self.clicks.pressed(IDS["bob"], self.card, "approve"))
        now, calls = town.clock.now(), len(slack.calls())
        send = lambda at, **more: slack.send(town.kari, at, "interactions", payload=payload, **more)[0]
        self.assertEqual(send(now, secret="another"), 401)
        for minutes in (-6, 6):
            self.assertEqual(send(now + datetime.timedelta(minutes=minutes)), 401)
        altered = slack.signed(now, "interactions", payload=payload)
        altered.body += b"&"
        self.assertEqual(slack.deliver(town.kari, altered)[0], 401)
        altered.headers.pop("X-Slack-Signature")
        self.assertEqual(slack.deliver(town.kari, altered)[0], 401)
        self.assertEqual(len(slack.calls()), calls, "nobody was even asked about")

    def test_guests_strangers_and_whoever_is_not_one_enabled_user_are_told_why_and_do_nothing(self):
        town, bob = self.town, {"email": "bob@example.com", "name": "bob"}
        town.change("add-users", count=1)
        town.change("disable-user", user=USERS["ben"])
        self.addCleanup(town.sync)
        self.addCleanup(town.change, "enable-user", user=USERS["ben"])
        self.slack.control(people={
            "U1GUEST": {**bob, "guest": True},
            "U1ELSEWHERE": {**bob, "team": STRANGE},
            "U1BOT": {**bob, "bot": True},
            "U1UNKNOWN": {**bob, "email": "bob@example.org"},
            "U1TIM": {"email": "extra-1@example.com"},
        })
        town.sync()
        for id, more, words in [
            ("U1GUEST", {}, "Guests of the workspace cannot use Kari."),
            ("U1ELSEWHERE", {}, "Kari does not take commands from this workspace."),
            (IDS["bob"], {"team": STRANGE}, "Kari does not take commands from this workspace."),
            ("U1BOT", {}, "Only people can use Kari."),
            ("U1UNKNOWN", {}, "No user of the identity store has the e-mail address"),
            ("U1TIM", {}, "More than one user of the identity store has the e-mail address"),
            (IDS["ben"], {}, "Your user is disabled in the identity store."),
        ]:
            with self.subTest(id=id, **more):
                self.clicks.press(id, self.card, "approve", **more)
                self.until_whispered(id, words)
        met = lambda: json.dumps(town.kari.logs("slack")).count("somebody in slack is nobody here")
        town.eventually(met, lambda count: count >= 7)
        recorded = [(event["kind"], event["actor"]["type"], event["data"]["code"], event["data"]["request"])
                    for event in town.events("attempts/strangers/")]
        codes = ["guest", "foreign-workspace", "foreign-workspace", "nobody", "unknown", "ambiguous", "disabled"]
        self.assertEqual(recorded, [("attempt-refused", "system", code, self.request) for code in codes])


class Words(Case):
    REASONS = [
        "INC-1: fix: step 2",
        "<!channel> <!here> & <@U0BOB> <https://evil.example|here>",
        "*bold* _or_ `not` ~at all~ :smile:",
        "disk full 🙂👨‍👩‍👧 now",
        "first line\nsecond line",
        "障害対応のため本番の状態を確認します：至急",
        "あ" * 1_000,
    ]

    def test_reasons_arrive_as_they_are_written_and_mean_nothing_in_a_message(self):
        for reason in self.REASONS:
            with self.subTest(reason=reason[:40]):
                account, request, card = self.ask(reason=reason)
                self.assertEqual(self.town.see(request)["justification"], reason)
                runs = runs_of(card)
                self.assertIn(("rich_text_quote", {"type": "text", "text": reason}), runs)
                self.assertLessEqual({run["type"] for _, run in runs}, {"text", "date"}, "nobody is mentioned")
                posted = [one["body"] for one in self.slack.calls("chat.postMessage") if account in json.dumps(one)]
                self.assertTrue(posted)
                for message in posted:
                    # What Slack would format is never what somebody wrote.
                    self.assertNotIn(reason, message["text"])
                    self.assertNotIn("<!", message["text"])
                self.town.act("alice", "withdraw", request)


class WhenSlackFails(Case):
    def until_recorded(self, destination, code):
        self.town.eventually(self.undeliverable, lambda events: (destination, code) in events)

    def test_a_deleted_channel_is_recorded_once_and_holds_up_no_access(self):
        town, accounts = self.town, [self.account(), self.account()]
        leads = {"reviewers": {"groups": [GROUPS["leads"]]}, "quorum": 1}
        there = {"targets": {"accounts": accounts}, "permission_sets": "all", "requirements": [leads]}
        town.make("policies/approvers", "fragile", slack_channel=FRAGILE, **there)
        self.slack.control(deleted=[FRAGILE])
        given_up = sum(town.metric("slack-relay", "Undeliverable"))
        requests = [request for account in accounts for request in self.clicks.ask("alice", [account])]
        self.until_recorded(f"channel/{FRAGILE}", "channel_not_found")
        self.assert_goes_on(requests)
        self.assertEqual(self.undeliverable().count((f"channel/{FRAGILE}", "channel_not_found")), 1)
        self.assertEqual(sum(town.metric("slack-relay", "Undeliverable")) - given_up, 1)

    def test_a_revoked_token_is_recorded_once_holds_up_no_access_and_nothing_is_lost_once_there_is_another_one(self):
        town = self.town
        before = self.undeliverable()
        self.slack.control(revoked=True)
        self.addCleanup(lambda: self.slack.control(token=self.slack.token))
        accounts = [self.account() for _ in range(2)]
        requests = [request for account in accounts for request in town.ask_for("alice", [account])]
        self.until_recorded("workspace", "token_revoked")
        self.assert_goes_on(requests)
        new = collections.Counter(self.undeliverable()) - collections.Counter(before)
        self.assertEqual(new, {("workspace", "token_revoked"): 1})
        self.slack.replace(token="xoxb-another")
        posted = lambda: [call["answer"] for call in self.slack.calls("chat.postMessage")]
        town.eventually(posted, lambda answers: answers[-1] == "ok", within=READ_AGAIN_WITHIN)
        for account in accounts:
            self.clicks.told("alice", account, "Your request was approved.")
        # What is over by then is not told any more, least of all with a link into it.
        told = self.slack.messages(f"D{IDS['alice'][1:]}")
        late = [one["text"] for one in told if any(account in one["text"] for account in accounts)]
        self.assertFalse([text for text in late if "is ready" in text or "ends soon" in text], late)

    def test_another_signing_secret_counts_without_a_new_start(self):
        town = self.town
        self.slack.replace(signing_secret="f4f8bd1d4ce2a1b5d0a1b3f0f1c2d3e4")
        send = lambda: self.slack.command(town.kari, town.clock.now(), IDS["alice"])
        town.eventually(send, lambda answer: answer == (200, ""), within=READ_AGAIN_WITHIN)

    def assert_goes_on(self, requests):
        """They are approved in the portal, begin and end."""
        for request in requests:
            self.town.act("bob", "approve", request)
        for request in requests:
            self.town.until("active", request)
            self.assertTrue(self.town.has_access(request))
        self.town.until_over(requests[-1])
        for request in requests:
            self.town.until("ending", request)
            self.town.until_gone(request)

    def test_what_slack_did_not_take_for_some_seconds_comes_later_and_once(self):
        town, clicks = self.town, self.clicks
        repeated = self.reader.repeated
        trouble = ["503", "429", "500", "429", "503"]
        self.slack.control(failing={"chat.postMessage": trouble, "chat.update": trouble})
        accounts = [self.account() for _ in range(3)]
        requests = town.ask_for("alice", accounts)
        # A batch: the one message is there, and the letters.
        card = clicks.card(accounts[0], "approve")
        for account in accounts:
            clicks.told("alice", account, "Your request was received.")
        for request in requests:
            town.act("bob", "approve", request)
        town.eventually(lambda: text_of(clicks.card(accounts[0])), lambda text: text.count(": active") == 3, within=60)
        for account in accounts:
            clicks.told("alice", account, "Your access is ready.")
        self.assertEqual(clicks.card(accounts[0])["ts"], card["ts"])
        self.assertGreater(self.reader.repeated, repeated)
        failed = [call["answer"] for call in self.slack.calls() if call["answer"] in {"500", "503", "ratelimited"}]
        self.assertGreaterEqual(len(failed), 2 * len(trouble))
        self.assert_told_once(accounts)

    def assert_told_once(self, accounts):
        texts = [text_of(one) for one in self.slack.messages(f"D{IDS['alice'][1:]}")]
        for account in accounts:
            for words in ("Your request was received.", "Your request was approved.", "Your access is ready."):
                self.assertLessEqual(sum(account in text and words in text for text in texts), 1, (account, words))


class Costs(Case):
    """What one press of Approve costs."""

    # So that none is added unnoticed; 6 are aimed at.
    MOST_AWS = 11
    # What Slack says of whoever pressed, and the change of the message in the channel.
    MOST_SLACK_IN_CHANNEL = 2

    def test_an_approving_click_makes_few_calls(self):
        town, cloud = self.town, self.town.cloud
        start = town.clock.now() + datetime.timedelta(hours=2)
        self.warm_up()
        account, request, card = self.ask(start=start)
        # Nobody else may speak to Identity Center meanwhile.
        functions, workflow = cloud.client("lambda"), {"FunctionName": f"{STACK}-workflow"}
        functions.put_function_concurrency(**workflow, ReservedConcurrentExecutions=0)
        self.addCleanup(functions.delete_function_concurrency, **workflow)
        self.until_quiet()
        slack_before, center_before = len(self.slack.calls()), self.center_calls()
        cloud.configure(**{"cloudtrail._recording_enabled": "true"})
        self.addCleanup(cloud.configure, **{"cloudtrail._recording_enabled": "false"})
        self.clicks.press(IDS["bob"], card, "approve")
        self.clicks.card_says(account, "Approved by bob")
        self.clicks.told("alice", account, "Your request was approved.")
        self.until_quiet()
        center = self.center_calls() - center_before
        aws = self.recorded_calls() + center
        slack = collections.Counter(call["method"] for call in self.slack.calls()[slack_before:])
        print(f"\nAn approving click: {aws.total()} calls of AWS by `slack`: {told(aws)}", file=sys.stderr)
        print(f"{slack.total()} calls of Slack: {told(slack)}", file=sys.stderr)
        self.assertEqual(self.town.trail(request), approved_in_slack("alice", "bob"))
        self.assertEqual(slack["chat.postMessage"], 1, "one direct message")
        self.assertLessEqual(slack.total() - slack["chat.postMessage"], self.MOST_SLACK_IN_CHANNEL, slack)
        self.assertLessEqual(aws.total(), self.MOST_AWS, aws)

    def warm_up(self):
        """As in any hour but the first: everybody was looked up."""
        account, _, card = self.ask()
        self.clicks.press(IDS["bob"], card, "approve")
        self.clicks.card_says(account, "Active until")
        self.clicks.told("alice", account, "Your access is ready.")

    def center_calls(self):
        operations = self.town.identity_center.control("GET", "counts")["operations"]
        return collections.Counter({name: one["calls"] for name, one in operations.items() if one["calls"]})

    def recorded_calls(self):
        """What the function called, by operation. It is the one that has invoked itself."""
        [itself] = {event["AccessKeyId"] for event in self.events("ResourceName", f"{STACK}-slack")}
        return collections.Counter(event["EventName"] for event in self.events("AccessKeyId", itself))

    def events(self, key, value):
        wanted = [{"AttributeKey": key, "AttributeValue": value}]
        found = self.town.cloud.client("cloudtrail").lookup_events(LookupAttributes=wanted)["Events"]
        self.assertLess(len(found), 50, "the emulator tells of no more")
        return found


def told(counter):
    return ", ".join(f"{count} {name}" for name, count in counter.most_common())


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[5:]])
