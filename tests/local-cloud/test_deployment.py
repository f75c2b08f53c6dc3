"""The real template with the real programs in an emulated AWS: that it stands, who gets in, and what is denied.

test_deployment.py BINARIES PORTAL IDENTITY_CENTER SLACK [unittest's arguments]

BINARIES holds NAME/bootstrap for each function, PORTAL the built portal, and IDENTITY_CENTER and SLACK are the programs
of the simulated ones.
"""

import datetime
import json
import pathlib
import sys
import unittest

import binaries
from deployment import PROVIDER, STACK, Deployment, claims
from ministack import Ministack
from simulated import Simulated, Unexamined
from slack import Slack
from town import GROUPS, ORGANIZATION, USERS

BINARIES, PORTAL, IDENTITY_CENTER, SLACK = map(pathlib.Path, sys.argv[1:5])
ALICE = USERS["alice"]
FUNCTIONS = ["api", "slack", "workflow", "relay", "slack-relay", "reconciler", "directory-sync"]
# What the emulator answers for a function that has no code.
NO_CODE = "Mock response"
DENIED = ("AccessDenied", "AuthorizationError")


class Case(unittest.TestCase):
    """All share one deployment."""

    cloud = kari = center = slack = None


def setUpModule():
    Case.cloud = Ministack()
    unittest.addModuleCleanup(Case.cloud.stop)
    Case.center = Simulated(IDENTITY_CENTER, ORGANIZATION, Unexamined())
    unittest.addModuleCleanup(Case.center.stop)
    Case.slack = Slack(SLACK, Case.cloud, {"U0ALICE": "alice"})
    unittest.addModuleCleanup(Case.slack.stop)
    Case.kari = Deployment(
        Case.cloud, BINARIES, PORTAL, Case.center.ready, Administrators=GROUPS["administrators"], **Case.slack.parameters
    )


class Stack(Case):
    def test_it_stands_and_cannot_be_deleted_by_mistake(self):
        [stack] = self.cloud.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
        self.assertEqual(stack["StackStatus"], "CREATE_COMPLETE")
        self.assertIs(stack["EnableTerminationProtection"], True)

    def test_each_function_is_the_program_that_was_built(self):
        functions = self.cloud.client("lambda")
        for name in FUNCTIONS:
            size = functions.get_function_configuration(FunctionName=f"{STACK}-{name}")["CodeSize"]
            self.assertGreater(size, 0, name)
            answer, _ = self.kari.invoke(name, {"is it you": True})
            self.assertNotIn(NO_CODE, json.dumps(answer), name)

    def test_each_program_runs_on_the_linux_that_lambda_has(self):
        for name in FUNCTIONS:
            self.assertEqual(list(binaries.complaints(BINARIES / name / "bootstrap")), [])

    def test_deploying_again_changes_nothing(self):
        before = self.kari.outputs
        self.assertEqual(self.kari.deploy(BINARIES, PORTAL), before)

    def test_what_the_stack_was_told_is_not_dropped_by_a_file_that_does_not_say_it(self):
        told = self.kari.parameters
        self.addCleanup(setattr, self.kari, "parameters", told)
        self.kari.parameters = {name: value for name, value in told.items() if name != "SlackWorkspaces"}
        with self.assertRaisesRegex(RuntimeError, f"\nSlackWorkspaces={told['SlackWorkspaces']}\n"):
            self.kari.deploy(BINARIES, PORTAL)


class SignIn(Case):
    def test_health_is_told_to_everybody(self):
        self.assertEqual(self.kari.api("GET", "/healthz")[0], 200)

    def test_an_access_token_gets_in_and_nothing_else_does(self):
        tokens = self.kari.sign_in(ALICE)
        access, identity = tokens["access_token"], tokens["id_token"]
        forged = access[:-8] + ("AAAAAAAA" if access[-8:] != "AAAAAAAA" else "BBBBBBBB")
        for token, expected in [(None, 401), (identity, 403), (forged, 401), ("nonsense", 401)]:
            self.assertEqual(self.kari.api("GET", "/v1/me", token)[0], expected)
        status, me = self.kari.api("GET", "/v1/me", access)
        self.assertEqual((status, me["user"]["id"]), (200, ALICE), me)

    def test_a_session_goes_on_without_the_person(self):
        first = self.kari.sign_in(ALICE)
        second = self.kari.renew(first["refresh_token"])
        was, is_now = claims(first["access_token"]), claims(second["access_token"])
        for name in ["sub", "username", "scope", "client_id"]:
            self.assertEqual(is_now[name], was[name], name)
        self.assertEqual(self.kari.api("GET", "/v1/me", second["access_token"])[0], 200)

    def test_who_somebody_is_follows_from_the_subject_that_identity_center_said(self):
        said = claims(self.kari.sign_in(ALICE)["access_token"])
        self.assertEqual(said["username"], f"IdentityCenter_{ALICE}")
        self.assertEqual((said["token_use"], said["scope"]), ("access", "openid"))
        self.assertEqual(said["client_id"], self.kari.outputs["ClientId"])
        self.assertEqual(said["iss"], self.kari.outputs["Issuer"])

    def test_a_token_for_another_client_of_the_same_people_opens_nothing(self):
        cognito = self.cloud.client("cognito-idp")
        other = cognito.create_user_pool_client(
            UserPoolId=self.kari.outputs["UserPoolId"],
            ClientName="another portal",
            SupportedIdentityProviders=[PROVIDER],
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid"],
            CallbackURLs=[self.kari.callback()],
        )["UserPoolClient"]["ClientId"]
        token = self.kari.sign_in(ALICE, client_id=other)["access_token"]
        self.assertEqual(claims(token)["client_id"], other)
        self.assertIn(self.kari.api("GET", "/v1/me", token)[0], (401, 403))

    def test_whoever_identity_center_does_not_know_or_has_disabled_gets_nowhere(self):
        self.center.control("POST", "changes", {"change": "disable-user", "user": USERS["amy"]})
        for subject in ["bbbbbbbb-0000-4000-8000-000000000099", USERS["amy"], "amy", "ALICE@example.com"]:
            token = self.kari.sign_in(subject)["access_token"]
            status, told = self.kari.api("GET", "/v1/me", token)
            self.assertEqual(status, 403, f"{subject}: {told}")

    def test_a_subject_that_is_a_user_name_leads_to_that_user(self):
        status, me = self.kari.api("GET", "/v1/me", self.kari.sign_in("bob")["access_token"])
        self.assertEqual((status, me["user"]["id"]), (200, USERS["bob"]))

    def test_nobody_signs_in_with_a_password_not_even_one_that_is_right(self):
        cognito, pool = self.cloud.client("cognito-idp"), {"UserPoolId": self.kari.outputs["UserPoolId"]}
        name, password = "IdentityCenter_somebody", "Not-a-person-1"
        cognito.admin_create_user(**pool, Username=name, MessageAction="SUPPRESS")
        cognito.admin_set_user_password(**pool, Username=name, Password=password, Permanent=True)
        for flow in ("USER_PASSWORD_AUTH", "USER_SRP_AUTH"):
            parameters = {"USERNAME": name, "PASSWORD": password, "SRP_A": "1"}
            with self.assertRaises(cognito.exceptions.ClientError) as refused:
                cognito.initiate_auth(ClientId=self.kari.outputs["ClientId"], AuthFlow=flow, AuthParameters=parameters)
            # NB. A wrong password would be answered with NotAuthorizedException: it is the flow that is not there.
            error = refused.exception.response["Error"]
            self.assertEqual(error["Code"], "InvalidParameterException", flow)
            self.assertRegex(error["Message"], f"^{flow} .*not enabled for (the|this) client")

    def test_a_token_cannot_change_its_own_user(self):
        access = self.kari.sign_in(ALICE)["access_token"]
        cognito = self.cloud.client("cognito-idp")
        with self.assertRaises(cognito.exceptions.ClientError):
            cognito.update_user_attributes(AccessToken=access, UserAttributes=[{"Name": "locale", "Value": "ja"}])


class InSlack(Case):
    def test_a_command_that_slack_signed_opens_the_form_and_nothing_else_does(self):
        now = datetime.datetime.now(datetime.UTC)
        unsigned = self.slack.send(self.kari, now, "commands", secret="another", team_id="T0000000001", user_id="U0ALICE")
        self.assertEqual(unsigned[0], 401)
        stale = self.slack.command(self.kari, now - datetime.timedelta(minutes=6), "U0ALICE")
        self.assertEqual(stale[0], 401)
        self.assertEqual(self.slack.calls("views.open"), [])
        # NB. The function has its secret, its table and Identity Center by its own role only.
        self.kari.invoke("directory-sync", {})
        status, told = self.slack.command(self.kari, now, "U0ALICE")
        self.assertEqual(status, 200)
        self.assertIn("Slack is turned off in Kari", told)
        self.assertEqual(self.slack.calls("views.open"), [])
        self.turn_on()
        self.assertEqual(self.slack.command(self.kari, now, "U0ALICE"), (200, ""))
        [opened] = self.slack.calls("views.open")
        self.assertEqual((opened["answer"], opened["body"]["view"]["callback_id"]), ("ok", "request"))

    def turn_on(self):
        token = self.kari.sign_in(USERS["carol"])["access_token"]
        _, told = self.kari.api("GET", "/v1/settings", token)
        settings = told["settings"] | {"channels": {**told["settings"]["channels"], "slack": True}}
        version = {"If-Match": f'"{told["version"]}"'}
        status, answer = self.kari.api("PUT", "/v1/settings", token, settings, **version)
        self.assertEqual(status, 200, answer)

    def test_reviewers_are_reminded_by_the_schedule(self):
        answer, error = self.kari.invoke("slack-relay", {})
        self.assertEqual((answer, error), ({"batchItemFailures": []}, None))


class Portal(Case):
    def test_every_address_of_it_is_the_page_and_nothing_missing_is(self):
        index = (PORTAL / "index.html").read_bytes()
        for path in ["/", "/requests/0190-1", "/policies", "/callback?code=1"]:
            status, headers, body = self.kari.page(path)
            self.assertEqual((status, body, headers["Cache-Control"]), (200, index, "no-cache"), path)
        self.assertIn(self.kari.page("/assets/gone.js")[0], (403, 404))

    def test_what_is_named_by_its_content_may_be_kept_for_ever(self):
        asset = next((PORTAL / "assets").iterdir())
        _, headers, body = self.kari.page(f"/assets/{asset.name}")
        self.assertEqual(body, asset.read_bytes())
        self.assertIn("immutable", headers["Cache-Control"])

    def test_it_is_told_where_to_sign_in(self):
        config = json.loads(self.kari.page("/config.json")[2])
        self.assertEqual(config["authority"], self.kari.outputs["Issuer"])
        self.assertEqual(config["client_id"], self.kari.outputs["ClientId"])

    def test_signing_out_leads_back_to_it(self):
        out = json.loads(self.kari.page("/config.json")[2])["sign_out_url"]
        self.assertEqual(self.kari.sign_out(out), f"{self.kari.outputs['PortalUrl']}/signed-out")

    def test_browsers_are_told_to_be_strict(self):
        headers = self.kari.page("/")[1]
        self.assertIn("script-src 'self';", headers["Content-Security-Policy"])
        self.assertNotIn("unsafe", headers["Content-Security-Policy"])
        self.assertEqual((headers["X-Frame-Options"], headers["X-Content-Type-Options"]), ("DENY", "nosniff"))
        self.assertIn("max-age", headers["Strict-Transport-Security"])

    def test_its_bucket_is_for_nobody_else(self):
        # As somebody of another account.
        s3 = self.cloud.client("s3", aws_access_key_id="999988887777")
        with self.assertRaises(s3.exceptions.ClientError):
            s3.get_object(Bucket=self.kari.outputs["PortalBucketName"], Key="index.html")


class Rights(Case):
    """The rights of each role are in rights.txt; this shows that they are in force."""

    def calls(self):
        out, key = self.kari.outputs, {"pk": {"S": "rights"}, "sk": {"S": "rights"}}
        table = {"TableName": out["TableName"]}
        put = {"Put": {**table, "Item": key}}
        execution = out["StateMachineArn"].replace(":stateMachine:", ":execution:") + ":1"
        return {
            "read": ("dynamodb", "get_item", {**table, "Key": key}),
            "append": ("dynamodb", "transact_write_items", {"TransactItems": [put]}),
            "release": ("dynamodb", "transact_write_items", {"TransactItems": [{"Delete": {**table, "Key": key}}]}),
            "delete at once": ("dynamodb", "batch_write_item", {"RequestItems": {out["TableName"]: [{"DeleteRequest": {"Key": key}}]}}),
            "scan": ("dynamodb", "scan", table),
            "delete the table": ("dynamodb", "delete_table", table),
            "start": ("stepfunctions", "start_execution", {"stateMachineArn": out["StateMachineArn"], "input": "{}"}),
            "stop": ("stepfunctions", "stop_execution", {"executionArn": execution}),
            "tell": ("sns", "publish", {"TopicArn": out["NotificationTopicArn"], "Message": "hello"}),
            "alarm": ("sns", "publish", {"TopicArn": out["AlarmTopicArn"], "Message": "hello"}),
            "set aside": ("sqs", "send_message", {"QueueUrl": out["FailureQueueUrl"], "MessageBody": "hello"}),
            "advance": ("lambda", "invoke", {"FunctionName": f"{STACK}-workflow"}),
            "replace": ("lambda", "update_function_code", {"FunctionName": f"{STACK}-workflow", "ZipFile": "x"}),
            "command": ("lambda", "invoke", {"FunctionName": f"{STACK}-slack"}),
            "read slack's secret": ("secretsmanager", "get_secret_value", {"SecretId": self.kari.parameters["SlackSecretArn"]}),
            "list roles": ("iam", "list_roles", {}),
            "list people who sign in": ("cognito-idp", "list_users", {"UserPoolId": out["UserPoolId"]}),
            "read the portal": ("s3", "list_objects_v2", {"Bucket": out["PortalBucketName"]}),
        }

    def test_each_role_may_do_what_its_function_is_for_and_nothing_else(self):
        # NB. The emulator does not know to which keys of the table a right is confined; test_template.py does.
        records, calls = {"read", "append"}, self.calls()
        for role, may in [
            ("ApiRole", {*records, "release", "start"}),
            ("SlackRole", {*records, "release", "start", "command", "set aside", "read slack's secret"}),
            ("WorkflowRole", {*records, "release"}),
            ("RelayRole", {*records, "start", "tell", "set aside"}),
            ("SlackRelayRole", {*records, "release", "set aside", "read slack's secret"}),
            ("ReconcilerRole", {*records, "release", "delete at once", "start", "tell"}),
            ("DirectorySyncRole", {*records, "delete at once", "tell"}),
        ]:
            caller = self.kari.as_role(role)
            found = {name: caller.call(service, operation, **more) for name, (service, operation, more) in calls.items()}
            denied = {name for name, code in found.items() if code and code.startswith(DENIED)}
            self.assertEqual(set(calls) - denied, may, f"{role}: {found}")
            self.assertEqual({found[name] for name in may}, {None}, role)

    def test_whoever_may_publish_to_every_topic_does_not_speak_for_kari(self):
        detail = {"StackName": STACK, "LogicalResourceId": "ScheduleRole"}
        found = self.cloud.client("cloudformation").describe_stack_resource(**detail)["StackResourceDetail"]
        given = {"RoleName": found["PhysicalResourceId"], "PolicyName": "every-topic"}
        every_topic = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sns:Publish", "Resource": "*"}]}
        iam = self.cloud.client("iam")
        iam.put_role_policy(**given, PolicyDocument=json.dumps(every_topic))
        self.addCleanup(iam.delete_role_policy, **given)
        caller, calls = self.kari.as_role("ScheduleRole"), self.calls()
        tell, alarm = (caller.call(service, operation, **more) for service, operation, more in (calls["tell"], calls["alarm"]))
        self.assertTrue(tell and tell.startswith(DENIED), tell)
        self.assertIsNone(alarm, "the right itself is in force")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[5:]])
