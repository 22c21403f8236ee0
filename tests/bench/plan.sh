#!/usr/bin/env bash
# Evacuation plans of large fleets: time, memory, how near to the bound. JSON lines.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
dotnet run --project tests/LiveMigration.Benchmarks -c Release -v quiet -- plan
