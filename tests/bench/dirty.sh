#!/usr/bin/env bash
# What Measure-DirtyRate says of guests that dirty 4, 16 and 64 MiB/s, beside what they count themselves. JSON lines.
# ROUNDS (9) may be set, and FLAVOUR (debian, or backports: a newer QEMU, whose dirty-bitmap is tried although we refuse it).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export LAB_NAME=${LAB_NAME:-bench} LAB_SUBNET=${LAB_SUBNET:-10.85.0}
export LAB_DIR=${LAB_DIR:-/srv/livemigration/$LAB_NAME}
flavour=${FLAVOUR:-debian}

sudo=(env)
((EUID == 0)) || sudo=(sudo -n "LAB_NAME=$LAB_NAME" "LAB_SUBNET=$LAB_SUBNET" "LAB_DIR=$LAB_DIR")
lab() { "${sudo[@]}" tests/lab/lab.sh "$@" >&2; }

if ! "${sudo[@]}" true 2>/dev/null || ! "${sudo[@]}" tests/lab/lab.sh check >&2; then
  echo "bench dirty: left out; the lab needs root, and the packages that './build.sh bench' installs" >&2
  exit
fi
trap 'lab down' EXIT
[[ $flavour == debian ]] || lab prepare "$flavour"
lab up "a=$flavour"

# A working set that no guest goes through in a second: a page that is touched twice is dirty once.
for rate in 4 16 64; do
  guest=${rate}MiB
  lab guest "$guest" a memory=256 ws=128 rate="$rate"
  dotnet run --project tests/LiveMigration.Benchmarks -c Release -v quiet -- \
    dirty "$(tests/lab/lab.sh uri a)" "$guest" "$LAB_DIR/hosts/a/ticks/$guest.log" rounds="${ROUNDS:-9}" force="$([[ $flavour == debian ]] || echo 1)"
  lab guest-remove "$guest"
done
