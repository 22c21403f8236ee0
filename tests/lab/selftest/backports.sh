# shellcheck shell=bash
# Hosts with the libvirt and QEMU of bookworm-backports, also beside hosts without.

runs_on() { prints "$2" lab virsh "$1" version --daemon && prints "$3" lab virsh "$1" version --daemon; }
lab down
reason=$(mktemp)
if lab up a b=backports c=backports 2>"$reason"; then
  check 'host b has libvirt 11 and QEMU 10' runs_on b 'against daemon: 11\.' 'hypervisor: QEMU 10\.'
  lab guest old a disk=shared diskrate=2
  check 'from debian to backports' migrate old a b tcp --unsafe
  check 'sound' is_sound old b
  check 'from backports to backports, p2p over tls' migrate old b c tls --unsafe --p2p --tls
  check 'sound' is_sound old c
  check 'and back to debian' migrate old c a tcp --unsafe
  check 'sound' is_sound old a
  check 'all memory is seen once more' all_memory_seen old
  check 'and sound' is_sound old a
  lab guest new b disk=local diskrate=2
  check 'copied disk between backports' migrate new b c tcp --copy-storage-all
  check 'sound' is_sound new c
  for kind in nbd nfs; do
    lab guest "$kind" b disk=$kind diskrate=2
    check "$kind between backports" migrate $kind b c
    check 'sound' is_sound $kind c
  done
  lab down
else
  skip backports "$(tail -n 1 "$reason")"
fi
rm -f "$reason"
