# shellcheck shell=bash
# libvirtd and sshd of a host.

daemon_pid() { # HOST PIDFILE -> its number inside the host
  # shellcheck disable=SC2016
  in_host "$1" sh -c 'pid=$(cat "$1" 2>/dev/null) && kill -0 "$pid" 2>/dev/null && echo "$pid"' - "$2"
}
libvirtd_pid() { daemon_pid "$1" /run/libvirtd.pid; }

libvirtd_start() {
  local host=$1 tries
  libvirtd_pid "$host" >/dev/null && return
  in_host "$host" sh -c 'cd / && ulimit -c 0 && ulimit -n 20000 && exec libvirtd --daemon --listen --pid-file /run/libvirtd.pid' \
    </dev/null || die "libvirtd does not start on host $host: $(daemon_why "$host")"
  for ((tries = 0; tries < 100; tries++)); do
    in_host "$host" virsh -q -c qemu:///system uri >/dev/null 2>&1 && return
    libvirtd_pid "$host" >/dev/null || break
    sleep 0.05
  done
  die "libvirtd on host $host does not answer: $(daemon_why "$host")"
}
daemon_why() { grep -h ' error : ' "$HOSTS_DIR/$1/log/libvirtd.log" 2>/dev/null | tail -n 2 | cut -c1-300; }

process_end() { # HOST PID SIGNAL: signals and waits
  local host=$1 pid=$2 signal=$3 tries
  in_host "$host" kill "-$signal" "$pid"
  for ((tries = 0; tries < 300; tries++)); do
    in_host "$host" kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.05
  done
  die "process $pid on host $host did not end within 15 s of SIG$signal"
}

libvirtd_command() { # HOST WORD
  local host=$1 word=$2 pid
  pid=$(libvirtd_pid "$host") || pid=
  case $word in
    kill|pause|continue|pid) [[ -n $pid ]] || die "libvirtd does not run on host $host" ;;
  esac
  case $word in
    start) libvirtd_start "$host" ;;
    stop) [[ -z $pid ]] || process_end "$host" "$pid" TERM ;;
    restart) [[ -z $pid ]] || process_end "$host" "$pid" TERM; libvirtd_start "$host" ;;
    kill) process_end "$host" "$pid" KILL ;;
    pause) in_host "$host" kill -STOP "$pid" ;;
    continue) in_host "$host" kill -CONT "$pid" ;;
    pid) echo "$pid" ;;
    *) die "daemon: unknown word '$word': start, stop, restart, kill, pause, continue, pid" ;;
  esac
}

sshd_command() { # HOST WORD
  local host=$1 word=$2 pid
  pid=$(daemon_pid "$host" /run/sshd.pid) || pid=
  case $word in
    start) [[ -n $pid ]] || in_host "$host" /usr/sbin/sshd || die "sshd does not start on host $host" ;;
    stop) [[ -z $pid ]] || process_end "$host" "$pid" TERM ;;
    *) die "sshd: unknown word '$word': start, stop" ;;
  esac
}

host_uri() { # HOST [tcp|tls|ssh]
  host_check "$1"
  local ip=$LAB_SUBNET.${NUMBERS[$1]}
  case ${2:-tcp} in
    tcp) echo "qemu+tcp://$ip/system" ;;
    tls) echo "qemu+tls://$ip/system?pkipath=$PKI_DIR/client" ;;
    ssh) echo "qemu+ssh://root@$ip/system?command=$SSH_DIR/ssh&keyfile=$SSH_DIR/id&known_hosts=$SSH_DIR/known_hosts" ;;
    *) die "uri: unknown transport '$2': tcp, tls, ssh" ;;
  esac
}
# How the lab itself talks to a host: TCP may ask for a password.
host_transport() { if [[ -e $HOSTS_DIR/$1/etc.upper/sasl2/libvirt.conf ]]; then echo tls; else echo tcp; fi; }
host_virsh() { # HOST ARGS...
  local uri
  uri=$(host_uri "$1" "$(host_transport "$1")")
  LC_ALL=C virsh -q -c "$uri" "${@:2}"
}
