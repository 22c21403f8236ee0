#!/usr/bin/env bash
# The setup of the demo: two libvirt hosts on this machine and a guest that reports a counter a hundred times a second while it
# writes to memory and disk. What moves it is the command given, with the URIs and the names of both hosts:
#   samples/demo.sh pwsh samples/demo.ps1
# Then the guest's own count shows what it noticed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# A separate lab: another one that is running is not touched.
export LAB_NAME=demo LAB_SUBNET=10.78.0
# Without a terminal: on one, virsh looks for an agent of polkit, and says that there is none.
lab() { setsid --wait "${sudo[@]}" tests/lab/lab.sh "$@"; }
sudo=(sudo -n "LAB_NAME=$LAB_NAME" "LAB_SUBNET=$LAB_SUBNET")
((EUID != 0)) || sudo=(env)

say() { printf '\n==> %s\n' "$*"; }
trap 'lab down' EXIT

say "two libvirt hosts, a and b, and a running VM named pulse on a"
lab up a b
lab guest pulse a disk=nbd rate=20 diskrate=1
lab status

say "moving it from a to b"
"$@" "$(lab uri a)" "$(lab uri b)" a b
say "and back from b to a"
"$@" "$(lab uri b)" "$(lab uri a)" b a

sleep 1
counted=$(lab ticks pulse)
number() { grep -o "\"$1\":[0-9.]*" <<<"$counted" | cut -d: -f2; }
lost=$(($(number lost) + $(number duplicated))) broken=$(($(number corruptMemory) + $(number corruptDisk)))
((lost == 0)) && lost="no tick lost" || lost="$lost ticks lost or duplicated"
((broken == 0)) && broken="memory and disk are intact" || broken="$broken pages or blocks are corrupt"
say "seen from outside: $(number last) ticks, $lost; longest pause $(number maxGapMs) ms; $broken"
[[ $lost == no* && $broken == memory* ]]
