# shellcheck shell=bash
# What is there.

status_command() { # [--json]
  if [[ ${1:-} = --json ]]; then status_json; else status_table; fi
}

hosts_known() { # those with files, up or not
  local host
  for host in "$STORAGE_HOST" "${ALL_HOSTS[@]}"; do
    if [[ -d $HOSTS_DIR/$host ]]; then echo "$host"; fi
  done
}

host_guests() { # HOST -> NAME STATE; a paused libvirtd must not hold us up
  host_is_up "$1" || return 0
  timeout 5 virsh -q -c "$(host_uri "$1" "$(host_transport "$1")")" list --all 2>/dev/null | awk '{ name = $2; $1 = $2 = ""; sub(/^ +/, ""); print name, $0 }' || true
}

status_table() {
  local host name state
  printf '%-8s %-6s %-12s %-8s %-9s %s\n' HOST STATE ADDRESS PID FLAVOUR GUESTS
  for host in $(hosts_known); do
    printf '%-8s %-6s %-12s %-8s %-9s' "$host" "$(host_is_up "$host" && echo up || echo down)" "$(host_ip "$host")" \
      "$(host_pid "$host" || echo -)" "$(cat "$HOSTS_DIR/$host/flavour" 2>/dev/null || echo -)"
    [[ $host = "$STORAGE_HOST" ]] || while read -r name state; do printf ' %s (%s)' "$name" "$state"; done < <(host_guests "$host")
    printf '\n'
  done
}

status_json() {
  local host separator=
  printf '{"name":"%s","directory":"%s","cache":"%s","bridge":"%s","gateway":"%s","accelerator":"%s","sshKey":"%s","knownHosts":"%s","pkiPath":"%s","sharedDirectory":"%s","hosts":[' \
    "$LAB_NAME" "$LAB_DIR" "$LAB_CACHE" "$BRIDGE" "$GATEWAY" "$LAB_ACCEL" "$SSH_DIR/id" "$SSH_DIR/known_hosts" "$PKI_DIR/client" "$SHARED_DIR"
  for host in $(hosts_known); do
    [[ $host = "$STORAGE_HOST" ]] && continue
    printf '%s' "$separator"
    separator=,
    status_json_host "$host"
  done
  printf ']}\n'
}

status_json_host() {
  local host=$1 directory name state separator=
  directory=$HOSTS_DIR/$host
  printf '{"name":"%s","state":"%s","address":"%s","uuid":"%s","pid":%s,"flavour":"%s","directory":"%s",' \
    "$host" "$(host_is_up "$host" && echo up || echo down)" "$(host_ip "$host")" "$(host_uuid "$host")" \
    "$(host_pid "$host" || echo null)" "$(cat "$directory/flavour" 2>/dev/null)" "$directory"
  printf '"uris":{"tcp":"%s","tls":"%s","ssh":"%s"},"ticksDirectory":"%s","consoleDirectory":"%s","guests":[' \
    "$(host_uri "$host" tcp)" "$(host_uri "$host" tls)" "$(host_uri "$host" ssh)" "$directory/ticks" "$directory/lib/serial"
  while read -r name state; do
    printf '%s{"name":"%s","state":"%s","ticks":"%s","console":"%s"}' "$separator" "$name" "$state" "$directory/ticks/$name.log" "$directory/lib/serial/$name.log"
    separator=,
  done < <(host_guests "$host")
  printf ']}'
}
