"""What infra/deploy.py refuses before it changes anything, and what it says then."""

import pathlib
import sys
import tempfile
import unittest
from unittest import mock

import boto3
from botocore.stub import Stubber

from template import INFRA

sys.path.insert(0, str(INFRA))
import deploy

SAID = {
    "InstanceArn": "arn:aws:sso:::instance/ssoins-0123456789abcdef",
    "IdentityStoreId": "d-0123456789",
    "AccessPortalUrl": "https://d-0123456789.awsapps.com/start",
    "Administrators": "aaaaaaaa-0000-4000-8000-000000000001",
}
# What CloudFormation says of a stack that was deployed with nothing else said.
BEFORE = {**SAID, "ProtectedPermissionSets": "", "AlarmEmail": "", "Architecture": "x86_64", "LogRetentionDays": "90"}
# Of an ELF header what says for which machine it is.
PROGRAM = b"\x7fELF" + bytes(14) + (62).to_bytes(2, "little")


class GoesOn(Exception):
    """It has begun to change something."""


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="kari-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.file = self.folder / "parameters"
        for path in [*(f"{name}/bootstrap" for name in deploy.FUNCTIONS), "portal/index.html"]:
            (self.folder / path).parent.mkdir()
            (self.folder / path).write_bytes(PROGRAM)

    def deploy(self, said, before, *more, status="UPDATE_COMPLETE"):
        """What it says where it refuses; nothing where it goes on."""
        self.file.write_text(deploy.listed(said))
        places = ["--binaries", str(self.folder), "--portal", str(self.folder / "portal")]
        with cloudformation(before, status), mock.patch.object(deploy, "deploy_stack", side_effect=GoesOn):
            try:
                deploy.main(["--parameters", str(self.file), *places, *more])
            except GoesOn:
                return None
            except SystemExit as refused:
                return refused.code


def cloudformation(before, status="UPDATE_COMPLETE"):
    """One that has a stack with these parameters; with none where there are none; one that fails with this code."""
    client = boto3.client("cloudformation", region_name="eu-central-1")
    stub = Stubber(client)
    if isinstance(before, str):
        stub.add_client_error("describe_stacks", before, "you may not")
    elif before:
        parameters = [{"ParameterKey": name, "ParameterValue": value} for name, value in before.items()]
        stack = {"StackName": "kari", "CreationTime": "2026-01-01T00:00:00Z", "StackStatus": status}
        stub.add_response("describe_stacks", {"Stacks": [{**stack, "Parameters": parameters}]}, {"StackName": "kari"})
    else:
        stub.add_client_error("describe_stacks", "ValidationError", "Stack with id kari does not exist")
    stub.activate()
    return mock.patch.object(deploy.boto3, "client", return_value=client)


class AnotherIdentityCenter(Case):
    def test_the_first_deployment_and_one_for_the_same_identity_center_go_on(self):
        self.assertIsNone(self.deploy(SAID, {}))
        self.assertIsNone(self.deploy(SAID, BEFORE))

    def test_what_is_live_in_one_identity_center_is_not_left_behind_for_another_one(self):
        for name, other in [
            ("InstanceArn", "arn:aws:sso:::instance/ssoins-fedcba9876543210"),
            ("IdentityStoreId", "d-9876543210"),
        ]:
            refused = self.deploy({**SAID, name: other}, BEFORE)
            for words in (f"\n{name}={SAID[name]}\n", "kari drain", "--other-identity-center", "STACK="):
                self.assertIn(words, refused)
            self.assertIsNone(self.deploy({**SAID, name: other}, BEFORE, "--other-identity-center"))

    def test_a_stack_that_never_was_there_has_nothing_to_lose(self):
        before = {**BEFORE, "InstanceArn": "arn:aws:sso:::instance/ssoins-fedcba9876543210"}
        self.assertIsNone(self.deploy(SAID, before, status="ROLLBACK_COMPLETE"))
        self.assertIsNotNone(self.deploy(SAID, before, status="UPDATE_ROLLBACK_COMPLETE"))

    def test_whoever_may_not_look_at_the_stack_does_not_take_it_for_a_first_deployment(self):
        with self.assertRaisesRegex(Exception, "AccessDenied"):
            self.deploy(SAID, "AccessDenied")


class WhatTheStackHas(Case):
    PROTECTED = "arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef"
    before = {**BEFORE, "ProtectedPermissionSets": PROTECTED, "LogRetentionDays": "365"}

    def test_what_the_file_does_not_say_is_not_dropped_but_told(self):
        refused = self.deploy(SAID, self.before)
        for line in (f"ProtectedPermissionSets={self.PROTECTED}", "LogRetentionDays=365"):
            self.assertIn(f"\n{line}\n", refused)
        self.assertNotIn("Architecture", refused, "it is by default what it was")
        self.assertNotIn("AlarmEmail", refused, "it was never said")
        self.assertIn("--describe --parameters", refused)

    def test_what_the_file_says_otherwise_or_to_be_nothing_goes_on(self):
        said = {**SAID, "ProtectedPermissionSets": "", "LogRetentionDays": "30"}
        self.assertIsNone(self.deploy(said, self.before))

    def test_what_is_copied_from_the_example_drops_nothing(self):
        example = (INFRA / "parameters.example").read_text()
        self.file.write_text(example)
        said = {**deploy.read_parameters(self.file), **SAID}
        self.assertIn("\nProtectedPermissionSets=", self.deploy(said, self.before))

    def test_a_parameter_that_is_none_any_more_is_not_asked_for(self):
        self.assertIsNone(self.deploy(SAID, {**BEFORE, "GoneSince": "said once"}))

    def test_the_file_of_a_stack_is_written_for_others_and_never_over_one_that_is_there(self):
        before = {**self.before, "GoneSince": "said once"}
        with cloudformation(before), mock.patch.object(deploy, "describe"):
            deploy.main(["--describe", "--parameters", str(self.file)])
        self.assertIn("GoneSince=said once", self.file.read_text())
        self.assertIsNone(self.deploy(deploy.read_parameters(self.file), before))
        written = self.file.read_text()
        with cloudformation(self.before), mock.patch.object(deploy, "describe"):
            with self.assertRaisesRegex(SystemExit, "is there already"):
                deploy.main(["--describe", "--parameters", str(self.file)])
        self.assertEqual(self.file.read_text(), written)


if __name__ == "__main__":
    unittest.main()
