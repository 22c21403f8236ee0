#!/usr/bin/env bash
# Lists 500, 2,000 and 8,000 domains of libvirt's test driver, by virsh, and by the core and by Get-LibvirtDomain in turn.
# JSON lines.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
dotnet build src/LiveMigration.PowerShell -c Release --nologo -v quiet -clp:NoSummary >&2
dotnet run --project tests/LiveMigration.Benchmarks -c Release -v quiet -- list module="$PWD/artifacts/module/LiveMigration" "$@"
