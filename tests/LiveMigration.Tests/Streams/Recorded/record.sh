#!/usr/bin/env bash
# Makes the streams in this folder again: a guest that stands before its first instruction, 1 MiB of memory, firmware of zeros. QEMU 7.2 is the
# machine's own, QEMU 10 the one that the lab has unpacked (lab.sh prepare backports). The others are made by LiveStreamTests with STREAM_RECORD=1.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
overlay=${LAB_CACHE:-/srv/livemigration/cache}/backports/usr
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
head -c 65536 /dev/zero >"$work/bios"

# record NAME QEMU OPTIONS... reads what the monitor is told
record() {
  local name=$1
  shift
  "$@" -bios "$work/bios" -nodefaults -display none -accel tcg -S -m 1 -monitor stdio >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
  gzip -9n <"$work/stream" >"$name.gz"
}
new() { LD_LIBRARY_PATH=$overlay/lib/x86_64-linux-gnu "$overlay/bin/qemu-system-x86_64" -L "$overlay/share/qemu" -L /usr/lib/ipxe/qemu "$@"; }

printf 'migrate "exec:cat >%s"\nquit\n' "$work/stream" | record plain-7.2 qemu-system-x86_64 -M pc
printf 'migrate "exec:cat >%s"\nquit\n' "$work/stream" | record devices-7.2 qemu-system-x86_64 -M q35 -smp 2 -device virtio-rng-pci -device nec-usb-xhci
printf 'migrate_set_capability validate-uuid on\nmigrate "exec:cat >%s"\nquit\n' "$work/stream" | record devices-10.0 new -M q35 -smp 2 -device virtio-rng-pci -device nec-usb-xhci -uuid 11111111-2222-3333-4444-555555555555
rm "$work/stream"
printf 'migrate_set_capability mapped-ram on\nmigrate "file:%s"\nquit\n' "$work/stream" | record mapped-10.0 new -M pc
rm "$work/stream"
printf 'migrate_set_capability x-ignore-shared on\nmigrate "exec:cat >%s"\nquit\n' "$work/stream" | record shared-10.0 new -M pc
