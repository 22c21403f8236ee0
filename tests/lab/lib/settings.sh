# shellcheck shell=bash disable=SC2034
# Names and places of this lab, and how it speaks. Sourced first.

LAB_NAME=${LAB_NAME:-lab}
LAB_SUBNET=${LAB_SUBNET:-10.77.0}
LAB_ROOT=${LAB_ROOT:-/srv/livemigration}
LAB_DIR=${LAB_DIR:-$LAB_ROOT/$LAB_NAME}
LAB_CACHE=${LAB_CACHE:-$LAB_ROOT/cache}
LAB_ACCEL=${LAB_ACCEL:-tcg}
LAB_MIRROR=${LAB_MIRROR:-http://deb.debian.org/debian}

BRIDGE=$LAB_NAME-br
GATEWAY=$LAB_SUBNET.1
HOSTS_DIR=$LAB_DIR/hosts
SHARED_DIR=$LAB_DIR/shared
SSH_DIR=$LAB_DIR/ssh
PKI_DIR=$LAB_CACHE/pki/$LAB_SUBNET

# A pseudo host without libvirt that serves NBD and NFS; it has a link that can be cut too.
STORAGE_HOST=storage
ALL_HOSTS=(a b c d e f g h)

die() { printf 'lab: %s\n' "$*" >&2; exit 1; }
warn() { printf 'lab: %s\n' "$*" >&2; }

settings_check() {
  [[ $LAB_NAME =~ ^[a-z][a-z0-9]{0,6}$ ]] || die "LAB_NAME '$LAB_NAME' must be 1 to 7 lower case letters and digits: interface names are made of it"
  [[ $LAB_SUBNET =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || die "LAB_SUBNET '$LAB_SUBNET' must be the first three numbers of an IPv4 network, as 10.77.0"
  case $LAB_DIR/ in /etc/*|/var/*|/root/*) die "LAB_DIR $LAB_DIR must be outside /etc, /var and /root: the hosts lay overlays over these";; esac
  [[ $LAB_DIR$LAB_CACHE =~ ^/[A-Za-z0-9/._-]+$ ]] || die "LAB_DIR '$LAB_DIR' and LAB_CACHE '$LAB_CACHE' must be absolute paths of letters, digits, '.', '_' and '-'"
  case $LAB_ACCEL in tcg|kvm) ;; *) die "LAB_ACCEL '$LAB_ACCEL' must be tcg or kvm";; esac
}

need_root() {
  ((EUID == 0)) || die "'$1' makes namespaces, mounts and network devices and must run as root: use sudo. Nothing was started."
}

# The last part of an address, also part of the host's UUID.
declare -A NUMBERS=([$STORAGE_HOST]=10 [a]=11 [b]=12 [c]=13 [d]=14 [e]=15 [f]=16 [g]=17 [h]=18)

host_check() { [[ -v NUMBERS[$1] ]] || die "there is no host '$1': the names are ${ALL_HOSTS[*]} (and $STORAGE_HOST for link, sh)"; }
host_ip() { host_check "$1"; echo "$LAB_SUBNET.${NUMBERS[$1]}"; }
host_uuid() { host_check "$1"; printf '000000%s-1ab0-4000-8000-0000000000%s\n' "${NUMBERS[$1]}" "${NUMBERS[$1]}"; }
