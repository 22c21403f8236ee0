#!/usr/bin/env bash
# Eight guests of mixed sizes and dirty rates, to and fro between two hosts of a lab of its own over a narrow link: by virsh one after
# the other, by xargs -P4 virsh, and by LiveMigration in turn. JSON lines. ROUNDS (3), MEGABITS (200: the link), ATONCE (4) and BYTES (16: how
# much of a page changes when it is written) may be set. Takes about ten minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export LAB_NAME=${LAB_NAME:-bench} LAB_SUBNET=${LAB_SUBNET:-10.85.0}

sudo=(env)
((EUID == 0)) || sudo=(sudo -n "LAB_NAME=$LAB_NAME" "LAB_SUBNET=$LAB_SUBNET")
lab() { "${sudo[@]}" tests/lab/lab.sh "$@" >&2; }

if ! "${sudo[@]}" true 2>/dev/null || ! "${sudo[@]}" tests/lab/lab.sh check >&2; then
  echo "bench evacuate: left out; the lab needs root, and the packages that './build.sh bench' installs" >&2
  exit
fi
trap 'lab down' EXIT
lab up

# NAME ws static rate, in MiB and MiB/s: most are idle, two busy, one hot.
guests=()
while read -r name ws static rate; do
  guests+=("$name")
  # Emulated guests that boot in a crowd do not find their timer: two at a time.
  lab guest "$name" a ws="$ws" static="$static" rate="$rate" memory=$((ws + static + 80)) bytes="${BYTES:-16}" tick=20 </dev/null &
  ((${#guests[@]} % 2)) || wait
done <<'GUESTS'
small1 8 0 0
small2 8 16 1
small3 8 16 0
middle1 16 32 1
middle2 16 32 3
middle3 16 48 1
large 24 80 4
hot 32 16 8
GUESTS
wait

dotnet run --project tests/LiveMigration.Benchmarks -c Release -v quiet -- \
  evacuate "$(tests/lab/lab.sh uri a)" "$(tests/lab/lab.sh uri b)" "$(IFS=,; echo "${guests[*]}")" \
  lab="${sudo[*]} tests/lab/lab.sh" rounds="${ROUNDS:-3}" megabits="${MEGABITS:-200}" atonce="${ATONCE:-4}"
