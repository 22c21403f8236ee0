#!/usr/bin/env bash
# The door for a fresh machine: sees to it that what a task needs is there, then hands over to build.ps1; where PowerShell
# is not to be had, does what needs none and says what was left out. `./build.sh help` tells the tasks.
set -Eeuo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

lab=tests/lab/lab.sh
log=artifacts/setup.log

usage() {
  cat <<'USAGE'
./build.sh TASK

  demo           two libvirt hosts on this machine; a running VM moves from one to the other and back
  test           builds and runs every suite; the last line is the sum
  bench [NAME]   runs the measurement NAME, or all; prints JSON lines
  package        leaves the module in artifacts/module and a zip of it in artifacts/package
  clean          takes the lab down and removes artifacts/
  help           this text

What is missing is installed, and said: Debian or Ubuntu packages for the lab (as root, or with sudo where it asks for no
password); PowerShell as a .NET tool of this folder; Pester into artifacts/. The .NET SDK has to be there.
In PowerShell: Get-Help ./build.ps1
USAGE
}

say() { printf '==> %s\n' "$*" >&2; }
exec 3>&2 # also from where the output goes to the log
die() { printf 'build.sh: %s\n' "$*" >&3; exit 1; }
trap 'die "stopped by \"$BASH_COMMAND\" (line $LINENO); nothing else was begun"' ERR
trap 'die "interrupted; run it again and it goes on where it was"' INT TERM

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

# need_pwsh: sets pwsh to the command; fails where PowerShell is not to be had.
need_pwsh() {
  pwsh=(pwsh)
  command -v pwsh >/dev/null && return
  pwsh=(dotnet tool run pwsh --)
  "${pwsh[@]}" -Version >/dev/null 2>&1 && return
  say "fetching PowerShell as a .NET tool of this folder (for the cmdlets and their tests)"
  NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT=1 timeout 300 dotnet tool restore >"$log" 2>&1
}

# The tasks on a machine without PowerShell; with it, build.ps1 does them.
build() { say "building"; dotnet build LiveMigration.sln -c Release --nologo -v quiet; }

test_() {
  local failed=0
  build
  rm -rf artifacts/test-results
  dotnet test LiveMigration.sln -c Release --no-build --nologo -v quiet -m:1 || failed=1
  left_out "the Pester suites"
  dotnet run tests/Summary.cs || failed=1
  exit $failed
}

demo() {
  build
  samples/demo.sh dotnet run --project samples/LiveMigration.Sample -c Release --no-build --
}

bench() {
  local script
  # shellcheck disable=SC2231
  for script in tests/bench/${1:-*}.*; do
    if [[ $script == *.sh ]]; then "$script"; else left_out "$script"; fi
  done
}

package() {
  dotnet build src/LiveMigration.PowerShell -c Release --nologo -v quiet -t:Package
  left_out "importing the module"
}

clean() {
  [[ ! -x $lab ]] || ! have_root || "${sudo[@]}" "$lab" down
  rm -rf artifacts
}

left_out() { say "left out, for want of PowerShell: $*"; }

task=${1:-help} name=${2:-}
case $task in
  help | -h | --help) usage; exit ;;
  demo | test | package) ;;
  bench) compgen -G "tests/bench/${name:-*}.*" >/dev/null || die "there is no measurement '$name' in tests/bench" ;;
  clean) clean; exit ;;
  *) usage >&2; die "there is no task '$task'" ;;
esac

mkdir -p artifacts
need_dotnet
case $task in
  demo) need_lab || die "no lab, no demo" ;;
  test) need_lab tests || say "tests that need what is missing fail; without the lab they are left out" ;;
  bench) need_lab || say "what needs the lab is left out" ;;
esac
if need_pwsh; then
  exec "${pwsh[@]}" -NoProfile -File build.ps1 -Task "$task" ${name:+-Name "$name"}
fi
say "PowerShell is not to be had here; doing what needs none"
case $task in
  test) test_ ;;
  *) "$task" "$name" ;;
esac
