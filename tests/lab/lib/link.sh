# shellcheck shell=bash
# Makes the link of one host slow, lossy or dead.

link_command() { # HOST WORD [VALUE]
  local host=$1 word=$2 value=${3:-}
  host_is_up "$host" || die "host $host is down"
  case $word in
    rate) [[ -n $value ]] || die "link $host rate: give a rate as tc writes it, for example 1gbit"; link_rate "$host" "$value" ;;
    norate) link_norate "$host" ;;
    cut) link_cut "$host" ;;
    restore) link_restore "$host" ;;
    reset) link_norate "$host"; link_restore "$host" ;;
    counters) link_counters "$host" ;;
    *) die "link: unknown word '$word': rate RATE, norate, cut, restore, reset, counters" ;;
  esac
}

# Both ends, because a queue shapes only what leaves it.
link_rate() {
  local shape=(root tbf rate "$2" burst 256kb latency 50ms)
  in_host "$1" tc qdisc replace dev eth0 "${shape[@]}" || die "tc refused the rate '$2' for host $1"
  tc qdisc replace dev "$(host_interface "$1")" "${shape[@]}"
}
link_norate() {
  in_host "$1" tc qdisc del dev eth0 root 2>/dev/null || true
  tc qdisc del dev "$(host_interface "$1")" root 2>/dev/null || true
}

# Silent, as a broken switch is: neither side learns of it.
link_cut() {
  in_host "$1" nft -f - <<'E'
table inet lab_cut
delete table inet lab_cut
table inet lab_cut {
  chain in { type filter hook input priority 0; iif lo accept; drop; }
  chain out { type filter hook output priority 0; oif lo accept; drop; }
}
E
}
link_restore() { in_host "$1" nft delete table inet lab_cut 2>/dev/null || true; }

link_counters() {
  # shellcheck disable=SC2016
  in_host "$1" sh -c 'cd /sys/class/net/eth0/statistics &&
    printf "{\"rxBytes\":%s,\"txBytes\":%s,\"rxPackets\":%s,\"txPackets\":%s}\n" $(cat rx_bytes tx_bytes rx_packets tx_packets)'
}
