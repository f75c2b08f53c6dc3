"""What infra/*.yaml promise, read from them: much of it no emulator would notice.

When rights change on purpose: UPDATE=1 make test-infra, and review rights.txt.
"""

import fnmatch
import json
import os
import pathlib
import re
import sys
import unittest

import yaml

from template import INFRA, ROOT, Template, as_list, statements, table, told

sys.path.insert(0, str(INFRA))
from deploy import portal_config

RIGHTS = pathlib.Path(__file__).with_name("rights.txt")
FUNCTIONS = {"Api", "Slack", "Workflow", "Relay", "SlackRelay", "Reconciler", "DirectorySync"}
CHANGING = {"sso:CreateAccountAssignment", "sso:DeleteAccountAssignment"}
WRITES = {
    "dynamodb:ConditionCheckItem": "Check",
    "dynamodb:PutItem": "Put",
    "dynamodb:UpdateItem": "Update",
    "dynamodb:DeleteItem": "Delete",
    "dynamodb:BatchWriteItem": "Batch",
}
# Actions that know no resource, or only read who is where in an organization.
WITHOUT_RESOURCE = re.compile(r"organizations:(Describe|List).*|dynamodb:ListStreams|logs:.*(Delivery|Deliveries|Polic.*|Groups)")

kari = Template("template.yaml")
management = Template("management-role.yaml")


def properties(name):
    return kari.resources[name]["Properties"]


class Rights(unittest.TestCase):
    maxDiff = None

    def test_who_may_do_what_is_as_committed(self):
        found = []
        for template in (kari, management):
            for role in template.of("AWS::IAM::Role"):
                rights = [right for right in template.rights() if right.role == role]
                found += [f"{template.name} {role}", *table(rights), ""]
        found = "\n".join(found)
        if os.environ.get("UPDATE"):
            RIGHTS.write_text(found)
        self.assertEqual(found, RIGHTS.read_text(), "if this is meant: UPDATE=1")

    def test_only_workflow_and_reconciler_may_touch_assignments(self):
        may = {
            right.role
            for right in kari.rights()
            for action in CHANGING
            if right.effect == "Allow" and fnmatch.fnmatchcase(action.lower(), right.action.lower())
        }
        self.assertEqual(may, {"WorkflowRole", "ReconcilerRole"})

    def test_whoever_may_touch_assignments_is_denied_it_in_karis_own_account_and_on_protected_permission_sets(self):
        own = ["arn:${AWS::Partition}:sso:::account/${AWS::AccountId}"]
        for role in ("WorkflowRole", "ReconcilerRole"):
            denied = [right for right in kari.rights() if right.role == role and right.effect == "Deny"]
            rules = {(right.action, *right.resources, right.condition) for right in denied}
            for action in CHANGING:
                self.assertIn((action, *own, None), rules)
                self.assertIn((action, "${ProtectedPermissionSets}", "HasProtected"), rules)

    def test_each_function_has_a_role_of_its_own_that_only_lambda_takes_on(self):
        for name in FUNCTIONS:
            self.assertEqual(properties(f"{name}Function")["Role"], {"Fn::GetAtt": f"{name}Role.Arn"})
            [rule] = properties(f"{name}Role")["AssumeRolePolicyDocument"]["Statement"]
            self.assertEqual(rule["Principal"], {"Service": "lambda.amazonaws.com"})
        self.assertEqual({f"{name}Function" for name in FUNCTIONS}, set(kari.of("AWS::Serverless::Function")))

    def test_every_right_on_identity_center_and_the_organization_is_used_by_an_adapter(self):
        sources = (ROOT / "shared/aws/src" / folder for folder in ("directory", "identity_center"))
        text = "".join(file.read_text() for folder in sources for file in sorted(folder.rglob("*.rs")))
        called = {name.replace("_", "") for name in re.findall(r"\.([a-z_]+)\(\)", text)}
        for template in (kari, management):
            for right in template.rights():
                service, action = right.action.split(":")
                if service in ("identitystore", "organizations", "sso"):
                    self.assertIn(action.lower(), called, f"{right.role} has no use for {right.action}")

    def test_only_the_reconciler_looks_through_accounts_and_asks_what_somebody_holds(self):
        for action in ("sso:ListAccountAssignmentsForPrincipal", "sso:ListPermissionSetsProvisionedToAccount"):
            self.assertEqual({right.role for right in kari.rights() if right.action == action}, {"ReconcilerRole"})

    def test_no_right_is_given_by_wildcard(self):
        for template in (kari, management):
            for right in template.rights():
                self.assertNotIn("*", right.action)
                if right.effect == "Allow" and "*" in right.resources:
                    self.assertTrue(WITHOUT_RESOURCE.fullmatch(right.action), f"{right.role} {right.action}")

    def test_no_role_may_do_more_to_the_table_than_to_its_items_or_to_functions_than_call_them(self):
        items = {"BatchGetItem", "BatchWriteItem", "ConditionCheckItem", "DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem"}
        stream = {"DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"}
        may = {"dynamodb": items | stream, "lambda": {"InvokeFunction"}, "iam": set(), "s3": set()}
        for right in kari.rights():
            service, action = right.action.split(":")
            self.assertIn(action, may.get(service, {action}), right.role)

    def test_who_neither_decides_nor_removes_writes_nothing_that_access_rests_on(self):
        everything, claims = None, ["claim#*"]
        writes = {
            "ApiRole": {"Check": everything, "Put": everything, "Update": everything, "Delete": [*claims, "policies"]},
        }
        writes["WorkflowRole"] = {**writes["ApiRole"], "Delete": claims}
        # What is left of the copies before: the copy is written by somebody who might write the policies themselves.
        writes["ReconcilerRole"] = {**writes["WorkflowRole"], "Batch": ["document#policies"]}
        # Whoever tells people remembers whom, and records what takes nothing.
        takes_nothing, told_before = ["channels/email", "channels/sns", "claim#undeliverable/*"], ["notes#*"]
        writes["RelayRole"] = {"Check": takes_nothing, "Put": [*takes_nothing, *told_before], "Update": takes_nothing}
        # What lists permission sets takes its turn in the queue of calls to Identity Center.
        kept, queue = [*claims, "document#directory", "findings"], ["limiter"]
        writes["DirectorySyncRole"] = {
            "Batch": kept,
            "Check": [*kept, *takes_nothing],
            "Put": [*kept, *takes_nothing, *told_before],
            "Update": [*kept, *takes_nothing, *queue],
        }
        # What approves in Slack decides, and keeps up the card that was pressed; what posts there remembers what it posted,
        # and records what takes nothing.
        writes["SlackRole"] = {**writes["WorkflowRole"], "Delete": [*claims, *told_before]}
        undeliverable = ["channels/slack", "claim#undeliverable/*"]
        writes["SlackRelayRole"] = {
            "Check": undeliverable, "Put": [*undeliverable, "notes#*"], "Update": undeliverable, "Delete": ["notes#*"]
        }
        found = {}
        for right in kari.rights():
            write = WRITES.get(right.action)
            if write and right.effect == "Allow":
                self.assertEqual(right.resources, ["${Table.Arn}"], right.role)
                values = everything
                if right.where:
                    [(how, key, values)] = right.where
                    self.assertEqual((how, key), ("ForAllValues:StringLike", "dynamodb:LeadingKeys"), right.role)
                # Whoever may write everything may do so whatever else is said.
                before = found.get(right.role, {}).get(write, [])
                values = everything if everything in (before, values) else sorted(before + values)
                found.setdefault(right.role, {})[write] = values
        writes = {role: {write: keys and sorted(keys) for write, keys in of.items()} for role, of in writes.items()}
        self.assertEqual(found, writes)

    def test_who_may_write_anything_else_is_denied_what_others_keep(self):
        # The copies of the directory and of the policies, and the queue of calls to Identity Center. NB. Not the policies:
        # whoever decides checks in the same transaction that they are as it read them, and AWS does not say whether a denial
        # looks at that, too.
        copies, queue = "document#*", "limiter"
        expected = {"ApiRole": [copies, queue], "SlackRole": [copies, queue], "WorkflowRole": [copies]}
        expected["ReconcilerRole"] = ["document#directory"]
        found = {}
        for right in kari.rights():
            if right.effect == "Deny" and right.action in WRITES:
                self.assertEqual(right.resources, ["${Table.Arn}"], right.role)
                # NB. Any: a denial must not be lifted by what else is written along with it.
                [(how, key, values)] = right.where
                self.assertEqual((how, key), ("ForAnyValue:StringLike", "dynamodb:LeadingKeys"), right.role)
                found.setdefault(right.role, {})[WRITES[right.action]] = values
        self.assertEqual(found, {role: dict.fromkeys(["Put", "Update", "Delete"], keys) for role, keys in expected.items()})

    def test_the_role_in_the_management_account_is_for_those_two_and_its_own_account_only(self):
        [rule] = properties_of(management, "ManagementRole")["AssumeRolePolicyDocument"]["Statement"]
        self.assertEqual(told(rule["Principal"]["AWS"]), "${WorkflowRoleArn} ${ReconcilerRoleArn}")
        for right in management.rights():
            if right.action in CHANGING and right.effect == "Allow":
                accounts = [resource for resource in right.resources if ":account/" in resource]
                self.assertEqual(accounts, ["arn:${AWS::Partition}:sso:::account/${AWS::AccountId}"])
        taken_on = [right for right in kari.rights() if right.action == "sts:AssumeRole"]
        self.assertEqual({right.role for right in taken_on}, {"WorkflowRole", "ReconcilerRole"})
        self.assertEqual({right.condition for right in taken_on}, {"HasManagementRole"})

    def test_whoever_calls_identity_center_may_decrypt_with_its_key_where_it_has_one_of_its_own(self):
        for template in (kari, management):
            rights = list(template.rights())
            calls = {right.role for right in rights if right.action.startswith(("sso:", "identitystore:"))}
            decrypts = [right for right in rights if right.action.startswith("kms:")]
            self.assertEqual({right.role for right in decrypts}, calls, template.name)
            for right in decrypts:
                found = (right.effect, right.action, right.resources, right.condition)
                self.assertEqual(found, ("Allow", "kms:Decrypt", ["${IdentityCenterKeyArn}"], "HasKey"))
            parameter = template.body["Parameters"]["IdentityCenterKeyArn"]
            self.assertEqual(parameter["AllowedPattern"], kari.body["Parameters"]["IdentityCenterKeyArn"]["AllowedPattern"])
            self.assertEqual(parameter["Default"], "")

    def test_e_mail_is_sent_by_those_who_tell_people_from_the_one_address_and_only_where_it_is_set_up(self):
        sends = [right for right in kari.rights() if right.action.startswith("ses:")]
        tellers = {right.role for right in kari.rights() if right.action == "sns:Publish"}
        self.assertEqual({right.role for right in sends}, tellers)
        own = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}"
        for right in sends:
            self.assertEqual((right.effect, right.action, right.condition), ("Allow", "ses:SendEmail", "HasMail"))
            self.assertEqual(right.resources, [f"{own}:configuration-set/*", f"{own}:identity/*"])
            self.assertEqual(right.where, [("StringEquals", "ses:FromAddress", [{"Ref": "MailFrom"}])])
        self.assertEqual(kari.body["Parameters"]["MailFrom"]["Default"], "")

    def test_only_functions_that_tell_people_publish_what_people_are_told_and_only_alarms_alarms(self):
        [(_, tell), (_, deny)] = statements(properties("NotificationTopicPolicy")["PolicyDocument"])
        tellers = {right.role for right in kari.rights() if right.action == "sns:Publish"}
        allowed = {told(role) for role in tell["Principal"]["AWS"]}
        self.assertEqual((tell["Effect"], allowed), ("Allow", {f"${{{role}.Arn}}" for role in tellers}))
        # An account's own rights would be enough without it.
        refused = (deny["Effect"], deny["Principal"], deny["Action"], deny["Resource"])
        self.assertEqual(refused, ("Deny", "*", "sns:Publish", {"Ref": "NotificationTopic"}))
        [(how, keys)] = deny["Condition"].items()
        [(key, spared)] = keys.items()
        sessions = {f"arn:${{AWS::Partition}}:sts::${{AWS::AccountId}}:assumed-role/${{{role}}}/*" for role in tellers}
        self.assertEqual((how, key, {told(one) for one in spared}), ("ArnNotEquals", "aws:PrincipalArn", allowed | sessions))
        [(_, alarm)] = statements(properties("AlarmTopicPolicy")["PolicyDocument"])
        self.assertEqual((alarm["Effect"], alarm["Principal"]), ("Allow", {"Service": "cloudwatch.amazonaws.com"}))

    def test_the_services_that_take_on_roles_do_so_for_this_account_only(self):
        for name in ("ScheduleRole", "AccessStateMachineRole"):
            [rule] = properties(name)["AssumeRolePolicyDocument"]["Statement"]
            self.assertEqual(rule["Condition"], {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}})


def properties_of(template, name):
    return template.resources[name]["Properties"]


class Text(unittest.TestCase):
    def test_no_template_has_anchors_which_cloudformation_does_not_read(self):
        for file in INFRA.glob("*.yaml"):
            tokens = yaml.scan(file.read_text())
            self.assertFalse([token for token in tokens if isinstance(token, (yaml.AnchorToken, yaml.AliasToken))])

    def test_no_arn_names_a_partition(self):
        for file in INFRA.glob("*.yaml"):
            self.assertNotIn("arn:aws", file.read_text(), file.name)
        self.assertNotIn("arn:aws", (INFRA / "access.asl.json").read_text())

    def test_no_address_names_a_partitions_suffix_but_that_of_cognito_which_has_one(self):
        found = re.findall(r"\S*amazonaws\.com\S*", kari.text)
        services = {f"{name}.amazonaws.com" for name in ("lambda", "states", "scheduler", "apigateway", "cloudfront", "cloudwatch")}
        self.assertLessEqual({text.strip('}"') for text in found}, services)


class Records(unittest.TestCase):
    def test_the_table_outlives_the_stack_and_can_be_brought_back_to_any_second(self):
        table = kari.resources["Table"]
        self.assertEqual((table["DeletionPolicy"], table["UpdateReplacePolicy"]), ("Retain", "Retain"))
        recovery = {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 35}
        self.assertIs(table["Properties"]["DeletionProtectionEnabled"], True)
        self.assertEqual(table["Properties"]["PointInTimeRecoverySpecification"], recovery)
        self.assertEqual(table["Properties"]["StreamSpecification"], {"StreamViewType": "NEW_IMAGE"})
        ttl = {"AttributeName": "expires", "Enabled": True}
        self.assertEqual(table["Properties"]["TimeToLiveSpecification"], ttl)

    def test_every_attribute_is_a_key_of_the_table_or_of_an_index(self):
        table = properties("Table")
        schemas = [table["KeySchema"], *(index["KeySchema"] for index in table["GlobalSecondaryIndexes"])]
        used = {key["AttributeName"] for schema in schemas for key in schema}
        self.assertEqual({one["AttributeName"] for one in table["AttributeDefinitions"]}, used)

    def test_the_relays_get_new_events_and_nothing_else(self):
        [filter] = properties("RelayStream")["FilterCriteria"]["Filters"]
        self.assertEqual(properties("SlackRelayStream")["FilterCriteria"]["Filters"], [filter])
        pattern = json.loads(filter["Pattern"])
        for name, sk, expected in [
            ("INSERT", "event#request/1#0000000001", True),
            ("INSERT", "state#request/1", False),
            ("MODIFY", "event#request/1#0000000001", False),
            ("REMOVE", "event#request/1#0000000001", False),
            ("REMOVE", "claim", False),
        ]:
            record = {"eventName": name, "dynamodb": {"Keys": {"pk": {"S": "request/1"}, "sk": {"S": sk}}}}
            self.assertEqual(passes(pattern, record), expected, (name, sk))

    def test_a_record_that_cannot_be_relayed_is_tried_for_hours_not_for_ever_and_then_set_aside(self):
        stream = properties("RelayStream")
        self.assertEqual(stream["FunctionResponseTypes"], ["ReportBatchItemFailures"])
        self.assertEqual(stream["StartingPosition"], "TRIM_HORIZON")
        self.assertIs(stream["BisectBatchOnFunctionError"], True)
        self.assertEqual(stream["MaximumRetryAttempts"], -1)
        # NB. The stream itself forgets after a day.
        self.assertEqual(stream["MaximumRecordAgeInSeconds"], 6 * 3600)
        self.assertEqual(stream["DestinationConfig"]["OnFailure"]["Destination"], {"Fn::GetAtt": "FailureQueue.Arn"})
        self.assertEqual(properties("FailureQueue")["MessageRetentionPeriod"], 14 * 24 * 3600)

    def test_slack_reads_the_stream_for_itself_and_is_tried_for_hours(self):
        stream = properties("SlackRelayStream")
        self.assertNotEqual(stream["FunctionName"], properties("RelayStream")["FunctionName"])
        self.assertEqual(stream["FunctionResponseTypes"], ["ReportBatchItemFailures"])
        self.assertEqual(stream["MaximumRetryAttempts"], -1)
        self.assertEqual(stream["MaximumRecordAgeInSeconds"], 6 * 3600)
        self.assertEqual(stream["DestinationConfig"]["OnFailure"]["Destination"], {"Fn::GetAtt": "FailureQueue.Arn"})


def passes(pattern, record):
    """Whether a record passes an event filter; of its language only what is used here."""
    if isinstance(pattern, list):
        return any(record == rule if isinstance(rule, str) else record.startswith(rule["prefix"]) for rule in pattern)
    return all(name in record and passes(inner, record[name]) for name, inner in pattern.items())


class Functions(unittest.TestCase):
    common = kari.body["Globals"]["Function"]
    variables = common["Environment"]["Variables"]

    def test_they_are_programs_of_their_own_for_either_architecture(self):
        self.assertEqual((self.common["Runtime"], self.common["Handler"]), ("provided.al2023", "bootstrap"))
        self.assertEqual(self.common["Architectures"], [{"Ref": "Architecture"}])
        self.assertEqual(kari.body["Parameters"]["Architecture"]["AllowedValues"], ["x86_64", "arm64"])

    def test_what_they_are_told_is_this_and_nothing_secret(self):
        names = {
            *("KARI_TABLE", "KARI_INSTANCE_ARN", "KARI_IDENTITY_STORE_ID", "KARI_REGION_OF_IDENTITY_CENTER"),
            *("KARI_ACCOUNT", "KARI_MANAGEMENT", "KARI_IDENTITY_CENTER_KEY", "KARI_STATE_MACHINE_ARN", "KARI_TOPIC_ARN"),
            *("KARI_ADMINISTRATORS", "KARI_AUDITORS", "KARI_ISSUER", "KARI_AUDIENCE"),
            *("KARI_PORTAL_URL", "KARI_ACCESS_PORTAL_URL"),
            *("KARI_MAIL_FROM", "KARI_SLACK_SECRET", "KARI_SLACK_WORKSPACES", "KARI_SLACK_API_URL"),
            *("AWS_ENDPOINT_URL_SSO_ADMIN", "AWS_ENDPOINT_URL_IDENTITYSTORE", "AWS_ENDPOINT_URL_ORGANIZATIONS"),
        }
        self.assertEqual(set(self.variables), names)
        for function in kari.of("AWS::Serverless::Function").values():
            self.assertNotIn("Environment", function)
        for parameter in kari.body["Parameters"].values():
            self.assertNotIn("NoEcho", parameter, "a secret belongs into Secrets Manager")
        self.assertNotRegex(kari.text, r"(?i)\{\{resolve:")

    def test_slacks_secret_is_read_by_those_who_talk_to_slack_and_by_nobody_else(self):
        reads = [right for right in kari.rights() if right.action.startswith("secretsmanager:")]
        self.assertEqual({right.role for right in reads}, {"SlackRole", "SlackRelayRole"})
        for right in reads:
            self.assertEqual((right.action, right.resources), ("secretsmanager:GetSecretValue", ["${SlackSecretArn}"]))

    def test_other_endpoints_than_those_of_aws_are_said_only_where_a_parameter_names_one(self):
        for name, parameter in [
            ("AWS_ENDPOINT_URL_SSO_ADMIN", "SsoAdminEndpoint"),
            ("AWS_ENDPOINT_URL_IDENTITYSTORE", "IdentityStoreEndpoint"),
            ("AWS_ENDPOINT_URL_ORGANIZATIONS", "OrganizationsEndpoint"),
        ]:
            self.assertEqual(kari.body["Parameters"][parameter]["Default"], "")
            condition = f"Has{parameter}"
            expected = [condition, {"Ref": parameter}, {"Ref": "AWS::NoValue"}]
            self.assertEqual(self.variables[name], {"Fn::If": expected})
            not_empty = {"Fn::Not": [{"Fn::Equals": [{"Ref": parameter}, ""]}]}
            self.assertEqual(kari.body["Conditions"][condition], not_empty)

    def test_who_waits_for_a_function_is_more_patient_than_it_is(self):
        machine = json.loads((INFRA / "access.asl.json").read_text())
        task = machine["States"]["Advance"]["TimeoutSeconds"]
        self.assertLess(properties("WorkflowFunction")["Timeout"], task)
        self.assertLess(properties("ApiFunction")["Timeout"] * 1000, properties("HttpApiIntegration")["TimeoutInMillis"])

    def test_what_slack_commands_is_done_by_an_invocation_of_the_function_itself_and_not_late(self):
        itself = [right for right in kari.rights() if right.role == "SlackRole" and right.action == "lambda:InvokeFunction"]
        [right] = itself
        name = told(properties("SlackFunction")["FunctionName"])
        self.assertEqual(right.resources, [f"arn:${{AWS::Partition}}:lambda:${{AWS::Region}}:${{AWS::AccountId}}:function:{name}"])
        repeated = properties("SlackFunction")["EventInvokeConfig"]
        self.assertEqual((repeated["MaximumRetryAttempts"], repeated["MaximumEventAgeInSeconds"]), (2, 300))
        signature = (ROOT / "shared/slack/src/signature.rs").read_text()
        self.assertIn("GOOD_FOR: TimeDelta = TimeDelta::minutes(5)", signature, "the worker itself goes by the signature")

    def test_what_slack_commanded_and_was_never_done_is_set_aside_where_an_alarm_sounds(self):
        queue = {"Fn::GetAtt": "FailureQueue.Arn"}
        given_up = properties("SlackFunction")["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]
        self.assertEqual(given_up, {"Type": "SQS", "Destination": queue})
        sends = [right for right in kari.rights() if right.action == "sqs:SendMessage"]
        self.assertEqual({right.role for right in sends}, {"SlackRole", "RelayRole", "SlackRelayRole"})
        for right in sends:
            self.assertEqual(right.resources, ["${FailureQueue.Arn}"])

    def test_slack_is_there_only_where_it_is_set_up_and_then_with_its_workspaces(self):
        for name, resource in kari.resources.items():
            if name.startswith("Slack"):
                self.assertEqual(resource["Condition"], "HasSlack", name)
        rule = kari.body["Rules"]["SlackNeedsWorkspaces"]
        self.assertEqual(rule["RuleCondition"], {"Fn::Not": [{"Fn::Equals": [{"Ref": "SlackSecretArn"}, ""]}]})
        [assertion] = rule["Assertions"]
        self.assertEqual(assertion["Assert"], {"Fn::Not": [{"Fn::Equals": [{"Ref": "SlackWorkspaces"}, ""]}]})

    def test_their_logs_are_kept_for_a_time(self):
        groups = kari.of("AWS::Logs::LogGroup")
        for group in groups.values():
            self.assertEqual(group["RetentionInDays"], {"Ref": "LogRetentionDays"})
        for name in FUNCTIONS:
            self.assertEqual(properties(f"{name}Function")["LoggingConfig"], {"LogGroup": {"Ref": f"{name}Logs"}})
            self.assertIn(f"{name}Logs", groups)

    def test_what_is_overdue_is_looked_for_each_minute_and_the_directory_copied_every_ten_minutes(self):
        schedules = {
            name: (found["ScheduleExpression"], found["Target"]["Arn"]["Fn::GetAtt"], json.loads(found["Target"]["Input"]))
            for name, found in kari.of("AWS::Scheduler::Schedule").items()
        }
        reconciler, sync = "ReconcilerFunction.Arn", "DirectorySyncFunction.Arn"
        expected = {
            "OverdueSchedule": ("rate(1 minute)", reconciler, {"task": "overdue"}),
            "RemindSchedule": ("rate(1 minute)", "SlackRelayFunction.Arn", {}),
            "VerifySchedule": ("rate(1 hour)", reconciler, {"task": "verify"}),
            "SearchSchedule": ("rate(15 minutes)", reconciler, {"task": "search"}),
            "DirectorySyncSchedule": ("rate(10 minutes)", sync, {}),
        }
        self.assertEqual(schedules, expected)

    def test_what_is_compared_and_searched_has_time_enough_and_less_than_its_function(self):
        source = (ROOT / "functions/reconciler/src/lib.rs").read_text()
        paced = (ROOT / "shared/application/src/reconcile/paced.rs").read_text()
        number = lambda text, name: int(re.search(rf"const {name}: .*?(\d+)\)?;", text)[1])
        compare, search, searches = (number(source, name) for name in ("VERIFY_FOR", "SEARCH_FOR", "SEARCHES"))
        check_until = number(source, "CHECK_UNTIL")
        a_second, timeout = 1000 // number(paced, "COMPARING"), properties("ReconcilerFunction")["Timeout"]
        # One after the other: two at once would be twice as fast as Identity Center is to be asked.
        self.assertEqual((searches, timeout), (24 * 60 // 15, 15 * 60))
        # A call for each permission set, of which an account has 500 at most, and one to ask for them.
        self.assertLess(max(compare, search) + 501 // a_second, timeout)
        # Behind the comparison, and with time enough for the page that is begun last.
        self.assertEqual((check_until - compare, timeout - check_until), (60, 90))
        self.assertGreaterEqual(searches * search * a_second // (50 + 1), 7000)
        self.assertIn("7,000 accounts with 50 permission sets each in a day", Guide.page)
        self.assertIn(f"{compare * a_second:,} grants", Guide.page)


def sounds(alarm):
    """When an alarm sounds: statistic, seconds, how many of how many, the comparison, and what silence means."""
    evaluated = alarm["EvaluationPeriods"]
    return (
        *(alarm["Statistic"], alarm["Period"], alarm.get("DatapointsToAlarm", evaluated), evaluated),
        *(alarm["ComparisonOperator"], alarm["Threshold"], alarm["TreatMissingData"]),
    )


class Alarms(unittest.TestCase):
    alarms = kari.of("AWS::CloudWatch::Alarm")
    measured = json.loads((INFRA / "metrics.json").read_text())
    # When those of Kari's own metrics sound.
    expected = {
        "OverdueRemovals": ("Maximum", 60, 1, 1, "GreaterThanThreshold", 0, "ignore"),
        "BlockedRemovals": ("Maximum", 60, 1, 1, "GreaterThanThreshold", 0, "ignore"),
        "OldestDueSeconds": ("Maximum", 60, 2, 3, "GreaterThanThreshold", 300, "ignore"),
        "DirectoryAgeSeconds": ("Maximum", 300, 1, 1, "GreaterThanThreshold", 2100, "ignore"),
        "Compared": ("Sum", 3600, 3, 3, "LessThanThreshold", 1, "breaching"),
        "Searched": ("Sum", 3600, 2, 2, "LessThanThreshold", 1, "breaching"),
        "Drift": ("Sum", 900, 1, 1, "GreaterThanThreshold", 0, "notBreaching"),
        "DeadLetters": ("Sum", 300, 1, 1, "GreaterThanThreshold", 0, "notBreaching"),
        "Undeliverable": ("Sum", 300, 1, 1, "GreaterThanThreshold", 0, "notBreaching"),
        "Reconciled": ("Sum", 60, 5, 5, "LessThanThreshold", 1, "breaching"),
    }
    # Of what AWS measures, by the alarm's name: namespace, metric and dimensions, and when it sounds.
    twice_of_three = ("Sum", 300, 2, 3, "GreaterThanOrEqualToThreshold", 3, "notBreaching")
    any_within_minutes = ("Sum", 300, 1, 1, "GreaterThanThreshold", 0, "notBreaching")
    five_minutes_behind = ("Maximum", 60, 3, 3, "GreaterThanThreshold", 300_000, "notBreaching")
    expected_of_aws = {
        # To Lambda an answer that says 503 is a success.
        "ApiErrorsAlarm": ("AWS/ApiGateway", "5xx", {"ApiId": "${HttpApi}"}, *twice_of_three),
        "SlackErrorsAlarm": ("AWS/Lambda", "Errors", {"FunctionName": "${SlackFunction}"}, *twice_of_three),
        "WorkflowErrorsAlarm": ("AWS/Lambda", "Errors", {"FunctionName": "${WorkflowFunction}"}, *twice_of_three),
        "RelayErrorsAlarm": ("AWS/Lambda", "Errors", {"FunctionName": "${RelayFunction}"}, *twice_of_three),
        "SlackRelayErrorsAlarm": ("AWS/Lambda", "Errors", {"FunctionName": "${SlackRelayFunction}"}, *twice_of_three),
        "ReconcilerErrorsAlarm": ("AWS/Lambda", "Errors", {"FunctionName": "${ReconcilerFunction}"}, *twice_of_three),
        "DirectorySyncErrorsAlarm": (
            *("AWS/Lambda", "Errors", {"FunctionName": "${DirectorySyncFunction}"}),
            *("Sum", 1800, 1, 1, "GreaterThanOrEqualToThreshold", 3, "notBreaching"),
        ),
        "RelayBehindAlarm": ("AWS/Lambda", "IteratorAge", {"FunctionName": "${RelayFunction}"}, *five_minutes_behind),
        "SlackRelayBehindAlarm": (
            "AWS/Lambda", "IteratorAge", {"FunctionName": "${SlackRelayFunction}"}, *five_minutes_behind
        ),
        "RelayFailureAlarm": (
            *("AWS/SQS", "ApproximateNumberOfMessagesVisible", {"QueueName": "${FailureQueue.QueueName}"}),
            *("Maximum", 300, 1, 1, "GreaterThanThreshold", 0, "notBreaching"),
        ),
        "WorkflowFailedAlarm": (
            "AWS/States", "ExecutionsFailed", {"StateMachineArn": "${AccessStateMachine}"}, *any_within_minutes
        ),
    }

    def own(self):
        return [alarm for alarm in self.alarms.values() if alarm["Namespace"] == self.measured["namespace"]]

    def test_each_metric_has_an_alarm_and_each_alarm_of_ours_a_metric(self):
        names = [metric["name"] for metric in self.measured["metrics"]]
        self.assertEqual(sorted(names), sorted(alarm["MetricName"] for alarm in self.own()))
        self.assertEqual(sorted(names), sorted(self.expected))

    def test_alarms_sound_when_and_only_when_it_is_time(self):
        for alarm in self.own():
            self.assertEqual(sounds(alarm), self.expected[alarm["MetricName"]], alarm["MetricName"])

    def test_their_dimensions_are_those_that_are_emitted(self):
        self.assertEqual(self.measured["dimension_values"], {"Table": "the value of KARI_TABLE"})
        self.assertEqual(Functions.variables["KARI_TABLE"], {"Ref": "Table"})
        for alarm in self.own():
            self.assertEqual([one["Name"] for one in alarm["Dimensions"]], self.measured["dimensions"])
            self.assertEqual([one["Value"] for one in alarm["Dimensions"]], [{"Ref": "Table"}])

    def test_alarms_of_what_aws_measures_are_these_and_there_is_no_other_alarm(self):
        of_aws = {name: one for name, one in self.alarms.items() if one["Namespace"] != self.measured["namespace"]}
        self.assertEqual(set(of_aws), set(self.expected_of_aws), "whatever is not of Kari's namespace is of AWS")
        for name, alarm in of_aws.items():
            dimensions = {one["Name"]: told(one["Value"]) for one in alarm["Dimensions"]}
            found = (alarm["Namespace"], alarm["MetricName"], dimensions, *sounds(alarm))
            self.assertEqual(found, self.expected_of_aws[name], name)

    def test_each_function_that_keeps_failing_sounds_one(self):
        self.assertLessEqual({f"{name}ErrorsAlarm" for name in FUNCTIONS}, set(self.expected_of_aws))

    def test_every_alarm_is_told_to_the_operators(self):
        for name, alarm in self.alarms.items():
            self.assertEqual(alarm["AlarmActions"], [{"Ref": "AlarmTopic"}], name)
            self.assertTrue(alarm["AlarmDescription"])
            self.assertIn(alarm["TreatMissingData"], ("ignore", "notBreaching", "breaching"))
        self.assertNotIn("KmsMasterKeyId", kari.resources["AlarmTopic"].get("Properties", {}))

    def test_the_dashboard_shows_each_metric(self):
        body = properties("Dashboard")["DashboardBody"]["Fn::Sub"]
        shown = [one for widget in json.loads(body)["widgets"] for one in widget["properties"]["metrics"]]
        own = {tuple(one[1:4]) for one in shown if one[0] == self.measured["namespace"]}
        self.assertEqual(own, {(metric["name"], "Table", "${Table}") for metric in self.measured["metrics"]})

    def test_the_dashboard_shows_each_function_whether_or_not_slack_is_there(self):
        body = properties("Dashboard")["DashboardBody"]["Fn::Sub"]
        shown = [tuple(one[:4]) for widget in json.loads(body)["widgets"] for one in widget["properties"]["metrics"]]
        # NB. What is there only under a condition cannot be referred to where it does not hold.
        name = lambda function: told(properties(f"{function}Function")["FunctionName"]) if function.startswith("Slack") else f"${{{function}Function}}"
        for metric, functions in [
            ("Errors", FUNCTIONS),
            ("Duration", {"Api", "Slack", "Workflow"}),
            ("IteratorAge", {"Relay", "SlackRelay"}),
        ]:
            of = {one[3] for one in shown if one[:2] == ("AWS/Lambda", metric)}
            self.assertEqual(of, {name(function) for function in functions}, metric)


class SignIn(unittest.TestCase):
    client = properties("UserPoolClient")

    def test_nobody_signs_up_or_in_by_themselves(self):
        pool = properties("UserPool")
        self.assertEqual(pool["AdminCreateUserConfig"], {"AllowAdminCreateUserOnly": True})
        self.assertEqual(pool["AccountRecoverySetting"], {"RecoveryMechanisms": [{"Name": "admin_only", "Priority": 1}]})
        self.assertEqual(self.client["ExplicitAuthFlows"], ["ALLOW_REFRESH_TOKEN_AUTH"])

    def test_with_metadata_identity_center_signs_people_in_by_saml_and_nobody_else_does(self):
        is_given = {"Fn::Not": [{"Fn::Equals": [{"Ref": "SamlMetadataUrl"}, ""]}]}
        self.assertEqual(kari.body["Conditions"]["HasSaml"], is_given)
        with_saml = kari.deployed("HasSaml")
        provider = {
            "UserPoolId": {"Ref": "UserPool"},
            "ProviderName": "IdentityCenter",
            "ProviderType": "SAML",
            "ProviderDetails": {"MetadataURL": {"Ref": "SamlMetadataUrl"}, "IDPSignout": "false"},
        }
        # NB. Whole: no attribute is mapped, so that nothing but the subject tells who somebody is.
        self.assertEqual(with_saml["IdentityCenterProvider"], provider)
        # What Cognito puts before a subject is taken off again by this name.
        gateway = (ROOT / "functions/api/lambda/src/gateway.rs").read_text()
        self.assertIn(f'const PROVIDER: &str = "{provider["ProviderName"]}_";', gateway)
        providers = [{"Ref": "IdentityCenterProvider"}]
        self.assertEqual(with_saml["UserPoolClient"]["SupportedIdentityProviders"], providers)
        without = kari.deployed()
        self.assertNotIn("IdentityCenterProvider", without)
        self.assertNotIn("SupportedIdentityProviders", without["UserPoolClient"])

    def test_nothing_that_a_person_can_write_decides_who_they_are(self):
        self.assertEqual(self.client["AllowedOAuthScopes"], ["openid"])
        self.assertEqual(self.client["WriteAttributes"], ["locale"])
        self.assertEqual(self.client["ReadAttributes"], ["locale"])
        self.assertNotIn("AttributeMapping", properties("IdentityCenterProvider"))
        self.assertEqual(properties("UserPool")["UsernameConfiguration"], {"CaseSensitive": True})

    def test_the_only_flow_is_a_code_for_a_client_without_a_secret(self):
        self.assertEqual((self.client["AllowedOAuthFlows"], self.client["GenerateSecret"]), (["code"], False))
        self.assertEqual(self.client["TokenValidityUnits"]["AccessToken"], "minutes")
        self.assertLessEqual(self.client["AccessTokenValidity"], 60)

    def test_a_session_is_renewed_without_the_person_for_a_working_day_at_most(self):
        self.assertIn("ALLOW_REFRESH_TOKEN_AUTH", self.client["ExplicitAuthFlows"])
        self.assertEqual(self.client["TokenValidityUnits"]["RefreshToken"], "hours")
        self.assertLessEqual(self.client["RefreshTokenValidity"], 12)
        # NB. So that signing out ends what could be renewed.
        self.assertIs(self.client["EnableTokenRevocation"], True)

    def test_cognito_lets_people_back_to_where_the_portal_sends_them_from(self):
        domains = ("https://${PortalDomain}", "https://${Distribution.DomainName}")
        self.assertEqual(addresses(kari.body["Outputs"]["PortalUrl"]["Value"]), domains)
        for name, path in [("CallbackURLs", "/callback"), ("LogoutURLs", "/signed-out")]:
            [one] = self.client[name]
            self.assertEqual(addresses(one), tuple(f"{domain}{path}" for domain in domains))
        config = portal_config({"Issuer": "I", "ClientId": "c", "PortalUrl": "https://p", "SignInUrl": "https://s"})
        self.assertEqual(config["redirect_path"], "/callback")
        self.assertEqual(config["sign_out_url"], "https://s/logout?client_id=c&logout_uri=https%3A%2F%2Fp%2Fsigned-out")

    def test_the_portal_names_the_provider_once_there_is_one(self):
        output = kari.body["Outputs"]["IdentityProvider"]
        self.assertEqual((output["Condition"], told(output["Value"])), ("HasSaml", "${IdentityCenterProvider}"))
        stack = {"Issuer": "I", "ClientId": "c", "PortalUrl": "https://p", "SignInUrl": "https://s"}
        self.assertNotIn("identity_provider", portal_config(stack))
        self.assertEqual(portal_config({**stack, "IdentityProvider": "P"})["identity_provider"], "P")

    def test_everything_but_health_and_what_slack_signs_needs_an_access_token(self):
        routes = {route["RouteKey"]: route for route in kari.of("AWS::ApiGatewayV2::Route").values()}
        slack = {f"POST /slack/{name}" for name in ("commands", "interactions", "events")}
        self.assertEqual(set(routes), {"ANY /v1/{proxy+}", "GET /healthz", *slack})
        for name in slack:
            self.assertEqual(told(routes[name]["Target"]), "integrations/${SlackIntegration}")
        route = routes["ANY /v1/{proxy+}"]
        self.assertEqual((route["AuthorizationType"], route["AuthorizationScopes"]), ("JWT", ["openid"]))
        authorizer = properties("HttpApiAuthorizer")["JwtConfiguration"]
        self.assertEqual(authorizer["Issuer"], Functions.variables["KARI_ISSUER"])
        self.assertEqual(authorizer["Audience"], [Functions.variables["KARI_AUDIENCE"]])

    def test_what_needs_no_token_cannot_use_up_what_people_with_one_may_ask(self):
        stage = properties("HttpApiStage")
        of_people, of_anybody = [], [stage["DefaultRouteSettings"]]
        for route in kari.of("AWS::ApiGatewayV2::Route").values():
            own = stage["RouteSettings"].get(route["RouteKey"])
            if route["AuthorizationType"] != "NONE":
                # NB. Without limits of its own it would share those that are there for anybody.
                self.assertIsNotNone(own, route["RouteKey"])
                of_people.append(own)
            elif own:
                of_anybody.append(own)
        for limit in ("ThrottlingBurstLimit", "ThrottlingRateLimit"):
            self.assertLess(max(one[limit] for one in of_anybody), min(one[limit] for one in of_people))

    def test_nothing_is_set_for_a_route_that_is_not_there_yet_or_not_any_more(self):
        # NB. API Gateway keeps what was set for a route that is gone, and then takes no change of the stage.
        stage = kari.resources["HttpApiStage"]
        always = {
            found["Properties"]["RouteKey"]: name
            for name, found in kari.resources.items()
            if found["Type"] == "AWS::ApiGatewayV2::Route" and "Condition" not in found
        }
        behind = [always.get(key) for key in stage["Properties"]["RouteSettings"]]
        self.assertCountEqual(stage["DependsOn"], behind)


class Portal(unittest.TestCase):
    config = properties("PortalHeaders")["ResponseHeadersPolicyConfig"]

    def test_its_files_are_for_its_distribution_only(self):
        self.assertEqual(set(properties("PortalBucket")["PublicAccessBlockConfiguration"].values()), {True})
        document = properties("PortalBucketPolicy")["PolicyDocument"]
        [allowed] = [rule for _, rule in statements(document) if rule["Effect"] == "Allow"]
        self.assertEqual((as_list(allowed["Action"]), set(allowed["Condition"])), (["s3:GetObject"], {"StringEquals"}))
        self.assertTrue(told(allowed["Condition"]["StringEquals"]["AWS:SourceArn"]).endswith("distribution/${Distribution}"))

    def test_its_policy_for_browsers_is_that_of_the_one_machine_program_and_the_sign_in_beside(self):
        source = (ROOT / "functions/local/src/security_headers.rs").read_text()
        there = re.search(r'"(default-src .*?)"', source, re.DOTALL)[1]
        there = directives(re.sub(r"\\\n\s*", "", there).replace("{asked}", "'self'"))
        here = directives(self.config["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"])
        sign_in = {
            "https://cognito-idp.${AWS::Region}.${AWS::URLSuffix}",
            "https://${UserPoolDomain}.auth.${AWS::Region}.amazoncognito.com",
        }
        there["connect-src"] |= sign_in
        self.assertEqual(here, there)

    def test_its_other_headers_are_there_and_never_replace_what_the_api_says(self):
        security = self.config["SecurityHeadersConfig"]
        self.assertEqual(security["FrameOptions"]["FrameOption"], "DENY")
        self.assertEqual(security["ReferrerPolicy"]["ReferrerPolicy"], "no-referrer")
        self.assertGreaterEqual(security["StrictTransportSecurity"]["AccessControlMaxAgeSec"], 31536000)
        self.assertIn("ContentTypeOptions", security)
        custom = self.config["CustomHeadersConfig"]["Items"]
        names = {"cross-origin-opener-policy", "cross-origin-resource-policy", "permissions-policy"}
        self.assertEqual({item["Header"] for item in custom}, names)
        for header in [*security.values(), *custom]:
            self.assertIs(header["Override"], False)

    def test_the_api_is_never_cached_and_gets_the_callers_token(self):
        [api] = properties("Distribution")["DistributionConfig"]["CacheBehaviors"]
        self.assertEqual(api["PathPattern"], "/v1/*")
        self.assertEqual(api["CachePolicyId"], "4135ea2d-6df8-44a3-9df3-4b5a84be39ad")
        self.assertEqual(api["OriginRequestPolicyId"], "b689b0a8-53d0-40ab-baf2-68738e2966ac")


def addresses(value):
    """One with a domain of its own, and one without."""
    condition, own, given = value["Fn::If"]
    assert condition == "HasDomain"
    return told(own), told(given)


def directives(policy):
    return {name: set(sources) for name, *sources in (part.split() for part in policy.split(";"))}


class Guide(unittest.TestCase):
    page = (INFRA / "README.md").read_text()

    def test_it_says_what_to_do_about_each_alarm(self):
        rows = set(re.findall(r"^\| `(\S+Alarm)` \|", self.page, re.MULTILINE))
        alarms = {name for name in Alarms.alarms if not name.endswith("ErrorsAlarm")}
        self.assertEqual(rows, {*alarms, "…ErrorsAlarm"})

    def test_it_says_how_many_metrics_and_alarms_are_paid_for(self):
        of_slack = [name for name in Alarms.alarms if kari.resources[name].get("Condition") == "HasSlack"]
        # The others are measured each minute or hour, whatever happens.
        amiss = [one["name"] for one in Alarms.measured["metrics"] if one["name"] in ("DeadLetters", "Undeliverable")]
        metrics, alarms = len(Alarms.measured["metrics"]), len(Alarms.alarms)
        paid = f"{metrics} metrics of its own ({len(amiss)} of them only where something is amiss)"
        self.assertIn(f"{paid}, {alarms - len(of_slack)} alarms ({alarms} with Slack)", self.page)
        self.assertEqual({kari.resources[name].get("Condition") for name in Alarms.alarms}, {None, "HasSlack"})

    def test_every_target_of_make_that_it_names_has_a_recipe(self):
        made = set(re.findall(r"^([a-z-]+):[^=]", (INFRA.parent / "Makefile").read_text(), re.MULTILINE))
        named = {target for line in re.findall(r"`make ([a-z -]+)", self.page) for target in line.split()}
        self.assertTrue(named)
        self.assertLessEqual(named, made)

    def test_what_it_names_of_the_stack_is_there(self):
        names = {*kari.body["Parameters"], *kari.body["Outputs"], *kari.resources}
        for name in ["PortalUrl", "SamlAcsUrl", "SamlAudience", "WorkflowRoleArn", "ReconcilerRoleArn", "SamlMetadataUrl"]:
            self.assertIn(f"`{name}`", self.page)
            self.assertIn(name, names)

    def test_the_example_of_parameters_names_all_but_those_for_tests_and_says_only_those_that_must_be_given(self):
        found = re.findall(r"^(# )?(\w+)=(.*)$", (INFRA / "parameters.example").read_text(), re.MULTILINE)
        parameters = kari.body["Parameters"]
        for_tests = {name for name, one in parameters.items() if one["Description"].startswith("For tests ")}
        self.assertEqual({name for _, name, _ in found}, set(parameters) - for_tests)
        # NB. Whoever left another one empty would drop what the stack has.
        required = {name for name, one in parameters.items() if "Default" not in one}
        self.assertEqual({name for off, name, _ in found if not off}, required)
        given = {name: str(one["Default"]) for name, one in parameters.items() if one.get("Default")}
        self.assertEqual({name: value for _, name, value in found if value}, given)


class SlackApp(unittest.TestCase):
    """The manifest of the app in Slack, which is no template."""

    manifest = yaml.safe_load((INFRA / "slack-app.yaml").read_text())

    def test_slack_calls_what_the_stack_has_a_route_for(self):
        command, = self.manifest["features"]["slash_commands"]
        interactivity = self.manifest["settings"]["interactivity"]
        called = {
            *(command["url"], interactivity["request_url"], interactivity["message_menu_options_url"]),
            self.manifest["settings"]["event_subscriptions"]["request_url"],
        }
        routes = {route["RouteKey"] for name, route in kari.of("AWS::ApiGatewayV2::Route").items() if name.startswith("Slack")}
        self.assertEqual({url.replace("https://KARI", "POST ") for url in called}, routes)

    def test_it_asks_for_no_more_than_it_uses(self):
        self.assertEqual(set(self.manifest["oauth_config"]["scopes"]), {"bot"})
        scopes = {"chat:write", "commands", "users:read", "users:read.email"}
        self.assertEqual(set(self.manifest["oauth_config"]["scopes"]["bot"]), scopes)
        self.assertEqual(self.manifest["settings"]["event_subscriptions"]["bot_events"], ["app_home_opened"])

    def test_its_names_are_those_that_the_function_knows(self):
        ids = (ROOT / "shared/slack/src/views/ids.rs").read_text()
        shortcut, = self.manifest["features"]["shortcuts"]
        self.assertIn(f'"{shortcut["callback_id"]}"', ids)
        self.assertEqual(shortcut["type"], "global")

    def test_the_guide_has_ten_lines(self):
        guide = (INFRA / "slack.md").read_text()
        lines = [line for line in guide.splitlines() if line[:1].isdigit()]
        self.assertEqual([line.split(".")[0] for line in lines], [str(number) for number in range(1, 11)])
        for line in lines:
            self.assertLessEqual(len(line), 280, "the rest of it belongs into a section below")
        sections = {line[3:].lower().replace(" ", "-") for line in guide.splitlines() if line.startswith("## ")}
        self.assertEqual(set(re.findall(r"\(#([a-z-]+)\)", guide)), sections, "each is led to")


class Anchor(unittest.TestCase):
    def test_it_assigns_a_group_and_is_nothing_that_karis_functions_could_do(self):
        [(_, _, made)] = Template("anchor.yaml").body["Resources"].values()
        [assignment] = made.values()
        self.assertEqual(assignment["Type"], "AWS::SSO::Assignment")
        self.assertEqual(assignment["Properties"]["PrincipalType"], "GROUP")


if __name__ == "__main__":
    unittest.main()
