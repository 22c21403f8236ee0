#!/bin/bash
# Tests the lab itself, with labs of its own beside any other.
#   selftest.sh [PART...]       the parts are the files in selftest/; without any: all
#   LAB_TEST_MIGRATIONS=10      how many migrations the part 'corruption' makes
set -euo pipefail
HERE=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
export LAB_NAME=labtest LAB_SUBNET=10.97.0
unset LAB_DIR
[[ $(id -u) = 0 ]] || { echo "selftest: must run as root: use sudo" >&2; exit 1; }
passed=0 failed=0 skipped=0
output=$(mktemp)
export root=${LAB_ROOT:-/srv/livemigration}/labtest
part=preparation whole=0
exec </dev/null

finish() {
  rm -f "$output"
  "$HERE/lab.sh" down || failed=$((failed + 1))
  if [[ $whole = 0 ]]; then
    failed=$((failed + 1))
    echo "FAIL  '$part' was given up: a command that was not to fail did, see above"
  fi
  echo "$passed passed, $failed failed, $skipped skipped"
  [[ $failed = 0 ]] || exit 1
}
trap finish EXIT

lab() { "$HERE/lab.sh" "$@"; }

# check NAME COMMAND...: the command must succeed
check() {
  local name=$1
  shift
  if "$@" >"$output" 2>&1; then
    passed=$((passed + 1))
    printf 'ok    %s\n' "$name"
  else
    failed=$((failed + 1))
    printf 'FAIL  %s\n      %s\n' "$name" "$(tail -n 5 "$output" | cut -c1-400)"
  fi
}

fails() { ! "$@"; }
prints() { # PATTERN COMMAND...
  local said
  said=$("${@:2}" 2>&1) || true
  echo "$said"
  [[ $said =~ $1 ]]
}
does_not_print() { fails prints "$@"; }

# refuses NAME PATTERN WORDS...: that command of the lab must fail and say why
refused() { fails lab "${@:2}" && prints "$1" lab "${@:2}"; }
refuses() { check "$1: refused" refused "${@:2}"; }

skip() { skipped=$((skipped + 1)); printf 'skip  %s: %s\n' "$1" "$2"; }

# A field of the JSON that 'ticks' prints.
ticks_field() { lab ticks "$1" | grep -oE "\"$2\":[^,}]*" | cut -d: -f2 | tr -d '"'; }

# Ticks come from that host, none was lost, nothing is corrupt.
is_sound() { # GUEST HOST
  local tries judgement=
  for ((tries = 0; tries < 100; tries++)); do
    judgement=$(lab ticks "$1") || true
    [[ $judgement = *'"hostOfLast":"'$2'"'*'"running":true'* ]] && break
    sleep 0.1
  done
  echo "$judgement"
  [[ $judgement = *'"lost":0,"duplicated":0,"outOfOrder":0,'*'"corruptMemory":0,"corruptDisk":0,"diskErrors":0,'*'"hostOfLast":"'$2'"'*'"running":true'* ]]
}

# Waits until the guest has looked at all its memory once more, from the first page to the last.
all_memory_seen() { # GUEST
  local wanted tries
  wanted=$(($(ticks_field "$1" memorySweeps) + 2))
  for ((tries = 0; tries < 150; tries++)); do
    (($(ticks_field "$1" memorySweeps) >= wanted)) && return
    sleep 0.2
  done
  echo "guest $1 did not look at all its memory within 30 s"
  return 1
}

migrate() { # GUEST FROM TO [TRANSPORT] [VIRSH-OPTIONS...]
  local guest=$1 from=$2 to=$3 transport=${4:-tcp}
  lab virsh "$from" migrate --live --persistent --undefinesource "${@:5}" "$guest" "$(lab uri "$to" "$transport")"
}
there_and_back() { # GUEST [TRANSPORT] [VIRSH-OPTIONS...]
  migrate "$1" a b "${@:2}" && is_sound "$1" b && migrate "$1" b a "${@:2}" && is_sound "$1" a
}

parts=("$@")
[[ $# -gt 0 ]] || parts=(refusals hosts guests instruments migration links beside sasl backports corruption leftovers)
lab check
lab prepare
for part in "${parts[@]}"; do
  echo "--- $part"
  # shellcheck source=/dev/null
  source "$HERE/selftest/$part.sh"
done
whole=1
