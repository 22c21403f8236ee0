#!/usr/bin/env bash
# Plans that balance and pack large fleets, beside a greedy search and a linear program's bound; and a week of loads. JSON lines.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
dotnet run --project tests/LiveMigration.Benchmarks -c Release -v quiet -- balance
