"""What Slack's own Python library says of our signatures, and of the limits of our views and messages.

It reads the committed snapshots, which the Rust tests hold against what is rendered: python.sh second_opinion.py
"""

import json
import pathlib
import unittest

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View
from slack_sdk.signature import SignatureVerifier

ROOT = pathlib.Path(__file__).parents[2]
FOLDERS = ["functions/slack/tests/slack/snapshots", "shared/slack/tests/messages/snapshots"]
# Of which the library knows nothing, or not all: https://docs.slack.dev/reference
MOST_BLOCKS = {"modal": 100, "home": 100, None: 50}
LONGEST = {"title": 24, "submit": 24, "close": 24, "private_metadata": 3000, "callback_id": 255}
LONGEST_TEXT = {"section": 3000, "header": 150, "context": 2000}
LONGEST_VALUE = {"button": 2000}
LARGEST_VIEW = 250_000


def snapshots():
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*.snap")):
            _, _, body = file.read_text().split("---\n", 2)
            try:
                yield file.name, json.loads(body)
            except json.JSONDecodeError:
                continue


SNAPSHOTS = dict(snapshots())


def inside(value, kind):
    """Every part of a document that has this key."""
    if isinstance(value, dict):
        if kind in value:
            yield value
        for inner in value.values():
            yield from inside(inner, kind)
    elif isinstance(value, list):
        for inner in value:
            yield from inside(inner, kind)


def surfaces():
    """Everything with blocks: views, and the contents of messages."""
    for name, document in SNAPSHOTS.items():
        for number, surface in enumerate(inside(document, "blocks")):
            if surface["blocks"]:
                yield f"{name} {number}", surface


class Signatures(unittest.TestCase):
    def test_slacks_verifier_takes_what_we_sign_and_nothing_else(self):
        [signed] = [document for name, document in SNAPSHOTS.items() if name.endswith("signatures.snap")]
        self.assertGreater(len(signed), 3)
        for one in signed:
            now = SignatureVerifier(one["secret"], clock=Clock(int(one["timestamp"]) + 299))
            self.assertTrue(now.is_valid(one["body"], one["timestamp"], one["signature"]), one)
            self.assertFalse(now.is_valid(one["body"] + " ", one["timestamp"], one["signature"]))
            later = SignatureVerifier(one["secret"], clock=Clock(int(one["timestamp"]) + 301))
            self.assertFalse(later.is_valid(one["body"], one["timestamp"], one["signature"]))


class Clock:
    def __init__(self, now):
        self._now = now

    def now(self):
        return self._now


class Limits(unittest.TestCase):
    def test_there_is_something_to_look_at(self):
        looked_at = list(surfaces())
        views = [name for name, surface in looked_at if "type" in surface]
        self.assertGreater(len(views), 20)
        self.assertGreater(len(looked_at) - len(views), 100, "messages")
        most = lambda kind: max(len(one["blocks"]) for _, one in looked_at if one.get("type") == kind)
        self.assertGreater(most("home"), 80, "more than fits")
        for many in ("on 50 accounts", "1000 messages"):
            self.assertTrue(any(many in one.get("text", "") for _, one in looked_at if "type" not in one), many)

    def test_every_block_is_one_that_the_library_knows_and_finds_valid(self):
        for name, surface in surfaces():
            for block in surface["blocks"]:
                parsed = Block.parse(block)
                self.assertIsNotNone(parsed, f"{name}: {block}")
                with self.subTest(name, block=block.get("block_id", block["type"])):
                    parsed.validate_json()

    def test_every_view_is_valid(self):
        for name, surface in surfaces():
            if "type" in surface:
                with self.subTest(name):
                    View(**surface).validate_json()
                    self.assertLessEqual(len(json.dumps(surface)), LARGEST_VIEW)
                    for field, longest in LONGEST.items():
                        value = surface.get(field) or ""
                        text = value["text"] if isinstance(value, dict) else value
                        self.assertLessEqual(len(text), longest, field)

    def test_nothing_is_longer_than_slack_takes(self):
        for name, surface in surfaces():
            with self.subTest(name):
                self.assertLessEqual(len(surface["blocks"]), MOST_BLOCKS[surface.get("type")])
                for block in surface["blocks"]:
                    for text in inside(block, "text"):
                        if isinstance(text["text"], str):
                            self.assertLessEqual(len(text["text"]), LONGEST_TEXT.get(block["type"], 3000))
                            self.assertGreater(len(text["text"]), 0)
                for option in inside(surface, "options"):
                    self.assertTrue(1 <= len(option["options"]) <= 100)
                    for one in option["options"]:
                        self.assertLessEqual(len(one["text"]["text"]), 75)
                        self.assertLessEqual(len(one["value"]), 150)

    def test_block_and_action_ids_are_unique_where_they_have_to_be(self):
        for name, surface in surfaces():
            blocks = [block["block_id"] for block in surface["blocks"] if "block_id" in block]
            self.assertEqual(len(blocks), len(set(blocks)), name)
            for block in surface["blocks"]:
                actions = [part["action_id"] for part in block.get("elements", []) if "action_id" in part]
                self.assertEqual(len(actions), len(set(actions)), name)


if __name__ == "__main__":
    unittest.main()
