"""An AWS emulator of one's own on this machine, where the real template is deployed and the real programs run."""

import io
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile

import boto3
from botocore.config import Config

from clock import Clock

REGION = "eu-central-1"
# An access key of twelve digits is the account; who has none is taken for one of this account too.
ACCOUNT = "111122223333"
CONFIG = Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=60)
STARTS_WITHIN_SECONDS = 60


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Ministack:
    """Lives until it is stopped. `with` stops it. With a clock, its time of day and its functions' can be put forward."""

    def __init__(self, with_clock=False):
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._folder = tempfile.TemporaryDirectory(prefix="kari-cloud-")
        self.folder = pathlib.Path(self._folder.name)
        self.log = self.folder / "ministack.log"
        self.clock = Clock(self.folder) if with_clock else None
        with self.log.open("wb") as log:
            # A session of its own: the functions it runs are ended with it.
            self._process = subprocess.Popen(
                [sys.executable, "-m", "ministack"],
                env=self._environment(),
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
            )
        self._await_start()

    def _environment(self):
        """NB. Nothing of ours but this: functions see all of it, and without AWS_ENDPOINT_URL they would call AWS."""
        return {
            "PATH": os.pathsep.join([str(pathlib.Path(sys.executable).parent), os.defpath]),
            "HOME": str(self.folder),
            "TMPDIR": str(self.folder),
            "GATEWAY_PORT": str(self.port),
            "BIND_HOST": "127.0.0.1",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "AWS_ENDPOINT_URL": self.address,
            "STATE_DIR": str(self.folder / "state"),
            "S3_DATA_DIR": str(self.folder / "s3"),
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            # Every role's policies are enforced.
            "AUTH": "true",
            **(self.clock.environment if self.clock else {}),
        }

    def _await_start(self):
        until = time.monotonic() + STARTS_WITHIN_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.address}/_ministack/health", timeout=2):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        told = self.log.read_text(errors="replace")[-2000:]
        self.stop()
        raise RuntimeError(f"ministack did not start:\n{told}")

    def client(self, service, **more):
        """A client as the account's owner."""
        return boto3.client(service, **{**self.access(), **more})

    def access(self):
        return {
            "endpoint_url": self.address,
            "region_name": REGION,
            "aws_access_key_id": ACCOUNT,
            "aws_secret_access_key": "owner",
            "config": CONFIG,
        }

    def configure(self, **settings):
        body = json.dumps(settings).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.address}/_ministack/config", body, headers, method="POST")
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def scale_waits(self, factor):
        """How long the state machine's waits take, of what they should; 0 is not at all."""
        self.configure(**{"stepfunctions._SFN_WAIT_SCALE": factor})

    def stop(self):
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
        self._folder.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def packed(file):
    """A Python program as a function's code. It runs with the packages of these tests."""
    bootstrap = zipfile.ZipInfo("bootstrap")
    bootstrap.external_attr = 0o755 << 16
    archived = io.BytesIO()
    with zipfile.ZipFile(archived, "w") as archive:
        archive.writestr(bootstrap, f"#!{sys.executable}\n{file.read_text()}")
    return archived.getvalue()
