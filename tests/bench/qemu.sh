#!/usr/bin/env bash
# The same guest from one QEMU to the next, without libvirt, by a bare script of QMP and by LiveMigration in turn. JSON lines.
# PAIRS (8), BANDWIDTH (119 MiB/s, a link of 1 Gbit/s) and FLAVOUR (backports; debian is QEMU 7.2) may be set. Takes about three minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export LAB_NAME=${LAB_NAME:-bench} LAB_SUBNET=${LAB_SUBNET:-10.85.0}
flavour=${FLAVOUR:-backports}

sudo=(env)
((EUID == 0)) || sudo=(sudo -n "LAB_NAME=$LAB_NAME" "LAB_SUBNET=$LAB_SUBNET")
if ! "${sudo[@]}" true 2>/dev/null || ! "${sudo[@]}" tests/lab/lab.sh check >&2; then
  echo "bench qemu: left out; the lab needs root, and the packages that './build.sh bench' installs" >&2
  exit
fi
"${sudo[@]}" tests/lab/lab.sh prepare ${flavour#debian} >&2
usr=/usr
[[ $flavour == debian ]] || usr=${LAB_CACHE:-/srv/livemigration/cache}/$flavour/usr
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

move() { # NAME KEY=VALUE...
  tests/lab/lab.sh guest-xml "$1" "${@:2}" >"$work/$1.xml"
  dotnet run --project tests/LiveMigration.Benchmarks -c Release -v quiet -- \
    qemu "$work/$1.xml" "$usr" pairs="${PAIRS:-8}" bandwidth="${BANDWIDTH:-119}"
}
move idle rate=0 memory=384 static=192
move dirtying rate=40 ws=64 memory=384 static=96
