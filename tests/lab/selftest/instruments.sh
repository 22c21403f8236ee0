# shellcheck shell=bash disable=SC2154
# What the lab measures with is itself measured: wrong memory, wrong disks and lost ticks are noticed.

lab up a b

# A made-up log: ticks 1 to 3 on host a, 3 again and 6 on host b, 250 ms after; then 5, out of order.
tick_line() { printf '%015d%sT %d b=6b000000 us=1 pg=%d mc=%d sw=0 dw=7 dr=7 dc=%d de=0\n' "$@"; }
{
  tick_line 1000000 ' ' 1 10 0 0
  tick_line 1010000 ' ' 2 20 0 0
  tick_line 1020000 ' ' 3 30 0 0
} >"$root/hosts/a/ticks/made-up.log"
{
  tick_line 1270000 ' ' 3 30 0 0
  tick_line 1280000 ' ' 6 60 4 5
  tick_line 1290000 ' ' 5 50 4 5
  tick_line 9990000 '~' 8 80 4 5
  printf '000000001300000 T 7 b=6b00' # being written
} >"$root/hosts/b/ticks/made-up.log"
check 'ticks: lost, duplicated, disordered' prints '"first":1,"last":8,"lost":2,"duplicated":1,"outOfOrder":1' lab ticks made-up
check 'ticks: the gap, without lines that were found late' prints '"maxGapMs":250.0,"maxGapBeforeTick":3,' lab ticks made-up
check 'ticks: corruption' prints '"corruptMemory":4,"corruptDisk":5,' lab ticks made-up
check 'ticks: nobody runs' prints '"hostOfLast":"b","hostsTicking":\[\],"running":false,"boots":1}' lab ticks made-up
check 'ticks --since' prints '"first":5,"last":8,"lost":1,' lab ticks made-up --since 4
rm "$root"/hosts/?/ticks/made-up.log

field_grows() { # GUEST FIELD
  local tries
  for ((tries = 0; tries < 150; tries++)); do
    (($(ticks_field "$1" "$2") > 0)) && return
    sleep 0.2
  done
  echo "$2 of guest $1 is still 0"
  return 1
}

# Changes one byte of the guest's static memory, through the QEMU process that holds it. Runs inside the host.
damage() { # GUEST, which is its marker too
  local pid start size offset low high
  pid=$(cat "/run/libvirt/qemu/$1.pid")
  while IFS=' -' read -r low high _; do
    start=$((16#$low)) size=$((16#$high - 16#$low))
    [[ $size = $((131080 * 1024)) ]] && break # its memory: 128 MiB and 8 KiB
  done <"/proc/$pid/maps"
  offset=$(dd if="/proc/$pid/mem" bs=4096 skip=$((start / 4096)) count=$((size / 4096)) 2>/dev/null | grep -abo -m 1 "$1$1$1$1" | head -n 1 | cut -d: -f1)
  printf X | dd of="/proc/$pid/mem" bs=1 seek=$((start + offset + 1)) conv=notrunc 2>/dev/null
}
damage_memory() { lab sh "$1" bash -c "$(declare -f damage); damage $2"; }

lab guest damaged a static=4 marker=damaged disk=nbd,local
check 'a whole guest is sound' is_sound damaged a
check 'memory is damaged' damage_memory a damaged
check 'the guest notices the page' field_grows damaged corruptMemory
check 'and says which' grep -q ' M page=' "$root/hosts/a/ticks/damaged.log"
disk=$root/hosts/storage/lib/images/damaged-vda.nbd
check 'a disk is damaged' dd if=/dev/zero of="$disk" bs=65536 count=64 seek=64 conv=notrunc status=none
check 'the guest notices the blocks' field_grows damaged corruptDisk
check 'and says which' grep -q ' D disk=vda block=' "$root/hosts/a/ticks/damaged.log"
check 'its disk server ends' lab storage nbd stop
check 'the guest notices that too' field_grows damaged diskErrors
lab guest-remove damaged

lab guest heard a
lab sh a pkill -x stamp
sleep 1.5
check 'a new reader goes on where a killed one stopped' is_sound heard a
check 'and marks what it found late' grep -q '^[0-9]*~T ' "$root/hosts/a/ticks/heard.log"
lab guest-remove heard

# The marker shows on the wire when a migration is not encrypted, and not when it is.
capture=$(mktemp)
there_and_back_captured() { # VIRSH-OPTIONS...
  local pid
  tcpdump -q -U -i labtest-a -w "$capture" tcp 2>/dev/null & pid=$!
  sleep 1
  there_and_back marked tcp "$@" || return
  kill $pid
  wait $pid || true
}
if command -v tcpdump >/dev/null; then
  lab guest marked a static=16 marker=SECRET
  check 'a migration in the clear' there_and_back_captured
  check 'the marker can be seen on the wire' grep -qa SECRETSECRETSECRET "$capture"
  check 'a migration with --tls' there_and_back_captured --tls
  check 'the marker cannot be seen' fails grep -qa SECRETSECRETSECRET "$capture"
  lab guest-remove marked
else
  skip 'the marker on the wire' 'tcpdump is not installed'
fi
rm -f "$capture"
