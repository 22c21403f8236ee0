#!/usr/bin/env bash
# What the core does often, or for each of many domains: time and allocations. JSON lines.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
dotnet run --project tests/LiveMigration.Benchmarks -c Release -v quiet -- micro
