# shellcheck shell=bash
# One host: a process tree with its own network, mounts, processes, host name and IPC.
# What is asked all the time starts no process: that takes milliseconds, and more where the machine itself is a virtual one.

# PID is then the host's first process. The start time tells our process from a later one with the same number.
host_is_up() {
  local started stat
  read -r PID started 2>/dev/null <"$HOSTS_DIR/$1/pid" && read -r stat 2>/dev/null <"/proc/$PID/stat" || return 1
  read -ra stat <<<"${stat##*) }"
  [[ ${stat[19]} = "$started" ]]
}
host_pid() { host_is_up "$1" && echo "$PID"; }
host_is_whole() { host_is_up "$1" && [[ -e $HOSTS_DIR/$1/ready ]]; }

hosts_up() {
  local host
  for host in "$STORAGE_HOST" "${ALL_HOSTS[@]}"; do
    if host_is_up "$host"; then echo "$host"; fi
  done
}

in_host() { # HOST COMMAND...
  local host=$1
  shift
  host_is_up "$host" || die "host $host is down: 'lab.sh up $host' starts it"
  nsenter --target "$PID" --mount --uts --ipc --net --pid --root --wd -- "$@"
}

# Starts the first process of a host whose files are made, and waits for its mounts.
host_boot() {
  local host=$1 directory tries
  directory=$HOSTS_DIR/$host
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
