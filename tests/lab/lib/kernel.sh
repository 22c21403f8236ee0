# shellcheck shell=bash
# The cache: Debian's cloud kernel, the guest program in an initramfs, and the stamp program.

GUEST_MODULES=(virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_blk virtio_console failover net_failover virtio_net)

cache_is_ready() { [[ -e $LAB_CACHE/vmlinuz && -e $LAB_CACHE/initrd.gz && -e $LAB_CACHE/stamp ]]; }

prepare_cache() {
  mkdir -p "$LAB_CACHE"
  [[ -e $LAB_CACHE/vmlinuz ]] || kernel_get
  stamp_build
  initramfs_build
}

# Unpacked, not installed: installing would run the machine's boot loader hooks.
kernel_get() {
  local work package
  work=$(mktemp -d "$LAB_CACHE/kernel.XXXXXX")
  package=$(apt-cache depends linux-image-cloud-amd64 2>/dev/null | awk '/Depends: linux-image/ { print $2; exit }')
  [[ -n $package ]] || die "apt does not know linux-image-cloud-amd64: run 'apt-get update' on a Debian machine"
  (cd "$work" && apt-get -o APT::Sandbox::User=root download -q "$package" >/dev/null) || die "apt-get download $package failed: is the mirror reachable?"
  dpkg -x "$work"/*.deb "$work/root"
  rm -rf "$LAB_CACHE/modules"
  mkdir "$LAB_CACHE/modules"
  local module
  for module in "${GUEST_MODULES[@]}"; do
    find "$work/root/lib" -name "$module.ko" -exec cp {} "$LAB_CACHE/modules/" \;
  done
  mv "$work"/root/boot/vmlinuz-* "$LAB_CACHE/vmlinuz"
  rm -rf "$work"
}

is_newer() { # OUT IN...: is OUT newer than all INs?
  local out=$1 in
  shift
  for in in "$@"; do [[ $out -nt $in ]] || return 1; done
}

# Built beside and moved into place: a running lab keeps the file it has.
compile() { # OUT SOURCE...
  local out=$1
  shift
  musl-gcc -static -O2 -Wall -Wextra -o "$out.new" "$@" -pthread || die "musl-gcc could not compile $*"
  strip "$out.new"
  mv "$out.new" "$out"
}

stamp_build() {
  is_newer "$LAB_CACHE/stamp" "$LAB_HOME/host/stamp.c" || compile "$LAB_CACHE/stamp" "$LAB_HOME/host/stamp.c"
}

initramfs_build() {
  is_newer "$LAB_CACHE/initrd.gz" "$LAB_HOME"/guest/*.[ch] "$LAB_CACHE/vmlinuz" && return
  local work
  work=$(mktemp -d "$LAB_CACHE/initramfs.XXXXXX")
  compile "$work/init" "$LAB_HOME"/guest/*.c
  cp -r "$LAB_CACHE/modules" "$work/modules"
  (cd "$work" && find . | cpio --quiet -o -H newc | gzip -1) >"$LAB_CACHE/initrd.gz.new"
  mv "$LAB_CACHE/initrd.gz.new" "$LAB_CACHE/initrd.gz"
  rm -rf "$work"
}
