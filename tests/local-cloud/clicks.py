"""What people of a town do in its Slack, as the messages that Slack sends for it."""

import json

from slack import TEAM
from town import SETS, USERS

# Where requests are reviewed.
REVIEW = "C0REVIEW"
# Kari, as an app of Slack.
APP = "A0KARI"
# As Slack knows them. What the bot has to say to somebody alone stands under their id with a `D`.
IDS = {name: f"U0{name.upper()}" for name in ("alice", "amy", "bob", "ben", "carol")}
WHY = "the disk is full again"
VIEW = "V0000000001"


class Clicks:
    """No two clicks have the same trigger, as in Slack."""

    def __init__(self, town):
        self._town, self._slack = town, town.slack

    # ── Asking ────────────────────────────────────────────────────────────────────────────────────────────────────

    def open_form(self, who):
        """The form, as `/access` opens it."""
        before = len(self._slack.calls("views.open"))
        answer = self._slack.command(self._town.kari, self._town.clock.now(), IDS[who])
        assert answer == (200, ""), answer
        *_, opened = self._slack.calls("views.open")[before:]
        assert opened["answer"] == "ok", opened
        return opened["body"]["view"]

    def search(self, who, form, field, words, **fields):
        """What is offered while somebody types."""
        view = filled(form, **fields)
        suggestion = self.payload(IDS[who], "block_suggestion", action_id=field, block_id=field, value=words, view=view)
        status, answer = self.interact(suggestion)
        assert status == 200, answer
        return [option["value"] for option in json.loads(answer)["options"]]

    def send_form(self, who, form, **fields):
        """The message that sends the form, filled in."""
        return self.signed(self.payload(IDS[who], "view_submission", view=filled(form, **fields)))

    def ask(self, who, accounts, **fields):
        """The ids of requests that are asked for in the form, in the order of the accounts."""
        form = self.open_form(who)
        answer = self.deliver(self.send_form(who, form, accounts=accounts, **fields))
        assert answer[0] == 200 and '"response_action":"update"' in answer[1], answer
        made = lambda: self.made(who, accounts)
        return self._town.eventually(made, lambda ids: None not in ids, within=60)

    def made(self, who, accounts):
        """The ids of somebody's requests on these accounts; none where there is none."""
        found, cursor = {}, ""
        while cursor is not None:
            path = f"/v1/requests?scope=all&requester={USERS[who]}&limit=200{cursor}"
            page = self._town.call("dora", "GET", path)
            found |= {one["account"]["id"]: one["id"] for one in page["items"]}
            cursor = f"&cursor={page['next']}" if page["next"] else None
        return [found.get(account) for account in accounts]

    # ── Pressing ──────────────────────────────────────────────────────────────────────────────────────────────────

    def press(self, id, message, name, **more):
        """Somebody presses a button of a message, and Slack has its answer."""
        taken(self.interact(self.pressed(id, message, name, **more)))

    def pressed(self, id, message, name, **more):
        channel, ts = message["channel"], message["ts"]
        there = {
            "api_app_id": APP,
            "container": {"type": "message", "channel_id": channel, "message_ts": ts, "is_ephemeral": False},
            "channel": {"id": channel},
            "message": {"ts": ts, "bot_id": "B0KARI", "app_id": APP},
        }
        return self.payload(id, "block_actions", **there, actions=[button(message, name)], **more)

    def deny(self, who, message, comment):
        """Somebody presses Deny, and says why in the modal that opens."""
        before = len(self._slack.calls("views.open"))
        self.press(IDS[who], message, "deny")
        [opened] = self._slack.calls("views.open")[before:]
        fields = {"comment": {"comment": {"value": comment}}}
        view = as_sent(opened["body"]["view"], fields)
        taken(self.interact(self.payload(IDS[who], "view_submission", view=view)))

    def payload(self, id, kind, team=TEAM, **more):
        trigger = self._slack.trigger()
        return {"type": kind, "team": {"id": team}, "user": {"id": id, "team_id": team}, "trigger_id": trigger, **more}

    def signed(self, payload):
        return self._slack.signed(self._town.clock.now(), "interactions", payload=json.dumps(payload))

    def deliver(self, signed):
        return self._slack.deliver(self._town.kari, signed)

    def interact(self, payload):
        return self.deliver(self.signed(payload))

    # ── Seeing ────────────────────────────────────────────────────────────────────────────────────────────────────

    def card(self, account, name=None):
        """The one message in the channel about an account; with a name, once it has a button of this name."""
        look = lambda: [one for one in self._slack.messages(REVIEW) if account in text_of(one)]
        ready = lambda cards: cards and (name is None or button(cards[0], name))
        [card] = self._town.eventually(look, ready, within=60)
        return card

    def card_says(self, account, words):
        """The message about an account as soon as it says this."""
        look = lambda: [one for one in self._slack.messages(REVIEW) if account in text_of(one)]
        [card] = self._town.eventually(look, lambda cards: cards and words in text_of(cards[0]), within=60)
        return card

    def told(self, who, account, words):
        """What the bot has told somebody alone about an account, as soon as it says this."""
        there = lambda: self._slack.messages(f"D{IDS[who][1:]}")
        says = lambda one: account in text_of(one) and words in text_of(one)
        self._town.eventually(there, lambda messages: any(map(says, messages)), within=60)
        return next(one for one in there() if says(one))

    def whispered(self, id):
        """What only somebody has seen in the channel."""
        calls = self._slack.calls("chat.postEphemeral")
        return [call["body"]["text"] for call in calls if call["body"]["user"] == id]


def taken(answer):
    assert answer == (200, ""), answer


def filled(form, accounts=(), permission_set="ReadOnly", minutes=30, reason=WHY, start=None):
    """A form with this in it, as Slack sends it."""
    fields = {
        "accounts": {"selected_options": [{"value": account} for account in accounts]},
        "permission-set": {"selected_option": {"value": SETS[permission_set]}},
        "duration": {"selected_option": {"value": str(minutes)}},
        "start": {"selected_date_time": start and int(start.timestamp())},
        "reason": {"value": reason},
        "ticket": {"value": None},
    }
    return as_sent(form, {name: {name: value} for name, value in fields.items()})


def as_sent(view, values):
    kept = {name: view[name] for name in ("type", "callback_id", "private_metadata")}
    return {"id": VIEW, "hash": "1700000000.fake", **kept, "state": {"values": values}}


def button(message, name):
    """The button of this name; none if there is none."""
    elements = [one for block in message["blocks"] for one in block.get("elements", [])]
    return next((one for one in elements if one.get("action_id") == name), None)


def buttons(message):
    """The names of all that can be pressed."""
    elements = [one for block in message["blocks"] if block["type"] == "actions" for one in block["elements"]]
    return [one["action_id"] for one in elements]


def text_of(message):
    """Everything in a message as one text."""
    return json.dumps(message["blocks"], ensure_ascii=False)


def runs_of(message):
    """The runs of its rich text: words, links, mentions."""
    parts = [part for block in message["blocks"] if block["type"] == "rich_text" for part in block["elements"]]
    return [(part["type"], run) for part in parts for run in part["elements"]]
