#!/bin/bash
# Live migration lab: real libvirt hosts, as namespaces on one machine. README.md tells more.
#
#   lab.sh packages|check [tests]        the Debian packages that are needed (for tests, too) | which of them are missing
#   lab.sh prepare [backports]           make the cache: kernel, guest program; QEMU and libvirt of bookworm-backports
#   lab.sh up [HOST[=FLAVOUR]...]        start hosts (default: a b); flavours: debian, backports;
#                                        with sasl=1 their TCP wants user lab, password lab
#   lab.sh down [HOST...]                take hosts away (default: all, and everything that belongs to the lab)
#   lab.sh kill HOST                     power failure; 'up' switches it on again with its disks
#   lab.sh status [--json]
#   lab.sh sh HOST COMMAND...            run a command inside a host
#   lab.sh virsh HOST ARGUMENTS...       virsh on a host, from outside
#   lab.sh uri HOST [tcp|tls|ssh]
#   lab.sh daemon HOST start|stop|restart|kill|pause|continue|pid      libvirtd
#   lab.sh sshd HOST start|stop
#   lab.sh guest NAME HOST [KEY=VALUE...]   define and start a guest, wait for its first tick
#   lab.sh guest-xml NAME [KEY=VALUE...]    print its XML only
#   lab.sh guest-remove NAME             everywhere, with its disks and logs
#   lab.sh ticks NAME [--since SEQ]      judge the guest's ticks: JSON
#   lab.sh storage nbd|nfs start|stop    servers for guests with such disks, which start them by themselves
#   lab.sh link HOST rate RATE|norate    as tc writes it: 1gbit, 300mbit
#   lab.sh link HOST delay MS|nodelay|loss PERCENT|noloss
#   lab.sh link HOST cut|restore|reset|counters
#   lab.sh link HOST break-tcp PORT [half]  kill the host's connections of that port; half: the peer is not told
set -euo pipefail
LAB_HOME=$(readlink -f "${BASH_SOURCE[0]}")
LAB_HOME=${LAB_HOME%/*}
for file in "$LAB_HOME"/lib/settings.sh "$LAB_HOME"/lib/*.sh; do
  # shellcheck source=/dev/null
  source "$file"
done

# One at a time for what changes the lab as a whole. The lock is not inherited by what is started.
locked() {
  # shellcheck disable=SC2153
  [[ ${LAB_LOCKED:-} = "$LAB_NAME" ]] && return
  mkdir -p "$LAB_CACHE"
  LAB_LOCKED=$LAB_NAME exec flock --close "$LAB_CACHE/.$LAB_NAME.lock" "$LAB_HOME/lab.sh" "$@"
}

needs() { # HOW-MANY WHAT ARGUMENTS...
  (($# - 2 >= $1)) || die "'$word' needs $2: 'lab.sh help' tells more"
}

word=${1:-help}
settings_check
case $word in
  help|-h|--help) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$LAB_HOME/lab.sh"; exit ;;
  packages) packages_command "${@:2}"; exit ;;
  check) packages_check "${@:2}"; exit ;;
  guest-xml|uri) ;;
  *) need_root "$word" ;;
esac
case $word in up|down|prepare|storage) locked "$@" ;; esac
unset LAB_LOCKED
shift
case $word in
  prepare) prepare_command "$@" ;;
  up) lab_up "$@" ;;
  down) lab_down "$@" ;;
  kill) needs 1 'a host' "$@"; host_check "$1"; host_kill "$1" ;;
  status) status_command "$@" ;;
  sh) needs 2 'a host and a command' "$@"; in_host "$@" ;;
  virsh) needs 2 "a host and virsh's arguments" "$@"; host_virsh "$@" ;;
  uri) needs 1 'a host' "$@"; host_uri "$@" ;;
  daemon) needs 2 'a host and a word' "$@"; libvirtd_command "$@" ;;
  sshd) needs 2 'a host and a word' "$@"; sshd_command "$@" ;;
  guest) guest_command "$@" ;;
  guest-xml) guest_xml_command "$@" ;;
  guest-remove) guest_remove "${1:-}" ;;
  ticks) ticks_command "$@" ;;
  storage) storage_command "$@" ;;
  link) needs 2 'a host and a word' "$@"; link_command "$@" ;;
  *) die "unknown command '$word': 'lab.sh help' lists them" ;;
esac
