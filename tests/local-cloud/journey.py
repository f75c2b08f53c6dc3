"""What tests of journeys have in common: one deployment, and how it is compared with what must be recorded in it."""

import sys
import time
import unittest

from town import QUICKLY
from trail import WARNED, without_repeated_trouble


class Case(unittest.TestCase):
    """All share one deployment; each asks for accounts that are its own."""

    town = None

    @classmethod
    def live_in(cls, town):
        """All tests of a module do, until the last one is over."""
        cls.town = town
        unittest.addModuleCleanup(town.stop)

    def setUp(self):
        began = time.monotonic()
        self.addCleanup(lambda: print(f"{time.monotonic() - began:.0f} s ", end="", file=sys.stderr))
        self.town.sync()
        self.addCleanup(self.town.identity_center.control, "DELETE", "faults")

    def assert_trail(self, request, expected):
        # The warning before the end is the reconciler's, and comes or not as it happens to run.
        self.assertEqual([event for event in self.town.trail(request) if event != WARNED], expected)

    def assert_ledger(self, request, expected):
        """What became of the assignment that a request is about, from the request on."""
        self.assertEqual(without_repeated_trouble(self.town.ledger(request)), expected)

    def assert_access(self, request, expected):
        self.assertEqual(self.town.has_access(request), expected)

    def begin(self, who, minutes=15):
        """A request whose access has begun, in a sandbox, where nobody has to approve it."""
        request = self.town.ask(who, self.town.account("sandbox"), minutes=minutes)
        self.town.until("active", request)
        self.assert_access(request, True)
        return request

    def wait_as_long_as_they_say(self):
        """Executions do, in this test: others would ask again and again for nothing."""
        self.town.cloud.scale_waits(1)
        self.addCleanup(self.town.cloud.scale_waits, QUICKLY)

    def revoke(self, request):
        self.town.act("alice", "revoke", request)
