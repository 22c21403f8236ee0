# shellcheck shell=bash disable=SC2154
# After 'down' nothing is left.

processes_of() { { grep -slF "$1/" /proc/[0-9]*/cmdline || true; } | grep .; }
lab up a b
lab guest last a disk=shared,nbd,nfs
lab link a delay 5
lab link b rate 1gbit
check 'there are processes' processes_of "$root"
check 'down' lab down
check 'no directory' [ ! -e "$root" ]
check 'no process' fails processes_of "$root"
check 'no interface' does_not_print labtest ip -br link
check 'no mount' fails grep -F "$root/" /proc/mounts
check 'down again is fine' lab down
