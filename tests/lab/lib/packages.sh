# shellcheck shell=bash
# The Debian packages that the lab needs. It only says what is missing; installing is the user's.

PACKAGES=(
  qemu-system-x86 qemu-utils qemu-block-extra libvirt-daemon libvirt-daemon-driver-qemu libvirt-clients
  iproute2 openssh-server gnutls-bin musl-tools cpio gzip util-linux procps
  nfs-ganesha nfs-ganesha-vfs rpcbind debian-archive-keyring
)

# For passwords, captures, firewalls, daemons of another language, saved states, metrics (promtool) and the self-test's links; a host of backports wants nftables as well.
TEST_PACKAGES=(sasl2-bin libsasl2-modules tcpdump nftables busybox-static libvirt-l10n zstd age gpg gpg-agent prometheus)

packages_command() { # [tests]
  case ${1:-} in
    '') printf '%s\n' "${PACKAGES[@]}" ;;
    tests) printf '%s\n' "${PACKAGES[@]}" "${TEST_PACKAGES[@]}" ;;
    *) die "unknown word '$1', only 'tests' is known" ;;
  esac
}

packages_missing() { # [tests]
  local packages
  packages=$(packages_command "$@") || exit
  # shellcheck disable=SC2086
  comm -23 <(sort -u <<<"$packages") <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $packages 2>/dev/null | sed -n 's/^installed //p' | sort -u)
}

packages_check() { # [tests]
  local missing
  missing=$(packages_missing "$@" | tr '\n' ' ')
  [[ -z $missing ]] || die "these packages are missing: ${missing}- install them with 'apt-get install -y --no-install-recommends $missing'"
}

# 'up' must be quick: asks dpkg only if a program is really not there.
packages_check_quietly() {
  local program
  for program in libvirtd virsh qemu-system-x86_64 qemu-img ip tc sshd certtool musl-gcc cpio unshare nsenter flock; do
    command -v "$program" >/dev/null || { packages_check; die "the program $program is missing"; }
  done
}
