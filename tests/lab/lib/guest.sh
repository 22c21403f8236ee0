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
  local name=$1 host=$2 xml=$3 before=() log=$HOSTS_DIR/$2/ticks/$1.log
  [[ ! -e $log ]] || mapfile -t before <"$log"
  if [[ ${GUEST[persistent]} = 1 ]]; then
    host_virsh "$host" define "$xml" >/dev/null || return
    [[ ${GUEST[autostart]} = 0 ]] || host_virsh "$host" autostart "$name" >/dev/null || return
    [[ ${GUEST[start]} = 0 ]] && return
    booted_give "$name" "$host" "$xml" || return
    host_virsh "$host" start "$name" >/dev/null || return
  else
    host_virsh "$host" create "$xml" >/dev/null || return
  fi
  [[ ${GUEST[wait]} = 0 ]] || guest_wait "$name" "$host" ${#before[@]}
}

# Waits for the first tick after that many lines.
guest_wait() { # NAME HOST LINES
  local line='' part lines=0 until=$((SECONDS + 60)) log=$HOSTS_DIR/$2/ticks/$1.log nothing
  exec {nothing}<> <(:)
  until [[ -e $log ]] || ((SECONDS > until)); do read -rt 0.05 -u "$nothing" || true; done
  while ((SECONDS <= until)); do
    if read -r part; then
      line+=$part
      if ((lines++ >= $3)) && [[ ${line:16:2} = 'T ' ]]; then return; fi
      line=
    else
      line+=$part # a line of which the rest is to come
      read -rt 0.05 -u "$nothing" || true
    fi
  done <"$log"
  die "guest $1 on host $2 printed no tick in 60 s; its console says: $(tail -n 3 "$HOSTS_DIR/$2/lib/serial/$1.log" 2>/dev/null)"
}

guest_xml_command() { # NAME [KEY=VALUE...]
  [[ -n ${1:-} ]] || die "guest-xml: give a name"
  guest_options "${@:2}"
  guest_xml "$1"
}

guest_remove() { # NAME
  local name=$1 host
  [[ -n $name ]] || die "guest-remove: give a name"
  for host in "${ALL_HOSTS[@]}"; do
    if host_is_up "$host"; then guest_remove_from "$host" "$name" & fi
  done
  wait
  rm -f "$HOSTS_DIR"/*/lib/{serial,ticks}/"$name.log" "$HOSTS_DIR"/*/ticks/"$name.log"
  disks_remove "$name"
}

guest_remove_from() { # HOST NAME
  local said
  said=$(host_virsh "$1" "destroy $2; undefine $2 --managed-save --snapshots-metadata --checkpoints-metadata --nvram" 2>&1) || true
  [[ $said != *'failed to connect'* ]] || warn "guest-remove $2: libvirtd of host $1 does not answer, left as it is there"
}
