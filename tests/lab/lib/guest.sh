# shellcheck shell=bash
# Starts and removes guests.

guest_command() { # NAME HOST [KEY=VALUE...]
  local name=${1:-} host=${2:-} xml
  [[ $name =~ ^[A-Za-z0-9][A-Za-z0-9_.-]*$ ]] || die "guest: give a name of letters, digits, '_', '.', '-', then a host"
  host_is_up "$host" || die "guest $name: host '$host' is down: 'lab.sh up $host' starts it"
  guest_options "${@:3}"
  disks_make "$name" "$host"
  xml=$(mktemp)
  guest_xml "$name" >"$xml"
  guest_start "$name" "$host" "$xml" || { rm -f "$xml"; die "guest $name did not start on host $host: see the message above"; }
  rm -f "$xml"
}

guest_start() { # NAME HOST XML
  local name=$1 host=$2 xml=$3 before
  before=$(tick_count "$name" "$host")
  if [[ ${GUEST[persistent]} = 1 ]]; then
    host_virsh "$host" define "$xml" >/dev/null || return
    [[ ${GUEST[autostart]} = 0 ]] || host_virsh "$host" autostart "$name" >/dev/null || return
    [[ ${GUEST[start]} = 0 ]] && return
    host_virsh "$host" start "$name" >/dev/null || return
  else
    host_virsh "$host" create "$xml" >/dev/null || return
  fi
  [[ ${GUEST[wait]} = 0 ]] || guest_wait "$name" "$host" "$before"
}

guest_wait() { # NAME HOST TICKS-BEFORE
  local tries
  for ((tries = 0; tries < 1200; tries++)); do
    (($(tick_count "$1" "$2") > $3)) && return
    sleep 0.05
  done
  die "guest $1 on host $2 printed no tick in 60 s; its console says: $(tail -n 3 "$(host_dir "$2")/lib/serial/$1.log" 2>/dev/null)"
}

tick_count() { # NAME HOST
  local count
  count=$(grep -c '^.\{16\}T ' "$(host_dir "$2")/ticks/$1.log" 2>/dev/null) || true
  echo "${count:-0}"
}

guest_xml_command() { # NAME [KEY=VALUE...]
  [[ -n ${1:-} ]] || die "guest-xml: give a name"
  guest_options "${@:2}"
  guest_xml "$1"
}

guest_remove() { # NAME
  local name=$1 host
  [[ -n $name ]] || die "guest-remove: give a name"
  for host in $(libvirt_hosts_up); do
    libvirtd_pid "$host" >/dev/null || { warn "guest-remove $name: libvirtd of host $host does not run, left as it is there"; continue; }
    host_virsh "$host" destroy "$name" >/dev/null 2>&1 || true
    host_virsh "$host" undefine "$name" --managed-save --snapshots-metadata --checkpoints-metadata --nvram >/dev/null 2>&1 || true
  done
  rm -f "$HOSTS_DIR"/*/lib/{serial,ticks}/"$name.log" "$HOSTS_DIR"/*/ticks/"$name.log"
  disks_remove "$name"
}
