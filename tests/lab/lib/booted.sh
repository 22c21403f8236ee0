# shellcheck shell=bash
# Guests that do not boot: under TCG a boot takes three seconds of processor time, longer than most of what is done with a guest. The
# first guest of a kind (machine, processors, memory, disks) boots up to where pulse reads its options, and its state goes to the cache.
# From there libvirt restores it, and all that follow, as it restores a managed save; each then reads options of its own.

BOOTED_DIR= # kept beside the programs that it holds
BOOTED_MEMORY=1024 # MiB at most: saving reads every page, and the host then holds all of them

# Leaves a managed save for a guest that is defined and has its disks. The guest's own boot where that does not work.
booted_give() { # NAME HOST XML
  local state lock
  [[ $LAB_ACCEL = tcg && ${GUEST[nic]} = none && ${GUEST[cpu]} = qemu64 ]] || return 0
  ((GUEST[memory] <= BOOTED_MEMORY)) || return 0
  programs_find
  BOOTED_DIR=$PROGRAMS_DIR/booted
  mkdir -p "$BOOTED_DIR" "$HOSTS_DIR/$2/lib/qemu/save"
  state=$BOOTED_DIR/$(booted_kind "$@") || return
  if [[ ! -e $state ]]; then
    exec {lock}>"$state.lock" # several guests of a kind that start at once: one boots
    flock "$lock"
    [[ -e $state ]] || booted_make "$@" "$state" || { exec {lock}>&-; warn "guest $1: its boot could not be kept, so it boots"; return 0; }
    exec {lock}>&-
  fi
  booted_file "$3" "$state" >"$HOSTS_DIR/$2/lib/qemu/save/$1.save"
}

# All that has to be the same for a state to be loaded; not what a disk is, only that there is one.
booted_kind() { # NAME HOST XML
  local sum
  sum=$({
    cat "$HOSTS_DIR/$2/flavour"
    stat -Lc '%s %Y' "${GUEST[emulator]}" "$KERNEL_DIR/vmlinuz"
    sed -E "/<(name|uuid|cmdline|source)/d; s/$1/@/g" "$3"
  } 2>/dev/null | sha256sum)
  echo "${sum:0:16}"
}

booted_make() { # NAME HOST XML STATE
  local name=$1 host=$2 file=$HOSTS_DIR/$2/lib/qemu/$1.booted xml=$3.held length
  sed 's/ cryptomgr.notests/& pulse.hold=1/' "$3" >"$xml"
  host_virsh "$host" define "$xml" >/dev/null && host_virsh "$host" start "$name" >/dev/null &&
    booted_wait "$HOSTS_DIR/$host/lib/ticks/$name.log" && host_virsh "$host" save "$name" "/var/lib/libvirt/qemu/$name.booted" >/dev/null &&
    length=$(od -An -tu4 -j20 -N4 "$file") && tail -c +$((92 + length + 1)) "$file" >"$4.new" && mv "$4.new" "$4" || {
      host_virsh "$host" destroy "$name" >/dev/null 2>&1 || true
      length=
    }
  rm -f "$file" "$xml" "$4.new"
  host_virsh "$host" define "$3" >/dev/null && [[ -n $length ]]
}

booted_wait() { # LOG
  local until=$((SECONDS + 90))
  until grep -qs '^HELD' "$1"; do
    ((SECONDS < until)) || return
    sleep 0.1
  done
}

# libvirt's saved image: a header of 92 bytes, the definition, QEMU's stream.
booted_file() { # XML STATE
  local length
  length=$(($(stat -c %s "$1") + 1))
  printf 'LibvirtQemudSave'
  booted_numbers 2 "$length" 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 # version, length of the definition, was running, not compressed
  cat "$1"
  printf '\0'
  cat "$2"
}

booted_numbers() { # NUMBER... as 32 bits each, the lowest first
  local number bytes
  for number in "$@"; do
    printf -v bytes '\\x%02x' $((number & 255)) $((number >> 8 & 255)) $((number >> 16 & 255)) $((number >> 24))
    # shellcheck disable=SC2059
    printf "$bytes"
  done
}
