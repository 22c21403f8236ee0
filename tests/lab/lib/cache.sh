# shellcheck shell=bash
# The cache, shared by all labs of a machine: Debian's cloud kernel, and in a directory per state of
# the sources the guest's initramfs and the programs of the hosts. So labs of two work trees do not meet.

GUEST_MODULES=(virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_blk virtio_console failover net_failover virtio_net)
KERNEL_DIR=$LAB_CACHE/kernel

PROGRAMS_DIR= # those of these sources
programs_find() {
  [[ -z $PROGRAMS_DIR ]] || return 0
  PROGRAMS_DIR=$(cat "$LAB_HOME"/guest/*.[ch] "$LAB_HOME"/host/*.c | cksum)
  PROGRAMS_DIR=$LAB_CACHE/programs-${PROGRAMS_DIR%% *}
}

prepare_command() { # [backports]
  cache_make
  case ${1:-} in
    '') ;;
    backports) [[ -d $BACKPORTS_DIR ]] || cache_alone backports_get ;;
    *) die "prepare: unknown word '$1', only 'backports' is known" ;;
  esac
}

# Made beside, then moved into place: what is there is whole.
cache_make() {
  programs_find
  [[ -d $KERNEL_DIR ]] || cache_alone kernel_get
  [[ -d $PROGRAMS_DIR ]] || cache_alone programs_build
}

# Labs share the cache: one fills it, the others wait and then find it filled.
cache_alone() { # FUNCTION
  local lock
  mkdir -p "$LAB_CACHE"
  exec {lock}>"$LAB_CACHE/.lock"
  flock "$lock"
  rm -rf "$LAB_CACHE"/{kernel,programs,backports}.?????? # of a run that was interrupted
  "$1"
  exec {lock}>&-
}

# Unpacked, not installed: installing would run the machine's boot loader hooks.
kernel_get() {
  [[ -d $KERNEL_DIR ]] && return
  local work package module
  work=$(mktemp -d "$LAB_CACHE/kernel.XXXXXX")
  apt_private kernel "$LAB_MIRROR bookworm main"
  package=$(apt_run kernel apt-cache depends linux-image-cloud-amd64 | awk '/Depends: linux-image/ { print $2; exit }')
  [[ -n $package ]] || die "the mirror $LAB_MIRROR has no linux-image-cloud-amd64 for bookworm"
  (cd "$work" && apt_run kernel apt-get download "$package" >/dev/null) || die "apt-get download $package failed: is the mirror $LAB_MIRROR reachable?"
  dpkg -x "$work"/*.deb "$work/root"
  mkdir -p "$work/kernel/modules"
  for module in "${GUEST_MODULES[@]}"; do
    find "$work/root/lib" -name "$module.ko" -exec cp {} "$work/kernel/modules/" \;
  done
  mv "$work"/root/boot/vmlinuz-* "$work/kernel/vmlinuz"
  mv "$work/kernel" "$KERNEL_DIR"
  rm -rf "$work" "$LAB_CACHE/apt/kernel"
}

programs_build() {
  [[ -d $PROGRAMS_DIR ]] && return
  local work program
  work=$(mktemp -d "$LAB_CACHE/programs.XXXXXX")
  mkdir "$work/programs" "$work/initramfs"
  for program in stamp relay; do compile "$work/programs/$program" "$LAB_HOME/host/$program.c"; done
  compile "$work/initramfs/init" "$LAB_HOME"/guest/*.c
  cp -r "$KERNEL_DIR/modules" "$work/initramfs/modules"
  (cd "$work/initramfs" && find . | cpio --quiet -o -H newc | gzip -1) >"$work/programs/initrd.gz"
  mv "$work/programs" "$PROGRAMS_DIR"
  rm -rf "$work"
}

compile() { # OUT SOURCE...
  local out=$1
  shift
  musl-gcc -static -s -O2 -Wall -Wextra -o "$out" "$@" -pthread || die "musl-gcc could not compile $*"
}
