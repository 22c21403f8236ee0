#!/bin/bash
# First process of a lab host, started in new namespaces by lib/host.sh. It lays the host's own
# files over the machine's, then waits and reaps: a dead QEMU that nobody reaps would stay a
# zombie, which libvirt takes for a living process.
set -euo pipefail
host=$1 directory=$2 shared=$3 stamp=$4 overlay=$5

# Before all else who we are, so that 'down' finds us whatever happens. /proc is still the machine's,
# so this is the number seen from there; with the start time (field 22) it is ours alone.
read -r -a stat </proc/self/stat
echo "${stat[0]} ${stat[21]}" >"$directory/pid.new"
mv "$directory/pid.new" "$directory/pid"

for name in etc var root; do
  mount -t overlay overlay -o "lowerdir=/$name,upperdir=$directory/$name.upper,workdir=$directory/$name.work" "/$name"
done
if [[ -n $overlay ]]; then
  mount -t overlay overlay -o "lowerdir=$overlay/usr:/usr" /usr
  # Plugins of the machine's own version must not show through: they do not load into another one.
  for plugins in "$overlay"/usr/lib/*/{libvirt,qemu}; do mount --bind "$plugins" "${plugins#"$overlay"}"; done
fi
mount -t tmpfs -o size=64m,mode=755 tmpfs /run
mkdir -p /run/sshd /run/lock /var/lib/libvirt /var/log/libvirt
# Binds, because what is changed in the upper directory of a mounted overlay from outside is not seen inside.
mount --bind "$directory/lib" /var/lib/libvirt
mount --bind "$directory/log" /var/log/libvirt
mount --bind "$shared" /var/lib/libvirt/shared
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs -o size=1m tmpfs /sys/fs/cgroup

# Without kvm unless it was asked for: a masked /dev/kvm looks usable to libvirt, which then
# examines QEMU again at each start of a guest (3 to 4 s).
mkdir -p "$directory/dev"
mount -t tmpfs -o size=1m,mode=755 tmpfs "$directory/dev"
mkdir "$directory"/dev/{pts,shm,net}
devices=(null zero full random urandom tty userfaultfd fuse net/tun)
[[ ${LAB_ACCEL:-tcg} != kvm ]] || devices+=(kvm)
for device in "${devices[@]}"; do
  [[ -e /dev/$device ]] || continue
  : >"$directory/dev/$device"
  mount --bind "/dev/$device" "$directory/dev/$device"
done
ln -s /proc/self/fd "$directory/dev/fd"
ln -s fd/0 "$directory/dev/stdin"
ln -s fd/1 "$directory/dev/stdout"
ln -s fd/2 "$directory/dev/stderr"
ln -s pts/ptmx "$directory/dev/ptmx"
mount --rbind "$directory/dev" /dev
mount -t tmpfs tmpfs /dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts /dev/pts

hostname "$host"
ip link set lo up
ip link add virtual type bridge # where guests' network cards are plugged in; it leads nowhere
ip link set virtual up
cd /
while :; do # whoever kills it gets another; it goes on where the last one stopped
  "$stamp" "$directory/lib/ticks" "$directory/ticks" || true
  sleep 0.2
done &

: >"$directory/ready"
set +e
trap 'exit 0' TERM INT
while :; do
  sleep 3600 &
  wait $!
done
