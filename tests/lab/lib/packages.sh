# shellcheck shell=bash
# The Debian packages that the lab needs. It only says what is missing; installing is the user's.

PACKAGES=(
  qemu-system-x86 qemu-utils qemu-block-extra libvirt-daemon libvirt-daemon-driver-qemu libvirt-clients
  iproute2 openssh-server gnutls-bin musl-tools cpio gzip util-linux procps
  nfs-ganesha nfs-ganesha-vfs rpcbind debian-archive-keyring
)

SELFTEST_PACKAGES=(busybox-static sasl2-bin libsasl2-modules tcpdump)

packages_command() { # [selftest]
  case ${1:-} in
    '') printf '%s\n' "${PACKAGES[@]}" ;;
    selftest) printf '%s\n' "${PACKAGES[@]}" "${SELFTEST_PACKAGES[@]}" ;;
    *) die "packages: unknown word '$1', only 'selftest' is known" ;;
  esac
}

packages_missing() {
  local package
  for package in "${PACKAGES[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || echo "$package"
  done
}

packages_check() {
  local missing
  missing=$(packages_missing | tr '\n' ' ')
  [[ -z $missing ]] || die "these packages are missing: ${missing}- install them with 'apt-get install -y --no-install-recommends $missing'"
}

# 'up' must be quick: asks dpkg only if a program is really not there.
packages_check_quietly() {
  local program
  for program in libvirtd virsh qemu-system-x86_64 qemu-img ip tc sshd certtool musl-gcc cpio unshare nsenter flock; do
    command -v "$program" >/dev/null || { packages_check; die "the program $program is missing"; }
  done
}
