#!/usr/bin/env bash
# Readiness of one VM of two lab hosts, and of 500 VMs of libvirt's test driver to two destinations. JSON lines. ROUNDS (9) may be set.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export LAB_NAME=${LAB_NAME:-bench} LAB_SUBNET=${LAB_SUBNET:-10.85.0}

sudo=(env)
((EUID == 0)) || sudo=(sudo -n "LAB_NAME=$LAB_NAME" "LAB_SUBNET=$LAB_SUBNET")
lab() { "${sudo[@]}" tests/lab/lab.sh "$@" >&2; }
run() { dotnet run --project tests/LiveMigration.Benchmarks -c Release -v quiet -- readiness "$@"; }

run
if ! "${sudo[@]}" true 2>/dev/null || ! "${sudo[@]}" tests/lab/lab.sh check >&2; then
  echo "bench readiness: one VM is left out; the lab needs root, and the packages that './build.sh bench' installs" >&2
  exit
fi
trap 'lab down' EXIT
lab up
lab guest one a disk=shared nic=network
run "$(tests/lab/lab.sh uri a)" "$(tests/lab/lab.sh uri b)" one rounds="${ROUNDS:-9}"
