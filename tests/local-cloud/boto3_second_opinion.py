"""boto3 drives the HTTP front of the simulated Identity Center: a second opinion on the wire format.

boto3_second_opinion.py PROGRAM ORGANIZATION [unittest's arguments]
"""

import datetime
import sys
import unittest

import botocore.session
from botocore.exceptions import ClientError, ConnectionClosedError

from service_model import Examiner, Mismatch, examine
from simulated import Simulated

PROGRAM, ORGANIZATION = sys.argv[1:3]

# An hour: whatever was accepted stays in progress.
LONG = {"least_ms": 3_600_000, "most_ms": 3_600_000}

examiner = Examiner()
called = {}


class Case(unittest.TestCase):
    """Every test has an Identity Center of its own."""

    arguments = ["--weather", "calm", "--latency-ms", "0", "--from-management", "--account-status"]

    def setUp(self):
        self.site = site = Simulated(PROGRAM, ORGANIZATION, examiner, *self.arguments)
        self.addCleanup(site.stop)
        self.addCleanup(self.note_calls)
        self.sso, self.store, self.org = site.sso_admin, site.identity_store, site.organizations

    def note_calls(self):
        for name, count in self.site.control("GET", "counts")["operations"].items():
            called[name] = called.get(name, 0) + count["calls"]

    def refused(self, code, call, **arguments):
        """The call ends in this exception, which the client knows as a class of its own."""
        with self.assertRaises(getattr(call.__self__.exceptions, code)) as raised:
            call(**arguments)
        return raised.exception.response

    def user_id(self, name):
        attribute = {"AttributePath": "userName", "AttributeValue": name}
        found = self.store.get_user_id(**self.site.store, AlternateIdentifier={"UniqueAttribute": attribute})
        return found["UserId"]

    def target(self, name="alice"):
        """A person, a permission set and an account that is not the management account."""
        management = self.org.describe_organization()["Organization"]["MasterAccountId"]
        accounts = self.site.every(self.org, "list_accounts", "Accounts")
        usable = [a["Id"] for a in accounts if a["Id"] != management and a["State"] == "ACTIVE"]
        sets = self.site.every(self.sso, "list_permission_sets", "PermissionSets", **self.site.instance)
        return {
            **self.site.instance,
            "TargetId": usable[0],
            "TargetType": "AWS_ACCOUNT",
            "PermissionSetArn": sets[0],
            "PrincipalType": "USER",
            "PrincipalId": self.user_id(name),
        }

    def assign(self, target):
        """Somebody else assigns."""
        where = {"account": target["TargetId"], "permission_set": target["PermissionSetArn"]}
        change = {"change": "assign", **where, "principal": f"USER/{target['PrincipalId']}"}
        self.site.control("POST", "changes", change)

    def created(self, request_id):
        ask = {**self.site.instance, "AccountAssignmentCreationRequestId": request_id}
        described = self.sso.describe_account_assignment_creation_status(**ask)
        return described["AccountAssignmentCreationStatus"]


class Assignments(Case):
    def test_an_assignment_comes_and_goes(self):
        target = self.target()
        status = self.sso.create_account_assignment(**target)["AccountAssignmentCreationStatus"]
        self.assertEqual(status["Status"], "IN_PROGRESS")
        age = datetime.datetime.now(datetime.timezone.utc) - status["CreatedDate"]
        self.assertLess(abs(age), datetime.timedelta(minutes=1))
        self.assertEqual(self.created(status["RequestId"])["Status"], "SUCCEEDED")
        self.assertEqual(self.listed(target), [target["PrincipalId"]])
        where = {**self.site.instance, "PermissionSetArn": target["PermissionSetArn"]}
        accounts = "list_accounts_for_provisioned_permission_set"
        self.assertEqual(self.site.every(self.sso, accounts, "AccountIds", **where), [target["TargetId"]])
        where = {**self.site.instance, "AccountId": target["TargetId"]}
        sets = "list_permission_sets_provisioned_to_account"
        found = self.site.every(self.sso, sets, "PermissionSets", **where)
        self.assertEqual(found, [target["PermissionSetArn"]])
        status = self.sso.delete_account_assignment(**target)["AccountAssignmentDeletionStatus"]
        ask = {**self.site.instance, "AccountAssignmentDeletionRequestId": status["RequestId"]}
        described = self.sso.describe_account_assignment_deletion_status(**ask)
        self.assertEqual(described["AccountAssignmentDeletionStatus"]["Status"], "SUCCEEDED")
        self.assertEqual(self.listed(target), [])

    def listed(self, target):
        where = {"AccountId": target["TargetId"], "PermissionSetArn": target["PermissionSetArn"]}
        listed = self.site.every(
            self.sso, "list_account_assignments", "AccountAssignments", **self.site.instance, **where
        )
        return [assignment["PrincipalId"] for assignment in listed]

    def test_what_somebody_holds_is_listed_over_pages(self):
        target = self.target()
        sets = self.site.every(self.sso, "list_permission_sets", "PermissionSets", **self.site.instance)
        for arn in sets:
            self.assign({**target, "PermissionSetArn": arn})
        who = {"PrincipalType": "USER", "PrincipalId": target["PrincipalId"]}
        for more in ({}, {"Filter": {"AccountId": target["TargetId"]}}):
            held = self.site.every(
                self.sso,
                "list_account_assignments_for_principal",
                "AccountAssignments",
                **self.site.instance,
                **who,
                **more,
            )
            self.assertEqual(sorted(entry["PermissionSetArn"] for entry in held), sorted(sets))

    def test_what_somebody_holds_through_a_group_names_the_group(self):
        target = self.target()
        member = {**self.site.store, "MemberId": {"UserId": target["PrincipalId"]}}
        memberships = self.site.every(
            self.store, "list_group_memberships_for_member", "GroupMemberships", **member
        )
        group = memberships[0]["GroupId"]
        where = {"account": target["TargetId"], "permission_set": target["PermissionSetArn"]}
        for principal in (f"USER/{target['PrincipalId']}", f"GROUP/{group}"):
            self.site.control("POST", "changes", {"change": "assign", **where, "principal": principal})
        who = {"PrincipalType": "USER", "PrincipalId": target["PrincipalId"]}
        held = self.site.every(
            self.sso,
            "list_account_assignments_for_principal",
            "AccountAssignments",
            **self.site.instance,
            **who,
        )
        told = sorted((entry["PrincipalType"], entry["PrincipalId"]) for entry in held)
        self.assertEqual(told, [("GROUP", group), ("USER", target["PrincipalId"])])

    def test_operations_in_progress_are_listed_over_pages(self):
        self.site.plan(latency=LONG)
        sets = self.site.every(self.sso, "list_permission_sets", "PermissionSets", **self.site.instance)
        targets = [self.target(name) for name in ("alice", "kenji", "yuki", "priya", "bob")]
        for target in targets:
            self.sso.create_account_assignment(**target)
            there_before = {**target, "PermissionSetArn": sets[1]}
            self.assign(there_before)
            self.sso.delete_account_assignment(**there_before)
        self.refused("ConflictException", self.sso.create_account_assignment, **targets[0])
        for kind in ("creation", "deletion"):
            waiting = self.site.every(
                self.sso,
                f"list_account_assignment_{kind}_status",
                f"AccountAssignments{kind.capitalize()}Status",
                **self.site.instance,
                Filter={"Status": "IN_PROGRESS"},
            )
            self.assertEqual(len(waiting), len(targets))

    def test_an_accepted_creation_can_fail_with_a_reason(self):
        self.site.control("POST", "faults", {"fault": "fail-next-after-accepting"})
        status = self.sso.create_account_assignment(**self.target())["AccountAssignmentCreationStatus"]
        described = self.created(status["RequestId"])
        self.assertEqual(described["Status"], "FAILED")
        self.assertIn("no change was made", described["FailureReason"])

    def test_permission_sets_and_the_instance_are_described(self):
        instances = self.site.every(self.sso, "list_instances", "Instances")
        self.assertEqual(instances[0]["InstanceArn"], self.site.ready["instance_arn"])
        self.assertEqual(instances[0]["IdentityStoreId"], self.site.ready["identity_store_id"])
        described = self.sso.describe_instance(**self.site.instance)
        self.assertEqual(described["OwnerAccountId"], instances[0]["OwnerAccountId"])
        self.assertEqual(described["Status"], "ACTIVE")
        for arn in self.site.every(self.sso, "list_permission_sets", "PermissionSets", **self.site.instance):
            ask = {**self.site.instance, "PermissionSetArn": arn}
            self.assertEqual(self.sso.describe_permission_set(**ask)["PermissionSet"]["PermissionSetArn"], arn)
            tags = self.sso.list_tags_for_resource(**self.site.instance, ResourceArn=arn)
            self.assertEqual(tags["Tags"], [])


class People(Case):
    def test_everybody_is_listed_described_and_found(self):
        users = self.site.every(self.store, "list_users", "Users", **self.site.store)
        self.assertGreater(len(users), 5)
        for user in users:
            described = self.store.describe_user(**self.site.store, UserId=user["UserId"])
            described.pop("ResponseMetadata")
            self.assertEqual(described, user)
            self.assertEqual(self.user_id(user["UserName"].upper()), user["UserId"])
            attribute = {"AttributePath": "emails.value", "AttributeValue": user["Emails"][0]["Value"]}
            found = self.store.get_user_id(
                **self.site.store, AlternateIdentifier={"UniqueAttribute": attribute}
            )
            self.assertEqual(found["UserId"], user["UserId"])

    def test_groups_and_their_members_agree_from_both_ends(self):
        pairs = set()
        for group in self.site.every(self.store, "list_groups", "Groups", **self.site.store):
            id = group["GroupId"]
            described = self.store.describe_group(**self.site.store, GroupId=id)
            self.assertEqual(described["DisplayName"], group["DisplayName"])
            attribute = {"AttributePath": "displayName", "AttributeValue": group["DisplayName"]}
            found = self.store.get_group_id(
                **self.site.store, AlternateIdentifier={"UniqueAttribute": attribute}
            )
            self.assertEqual(found["GroupId"], id)
            members = self.site.every(
                self.store, "list_group_memberships", "GroupMemberships", **self.site.store, GroupId=id
            )
            pairs |= {(id, member["MemberId"]["UserId"]) for member in members}
        self.assertTrue(pairs)
        for user in {user for _, user in pairs}:
            member = {**self.site.store, "MemberId": {"UserId": user}}
            groups = self.site.every(
                self.store, "list_group_memberships_for_member", "GroupMemberships", **member
            )
            ids = [membership["GroupId"] for membership in groups]
            self.assertEqual({(id, user) for id in ids}, {pair for pair in pairs if pair[1] == user})
            results = self.store.is_member_in_groups(**member, GroupIds=ids)["Results"]
            self.assertTrue(all(result["MembershipExists"] for result in results))

    def test_a_disabled_user_is_told_as_such(self):
        user = self.user_id("alice")
        self.site.control("POST", "changes", {"change": "disable-user", "user": user})
        described = self.store.describe_user(**self.site.store, UserId=user)
        self.assertEqual(described["UserStatus"], "DISABLED")


class Accounts(Case):
    def test_every_account_is_found_from_the_root_down_and_from_itself_up(self):
        management = self.org.describe_organization()["Organization"]["MasterAccountId"]
        roots = self.site.every(self.org, "list_roots", "Roots")
        found, open = {}, [root["Id"] for root in roots]
        while open:
            parent = open.pop()
            under = {"ParentId": parent}
            for unit in self.site.every(
                self.org, "list_organizational_units_for_parent", "OrganizationalUnits", **under
            ):
                ask = {"OrganizationalUnitId": unit["Id"]}
                described = self.org.describe_organizational_unit(**ask)["OrganizationalUnit"]
                self.assertEqual(described, unit)
                above = self.site.every(self.org, "list_parents", "Parents", ChildId=unit["Id"])
                self.assertEqual([p["Id"] for p in above], [parent])
                open.append(unit["Id"])
            for account in self.site.every(self.org, "list_accounts_for_parent", "Accounts", **under):
                found[account["Id"]] = account
                self.assertEqual(account["Paths"][0].split("/")[-3:], [parent, account["Id"], ""])
                above = self.site.every(self.org, "list_parents", "Parents", ChildId=account["Id"])
                self.assertEqual([p["Id"] for p in above], [parent])
        listed = self.site.every(self.org, "list_accounts", "Accounts")
        self.assertEqual({account["Id"]: account for account in listed}, found)
        self.assertIn(management, found)
        for account in listed:
            described = self.org.describe_account(AccountId=account["Id"])["Account"]
            self.assertEqual(described, account)

    def test_many_accounts_come_in_pages_of_twenty(self):
        parent = self.org.list_roots()["Roots"][0]["Id"]
        self.site.control("POST", "changes", {"change": "add-accounts", "count": 45, "parent": parent})
        self.assertEqual(len(self.org.list_accounts()["Accounts"]), 20)
        self.assertGreater(len(self.site.every(self.org, "list_accounts", "Accounts")), 45)

    def test_a_closed_account_has_a_state_of_its_own(self):
        id = self.target()["TargetId"]
        change = {"change": "set-account-status", "account": id, "status": "closed"}
        self.site.control("POST", "changes", change)
        described = self.org.describe_account(AccountId=id)["Account"]
        self.assertEqual((described["State"], described["Status"]), ("CLOSED", "SUSPENDED"))


class EmptyFirstPages(Case):
    arguments = [*Case.arguments, "--empty-first-pages", "--most-per-page", "3"]

    def test_a_list_is_whole_though_it_begins_with_an_empty_page(self):
        first = self.org.list_accounts()
        self.assertEqual(first["Accounts"], [])
        self.assertIn("NextToken", first)
        self.assertGreater(len(self.site.every(self.org, "list_accounts", "Accounts")), 3)


class Refusals(Case):
    def test_what_does_not_exist_is_told_in_the_words_of_its_service(self):
        nobody = "00000000-0000-4000-8000-000000000000"
        store, instance = self.site.store, self.site.instance
        refusal = self.refused("ResourceNotFoundException", self.store.describe_user, **store, UserId=nobody)
        self.assertEqual((refusal["ResourceType"], refusal["ResourceId"]), ("USER", nobody))
        self.assertEqual(refusal["RequestId"], refusal["ResponseMetadata"]["RequestId"])
        self.refused("ResourceNotFoundException", self.store.describe_group, **store, GroupId=nobody)
        self.refused("ResourceNotFoundException", self.store.list_users, IdentityStoreId="d-0000000000")
        ask = {"AccountAssignmentCreationRequestId": nobody}
        describe = self.sso.describe_account_assignment_creation_status
        self.refused("ResourceNotFoundException", describe, **instance, **ask)
        self.refused("ResourceNotFoundException", self.sso.delete_account_assignment, **self.target())
        org = self.org
        self.refused("AccountNotFoundException", org.describe_account, AccountId="999999999999")
        self.refused("ChildNotFoundException", org.list_parents, ChildId="999999999999")
        unit = "ou-0000-00000000"
        self.refused("ParentNotFoundException", org.list_accounts_for_parent, ParentId=unit)
        describe = org.describe_organizational_unit
        self.refused("OrganizationalUnitNotFoundException", describe, OrganizationalUnitId=unit)

    def test_a_token_that_was_not_given_is_refused(self):
        token = {"NextToken": "bm9uc2Vuc2U"}
        sets = self.sso.list_permission_sets
        self.refused("ValidationException", sets, **self.site.instance, **token)
        self.refused("ValidationException", self.store.list_users, **self.site.store, **token)
        refusal = self.refused("InvalidInputException", self.org.list_accounts, **token)
        self.assertEqual(refusal["Reason"], "INVALID_NEXT_TOKEN")

    def test_throttling_is_told_in_the_words_of_its_service(self):
        none = {"outstanding_creations": 0, "outstanding_deletions": 0}
        self.site.plan(quotas={"sso_admin_per_second": 0, "directory_per_second": 0, **none})
        sets = self.sso.list_permission_sets
        self.refused("ThrottlingException", sets, **self.site.instance)
        self.refused("ThrottlingException", self.store.list_users, **self.site.store)
        self.refused("TooManyRequestsException", self.org.list_accounts)

    def test_too_many_outstanding_operations_are_throttled_and_too_many_sets_exceed_a_quota(self):
        target = self.target()
        generous = {"sso_admin_per_second": 100, "directory_per_second": None, "outstanding_deletions": 1}
        self.site.plan(quotas={**generous, "outstanding_creations": 0})
        refusal = self.refused("ThrottlingException", self.sso.create_account_assignment, **target)
        self.assertIn("too many requests", refusal["Error"]["Message"])
        self.site.plan(quotas={**generous, "outstanding_creations": 1, "provisioned_permission_sets": 0})
        self.refused("ServiceQuotaExceededException", self.sso.create_account_assignment, **target)

    def test_denials_conflicts_and_internal_errors_are_what_they_are_called(self):
        target = self.target()
        for field, code in [
            ("denied_per_mille", "AccessDeniedException"),
            ("conflict_per_mille", "ConflictException"),
            ("internal_error_per_mille", "InternalServerException"),
        ]:
            self.site.plan(**{field: 1000})
            self.refused(code, self.sso.create_account_assignment, **target)
            self.site.plan(**{field: 0})

    def test_a_lost_response_is_a_closed_connection_after_the_effect(self):
        target = self.target()
        self.site.control("POST", "faults", {"fault": "lose-next-response"})
        with self.assertRaises(ConnectionClosedError):
            self.sso.create_account_assignment(**target)
        seen = self.site.control("GET", "assignments")["present"]
        self.assertEqual([entry["assignment"]["principal"] for entry in seen], [f"USER/{target['PrincipalId']}"])

    def test_a_lost_request_is_a_closed_connection_without_effect(self):
        target = self.target()
        self.site.control("POST", "faults", {"fault": "lose-next-request"})
        with self.assertRaises(ConnectionClosedError):
            self.sso.create_account_assignment(**target)
        seen = self.site.control("GET", "assignments")
        self.assertEqual((seen["present"], seen["in_flight"]), ([], []))

    def test_an_operation_nobody_knows_is_an_error_like_any_other(self):
        # The model has this operation and, like every model, not the exception.
        unwatched = self.site.client("sso-admin")
        with self.assertRaises(ClientError) as raised:
            unwatched.list_applications(**self.site.instance)
        self.assertEqual(raised.exception.response["Error"]["Code"], "UnknownOperationException")


class Delegated(Case):
    arguments = ["--weather", "calm", "--latency-ms", "0"]

    def test_a_delegated_administrator_is_denied_the_management_account(self):
        management = self.org.describe_organization()["Organization"]["MasterAccountId"]
        target = {**self.target(), "TargetId": management}
        self.refused("AccessDeniedException", self.sso.create_account_assignment, **target)
        self.refused("AccessDeniedException", self.sso.delete_account_assignment, **target)

    def test_whoever_takes_on_a_role_in_the_management_account_is_not_and_another_role_is_not_taken_on(self):
        management = self.org.describe_organization()["Organization"]["MasterAccountId"]
        sts, target = self.site.client("sts"), {**self.target(), "TargetId": management}
        self.assertNotEqual(sts.get_caller_identity()["Account"], management)
        take_on = lambda account: sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/kari", RoleSessionName="kari")
        with self.assertRaises(ClientError) as raised:
            take_on("999988887777")
        self.assertEqual(raised.exception.response["Error"]["Code"], "AccessDenied")
        given = take_on(management)["Credentials"]
        keys = (given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
        self.assertEqual(self.site.client("sts", *keys).get_caller_identity()["Account"], management)
        there = self.site.client("sso-admin", *keys)
        accepted = there.create_account_assignment(**target)["AccountAssignmentCreationStatus"]
        ask = {**self.site.instance, "AccountAssignmentCreationRequestId": accepted["RequestId"]}
        self.refused("AccessDeniedException", self.sso.describe_account_assignment_creation_status, **ask)
        there.describe_account_assignment_creation_status(**ask)


class TheExaminer(unittest.TestCase):
    def test_it_notices_what_aws_could_not_have_answered(self):
        store = {"IdentityStoreId": "d-0123456789"}
        user = {**store, "UserId": "00000000-0000-4000-8000-000000000000"}
        model = botocore.session.get_session().get_service_model("identitystore")
        shape = model.operation_model("ListUsers").output_shape
        examine(shape, {"Users": [user]}, "sound")
        for wrong in [
            {},
            {"Users": None},
            {"Users": [], "More": 1},
            {"Users": [store]},
            {"Users": [{**user, "IdentityStoreId": "d-1"}]},
            {"Users": [{**user, "UserStatus": "enabled"}]},
            {"Users": [{**user, "DisplayName": ""}]},
            {"Users": [{**user, "Emails": []}]},
            {"Users": [{**user, "Emails": [{"Primary": "true"}]}]},
            {"Users": [{**user, "CreatedAt": "2026-01-01"}]},
        ]:
            with self.subTest(wrong), self.assertRaises(Mismatch):
                examine(shape, wrong, "wrong")


def tearDownModule():
    missing = sorted(name for name, calls in called.items() if calls == 0)
    assert called and not missing, f"never called: {missing}"
    print(f"{examiner.examined} answers examined, {len(called)} operations, errors: {sorted(examiner.errors)}")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
