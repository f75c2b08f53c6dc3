"""The state machine of infra/access.asl.json by itself, and a function that answers by a script instead of Kari's."""

import datetime
import json
import os
import pathlib
import urllib.request

# What comes next follows from what came before alone, so that it needs no memory. An answer's `in` is how many
# seconds from now `at` is.
SCRIPTS = {
    "immediate": {"": {"next": "HoldUntilExpiry", "in": 1}, "HoldUntilExpiry": {"next": "Done"}},
    "every-wait": {
        "": {"next": "WaitForStart", "in": 1},
        "WaitForStart": {"next": "AwaitActivation", "in": 1},
        "AwaitActivation": {"next": "HoldUntilExpiry", "in": 1},
        "HoldUntilExpiry": {"next": "AwaitRemoval", "in": 1},
        "AwaitRemoval": {"next": "Done"},
    },
    "never-gone": {"": {"next": "AwaitRemoval", "in": 0}, "AwaitRemoval": {"next": "AwaitRemoval", "in": 0}},
    "unheard-of": {"": {"next": "AskAgainLater", "in": 0}},
    "corrupt": {"": {"error": "Kari.Corrupt"}},
    "unavailable": {"": {"error": "Kari.Unavailable"}},
}


def answer(event):
    """What the function answers; an exception with the name of an error is that error."""
    said = SCRIPTS[event["request_id"]][event.get("next", "")]
    if "error" in said:
        raise type(said["error"], (Exception,), {})("as the script says")
    rounds = event.get("rounds", 0) + 1 if said["next"] == "AwaitRemoval" else 0
    told = {"request_id": event["request_id"], "next": said["next"], "rounds": rounds}
    if "in" in said:
        at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=said["in"])
        told["at"] = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return told


def serve():
    """A Lambda runtime of its own, as Kari's functions are: it tells errors by the names they have."""
    runtime = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"
    while True:
        with urllib.request.urlopen(f"{runtime}/next") as given:
            id, event = given.headers["Lambda-Runtime-Aws-Request-Id"], json.load(given)
        try:
            kind, told = "response", answer(event)
        except Exception as error:
            kind, told = "error", {"errorType": type(error).__name__, "errorMessage": str(error)}
        urllib.request.urlopen(f"{runtime}/{id}/{kind}", json.dumps(told).encode()).close()


def definition(function):
    file = pathlib.Path(__file__).parents[2] / "infra/access.asl.json"
    return file.read_text().replace("${WorkflowFunctionArn}", function)


def trust(service):
    allow = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [allow]})


def entered(history):
    """The states that were entered, in order: what AWS counts and charges as transitions."""
    details = [event.get("stateEnteredEventDetails") for event in history]
    return [detail["name"] for detail in details if detail]


if __name__ == "__main__":
    serve()
