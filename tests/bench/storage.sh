#!/usr/bin/env bash
# A guest with a local disk, to and fro between two hosts of a lab of its own, by virsh with a storage copy and by LiveMigration in
# turn: whole, and above a backing file that both hosts have. JSON lines. PAIRS (4), DATA (128 MiB in the disk) and RATE (1gbit) may
# be set. Takes about three minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export LAB_NAME=${LAB_NAME:-bench} LAB_SUBNET=${LAB_SUBNET:-10.85.0}
pairs=${PAIRS:-4} data=${DATA:-128} rate=${RATE:-1gbit}

sudo=(env)
((EUID == 0)) || sudo=(sudo -n "LAB_NAME=$LAB_NAME" "LAB_SUBNET=$LAB_SUBNET")
lab() { "${sudo[@]}" tests/lab/lab.sh "$@" >&2; }
copy() {
  dotnet run --project tests/LiveMigration.Benchmarks -c Release -v quiet -- storage \
    "$(tests/lab/lab.sh uri a)" "$(tests/lab/lab.sh uri b)" disky lab="${sudo[*]} tests/lab/lab.sh" image="$image" pairs="$pairs" "$@"
}

if ! "${sudo[@]}" true 2>/dev/null || ! "${sudo[@]}" tests/lab/lab.sh check >&2; then
  echo "bench storage: left out; the lab needs root, and the packages that './build.sh bench' installs" >&2
  exit
fi
trap 'lab down' EXIT
lab up
for host in a b; do lab link "$host" rate "$rate"; done
images=/var/lib/libvirt/images image=$images/disky-vda.qcow2 base=$images/disky-vdz.qcow2

# The guest itself writes a little, to the first MiB; what else is in the disk is written beforehand.
lab guest disky a disk=local disksize=$((data * 2)) rate=0 diskrate=1 memory=128 start=0
lab sh a qemu-img bench -w -q -f qcow2 -c $((data * 16)) -s 65536 -o 33554432 --pattern=7 "$image"
lab virsh a start disky
copy

home=a
[[ $(tests/lab/lab.sh virsh a -q domstate disky 2>/dev/null) = running ]] || home=b
lab virsh "$home" destroy disky
for host in a b; do
  [[ $host = "$home" ]] || lab sh "$host" rm -f "$image"
done
[[ $home = a ]] || { echo "bench storage: the guest did not come back" >&2; exit 1; }
# What the guest had becomes the backing file on both hosts, above which it goes on.
lab sh a mv "$image" "$base"
lab sh a cp "$base" /var/lib/libvirt/shared/disky-vdz.qcow2
lab sh b cp /var/lib/libvirt/shared/disky-vdz.qcow2 "$base"
lab sh a qemu-img create -q -f qcow2 -b "$base" -F qcow2 "$image"
lab virsh a start disky
copy base="$base"
