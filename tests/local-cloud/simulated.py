"""A simulated Identity Center of one's own, and boto3's clients for it."""

import json
import os
import subprocess
import urllib.request

import boto3
from botocore.config import Config

# Every call is one call: nothing is repeated underneath.
ONCE = Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=20)


class Unexamined:
    """Lets answers pass as they are."""

    def watch(self, client):
        return client


class Simulated:
    """Lives until it is stopped. `environment` is added to what it is started with."""

    def __init__(self, program, organization, examiner, *arguments, environment=None):
        command = [program, "--organization", organization, "--seed", "1", *arguments]
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})}
        )
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{program} did not start")
        self.ready = json.loads(line)
        self.instance = {"InstanceArn": self.ready["instance_arn"]}
        self.store = {"IdentityStoreId": self.ready["identity_store_id"]}
        self.sso_admin = examiner.watch(self.client("sso-admin"))
        self.identity_store = examiner.watch(self.client("identitystore"))
        self.organizations = examiner.watch(self.client("organizations"))

    def client(self, service, key="simulated", secret="simulated", token=None):
        return boto3.client(
            service,
            endpoint_url=self.ready["address"],
            region_name="eu-central-1",
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            aws_session_token=token,
            config=ONCE,
        )

    def stop(self):
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()

    def control(self, method, path, body=None):
        """A request of the control API."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        address = f"{self.ready['address']}/_kari/{path}"
        request = urllib.request.Request(address, data, headers, method=method)
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def plan(self, **fields):
        self.control("PATCH", "plan", fields)

    def every(self, client, operation, result, **arguments):
        """All pages of a list, at every size of pages."""
        paginator = client.get_paginator(operation)
        pages = lambda **config: list(paginator.paginate(**arguments, PaginationConfig=config))
        whole = [item for page in pages() for item in page[result]]
        for size in range(1, min(len(whole) + 2, 21)):
            found = [item for page in pages(PageSize=size) for item in page[result]]
            assert found == whole, f"{operation} in pages of {size}"
        return whole
