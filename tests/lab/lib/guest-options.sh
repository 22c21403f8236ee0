# shellcheck shell=bash
# The key=value words of 'guest' and 'guest-xml', with what they mean when not given.

declare -A GUEST

guest_options() { # [KEY=VALUE...] -> GUEST
  local word
  GUEST=(
    [memory]=128 [vcpus]=1 [cpu]=qemu64 [machine]=pc [emulator]=/usr/bin/qemu-system-x86_64 [ramtail]=1
    [nic]=none [disk]=none [disksize]=64 [format]="" [cache]=none [diskrate]=0 [diskspan]=16
    [ws]=32 [static]=0 [rate]=8 [rate2]="" [period]=0 [pattern]=seq [bytes]=16 [tick]=10 [marker]=""
    [persistent]=1 [autostart]=0 [start]=1 [wait]=1
  )
  for word in "$@"; do
    [[ $word = *=* && -v GUEST[${word%%=*}] ]] || die "guest: unknown option '$word'; the options are: $(printf '%s\n' "${!GUEST[@]}" | sort | tr '\n' ' ')"
    GUEST[${word%%=*}]=${word#*=}
  done
  guest_options_check
}

guest_options_check() {
  local key needed
  for key in memory vcpus disksize ws static rate diskrate diskspan bytes tick period; do
    [[ ${GUEST[$key]} =~ ^-?[0-9]+$ ]] || die "guest: $key=${GUEST[$key]} is not a whole number"
  done
  [[ ${GUEST[disk]} =~ ^(none|((shared|local|nbd|nfs)(,|$)){1,8})$ && ${GUEST[disk]} != *, ]] ||
    die "guest: disk=${GUEST[disk]} must be none, or up to 8 of shared, local, nbd, nfs, with commas between them"
  [[ ${GUEST[nic]} =~ ^(none|bridge|network)$ ]] || die "guest: nic=${GUEST[nic]} must be none, bridge or network"
  [[ ${GUEST[format]} =~ ^(raw|qcow2|)$ ]] || die "guest: format=${GUEST[format]} must be raw or qcow2"
  for key in ramtail persistent autostart start wait; do
    [[ ${GUEST[$key]} =~ ^[01]$ ]] || die "guest: $key=${GUEST[$key]} must be 0 or 1"
  done
  # Kernel, initramfs and bookkeeping; with less the guest dies of want of memory at boot, without a word.
  needed=$((GUEST[ws] + GUEST[static] + 70))
  ((GUEST[memory] >= needed)) || die "guest: memory=${GUEST[memory]} MiB is too small for ws=${GUEST[ws]} and static=${GUEST[static]}: give at least memory=$needed"
  [[ ${GUEST[marker]} =~ ^[A-Za-z0-9_.-]{0,63}$ ]] || die "guest: marker may be up to 63 letters, digits, '_', '.', '-': it is passed on the kernel's command line"
}

# One line per disk: TARGET KIND
guest_disks() {
  local kinds index
  [[ ${GUEST[disk]} = none ]] && return
  IFS=, read -ra kinds <<<"${GUEST[disk]}"
  local letters=(a b c d e f g h)
  for index in "${!kinds[@]}"; do
    echo "vd${letters[$index]} ${kinds[$index]}"
  done
}

guest_command_line() {
  local key line=
  for key in ws static rate rate2 period pattern bytes tick diskrate diskspan marker; do
    [[ -z ${GUEST[$key]} ]] || line+=" pulse.$key=${GUEST[$key]}"
  done
  echo "console=ttyS0 quiet cryptomgr.notests$line" # the kernel's self-tests take a fifth of a second under TCG
}
