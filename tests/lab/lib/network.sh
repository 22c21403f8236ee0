# shellcheck shell=bash
# A bridge on the machine, and for each host a veth pair: eth0 inside, LAB-HOST outside on the bridge.

host_interface() { echo "$LAB_NAME-$1"; }

# With an address of its own: otherwise it takes one of its ports' addresses, and the machine would
# accept frames from a host that was cut off.
bridge_address() { printf '02:00'; IFS=. read -ra parts <<<"$GATEWAY"; printf ':%02x' "${parts[@]}"; }

network_up() {
  ip link show "$BRIDGE" >/dev/null 2>&1 ||
    ip link add "$BRIDGE" address "$(bridge_address)" type bridge || die "the kernel made no bridge $BRIDGE"
  ip addr replace "$GATEWAY/24" dev "$BRIDGE"
  ip link set "$BRIDGE" up
}

network_down() { if ip link show "$BRIDGE" >/dev/null 2>&1; then ip link del "$BRIDGE"; fi; }

network_attach() { # HOST
  local outer pid
  outer=$(host_interface "$1")
  pid=$(host_pid "$1")
  network_detach "$1"
  ip link add "$outer" type veth peer name eth0 netns "$pid"
  port_prepare "$outer"
  ip link set "$outer" master "$BRIDGE" up
  in_host "$1" ip addr add "$(host_ip "$1")/24" dev eth0
  in_host "$1" ip link set eth0 up
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
