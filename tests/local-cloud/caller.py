"""A function that calls AWS as it is told to, with the rights of the role that it runs as.

It answers the code of the error that came back, `None` if none did.
"""

import json
import os
import urllib.request

import boto3
from botocore.exceptions import ClientError


def call(event):
    client = boto3.client(event["service"], region_name=os.environ["AWS_REGION"])
    try:
        getattr(client, event["operation"])(**event["arguments"])
    except ClientError as error:
        return error.response["Error"]["Code"]


if __name__ == "__main__":
    runtime = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"
    while True:
        with urllib.request.urlopen(f"{runtime}/next") as given:
            id, event = given.headers["Lambda-Runtime-Aws-Request-Id"], json.load(given)
        urllib.request.urlopen(f"{runtime}/{id}/response", json.dumps({"code": call(event)}).encode()).close()
