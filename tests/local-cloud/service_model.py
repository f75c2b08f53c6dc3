"""Holds answers against the service models of AWS, which botocore carries.

botocore itself drops members it does not know and does not look at lengths, values and forms of what
it is sent. This does.
"""

import json
import re


# The exceptions that are the service's fault. The models mark them, but botocore does not hand that on.
OURS = {"InternalServerException", "ServiceException"}


class Mismatch(AssertionError):
    """An answer that AWS could not have given."""


class Examiner:
    """Examines every answer that a client gets, before the client reads it."""

    def __init__(self):
        self.examined = 0
        self.errors = set()

    def watch(self, client):
        client.meta.events.register("before-parse", self._examine)
        return client

    def _examine(self, operation_model, response_dict, **_):
        headers, body = response_dict["headers"], json.loads(response_dict["body"])
        name = operation_model.name
        self.examined += 1
        expect(headers["content-type"] == "application/x-amz-json-1.1", name, "content type")
        expect("x-amzn-requestid" in headers, name, "request id")
        if response_dict["status_code"] == 200:
            examine(operation_model.output_shape, body, name)
        else:
            self._examine_error(operation_model, response_dict["status_code"], headers, body)

    def _examine_error(self, operation_model, status, headers, body):
        code = body.pop("__type")
        self.errors.add(code)
        expect(headers["x-amzn-errortype"] == code, code, "error type")
        shapes = {shape.error_code: shape for shape in operation_model.error_shapes}
        expect(code in shapes, operation_model.name, f"does not answer {code}")
        shape = shapes[code]
        expect(status == (500 if code in OURS else 400), code, f"status {status}")
        examine(shape, body, code)


def expect(holds, where, what):
    if not holds:
        raise Mismatch(f"{where}: {what}")


def examine(shape, value, where):
    """Every member is known, of its type and within its bounds; none that is required is missing."""
    EXAMINERS[shape.type_name](shape, value, where)


def structure(shape, value, where):
    expect(isinstance(value, dict), where, "is no structure")
    unknown, missing = value.keys() - shape.members.keys(), set(shape.required_members) - value.keys()
    expect(not unknown, where, f"unknown members {sorted(unknown)}")
    expect(not missing, where, f"missing members {sorted(missing)}")
    expect(not shape.is_tagged_union or len(value) == 1, where, "is not one of a union")
    for name, member in value.items():
        examine(shape.members[name], member, f"{where}.{name}")


def sequence(shape, value, where):
    expect(isinstance(value, list), where, "is no list")
    within(shape, len(value), where)
    for number, item in enumerate(value):
        examine(shape.member, item, f"{where}[{number}]")


def string(shape, value, where):
    expect(isinstance(value, str), where, "is no string")
    within(shape, len(value), where)
    expect(not shape.enum or value in shape.enum, where, f"{value!r} is none of {shape.enum}")
    pattern = shape.metadata.get("pattern", "")
    # Python does not know classes of Unicode.
    if r"\p" not in pattern:
        expect(re.search(pattern, value), where, f"{value!r} has not the form {pattern}")


def integer(shape, value, where):
    expect(type(value) is int, where, "is no whole number")
    within(shape, value, where)


def boolean(shape, value, where):
    expect(type(value) is bool, where, "is neither true nor false")


def timestamp(shape, value, where):
    expect(type(value) in (int, float), where, "is no number of seconds")


def within(shape, size, where):
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    expect(least is None or size >= least, where, f"{size} is less than {least}")
    expect(most is None or size <= most, where, f"{size} is more than {most}")


EXAMINERS = {
    "structure": structure,
    "list": sequence,
    "string": string,
    "integer": integer,
    "boolean": boolean,
    "timestamp": timestamp,
}
