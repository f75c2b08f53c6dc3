"""Whether programs run on Lambda's Amazon Linux 2023, and are small enough to start soon.

binaries.py FOLDER [--at-most-mb N]

FOLDER holds NAME/bootstrap for each function.
"""

import argparse
import pathlib
import re
import subprocess
import sys

# Amazon Linux 2023's.
NEWEST_GLIBC = (2, 34)


def glibc(program):
    """The newest version of glibc that a program asks for."""
    table = subprocess.run(["objdump", "-T", program], capture_output=True, text=True, check=True).stdout
    return max(tuple(map(int, version.split("."))) for version in re.findall(r"GLIBC_(\d+\.\d+)", table))


def complaints(program, at_most_mb=None):
    """What is wrong with a program."""
    newest, size = glibc(program), program.stat().st_size / 1e6
    if newest > NEWEST_GLIBC:
        yield f"{program} needs glibc {newest}; build it on a system that has {NEWEST_GLIBC}"
    if at_most_mb and size > at_most_mb:
        yield f"{program} has {size:.1f} MB; at most {at_most_mb} are wanted"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--at-most-mb", type=float)
    options = parser.parse_args()
    programs = sorted(options.folder.glob("*/bootstrap"))
    for program in programs:
        print(f"{program.parent.name}: {program.stat().st_size / 1e6:.2f} MB, glibc {'.'.join(map(str, glibc(program)))}")
    wrong = [complaint for program in programs for complaint in complaints(program, options.at_most_mb)]
    if not programs:
        wrong = [f"there are no programs in {options.folder}"]
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
