#!/usr/bin/env bash
# The memory of a guest that stands still, to and fro between two hosts of a lab of its own: in the clear, by TLS, and by TLS over
# two and four connections, in turn. JSON lines. ROUNDS (8) and MEMORY (512 MiB) may be set. Takes about two minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export LAB_NAME=${LAB_NAME:-bench} LAB_SUBNET=${LAB_SUBNET:-10.85.0}
memory=${MEMORY:-512}

sudo=(env)
((EUID == 0)) || sudo=(sudo -n "LAB_NAME=$LAB_NAME" "LAB_SUBNET=$LAB_SUBNET")
lab() { "${sudo[@]}" tests/lab/lab.sh "$@" >&2; }

if ! "${sudo[@]}" true 2>/dev/null || ! "${sudo[@]}" tests/lab/lab.sh check >&2; then
  echo "bench tls: left out; the lab needs root, and the packages that './build.sh bench' installs" >&2
  exit
fi
trap 'lab down' EXIT
lab up
lab guest still a rate=0 ws=1 memory="$((memory + memory / 8 + 128))" static="$memory"
lab virsh a suspend still
dotnet run --project tests/LiveMigration.Benchmarks -c Release -v quiet -- \
  tls "$(tests/lab/lab.sh uri a)" "$(tests/lab/lab.sh uri b)" still rounds="${ROUNDS:-8}"
