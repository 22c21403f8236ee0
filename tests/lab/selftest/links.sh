# shellcheck shell=bash
# Links do what they are told, by measurement.

command -v busybox >/dev/null || { skip links 'busybox is not installed'; return 0; }

address_of() { lab uri "$1" | grep -oE '[0-9.]{7,}'; }
between() { # LOW VALUE HIGH
  echo "$2, wanted $1 to $3"
  awk -v low="$1" -v value="$2" -v high="$3" 'BEGIN { exit !(low <= value && value <= high) }'
}
throughput() { # prints the Mbit/s at which a gets 40 MiB from b
  local began ended
  began=$(date +%s%N)
  lab sh a busybox wget -q -O /dev/null "http://$(address_of b):7000/40MiB"
  ended=$(date +%s%N)
  echo $((41943040 * 8 * 1000 / (ended - began)))
}
ping_b() { lab sh a busybox ping "$@" "$(address_of b)"; }
speed() { between "$1" "$(throughput)" "$2"; }
round_trip() { between "$1" "$(ping_b -c 10 -i 0.1 | awk -F/ '/min\/avg\/max/ { print $4 }')" "$2"; }
losses() { between "$1" "$(ping_b -q -c 400 -i 0.01 -W 1 | grep -oE '[0-9]+% packet loss' | cut -d% -f1)" "$2"; }
silent() { fails ping_b -q -c 3 -i 0.1 -W 1; }

lab up a b
lab link a reset
lab link b reset
lab sh b truncate -s 40M /run/40MiB
lab sh b busybox httpd -p 7000 -h /run
check 'unshaped: fast' speed 400 100000
check 'unshaped: near' round_trip 0 3
lab link a rate 100mbit
check 'rate 100mbit' speed 60 115
lab link a rate 1gbit
check 'rate 1gbit' speed 250 1150
lab link a delay 25
check 'delay 25: 50 ms there and back' round_trip 50 56
lab link b delay 10
check 'delay 10 at the other host too: 70 ms' round_trip 70 78
lab link b nodelay
lab link a nodelay
check 'nodelay' round_trip 0 3
lab link a loss 10
check 'loss 10: 19 % there and back' losses 11 28
lab link a noloss
check 'noloss' losses 0 0
lab link b cut
check 'cut: nothing passes between the hosts' silent
check 'cut: nor from this machine' fails busybox ping -q -c 2 -i 0.1 -W 1 "$(address_of b)"
lab link b restore
check 'restore' round_trip 0 3
lab link b delay 5
lab link b cut
check 'cut works on a long link too' silent
lab link b restore
check 'and restore keeps the delay' round_trip 10 14
lab link a reset
lab link b reset
check 'reset: fast again' speed 400 100000
check 'counters count' prints '"rxBytes":[0-9]{9}' lab link a counters

connection() { # from b to port 7001 of a; it stays open for three seconds
  lab sh a sh -c 'sleep 3 | busybox nc -l -p 7001' >/dev/null 2>&1 &
  sleep 0.3
  lab sh b sh -c "sleep 3 | busybox nc $(address_of a) 7001" >/dev/null 2>&1 &
  sleep 0.5
}
open_at() { lab sh "$1" ss -Htn state established '( sport = :7001 or dport = :7001 )' | grep -c . || true; }
connection
check 'a connection is open at both ends' [ "$(open_at a) $(open_at b)" = '1 1' ]
lab link a break-tcp 7001 half
check 'break-tcp half: the other end still believes in it' [ "$(open_at a) $(open_at b)" = '0 1' ]
wait
connection
lab link a break-tcp 7001
check 'break-tcp: gone at both ends' [ "$(open_at a) $(open_at b)" = '0 0' ]
wait
