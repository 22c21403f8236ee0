# shellcheck shell=bash
# Makes the link of one host slow, long, lossy or dead. Acts outside the host, so that what it
# sends gets lost as it does on a wire, without an error for the sender.

LINK_WORDS='rate RATE, norate, delay MS, nodelay, loss PERCENT, noloss, cut, restore, reset, break-tcp PORT [half], counters'

link_command() { # HOST WORD [VALUE [HALF]]
  local host=$1 word=$2 value=${3:-}
  host_is_up "$host" || die "host $host is down: 'lab.sh up $host' starts it"
  case $word in
    rate|delay|loss|break-tcp) [[ -n $value ]] || die "link $host $word: a value is missing ($LINK_WORDS)" ;;
  esac
  case $word in
    rate) rate_set "$host" "$value" ;;
    norate) rate_clear "$host" ;;
    delay) line_set "$host" "$(millionths "$word" "$value" 1000)" - ;;
    nodelay) line_set "$host" 0 - ;;
    loss) line_set "$host" - "$(millionths "$word" "$value" 10000)" ;;
    noloss) line_set "$host" - 0 ;;
    cut) : >"$HOSTS_DIR/$host/cut"; port_connect "$host" ;;
    restore) rm -f "$HOSTS_DIR/$host/cut"; port_connect "$host" ;;
    reset) rm -f "$HOSTS_DIR/$host/cut"; rate_clear "$host"; line_set "$host" 0 0 ;;
    break-tcp) break_tcp "$host" "$value" "${4:-}" ;;
    counters) link_counters "$host" ;;
    *) die "link: unknown word '$word': $LINK_WORDS" ;;
  esac
}

millionths() { # WORD NUMBER FACTOR -> NUMBER * FACTOR, rounded
  [[ $2 =~ ^[0-9]+(\.[0-9]+)?$ ]] || die "link: $1 '$2' is not a number"
  awk -v number="$2" -v factor="$3" 'BEGIN { printf "%d\n", number * factor + 0.5 }'
}

# At both ends, because a queue shapes only what leaves it.
rate_set() { # HOST RATE
  local shape=(root tbf rate "$2" burst 256kb latency 50ms)
  in_host "$1" tc qdisc replace dev eth0 "${shape[@]}" || die "tc refused the rate '$2' for host $1: write it as 1gbit or 300mbit"
  tc qdisc replace dev "$(host_interface "$1")" "${shape[@]}"
}
rate_clear() {
  in_host "$1" tc qdisc del dev eth0 root 2>/dev/null || true
  tc qdisc del dev "$(host_interface "$1")" root 2>/dev/null || true
}

# What of the host is a port of the bridge: its veth end, or the relay's tap in its place.
port_of() { if [[ -e $HOSTS_DIR/$1/line ]]; then echo "${LAB_NAME}_$1"; else host_interface "$1"; fi; }

# A cut is a port taken off the bridge: the carrier stays, no frame passes, nobody is told.
port_connect() { # HOST
  local host=$1 port
  port=$(port_of "$host")
  if [[ -e $HOSTS_DIR/$host/cut ]]; then
    ip link set "$port" nomaster
  else
    ip link set "$port" master "$BRIDGE"
  fi
}

# The file 'line' says what the relay is doing: DELAY-US LOSS-PER-MILLION.
line_set() { # HOST DELAY-US|- LOSS-PER-MILLION|-; '-' leaves it as it is
  local host=$1 delay=0 loss=0 file
  file=$HOSTS_DIR/$host/line
  [[ ! -e $file ]] || read -r delay loss <"$file"
  [[ $2 = - ]] || delay=$2
  [[ $3 = - ]] || loss=$3
  relay_stop "$host"
  rm -f "$file"
  if ((delay > 0 || loss > 0)); then
    relay_start "$host" "$delay" "$loss"
    echo "$delay $loss" >"$file"
  fi
  port_connect "$host"
}

# The relay is in the host's process namespace and so ends with it, but in the machine's network.
relay_start() { # HOST DELAY-US LOSS-PER-MILLION
  local host=$1 directory tap outer tries
  directory=$HOSTS_DIR/$host tap=${LAB_NAME}_$host outer=$(host_interface "$host")
  ip link set "$outer" nomaster
  programs_find
  # shellcheck disable=SC2016
  setsid nsenter --target "$(host_pid "$host")" --pid -- sh -c 'echo $$ >"$1/relay.pid"; shift; exec "$@"' \
    - "$directory" "$PROGRAMS_DIR/relay" "$outer" "$tap" "$2" "$3" </dev/null >"$directory/relay.log" 2>&1 &
  disown
  for ((tries = 0; tries < 100; tries++)); do
    ip link show "$tap" >/dev/null 2>&1 && break
    sleep 0.02
  done
  port_prepare "$tap" 2>/dev/null || die "the relay of host $host did not start: $(cat "$directory/relay.log")"
  ip link set "$tap" txqueuelen 10000 up
}

relay_stop() { # HOST
  local file pid
  file=$HOSTS_DIR/$1/relay.pid
  [[ -e $file ]] || return 0
  pid=$(cat "$file")
  rm -f "$file"
  if in_host "$1" kill -0 "$pid" 2>/dev/null; then process_end "$1" "$pid" KILL; fi
}

# Half: the other side is not told, it goes on believing in the connection.
break_tcp() { # HOST PORT [half]
  local host=$1 port=$2 was_cut=1
  [[ -e $HOSTS_DIR/$host/cut ]] || was_cut=0
  [[ -z $3 || $3 = half ]] || die "link $host break-tcp $port: unknown word '$3', only half is known"
  [[ $3 != half || $was_cut = 1 ]] || ip link set "$(port_of "$host")" nomaster
  in_host "$host" ss --kill --no-header --tcp state connected "( sport = :$port or dport = :$port )" >/dev/null
  sleep 0.05
  port_connect "$host"
}

# shapedBytes is what a rate counts: the headers of each packet on the wire, too, where the interface sees one large segment; null without a rate.
link_counters() {
  # shellcheck disable=SC2016
  in_host "$1" sh -c 'cd /sys/class/net/eth0/statistics &&
    shaped=$(tc -s qdisc show dev eth0 | sed -n "/ tbf /,\$s/^ Sent \([0-9]*\) bytes.*/\1/p") &&
    printf "{\"rxBytes\":%s,\"txBytes\":%s,\"rxPackets\":%s,\"txPackets\":%s,\"time\":%s,\"shapedBytes\":%s}\n" $(cat rx_bytes tx_bytes rx_packets tx_packets) $(date +%s.%N) ${shaped:-null}'
}
