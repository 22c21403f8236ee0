#!/usr/bin/env bash
# The same guest, to and fro between two hosts of a lab of its own, by virsh and by LiveMigration in turn. JSON lines.
# PAIRS (8), MODE (p2p, or direct) and RATE (1gbit: what tc takes; the lab's link) may be set. Takes about three minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export LAB_NAME=${LAB_NAME:-bench} LAB_SUBNET=${LAB_SUBNET:-10.85.0}
pairs=${PAIRS:-8} mode=${MODE:-p2p} rate=${RATE:-1gbit}

sudo=(env)
((EUID == 0)) || sudo=(sudo -n "LAB_NAME=$LAB_NAME" "LAB_SUBNET=$LAB_SUBNET")
lab() { "${sudo[@]}" tests/lab/lab.sh "$@" >&2; }
bench() { dotnet run --project tests/LiveMigration.Benchmarks -c Release -v quiet -- "$@"; }
move() { bench migrate "$(tests/lab/lab.sh uri a)" "$(tests/lab/lab.sh uri b)" "$1" mode="$mode" unsafe=1 "${@:2}"; }

if ! "${sudo[@]}" true 2>/dev/null || ! "${sudo[@]}" tests/lab/lab.sh check >&2; then
  echo "bench migrate: left out; the lab needs root, and the packages that './build.sh bench' installs" >&2
  exit
fi
trap 'lab down' EXIT
lab up
for host in a b; do lab link "$host" rate "$rate"; done

# One guest at a time: under emulation each takes a core. The shared disk is safe here, which libvirt cannot know: unsafe=1.
lab guest idle a rate=0 memory=256 static=96 disk=shared
move idle pairs="$pairs" process="$((pairs / 2))" long=35
lab guest-remove idle
lab guest dirtying a rate=40 ws=64 memory=192 disk=shared diskrate=10
move dirtying pairs="$pairs"
