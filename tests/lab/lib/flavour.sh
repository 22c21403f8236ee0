# shellcheck shell=bash
# Flavours of hosts: 'debian' uses the machine's own libvirt and QEMU, 'backports' those of
# bookworm-backports, unpacked in the cache and laid over /usr of that host only.

FLAVOURS=(debian backports)
BACKPORTS_DIR=$LAB_CACHE/backports
BACKPORTS_PACKAGES=(
  qemu-system-x86 qemu-system-common qemu-utils qemu-block-extra libvirt-clients libvirt-daemon libvirt-daemon-driver-qemu
  libvirt-daemon-driver-storage libvirt-daemon-driver-network libvirt-daemon-driver-interface libvirt-daemon-driver-nodedev
  libvirt-daemon-driver-secret libvirt-daemon-driver-nwfilter
)

flavour_set() { # HOST [FLAVOUR]; a host that was switched off keeps the flavour it had
  local directory flavour=$2
  directory=$HOSTS_DIR/$1
  [[ -n $flavour || ! -e $directory/flavour ]] || return 0
  case ${flavour:=debian} in
    debian) : >"$directory/overlay" ;;
    backports)
      [[ -d $BACKPORTS_DIR ]] || die "host $1: the flavour backports is not in the cache: run 'lab.sh prepare backports' once"
      command -v nft iptables >/dev/null || die "host $1: the network driver of the flavour backports needs the package nftables"
      echo "$BACKPORTS_DIR" >"$directory/overlay" ;;
    *) die "host $1: unknown flavour '$flavour', the flavours are: ${FLAVOURS[*]}" ;;
  esac
  echo "$flavour" >"$directory/flavour"
}

backports_get() {
  [[ -d $BACKPORTS_DIR ]] && return
  local work package
  work=$(mktemp -d "$LAB_CACHE/backports.XXXXXX")
  apt_private backports "$LAB_MIRROR bookworm main" "$LAB_MIRROR bookworm-backports main" "$LAB_MIRROR-security bookworm-security main"
  # No lock: nothing is installed, what the machine has installed only tells what need not be fetched.
  apt_run backports apt-get -qq -y --download-only -o Debug::NoLocking=1 -t bookworm-backports install "${BACKPORTS_PACKAGES[@]}" >"$work/download.log" 2>&1 ||
    die "the packages of bookworm-backports could not be fetched: $(grep -E '^[EW]:' "$work/download.log" | head -n 3)"
  for package in "$LAB_CACHE"/apt/backports/archives/*.deb; do
    case $(basename "$package") in
      qemu-*|libvirt*|seabios_*|ipxe-*|lib[!n]*) dpkg -x "$package" "$work/root" ;; # not systemd, iptables and such
    esac
  done
  # Some packages still have /lib; on the machine it is a link into /usr, and only /usr is laid over.
  if [[ -d $work/root/lib ]]; then cp -a "$work/root/lib/." "$work/root/usr/lib/"; fi
  mkdir "$work/overlay"
  mv "$work/root/usr" "$work/overlay/usr"
  mv "$work/overlay" "$BACKPORTS_DIR"
  rm -rf "$work" "$LAB_CACHE/apt/backports"
}
