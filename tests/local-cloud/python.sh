#!/usr/bin/env bash
# Runs a Python script with exactly the packages of requirements.txt, by their hashes: python.sh SCRIPT ARGUMENTS…
# They are installed once, into ~/.cache/kari, and again when the file changes. PACKAGES names another file beside
# that one: the emulators need another botocore than the second opinion on the simulated Identity Center.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
python="${PYTHON:-python3}"
packages="$here/${PACKAGES:-requirements.txt}"

name="$("$python" - "$packages" <<'PYTHON'
import hashlib, sys
packages = hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest()[:12]
print("python-%d.%d-%s" % (*sys.version_info[:2], packages))
PYTHON
)"
home="${XDG_CACHE_HOME:-$HOME/.cache}/kari/$name"

if ! test -d "$home"; then
  echo "installing the packages of $packages into $home" >&2
  # Made aside and moved when it is whole: what was cut short is not taken for it.
  mkdir -p "$(dirname "$home")"
  making="$(mktemp -d "$home.XXXXXX")"
  trap 'rm -rf "$making"' EXIT
  "$python" -m venv "$making"
  "$making/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$packages"
  # Somebody else may have made it meanwhile.
  test -d "$home" || mv "$making" "$home"
  rm -rf "$making"
fi
exec "$home/bin/python" -B "$@"
