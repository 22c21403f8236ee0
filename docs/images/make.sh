#!/usr/bin/env bash
# Makes the pictures of the README, and the output below its commands, from real migrations in the lab. Needs root, the lab's
# packages, tmux, chromium and PowerShell; run ./build.ps1 first.
#   docs/images/make.sh [readme|terminal|report]...      all three by default
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

export LAB_NAME=${LAB_NAME:-pictures} LAB_SUBNET=${LAB_SUBNET:-10.79.0} XDG_STATE_HOME
lab=tests/lab/lab.sh
work=$(mktemp -d)
XDG_STATE_HOME=$work/state
session=pictures-$$
trap 'tmux kill-session -t "$session" 2>/dev/null || true; "$lab" down; rm -rf "$work"' EXIT
pwsh=(pwsh)
command -v pwsh >/dev/null || pwsh=(dotnet tool run pwsh --)

guests() { # NAME [OPTION...] of the lab's guests, one a line: on a, and nowhere else
  "$lab" up a b
  while read -r -a guest; do "$lab" guest "${guest[0]}" a "${guest[@]:1}"; done
}

# The session in the picture is typed into a real terminal, and what is on its screen at the end is the picture.
terminal() {
  guests <<<$'db1 memory=192 ws=64 rate=8\nweb1 disk=nbd ws=16 rate=4\nweb2 ws=16 rate=2'
  cat >"$work/setup.ps1" <<SETUP
Import-Module $PWD/artifacts/module/LiveMigration
Connect-LibvirtHost '$("$lab" uri a)' -Name a | Out-Null
Connect-LibvirtHost '$("$lab" uri b)' -Name b | Out-Null
function prompt { 'PS> ' }
Set-PSReadLineOption -PredictionSource None -HistorySaveStyle SaveNothing
Clear-Host
SETUP
  tmux -f /dev/null new-session -d -s "$session" -x 112 -y 42 "TERM=xterm-256color ${pwsh[*]} -NoLogo -NoProfile -NoExit -File $work/setup.ps1"
  prompt
  type_in 'Get-LibvirtDomain -Host a'
  type_in 'Get-LibvirtDomain -Host a | Test-MigrationReadiness -Destination b | Format-Table'
  type_in 'Get-LibvirtDomain -Host a | Start-VMLiveMigration -Destination b | Format-Table'
  tmux capture-pane -t "$session" -e -p >"$work/screen"
  "${pwsh[@]}" -NoProfile -File docs/images/ConvertTo-Svg.ps1 "$work/screen" docs/images/terminal.svg
  "$lab" down
}

# Waits until the last line on the screen is a prompt and nothing else.
prompt() {
  local tries
  for ((tries = 0; tries < 600; tries++)); do
    sleep 0.3
    [[ $(tmux capture-pane -t "$session" -p | grep -v '^ *$' | tail -n 1) =~ ^PS\>\ *$ ]] && return
  done
  tmux capture-pane -t "$session" -p >&2
  return 1
}

type_in() {
  tmux send-keys -t "$session" -l "$1"
  sleep 1
  tmux send-keys -t "$session" Enter
  sleep 0.5
  prompt
}

report() {
  guests <<<$'db1 memory=256 ws=128 rate=20\ndb2 memory=192 ws=64 rate=12\nweb1 disk=nbd ws=16 rate=4\nweb2 ws=16 rate=2\nmail memory=160 ws=48 rate=6'
  "$lab" link a rate 300mbit
  "${pwsh[@]}" -NoProfile -Command "
    \$ErrorActionPreference = 'Stop'; \$ProgressPreference = 'SilentlyContinue'
    Import-Module '$PWD/artifacts/module/LiveMigration'
    Connect-LibvirtHost '$("$lab" uri a)' -Name a | Out-Null
    Connect-LibvirtHost '$("$lab" uri b)' -Name b | Out-Null
    Start-HostEvacuation a -Destination b -Bandwidth 300Mbit/s -MeasureDirtyRate 2s | Out-Null
    Get-HostEvacuation -Latest | Export-MigrationReport '$work/report.html' | Out-Null"
  local browser
  browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
  HOME=$work "$browser" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --hide-scrollbars --force-color-profile=srgb \
    --window-size=1000,830 --virtual-time-budget=3000 --screenshot="$PWD/docs/images/report.png" "file://$work/report.html" 2>"$work/chromium.log" ||
    { cat "$work/chromium.log" >&2; return 1; }
  "$lab" down
}

readme() {
  guests <<<$'db1 memory=192 ws=64 rate=8\nweb1 disk=nbd ws=16 rate=4\nweb2 ws=16 rate=2'
  "${pwsh[@]}" -NoProfile -File docs/Update-Readme.ps1 "$("$lab" uri a)" "$("$lab" uri b)" | grep -c .
  "$lab" down
}

(($#)) || set -- readme terminal report
for picture in "$@"; do "$picture"; done
