#!/usr/bin/env bash
# The QMP client beside a bare loop over a socket, both to one QEMU without a machine. JSON lines.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
command -v qemu-system-x86_64 >/dev/null || { echo "bench qmp: left out; there is no qemu-system-x86_64" >&2; exit; }
dotnet run --project tests/LiveMigration.Benchmarks -c Release -v quiet -- qmp
