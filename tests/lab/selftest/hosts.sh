# shellcheck shell=bash disable=SC2154
# Hosts come up, can be reached in all ways, and obey.

known_hosts() { cksum ~/.ssh/known_hosts 2>/dev/null || true; }
reach() { timeout "${3:-5}" virsh -q -c "$(lab uri "$1" "${2:-tcp}")" uri; } # HOST [TRANSPORT [SECONDS]]
cannot_reach() { fails reach "$@"; }

lab down
known_before=$(known_hosts)
check 'up' lab up a b
before=$(lab status)
lab up a b
check 'up again changes nothing' [ "$before" = "$(lab status)" ]
for transport in tcp tls ssh; do check "virsh over $transport" reach b "$transport"; done
check "the user's known_hosts is untouched" [ "$known_before" = "$(known_hosts)" ]
check 'hosts know each other by name' lab sh a virsh -q -c qemu+tls://b.lab/system uri
check 'hosts trust each other over ssh' lab sh a ssh -o BatchMode=yes b true
check 'status --json names them' prints '"name":"a","state":"up".*"name":"b","state":"up"' lab status --json
for pool in default shared; do check "pool $pool is active" prints 'State: *running' lab virsh a pool-info "$pool"; done

check 'daemon pause' lab daemon a pause
check 'it does not answer' cannot_reach a tcp 1
check 'daemon continue' lab daemon a continue
check 'it answers' reach a
for word in stop kill; do
  check "daemon $word" lab daemon a "$word"
  refuses "daemon pid after $word" 'does not run' daemon a pid
  check "daemon start after $word" lab daemon a start
done
check 'daemon restart' lab daemon a restart
check 'sshd stop' lab sshd a stop
check 'no way in over ssh' cannot_reach a ssh
check 'sshd start' lab sshd a start
check 'ssh again' reach a ssh

lab sh a sh -c '(sleep 0.1 &)'
sleep 0.3
check 'dead processes are reaped' does_not_print Z lab sh a ps -eo stat=
check 'kill: a power failure' lab kill b
check 'status knows' prints 'b +down' lab status
check 'up switches it on again' lab up b
check 'and it answers' reach b
ip link del labtest-b
check 'up repairs a host that lost its network' lab up b
check 'and it answers' reach b
rm "$root/hosts/b/ready"
check 'up repairs half a host' lab up b
check 'and it answers' reach b

# An 'up' that is killed half-way, at several moments: the next 'up' repairs it, or 'down' takes it away.
killed_up() { # SECONDS
  local pid
  lab down
  setsid "$HERE/lab.sh" up a b & pid=$!
  sleep "$1"
  kill -KILL -- "-$pid" 2>/dev/null || true
  wait $pid || true
}
for moment in 0.1 0.15 0.2 0.25 0.3 0.4; do
  killed_up $moment 2>/dev/null
  check "up killed after $moment s, then up" lab up a b
  check 'both answer' prints 'a +up.*b +up' lab status
  killed_up $moment 2>/dev/null
  check "up killed after $moment s, then down" lab down
  check 'nothing is left' does_not_print labtest ip -br link
done

lab down
started=$(date +%s%N)
check 'two hosts' lab up a b
check 'and a guest' lab guest quick a
took=$((($(date +%s%N) - started) / 1000000))
load=$(cut -d. -f1 /proc/loadavg)
if ((load > 2 * $(nproc))); then
  skip "in less than 15 s: $took ms" "the machine is busy with other things (load $load)"
else
  check "in less than 15 s: $took ms" [ $took -lt 15000 ]
fi
lab guest-remove quick
