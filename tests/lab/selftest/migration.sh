# shellcheck shell=bash
# Migrations there and back, with every kind of storage and transport. A guest must not lose a tick.

lab up a b
lab guest shared a disk=shared diskrate=2
lab guest local a disk=local diskrate=2
lab guest nbd a disk=nbd diskrate=2
lab guest nfs a disk=nfs diskrate=2
refuses 'the shared directory is not accepted without --unsafe' 'Unsafe migration' virsh a migrate --live shared "$(lab uri b)"
check 'shared directory, direct over tcp' there_and_back shared tcp --unsafe
check 'shared directory, p2p over tcp' there_and_back shared tcp --unsafe --p2p
check 'shared directory, direct over tls' there_and_back shared tls --unsafe
check 'shared directory, p2p over tls, data over tls' there_and_back shared tls --unsafe --p2p --tls
check 'shared directory, direct over ssh' there_and_back shared ssh --unsafe
check 'shared directory, p2p over ssh' there_and_back shared ssh --unsafe --p2p
check 'shared directory, tunnelled' there_and_back shared tcp --unsafe --p2p --tunnelled
check 'shared directory, post-copy' there_and_back shared tcp --unsafe --postcopy --postcopy-after-precopy
check 'shared directory, 4 connections' there_and_back shared tcp --unsafe --parallel --parallel-connections 4
check 'nbd is accepted, direct' there_and_back nbd
check 'nfs is accepted, p2p' there_and_back nfs tcp --p2p
check 'local disk, copied' there_and_back local tcp --copy-storage-all
check 'local disk, copied over tls, p2p' there_and_back local tls --copy-storage-all --p2p --tls
check 'shared: all memory is seen once more' all_memory_seen shared
for guest in shared local nbd nfs; do
  check "$guest is sound after all" is_sound "$guest" a
  lab guest-remove "$guest"
done
