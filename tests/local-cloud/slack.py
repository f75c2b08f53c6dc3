"""The fake Slack beside a deployment, and what people send from it, signed as Slack signs it."""

import dataclasses
import hashlib
import hmac
import json
import subprocess
import urllib.error
import urllib.parse
import urllib.request

TEAM = "T0000000001"
# As the fake one has it, until it is told otherwise.
TOKEN = "xoxb-fake"
SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


@dataclasses.dataclass
class Signed:
    """Something that Slack sends; it can be sent again as it is."""

    path: str
    body: bytes
    headers: dict


class Slack:
    """Lives until it is stopped. `people` are user names by their ids in Slack."""

    def __init__(self, program, cloud, people):
        self._process = subprocess.Popen([program], stdout=subprocess.PIPE, text=True)
        self.api_url = self._process.stdout.readline().strip()
        if not self.api_url:
            raise RuntimeError(f"{program} did not start")
        self._cloud = cloud
        # As an operator has put them into the secret.
        self.token, self.signing_secret = TOKEN, SIGNING_SECRET
        made = cloud.client("secretsmanager").create_secret(Name="kari-slack", SecretString=self._secret())
        # What a deployment is told of it.
        self.parameters = {"SlackSecretArn": made["ARN"], "SlackWorkspaces": TEAM, "SlackApiUrl": self.api_url}
        people = {id: {"email": f"{name}@example.com", "name": name} for id, name in people.items()}
        # A trigger is good for longer than in Slack: an emulator starts a function more slowly than AWS does.
        self.control(people=people, trigger_ms=60_000)

    def _secret(self):
        return json.dumps({"bot_token": self.token, "signing_secret": self.signing_secret})

    def replace(self, token=None, signing_secret=None):
        """Others are put into the secret, and then Slack knows no others."""
        self.token, self.signing_secret = token or self.token, signing_secret or self.signing_secret
        secret = {"SecretId": "kari-slack", "SecretString": self._secret()}
        self._cloud.client("secretsmanager").put_secret_value(**secret)
        self.control(token=self.token)

    def stop(self):
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()

    # ── What it is told, and asked ────────────────────────────────────────────────────────────────────────────────

    def control(self, **change):
        body, headers = json.dumps(change).encode(), {"Content-Type": "application/json"}
        urllib.request.urlopen(urllib.request.Request(self._there("control"), body, headers)).close()

    def calls(self, method=None):
        """What was called, the oldest first."""
        return [call for call in self._ask("control/calls") if method in (None, call["method"])]

    def messages(self, conversation):
        """What stands in a conversation now, the oldest first. The one with somebody has their id with a `D`."""
        return [one for one in self._ask("control/messages") if one["channel"] == conversation]

    def _ask(self, path):
        with urllib.request.urlopen(self._there(path)) as answer:
            return json.load(answer)

    def _there(self, path):
        return f"{self.api_url.removesuffix('/api')}/{path}"

    # ── What it sends ─────────────────────────────────────────────────────────────────────────────────────────────

    def command(self, kari, at, who, text="", team=TEAM):
        """Somebody writes `/access`."""
        return self.send(kari, at, "commands", team_id=team, user_id=who, text=text, trigger_id=self.trigger())

    def trigger(self):
        """What comes with whatever somebody does, and is exchanged for a view: once, and soon."""
        request = urllib.request.Request(self._there("control/triggers"), b"")
        with urllib.request.urlopen(request) as answer:
            return answer.read().decode()

    def send(self, kari, at, path, secret=None, **fields):
        """Status and body of what comes back through the gateway."""
        return self.deliver(kari, self.signed(at, path, secret, **fields))

    def signed(self, at, path, secret=None, **fields):
        secret = secret or self.signing_secret
        body, now = urllib.parse.urlencode(fields), str(int(at.timestamp()))
        signature = hmac.new(secret.encode(), f"v0:{now}:{body}".encode(), hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": now,
            "X-Slack-Signature": f"v0={signature}",
        }
        return Signed(path, body.encode(), headers)

    def deliver(self, kari, signed):
        host = f"{urllib.parse.urlsplit(kari.outputs['ApiUrl']).hostname}:{self._cloud.port}"
        address, headers = f"{self._cloud.address}/slack/{signed.path}", {"Host": host, **signed.headers}
        request = urllib.request.Request(address, signed.body, headers, method="POST")
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
