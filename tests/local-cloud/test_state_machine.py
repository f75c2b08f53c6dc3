"""The state machine, run by two engines that know nothing of each other.

What AWS counts as a transition is a state that is entered, and each retry.
"""

import json
import os
import pathlib
import time
import unittest
import unittest.mock

import boto3
from moto import mock_aws
from moto.awslambda_simple.models import lambda_simple_backends

import state_machine
from ministack import REGION, Ministack, packed
from state_machine import answer, definition, entered, trust

HAPPY_PATH = ["Advance", "Next?", "HoldUntilExpiry", "Advance", "Next?", "Done"]
MOST_TRANSITIONS = 6
ENDS_WITHIN_SECONDS = 60


class Engine:
    """A Step Functions with the machine in it."""

    def prepare(self):
        iam, functions = self.client("iam"), self.client("lambda")
        invoke = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [invoke]})
        role = iam.create_role(RoleName="machine", AssumeRolePolicyDocument=trust("states.amazonaws.com"))["Role"]
        iam.put_role_policy(RoleName="machine", PolicyName="invoke", PolicyDocument=policy)
        runs = iam.create_role(RoleName="scripted", AssumeRolePolicyDocument=trust("lambda.amazonaws.com"))["Role"]
        function = functions.create_function(
            FunctionName="scripted",
            Runtime="provided.al2023",
            Handler="bootstrap",
            Role=runs["Arn"],
            Code={"ZipFile": packed(pathlib.Path(state_machine.__file__))},
        )
        self.states = self.client("stepfunctions")
        self.machine = self.states.create_state_machine(
            name="access", definition=definition(function["FunctionArn"]), roleArn=role["Arn"]
        )["stateMachineArn"]

    def run(self, script):
        """Runs it to its end; its status, its last output, and its history."""
        given = json.dumps({"request_id": script})
        started = self.states.start_execution(stateMachineArn=self.machine, name=script, input=given)
        execution = started["executionArn"]
        until = time.monotonic() + ENDS_WITHIN_SECONDS
        while (told := self.states.describe_execution(executionArn=execution))["status"] == "RUNNING":
            assert time.monotonic() < until, f"{script} does not end: {self.history(execution)[-3:]}"
            time.sleep(0.05)
        return told["status"], json.loads(told.get("output") or "null"), self.history(execution)

    def history(self, execution):
        pages = self.states.get_paginator("get_execution_history").paginate(executionArn=execution)
        return [event for page in pages for event in page["events"]]


class Emulator(Engine):
    def __init__(self):
        self._cloud = Ministack()
        self.client = self._cloud.client
        self.stop = self._cloud.stop
        self._cloud.scale_waits(0)
        self.prepare()


class Moto(Engine):
    """It runs no function; what the function would say is laid ready."""

    def __init__(self):
        # NB. Whatever it does not know must not reach AWS as somebody.
        self._environment = unittest.mock.patch.dict(
            os.environ, {"AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nobody"}
        )
        self._environment.start()
        stepfunctions, functions = {"execute_state_machine": True}, {"use_docker": False}
        self._mock = mock_aws(config={"stepfunctions": stepfunctions, "lambda": functions})
        self._mock.start()
        self.prepare()

    def client(self, service):
        return boto3.client(service, region_name=REGION)

    def run(self, script):
        said = {"request_id": script}
        while said.get("next") != "Done":
            said = answer(said)
            queue = lambda_simple_backends["123456789012"][REGION].lambda_simple_results_queue
            queue.append(json.dumps(said))
        return super().run(script)

    def stop(self):
        self._mock.stop()
        self._environment.stop()


class OnAnyEngine:
    @classmethod
    def setUpClass(cls):
        cls.engine = cls.make()
        cls.addClassCleanup(cls.engine.stop)

    def test_access_that_begins_at_once_takes_six_transitions(self):
        status, output, history = self.engine.run("immediate")
        self.assertEqual((status, output["next"]), ("SUCCEEDED", "Done"))
        self.assertEqual(entered(history), HAPPY_PATH)
        self.assertLessEqual(len(entered(history)), MOST_TRANSITIONS)

    def test_every_wait_leads_back_to_the_question(self):
        waits = ["WaitForStart", "AwaitActivation", "HoldUntilExpiry", "AwaitRemoval"]
        expected = [state for wait in [*waits, "Done"] for state in ("Advance", "Next?", wait)]
        self.assertEqual(entered(self.engine.run("every-wait")[2]), expected)


class OnMoto(OnAnyEngine, unittest.TestCase):
    make = Moto


class OnMinistack(OnAnyEngine, unittest.TestCase):
    make = Emulator

    def test_after_twenty_rounds_a_removal_is_left_to_the_reconciler(self):
        status, output, history = self.engine.run("never-gone")
        self.assertEqual((status, output["rounds"]), ("SUCCEEDED", 21))
        self.assertEqual(entered(history).count("AwaitRemoval"), 20)
        self.assertEqual(entered(history)[-1], "LeftToReconciler")

    def test_an_answer_nobody_knows_leaves_the_request_to_the_reconciler(self):
        status, _, history = self.engine.run("unheard-of")
        self.assertEqual((status, entered(history)), ("SUCCEEDED", ["Advance", "Next?", "LeftToReconciler"]))

    def test_what_is_corrupt_is_left_to_the_reconciler_at_once(self):
        status, _, history = self.engine.run("corrupt")
        self.assertEqual((status, entered(history)), ("SUCCEEDED", ["Advance", "LeftToReconciler"]))
        self.assertEqual(self.failures(history), 1)

    def test_what_is_unavailable_is_asked_eight_times_more_and_then_left_to_the_reconciler(self):
        status, _, history = self.engine.run("unavailable")
        self.assertEqual((status, entered(history)), ("SUCCEEDED", ["Advance", "LeftToReconciler"]))
        self.assertEqual(self.failures(history), 9)

    def failures(self, history):
        return sum(event["type"] in ("LambdaFunctionFailed", "TaskFailed") for event in history)


class Definition(unittest.TestCase):
    machine = json.loads(definition("arn:aws:lambda:eu-central-1:111122223333:function:workflow"))

    def states(self, kind):
        return {name: state for name, state in self.machine["States"].items() if state["Type"] == kind}

    def test_each_task_is_repeated_with_full_jitter_within_bounds_and_fails_to_the_reconciler(self):
        for name, task in self.states("Task").items():
            with self.subTest(name):
                self.assertLessEqual(task["TimeoutSeconds"], 120)
                repeated = [retry for retry in task["Retry"] if retry["MaxAttempts"] > 0]
                self.assertEqual([retry["ErrorEquals"] for retry in repeated], [["States.ALL"]])
                for retry in repeated:
                    self.assertEqual(retry["JitterStrategy"], "FULL")
                    self.assertLessEqual(retry["MaxDelaySeconds"], 60)
                self.assertEqual(task["Catch"], [{"ErrorEquals": ["States.ALL"], "Next": "LeftToReconciler"}])

    def test_the_waits_are_those_that_advance_names_and_last_until_an_instant(self):
        waits = self.states("Wait")
        names = {"WaitForStart", "AwaitActivation", "HoldUntilExpiry", "AwaitRemoval"}
        self.assertEqual(set(waits), names)
        for wait in waits.values():
            self.assertEqual((wait["TimestampPath"], wait["Next"]), ("$.at", "Advance"))

    def test_there_is_one_question_and_it_branches_on_the_answer_alone(self):
        [question] = self.states("Choice").values()
        asked = set()
        for choice in question["Choices"]:
            for rule in choice.get("And", [choice]):
                asked.add((rule["Variable"], rule.get("StringEquals") or rule.get("NumericLessThanEquals")))
        names = {*self.states("Wait"), "Done"}
        self.assertEqual(asked, {*(("$.next", name) for name in names), ("$.rounds", 20)})
        self.assertEqual(question["Default"], "LeftToReconciler")


if __name__ == "__main__":
    unittest.main()
