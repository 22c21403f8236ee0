# shellcheck shell=bash
# One host: a process tree with its own network, mounts, processes, host name and IPC.

start_time() { # of process $1, in clock ticks since boot; fails if it is gone
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  stat=${stat##*) }
  # shellcheck disable=SC2086
  set -- $stat
  echo "${20}"
}

# The pid of the host's first process; fails if the host is down. The start time tells our
# process from a later one with the same number.
host_pid() {
  local pid started
  read -r pid started 2>/dev/null <"$(host_dir "$1")/pid" || return 1
  [[ $(start_time "$pid") = "$started" ]] || return 1
  echo "$pid"
}
host_is_whole() { host_is_up "$1" && [[ -e $(host_dir "$1")/ready ]]; }
host_is_up() { host_pid "$1" >/dev/null 2>&1; }

hosts_up() {
  local host
  for host in "$STORAGE_HOST" "${ALL_HOSTS[@]}"; do
    if host_is_up "$host"; then echo "$host"; fi
  done
}
libvirt_hosts_up() { hosts_up | grep -vx "$STORAGE_HOST" || true; }

in_host() { # HOST COMMAND...
  local host=$1 pid
  shift
  pid=$(host_pid "$host") || die "host $host is down: 'lab.sh up $host' starts it"
  nsenter --target "$pid" --mount --uts --ipc --net --pid --root --wd -- "$@"
}

# Starts the first process of a host whose files are made, and waits for its mounts.
host_boot() {
  local host=$1 directory tries
  directory=$(host_dir "$host")
  rm -f "$directory"/{pid,ready,cut,line,relay.pid}
  rm -rf "$directory"/{etc,var,root}.work
  mkdir -p "$directory"/{etc,var,root}.work
  setsid unshare --net --mount --uts --ipc --pid --fork --propagation private \
    "$LAB_HOME/host/init.sh" "$host" "$directory" "$SHARED_DIR" "$PROGRAMS_DIR/stamp" "$(cat "$directory/overlay" 2>/dev/null)" \
    </dev/null >"$directory/init.log" 2>&1 &
  disown
  for ((tries = 0; tries < 500; tries++)); do
    [[ -e $directory/ready ]] && break
    sleep 0.02
  done
  [[ -e $directory/ready ]] || die "host $host did not start: $(tail -n 3 "$directory/init.log" 2>/dev/null)"
}

# Pulls the plug: when the first process of a process namespace dies, all others in it do too.
host_kill() {
  local host=$1 pid tries
  pid=$(host_pid "$host") || return 0
  kill -KILL "$pid"
  for ((tries = 0; tries < 500; tries++)); do
    host_is_up "$host" || return 0
    sleep 0.02
  done
  die "host $host (process $pid) did not end within 10 s of SIGKILL"
}
