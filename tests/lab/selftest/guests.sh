# shellcheck shell=bash disable=SC2154
# Guests of several kinds.

left_of_them() { find "$root" -not -path '*/log/qemu/*' -not -path '*/domain-*' | grep -E '(plain|rich|lazy|brief|eager)'; } # libvirt's own stay: logs, and what a power failure left
lab up a b
check 'a guest ticks' lab guest plain a
check 'and is sound' is_sound plain a
check 'a guest with many options' lab guest rich a memory=192 vcpus=2 disk=shared,local,nbd,nfs diskrate=1 ws=40 static=20 rate=20 \
  rate2=2 period=1 pattern=rand cache=writeback cpu=Nehalem machine=q35 nic=network marker=LAB-MARKER
check 'it sees its four disks' grep -q disks=4 "$root/hosts/a/ticks/rich.log"
check 'it looks at all its memory' all_memory_seen rich
check 'and is sound' is_sound rich a
check 'its marker is on its disk' grep -q LAB-MARKERLAB-MARKER "$root/hosts/storage/lib/images/rich-vdc.nbd"
check 'start=0' lab guest lazy b start=0
check 'only defines' prints 'shut off' lab virsh b domstate lazy
check 'persistent=0' lab guest brief b persistent=0
check 'is transient' prints 'Persistent: *no' lab virsh b dominfo brief
check 'autostart=1' lab guest eager b autostart=1 disk=local
lab kill b
lab up b
check 'comes back after a power failure, with its disk' is_sound eager b
check 'as a second boot' prints '"boots":2' lab ticks eager
for guest in plain rich lazy brief eager; do check "guest-remove $guest" lab guest-remove "$guest"; done
check 'no file of them is left' fails left_of_them
check 'no disk server is left' does_not_print qemu-nbd lab sh storage ps -e
lab storage nfs stop
check 'storage nfs stop ends the server' does_not_print ganesha lab sh storage ps -e
check 'storage nfs start' lab storage nfs start
