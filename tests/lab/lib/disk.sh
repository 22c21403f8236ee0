# shellcheck shell=bash
# Disk images of guests.

disk_file() { echo "$1-$2.${GUEST[format]}"; } # NAME TARGET

disk_path_inside() { # NAME TARGET KIND -> path as a host sees it
  case $3 in
    shared) echo "/var/lib/libvirt/shared/$(disk_file "$1" "$2")" ;;
    local) echo "/var/lib/libvirt/images/$(disk_file "$1" "$2")" ;;
  esac
}

disks_make() { # NAME HOST
  local name=$1 host=$2 target kind path
  while read -r target kind; do
    [[ -n $target ]] || continue
    path=$(disk_path_inside "$name" "$target" "$kind")
    in_host "$host" test -e "$path" ||
      in_host "$host" qemu-img create -q -f "${GUEST[format]}" "$path" "${GUEST[disksize]}M" ||
      die "qemu-img made no $path on host $host"
  done < <(guest_disks)
}

disks_remove() { # NAME
  rm -f "$SHARED_DIR/$1"-vd?.* "$HOSTS_DIR"/*/lib/images/"$1"-vd?.*
}
