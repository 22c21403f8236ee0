# shellcheck shell=bash
# A bridge on the machine, and for each host a veth pair: eth0 inside, LAB-HOST outside on the bridge.

host_interface() { echo "$LAB_NAME-$1"; }

# Link addresses follow from the IP addresses. The bridge must not take over one of its ports', or the machine
# would accept frames from a host that was cut off; a host must have its old one after a power failure, or its
# neighbours would not find it for a while.
link_address() { # IP
  local parts
  IFS=. read -ra parts <<<"$1"
  printf '02:00:%02x:%02x:%02x:%02x\n' "${parts[@]}"
}

network_up() {
  local taken
  taken=$(ip -o addr show to "$GATEWAY" | awk -v ours="$BRIDGE" '$2 != ours { print $2; exit }')
  [[ -z $taken ]] || die "$GATEWAY is already an address of $taken: give this lab another LAB_SUBNET"
  ip link show "$BRIDGE" >/dev/null 2>&1 ||
    ip link add "$BRIDGE" address "$(link_address "$GATEWAY")" type bridge || die "the kernel made no bridge $BRIDGE"
  ip addr replace "$GATEWAY/24" dev "$BRIDGE"
  ip link set "$BRIDGE" up
}

network_down() { if ip link show "$BRIDGE" >/dev/null 2>&1; then ip link del "$BRIDGE"; fi; }

network_attach() { # HOST
  local outer pid
  outer=$(host_interface "$1")
  pid=$(host_pid "$1")
  network_detach "$1"
  ip link add "$outer" type veth peer name eth0 address "$(link_address "$(host_ip "$1")")" netns "$pid"
  port_prepare "$outer"
  ip link set "$outer" master "$BRIDGE" up
  in_host "$1" ip link set eth0 up
  in_host "$1" ip addr add "$(host_ip "$1")/24" dev eth0 # last: 'up' takes it as the sign that all is done
}

# A port must carry frames only: the machine must not answer on it for the bridge's address.
port_prepare() { # INTERFACE
  ip link set "$1" arp off addrgenmode none
}

network_detach() { # HOST; the pair also goes with the host's namespace, but a little after its last process
  local outer
  outer=$(host_interface "$1")
  if ip link show "$outer" >/dev/null 2>&1; then ip link del "$outer" 2>/dev/null || true; fi
}
