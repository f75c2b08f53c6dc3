"""Templates of infra/, read so that tests can ask them questions."""

import pathlib
import re

import yaml

ROOT = pathlib.Path(__file__).parents[2]
INFRA = ROOT / "infra"


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms."""


def short_form(loader, suffix, node):
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        return {name: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_mapping(node, deep=True)}


Loader.add_multi_constructor("!", short_form)


def read(name):
    return yaml.load((INFRA / name).read_text(), Loader)


def told(value):
    """A value as one line of text: what is not known before it is deployed stands in braces."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return " ".join(told(one) for one in value)
    [(name, inner)] = value.items()
    if name == "Ref":
        return f"${{{inner}}}"
    if name == "Fn::GetAtt":
        return f"${{{inner if isinstance(inner, str) else '.'.join(inner)}}}"
    if name == "Fn::Sub" and isinstance(inner, str):
        return inner
    if name == "Fn::Sub":
        text, names = inner
        return re.sub(r"\$\{(%s)\}" % "|".join(names), lambda found: f"${{{found[1]}}}", text)
    raise ValueError(f"{name} is not understood here")


NO_VALUE = {"Ref": "AWS::NoValue"}


def resolved(conditions, value):
    """A value as it is where these conditions hold and no others."""
    if isinstance(value, list):
        return [found for one in value if (found := resolved(conditions, one)) != NO_VALUE]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Fn::If"}:
        condition, then, otherwise = value["Fn::If"]
        return resolved(conditions, then if condition in conditions else otherwise)
    found = {name: resolved(conditions, one) for name, one in value.items()}
    return {name: one for name, one in found.items() if one != NO_VALUE}


def as_list(value):
    return value if isinstance(value, list) else [value]


def statements(document):
    """The statements of a policy, each with the condition under which it is there at all."""
    for statement in document["Statement"]:
        if "Fn::If" in statement:
            condition, then, otherwise = statement["Fn::If"]
            assert otherwise == NO_VALUE
            yield condition, then
        else:
            yield None, statement


class Template:
    def __init__(self, name):
        self.name = name
        self.body = read(name)
        self.text = (INFRA / name).read_text()
        self.resources = self.body["Resources"]

    def of(self, kind):
        return {name: found["Properties"] for name, found in self.resources.items() if found["Type"] == kind}

    def deployed(self, *conditions):
        """The properties of what is there where these conditions hold and no others, by name."""
        there = {name: one for name, one in self.resources.items() if one.get("Condition") in (None, *conditions)}
        return {name: resolved(conditions, one.get("Properties", {})) for name, one in there.items()}

    def rights(self):
        """Everything that every role may do and must not: role, effect, action, resources, conditions."""
        for role, properties in self.of("AWS::IAM::Role").items():
            documents = [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
            for attached in properties.get("ManagedPolicyArns", []):
                # NB. One of AWS's own would be a name, and change without us.
                documents.append(self.resources[attached["Ref"]]["Properties"]["PolicyDocument"])
            for document in documents:
                for condition, statement in statements(document):
                    for action in as_list(statement["Action"]):
                        resources = as_list(statement["Resource"])
                        yield Right(role, statement["Effect"], action, resources, condition, statement.get("Condition"))


class Right:
    def __init__(self, role, effect, action, resources, condition, where):
        self.role, self.effect, self.action, self.condition = role, effect, action, condition
        self.resources = sorted(told(resource) for resource in resources)
        # To what it is confined: how it is compared, which key of the request, and with what.
        self.where = [(how, key, as_list(values)) for how, keys in (where or {}).items() for key, values in keys.items()]


def table(rights):
    """Rights as text, those on the same resources together."""
    together = {}
    for right in rights:
        when = f" if {right.condition}" if right.condition else ""
        where = "".join(f" where {how} {key} {told(values)}" for how, key, values in right.where)
        key = (right.effect.lower() + when + where, *right.resources)
        together.setdefault(key, set()).add(right.action)
    lines = []
    for (effect, *resources), actions in sorted(together.items()):
        lines += [f"  {effect}", *(f"    {action}" for action in sorted(actions))]
        lines += [f"      on {resource}" for resource in resources]
    return lines
