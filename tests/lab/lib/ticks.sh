# shellcheck shell=bash
# Judges the ticks of a guest from the logs of all hosts.

ticks_command() { # NAME [--since SEQ]
  local name=${1:-} since=0
  [[ -n $name ]] || die "ticks: give a guest"
  if [[ ${2:-} = --since ]]; then since=${3:-0}; fi
  local files=("$HOSTS_DIR"/*/ticks/"$name.log")
  [[ -e ${files[0]} ]] || die "ticks: no host has a log of a guest '$name'"
  programs_find
  # Each line as: time, mark, host, text; in order of arrival.
  awk '
    FNR == 1 { split(substr(FILENAME, length(hosts) + 2), part, "/") }
    /^[0-9]+[ ~]T [0-9]+ b=.* de=[0-9]+$/ { print substr($0, 1, 15), (substr($0, 16, 1) == "~" ? "late" : "live"), part[1], substr($0, 17) }
  ' hosts="$HOSTS_DIR" "${files[@]}" | sort -s -k1,1 | awk -v since="$since" -v now="$("$PROGRAMS_DIR/stamp" --now)" -f "$LAB_HOME/lib/ticks.awk"
}
