"""Deploys what was built: packages it, makes or changes the stack, and puts the portal in its bucket.

deploy.py --parameters FILE [--stack NAME] [--binaries FOLDER] [--portal FOLDER] [--deployment FILE]
          [--other-identity-center]
deploy.py --describe [--stack NAME] [--deployment FILE] [--parameters FILE]

At its end it writes down the deployment, for the commands of `kari` that take --deployment: infra/STACK.deployment.
With --describe it only does that, on the machine of somebody else for instance, and writes FILE too, with the
parameters that the stack has. Nothing in either is secret.

It takes the AWS account and Region from the environment, as the AWS CLI does. It can be run again at any time.
"""

import argparse
import json
import mimetypes
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse

import boto3

INFRA = pathlib.Path(__file__).resolve().parent
ROOT = INFRA.parent
FUNCTIONS = ["api", "slack", "workflow", "relay", "slack-relay", "reconciler", "directory-sync"]
# What Lambda calls machines, by their number in an ELF header.
MACHINES = {62: "x86_64", 183: "arm64"}
# AWS allows them neither in the address where people sign in nor in the name of a bucket.
RESERVED = ("aws", "amazon", "cognito")
# What says which Identity Center a stack gives access in.
IDENTITY_CENTER = ("InstanceArn", "IdentityStoreId")
# What the build names by its content may be kept for ever; anything else is asked for each time.
FOR_EVER, EACH_TIME = "public, max-age=31536000, immutable", "no-cache"


def main(arguments=None):
    options = parse(arguments)
    if options.describe:
        describe(options)
        return write_parameters(options) if options.parameters else None
    check(options)
    with tempfile.TemporaryDirectory(prefix="kari-deploy-") as folder:
        deploy_stack(options, lay_out(pathlib.Path(folder), options.binaries))
    told = protect(options.stack)
    upload_portal(options.portal, told)
    describe(options)
    print(json.dumps(told, indent=2))
    return told


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--parameters", type=pathlib.Path, help="lines of Name=value; with --describe, where to")
    parser.add_argument("--describe", action="store_true", help="only write down the deployment that is there")
    parser.add_argument("--deployment", type=pathlib.Path, help="where to; infra/STACK.deployment if not given")
    parser.add_argument("--stack", default="kari", help="lower-case letters, digits and hyphens")
    parser.add_argument("--binaries", type=pathlib.Path, default=ROOT / "target/lambda", help="NAME/bootstrap each")
    parser.add_argument("--portal", type=pathlib.Path, default=ROOT / "web/dist")
    parser.add_argument("--other-identity-center", action="store_true", help="nothing is live in the one before")
    options = parser.parse_args(arguments)
    if not (options.parameters or options.describe):
        parser.error("say --parameters, --describe, or both")
    return options


def check(options):
    """Says what is missing before anything is changed."""
    needed = [options.binaries / name / "bootstrap" for name in FUNCTIONS]
    needed += [options.portal / "index.html", options.parameters]
    missing = [str(path) for path in needed if not path.is_file()]
    if missing:
        sys.exit("missing, build it first: " + ", ".join(missing))
    if not re.fullmatch("[a-z][a-z0-9-]*", options.stack) or any(word in options.stack for word in RESERVED):
        sys.exit(f"{options.stack} cannot be the stack's name: lower-case letters, digits and hyphens, without {RESERVED}")
    machine = parameters(options.parameters)["Architecture"]
    for name in FUNCTIONS:
        if machine_of(options.binaries / name / "bootstrap") != machine:
            sys.exit(f"the program of {name} is not for {machine}: build it for that, or say Architecture= in {options.parameters}")
    check_against(deployed(options.stack), options)


def check_against(before, options):
    """Refuses what would be done to the stack that is there, with these parameters, and hardly anybody means."""
    known, said = parameters(options.parameters), read_parameters(options.parameters)
    other = {name: before[name] for name in IDENTITY_CENTER if before.get(name, known[name]) != known[name]}
    # NB. Nothing would look at the one before any more, and what is live there would never end.
    if other and not options.other_identity_center:
        sys.exit(
            f"{options.parameters} names another Identity Center than the stack {options.stack} has:\n{listed(other)}\n"
            "What is live in that one would never be ended. Deploy for the other one beside it (make deploy STACK=other-name); "
            "or end everything first, by `kari drain` until it exits with 0, and then say so: "
            "make deploy ARGS=--other-identity-center"
        )
    # NB. What is not said has its default: what was protected would not be any more.
    unsaid = {name: default for name, default in defaults().items() if name not in said}
    dropped = {name: before[name] for name, default in unsaid.items() if before.get(name, "") not in ("", str(default))}
    if dropped:
        sys.exit(
            f"{options.parameters} does not say what the stack {options.stack} has:\n{listed(dropped)}\n"
            "Copy each line that is to stay into the file; Name= with nothing behind it drops that one. All that the stack "
            "has is written by infra/deploy.py --describe --parameters NEW_FILE"
        )


def listed(parameters):
    """As a file of parameters says them."""
    return "\n".join(f"{name}={value}" for name, value in sorted(parameters.items()))


def deployed(stack):
    """The parameters of the stack that is there; none before the first deployment."""
    formation = boto3.client("cloudformation")
    try:
        described = formation.describe_stacks(StackName=stack)["Stacks"][0]
    except formation.exceptions.ClientError as error:
        # NB. Nothing else is taken for a first deployment, least of all that somebody may not look.
        if "does not exist" in str(error):
            return {}
        raise
    # What never was there has nothing that could be lost: SAM says that it has to be deleted first.
    if described["StackStatus"] in ("ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS"):
        return {}
    return {one["ParameterKey"]: one["ParameterValue"] for one in described.get("Parameters", [])}


def machine_of(program):
    """What machine a program is for, as Lambda calls it: the ELF header says so."""
    with program.open("rb") as file:
        return MACHINES.get(int.from_bytes(file.read(20)[18:], "little"))


def lay_out(folder, binaries):
    """The template beside the binaries, where its CodeUri looks for them."""
    (folder / "target").mkdir()
    (folder / "target/lambda").symlink_to(binaries.resolve(), target_is_directory=True)
    laid = folder / "infra"
    laid.mkdir()
    for name in ["template.yaml", "access.asl.json"]:
        (laid / name).write_bytes((INFRA / name).read_bytes())
    return laid / "template.yaml"


def read_parameters(file):
    lines = [line.strip() for line in file.read_text().splitlines()]
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def defaults():
    """What each parameter of the template is where it is not said; none where it has to be."""
    from samcli.yamlhelper import yaml_parse  # Whoever only describes need not have it.

    template = yaml_parse((INFRA / "template.yaml").read_text())
    return {name: one.get("Default") for name, one in template["Parameters"].items()}


def parameters(file):
    """All of the template's that have a value. What is not said has its default: SAM would leave it as it is."""
    said, unsaid = read_parameters(file), defaults()
    if unknown := said.keys() - unsaid.keys():
        sys.exit(f"there are no such parameters: {', '.join(sorted(unknown))}")
    known = {name: said.get(name) or default for name, default in unsaid.items()}
    if unsaid := [name for name, value in known.items() if value is None]:
        sys.exit(f"{file} has to say {', '.join(sorted(unsaid))}")
    return known


def deploy_stack(options, template):
    overrides = [f'{name}="{value}"' for name, value in parameters(options.parameters).items()]
    command = [
        *[sys.executable, "-m", "samcli", "deploy", "--template-file", template, "--stack-name", options.stack],
        *["--resolve-s3", "--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset"],
        *["--no-fail-on-empty-changeset", "--parameter-overrides", *overrides],
    ]
    subprocess.run(command, check=True, env={**os.environ, "SAM_CLI_TELEMETRY": "0"}, stdout=sys.stderr)


def protect(stack):
    """Guards it against being deleted by mistake, while access may be under way. Answers its outputs."""
    formation = boto3.client("cloudformation")
    formation.update_termination_protection(StackName=stack, EnableTerminationProtection=True)
    described = formation.describe_stacks(StackName=stack)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}


def upload_portal(portal, told):
    """The page itself last, so that nobody is sent to files that are not there yet."""
    s3, bucket = boto3.client("s3"), told["PortalBucketName"]
    files = [path for path in sorted(portal.rglob("*")) if path.is_file()]
    for path in sorted(files, key=lambda path: path.name == "index.html"):
        name = path.relative_to(portal).as_posix()
        put(s3, bucket, name, path.read_bytes(), FOR_EVER if name.startswith("assets/") else EACH_TIME)
    put(s3, bucket, "config.json", json.dumps(portal_config(told)).encode(), EACH_TIME)
    paths = {"Quantity": 1, "Items": ["/*"]}
    batch = {"Paths": paths, "CallerReference": str(time.time_ns())}
    boto3.client("cloudfront").create_invalidation(DistributionId=told["DistributionId"], InvalidationBatch=batch)


def portal_config(told):
    # There is none before the second deployment. Named, it is gone to without a page of Cognito's between.
    provider = {"identity_provider": told["IdentityProvider"]} if "IdentityProvider" in told else {}
    return {
        "authority": told["Issuer"],
        "client_id": told["ClientId"],
        "scope": "openid",
        "redirect_path": "/callback",
        "sign_out_url": sign_out_url(told),
        **provider,
        "simulated": False,
    }


def sign_out_url(told):
    """Cognito's own way out, with its own names for what the standard calls otherwise."""
    asked = {"client_id": told["ClientId"], "logout_uri": f"{told['PortalUrl']}/signed-out"}
    return f"{told['SignInUrl']}/logout?{urllib.parse.urlencode(asked)}"


def describe(options):
    """What the functions are told when they start, one variable a line, as `kari --deployment` reads it."""
    file = options.deployment or INFRA / f"{options.stack}.deployment"
    functions = boto3.client("lambda")
    told = functions.get_function_configuration(FunctionName=f"{options.stack}-workflow")["Environment"]["Variables"]
    ours = {name: value for name, value in told.items() if name.startswith("KARI_")}
    # Lambda sets this one by itself.
    ours["AWS_REGION"] = functions.meta.region_name
    lines = [f"{name}={value}" for name, value in sorted(ours.items())]
    head = f"# The deployment {options.stack}, written by infra/deploy.py. Nothing here is secret."
    file.write_text("\n".join([head, *lines, ""]))
    print(f"the deployment is described in {file}", file=sys.stderr)


def write_parameters(options):
    """What the stack was told, for whoever deploys it from another machine."""
    told = {name: value for name, value in deployed(options.stack).items() if value}
    # A later version may have no use for some of them, and would refuse them.
    template = (INFRA / "template.yaml").read_text()
    of_template = re.findall(r"^  (\w+):$", template.split("\nParameters:\n")[1].split("\nRules:\n")[0], re.M)
    gone = {f"# not any more: {name}": told.pop(name) for name in told.keys() - set(of_template)}
    try:
        with options.parameters.open("x") as file:
            file.write(f"# What the stack {options.stack} has, written by infra/deploy.py.\n{listed(gone | told)}\n")
    except FileExistsError:
        sys.exit(f"{options.parameters} is there already: name another file")
    print(f"its parameters are in {options.parameters}", file=sys.stderr)


def put(s3, bucket, name, body, caching):
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    s3.put_object(Bucket=bucket, Key=name, Body=body, ContentType=kind, CacheControl=caching)


if __name__ == "__main__":
    main()
