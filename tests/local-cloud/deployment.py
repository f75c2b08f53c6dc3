"""Kari deployed into an emulated AWS by the very program that deploys it into the real one."""

import base64
import json
import os
import pathlib
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

from ministack import ACCOUNT, REGION, packed

ROOT = pathlib.Path(__file__).parents[2]
STACK = "kari"
ADMINISTRATORS = "aaaaaaaa-0000-4000-8000-000000000001"
# As the template calls it. The emulator cannot make one from a template.
PROVIDER = "IdentityCenter"
NOBODYS_IDENTITY_CENTER = {
    "address": "http://127.0.0.1:9",
    "instance_arn": "arn:aws:sso:::instance/ssoins-0123456789abcdef",
    "identity_store_id": "d-0123456789",
}


class Deployment:
    """A stack of its own. `identity_center` is what a simulated one says when it is ready."""

    def __init__(self, cloud, binaries, portal, identity_center=None, **parameters):
        self.cloud = cloud
        there = identity_center or NOBODYS_IDENTITY_CENTER
        self.parameters = {
            "InstanceArn": there["instance_arn"],
            "IdentityStoreId": there["identity_store_id"],
            "AccessPortalUrl": f"https://{there['identity_store_id']}.awsapps.com/start",
            "Administrators": ADMINISTRATORS,
            "SsoAdminEndpoint": there["address"],
            "IdentityStoreEndpoint": there["address"],
            "OrganizationsEndpoint": there["address"],
            **parameters,
        }
        self.outputs = self.deploy(binaries, portal)
        self._let_people_in()

    def deploy(self, binaries, portal):
        """Can be repeated with other binaries: an upgrade, or a way back."""
        file = self.cloud.folder / "parameters"
        file.write_text("".join(f"{name}={value}\n" for name, value in self.parameters.items()))
        options = ["--stack", STACK, "--parameters", file, "--binaries", binaries, "--portal", portal]
        done = subprocess.run(
            [sys.executable, ROOT / "infra/deploy.py", *options],
            env=self._environment(),
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise RuntimeError(f"deploy.py failed:\n{done.stderr[-3000:]}\n{self._failures()}")
        return json.loads(done.stdout)

    def _environment(self):
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.cloud.folder),
            "AWS_ENDPOINT_URL": self.cloud.address,
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": "owner",
            "AWS_DEFAULT_REGION": REGION,
        }

    def _failures(self):
        try:
            events = self.cloud.client("cloudformation").describe_stack_events(StackName=STACK)["StackEvents"]
        except Exception as error:
            return str(error)
        failed = [event for event in events if event["ResourceStatus"].endswith("FAILED")]
        return "\n".join(f"{one['LogicalResourceId']}: {one.get('ResourceStatusReason')}" for one in failed)

    # ── People ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _let_people_in(self):
        pool = {"UserPoolId": self.outputs["UserPoolId"]}
        cognito = self.cloud.client("cognito-idp")
        entry = {"IDPSSOEndpoint": "https://saml.invalid/", "MetadataURL": "https://saml.invalid/metadata"}
        cognito.create_identity_provider(
            **pool, ProviderName=PROVIDER, ProviderType="SAML", ProviderDetails=entry
        )

    def callback(self):
        """Where browsers come back to."""
        return f"{self.outputs['PortalUrl']}/callback"

    def sign_in(self, subject, client_id=None):
        """The tokens of whoever Identity Center says this is, by the way of the browser."""
        client = {"client_id": client_id or self.outputs["ClientId"], "redirect_uri": self.callback()}
        ask = {**client, "response_type": "code", "scope": "openid", "identity_provider": PROVIDER}
        asked = self._redirect(f"{self.cloud.address}/oauth2/authorize?{urllib.parse.urlencode(ask)}")
        answer = {"SAMLResponse": assertion(subject), "RelayState": query(asked)["RelayState"]}
        answered = self._redirect(f"{self.cloud.address}/saml2/idpresponse", answer)
        return self._tokens(client, grant_type="authorization_code", code=query(answered)["code"])

    def renew(self, refresh_token):
        """The tokens with which a session goes on."""
        client = {"client_id": self.outputs["ClientId"]}
        return self._tokens(client, grant_type="refresh_token", refresh_token=refresh_token)

    def _tokens(self, client, **grant):
        body = urllib.parse.urlencode({**client, **grant}).encode()
        with urllib.request.urlopen(f"{self.cloud.address}/oauth2/token", body) as tokens:
            return json.load(tokens)

    def sign_out(self, address):
        """Where the browser is sent that the portal sends there. NB. The emulator has no host for each user pool."""
        there = urllib.parse.urlsplit(address)
        assert f"{there.scheme}://{there.netloc}" == self.outputs["SignInUrl"], address
        return self._redirect(f"{self.cloud.address}{there.path}?{there.query}")

    def _redirect(self, address, form=None):
        body = urllib.parse.urlencode(form).encode() if form else None
        try:
            urllib.request.build_opener(NotFollowing).open(address, body)
        except urllib.error.HTTPError as error:
            if error.code == 302:
                return error.headers["Location"]
            raise RuntimeError(f"{address}: {error.code} {error.read()!r}") from error
        raise RuntimeError(f"{address} did not redirect")

    # ── Calls ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def api(self, method, path, token=None, body=None, **headers):
        """Status and body of a call through the gateway."""
        api = urllib.parse.urlsplit(self.outputs["ApiUrl"]).hostname
        headers = {"Host": f"{api}:{self.cloud.port}", "Content-Type": "application/json", **headers}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.cloud.address}{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, parsed(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, parsed(error.read())

    def page(self, path):
        """Status, headers and body of a page of the portal."""
        headers = {"Host": urllib.parse.urlsplit(self.outputs["PortalUrl"]).hostname, "X-Forwarded-Proto": "https"}
        request = urllib.request.Request(f"{self.cloud.address}{path}", headers=headers)
        try:
            with urllib.request.build_opener(NotFollowing).open(request) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    def invoke(self, function, payload):
        """What a function answers, and whether that is an error of it."""
        answer = self.cloud.client("lambda").invoke(
            FunctionName=f"{STACK}-{function}", Payload=json.dumps(payload).encode()
        )
        return parsed(answer["Payload"].read()), answer.get("FunctionError")

    def logs(self, function):
        """What a function has logged, line by line, as far as it is JSON: metrics too."""
        pages = self.cloud.client("logs").get_paginator("filter_log_events")
        found = pages.paginate(logGroupName=f"/{STACK}/{function}")
        lines = [parsed(event["message"]) for page in found for event in page["events"]]
        return [line for line in lines if isinstance(line, dict)]

    def start(self, request_id, suffix=""):
        """An execution of the workflow, as the relay starts it."""
        given = {"name": f"{request_id}{suffix}", "input": json.dumps({"request_id": request_id})}
        return self.cloud.client("stepfunctions").start_execution(
            stateMachineArn=self.outputs["StateMachineArn"], **given
        )["executionArn"]

    def as_role(self, role):
        """A function with the rights of a role of the stack, which calls what it is told to."""
        return AsRole(self.cloud, role)


class AsRole:
    def __init__(self, cloud, role):
        self._functions = cloud.client("lambda")
        self.name = f"as-{role}"
        formation = cloud.client("cloudformation")
        resource = formation.describe_stack_resource(StackName=STACK, LogicalResourceId=role)
        name = resource["StackResourceDetail"]["PhysicalResourceId"]
        self._functions.create_function(
            FunctionName=self.name,
            Runtime="provided.al2023",
            Handler="bootstrap",
            Timeout=30,
            Role=f"arn:aws:iam::{ACCOUNT}:role/{name}",
            Code={"ZipFile": packed(pathlib.Path(__file__).with_name("caller.py"))},
        )

    def call(self, service, operation, **arguments):
        """The code of the error that AWS answers, `None` if it answers none."""
        payload = json.dumps({"service": service, "operation": operation, "arguments": arguments}).encode()
        answer = self._functions.invoke(FunctionName=self.name, Payload=payload)
        return json.loads(answer["Payload"].read())["code"]


class NotFollowing(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def assertion(subject):
    """As Identity Center says who somebody is. NB. It is not signed; the emulator does not ask for that."""
    protocol, said = "urn:oasis:names:tc:SAML:2.0:protocol", "urn:oasis:names:tc:SAML:2.0:assertion"
    text = (
        f'<p:Response xmlns:p="{protocol}" xmlns:a="{said}"><a:Assertion>'
        f"<a:Subject><a:NameID>{subject}</a:NameID></a:Subject></a:Assertion></p:Response>"
    )
    return base64.b64encode(text.encode()).decode()


def query(address):
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))


def parsed(body):
    try:
        return json.loads(body)
    except ValueError:
        return body


def claims(token):
    """What a token says, unverified."""
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
