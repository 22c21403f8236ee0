#!/usr/bin/env bash
# Reading a plain stream of 1 GiB that a QEMU writes for it, beside cat and, with ANALYZE=PATH, QEMU's analyze-migration.py. JSON lines.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
command -v qemu-system-x86_64 >/dev/null || { echo "bench stream: left out; there is no qemu-system-x86_64" >&2; exit; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
head -c 1G /dev/urandom >"$work/content"
printf 'migrate_set_parameter max-bandwidth 10G\nmigrate "exec:cat >%s"\nquit\n' "$work/stream" |
  qemu-system-x86_64 -M pc -m 1280 -nodefaults -display none -accel tcg -S -monitor stdio \
    -device loader,file="$work/content",addr=0x1000000,force-raw=on >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
rm "$work/content"
dotnet run --project tests/LiveMigration.Benchmarks -c Release -v quiet -- stream "$work/stream" ${ANALYZE:+"analyze=$ANALYZE"}
