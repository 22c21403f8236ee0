# shellcheck shell=bash
# Brings the lab up and takes it away.

lab_up() { # [HOST[=FLAVOUR]...]
  local word host hosts=() jobs=() job failed=0 sasl=
  [[ $# -gt 0 ]] || set -- a b
  packages_check_quietly
  cache_make
  for word in "$@"; do
    if [[ $word = sasl=[01] ]]; then sasl=${word#*=}; continue; fi
    host=${word%%=*}
    host_check "$host"
    hosts+=("$host")
    mkdir -p "$HOSTS_DIR/$host" "$SHARED_DIR"
    host_flavour_of_word "$host" "$word"
  done
  [[ ${#hosts[@]} -gt 0 ]] || die "up: name the hosts, for example 'lab.sh up a b sasl=1'"
  keys_ssh
  keys_pki "${hosts[@]}"
  network_up
  for host in "${hosts[@]}"; do
    host_up "$host" "$sasl" &
    jobs+=($!)
  done
  for job in "${jobs[@]}"; do wait "$job" || failed=1; done
  [[ $failed = 0 ]] || die "not all hosts came up; 'lab.sh up' tries again, 'lab.sh down' takes everything away"
}

host_flavour_of_word() { # HOST HOST[=FLAVOUR]
  local flavour=${2#"$1"}
  flavour=${flavour#=}
  if ! host_is_up "$1"; then
    flavour_set "$1" "$flavour"
  elif [[ -n $flavour && $flavour != $(cat "$HOSTS_DIR/$1/flavour") ]]; then
    die "host $1 is up with another flavour: 'lab.sh down $1' first"
  fi
}

host_up() { # HOST [SASL]; what is there already stays
  local host=$1
  if ! host_is_whole "$host"; then
    host_kill "$host" # an 'up' that was interrupted may have left half a host
    host_files "$host" "${2:-}"
    host_boot "$host"
  fi
  in_host "$host" ip -br addr show eth0 2>/dev/null | grep -q "$(host_ip "$host")/" || network_attach "$host"
  [[ $host = "$STORAGE_HOST" ]] && return
  sshd_command "$host" start
  libvirtd_start "$host"
}

lab_down() { # [HOST...]
  local host hosts=("$@")
  if [[ $# = 0 ]]; then
    mapfile -t hosts < <(hosts_up)
  fi
  for host in "${hosts[@]}"; do
    host_check "$host"
    host_kill "$host" &
  done
  wait
  for host in "${hosts[@]}"; do
    host_is_up "$host" && die "host $host is still up"
    network_detach "$host"
    rm -rf "$HOSTS_DIR/$host"
  done
  [[ $# = 0 ]] || return 0
  for host in "$STORAGE_HOST" "${ALL_HOSTS[@]}"; do network_detach "$host"; done
  network_down
  rm -rf "${HOSTS_DIR:?}" "${SHARED_DIR:?}" "${SSH_DIR:?}" # not LAB_DIR as a whole: the user may have named any directory
  if [[ -d $LAB_DIR ]]; then rmdir --ignore-fail-on-non-empty "$LAB_DIR"; fi
}
