#!/usr/bin/env bash
# The door for a fresh machine: installs what a task needs, then hands over to build.ps1. `./build.sh help` lists the tasks.
set -Eeuo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

lab=tests/lab/lab.sh
log=artifacts/setup.log

usage() {
  cat <<'USAGE'
./build.sh TASK

  demo           two libvirt hosts on this machine; a running VM moves from one to the other and back
  test           builds and runs every suite; the last line is the sum. Exit code: 0 all passed; 1 a test failed, or a suite did not
                 run; 3 what ran passed, but there is no lab (no root, or no packages), so the tests on real hosts were left out
  test quick     builds and runs what needs no lab
  bench [NAME]   runs the measurement NAME, or all; prints JSON lines
  package        leaves the module in artifacts/module and a zip of it in artifacts/package
  clean          takes the lab down and removes artifacts/
  help           this text

Missing packages are installed, and listed: Debian or Ubuntu packages for the lab (as root, or with sudo where it asks for no
password). PowerShell is a .NET tool of this folder and Pester a NuGet package. The .NET SDK has to be there.
In PowerShell: Get-Help ./build.ps1
USAGE
}

say() { printf '==> %s\n' "$*" >&2; }
exec 3>&2 # also from where the output goes to the log
die() { printf 'build.sh: %s\n' "$*" >&3; exit 1; }
trap 'die "stopped by \"$BASH_COMMAND\" (line $LINENO); nothing else was started"' ERR
trap 'die "interrupted; run it again to continue where it stopped"' INT TERM

# quietly COMMAND...: what it says goes to the log, and is shown only when it fails.
quietly() {
  mkdir -p artifacts
  "$@" >"$log" 2>&1 && return
  tail -n 15 "$log" >&2
  return 1
}

sudo=(sudo -n)
((EUID != 0)) || sudo=(env)
have_root() { "${sudo[@]}" true 2>/dev/null; }

need_dotnet() {
  # shellcheck disable=SC2016
  local how='.NET SDK 10: packages.microsoft.com, your distribution (dotnet-sdk-10.0), or without root:
  curl -fsSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0 && export PATH="$HOME/.dotnet:$PATH"'
  command -v dotnet >/dev/null || die "there is no dotnet here. You need the $how"
  dotnet --version >/dev/null 2>&1 || die "this dotnet is too old. You need the $how"
}

# missing_packages [tests]
missing_packages() {
  command -v dpkg-query >/dev/null || return 0
  comm -23 <("$lab" packages "$@" | sort -u) \
           <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p' | sort -u)
}

# need_lab [tests]: fails, with the reason said, where the lab cannot be had.
need_lab() {
  have_root || { say "the lab needs root, or a sudo that asks for no password"; return 1; }
  local missing
  missing=$(missing_packages "$@" | xargs)
  [[ -z $missing ]] && return
  say "installing for the lab (libvirt daemons, QEMU, and what guests, certificates and shared storage are made with): $missing"
  # shellcheck disable=SC2086
  quietly install_packages $missing || {
    say "these packages could not be installed; the log is above and in $log; to try by hand: sudo apt-get install $missing"
    return 1
  }
}

# The lab runs daemons in its own hosts. Those that come with the packages (sshd, rpcbind, an NFS server) must not run on this
# machine: not now, not after the next start.
install_packages() {
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y)
  apt+=(-o Acquire::Retries=2 -o Acquire::http::Timeout=30 -o DPkg::Lock::Timeout=300)
  local before status=0
  before=$(enabled_units)
  forbid_starting
  "${sudo[@]}" dpkg --configure -a
  "${sudo[@]}" "${apt[@]}" update || echo "apt-get update failed; trying with the lists that are there"
  "${sudo[@]}" "${apt[@]}" install --no-install-recommends "$@" || status=$?
  allow_starting
  comm -13 <(echo "$before") <(enabled_units) | xargs -r "${sudo[@]}" systemctl disable || true
  return $status
}

# Debian asks this program whether a package may start its daemons.
policy=/usr/sbin/policy-rc.d
forbid_starting() {
  [[ ! -e $policy ]] || return 0
  trap allow_starting EXIT
  printf '#!/bin/sh\n# build.sh of LiveMigration\nexit 101\n' | "${sudo[@]}" install -m 755 /dev/stdin "$policy"
}
allow_starting() {
  ! grep -q LiveMigration "$policy" 2>/dev/null || "${sudo[@]}" rm "$policy"
  trap - EXIT
}

enabled_units() { systemctl list-unit-files --state=enabled --no-legend 2>/dev/null | awk '/\.(service|socket) / { print $1 }' | sort; }

# PowerShell is the .NET tool of this folder, also where there is a pwsh: its version is pinned, so that a run here, on another machine
# and on a CI service is the same run. To use the one that you have: pwsh build.ps1.
need_pwsh() {
  dotnet tool run pwsh -- -Version >/dev/null 2>&1 && return
  say "fetching PowerShell as a .NET tool of this folder"
  quietly timeout 300 dotnet tool restore || die "PowerShell could not be fetched from NuGet; the log is above and in $log"
}

clean() {
  [[ ! -x $lab ]] || ! have_root || "${sudo[@]}" "$lab" down
  rm -rf artifacts
}

task=${1:-help} name=${2:-}
arguments=(-Task "$task")
case $task in
  help | -h | --help) usage; exit ;;
  demo | package) ;;
  test)
    case $name in
      "") ;;
      quick) arguments+=(-Quick) ;;
      *) die "there is 'test' and 'test quick', but no 'test $name'" ;;
    esac ;;
  bench)
    compgen -G "tests/bench/${name:-*}.*" >/dev/null || die "there is no measurement '$name' in tests/bench"
    [[ -z $name ]] || arguments+=(-Name "$name") ;;
  clean) clean; exit ;;
  *) usage >&2; die "there is no task '$task'" ;;
esac

mkdir -p artifacts
need_dotnet
need_pwsh
case $task in
  demo) need_lab || die "no lab, no demo" ;;
  test) [[ $name == quick ]] || need_lab tests || say "tests that need what is missing fail; without the lab they are left out" ;;
  bench) need_lab || say "what needs the lab is left out" ;;
esac
exec dotnet tool run pwsh -- -NoProfile -File build.ps1 "${arguments[@]}"
