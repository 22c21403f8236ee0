# shellcheck shell=bash
# Disks of guests: where they are, how the XML names them, and their images.

disk_file() { # NAME TARGET KIND
  case $3 in
    nbd) echo "$1-$2.nbd" ;;
    *) echo "$1-$2.$(disk_format "$3")" ;;
  esac
}

# HOST DIRECTORY, as the host that makes the image sees it
disk_home() { # KIND HOST-OF-GUEST
  case $1 in
    local) echo "$2 /var/lib/libvirt/images" ;;
    shared) echo "$2 /var/lib/libvirt/shared" ;;
    nbd|nfs) echo "$STORAGE_HOST /var/lib/libvirt/images" ;;
  esac
}

# NFS: raw unless asked otherwise. QEMU's NFS driver learns the length of a file when it opens it, so what
# a qcow2 image grew by since the destination opened it reads as zeros after the switch-over: lost data.
disk_format() { # KIND
  case $1 in
    nbd) echo raw ;;
    nfs) echo "${GUEST[format]:-raw}" ;;
    *) echo "${GUEST[format]:-qcow2}" ;;
  esac
}

disk_xml() { # NAME TARGET KIND
  local home file type=file source
  home=$(disk_home "$3" '')
  file=$(disk_file "$1" "$2" "$3")
  source="file='${home#* }/$file'/"
  case $3 in
    nbd) type=network source="protocol='nbd' name='$1-$2'><host name='$(host_ip "$STORAGE_HOST")' port='$(nbd_port "$1" "$2")'/></source" ;;
    nfs) type=network source="protocol='nfs' name='/images/$file'><host name='$(host_ip "$STORAGE_HOST")'/></source" ;;
  esac
  cat <<E
    <disk type='$type' device='disk'>
      <driver name='qemu' type='$(disk_format "$3")' cache='${GUEST[cache]}'/>
      <source $source>
      <target dev='$2' bus='virtio'/>
    </disk>
E
}

disks_make() { # NAME HOST
  local name=$1 target kind home path
  while read -r target kind; do
    [[ -n $target ]] || continue
    home=$(disk_home "$kind" "$2")
    if [[ ${home% *} = "$STORAGE_HOST" ]]; then storage_need "$kind"; fi
    path=${home#* }/$(disk_file "$name" "$target" "$kind")
    in_host "${home% *}" test -e "$path" ||
      in_host "${home% *}" qemu-img create -q -f "$(disk_format "$kind")" "$path" "${GUEST[disksize]}M" ||
      die "qemu-img made no $path on host ${home% *}"
    if [[ $kind = nbd ]]; then storage_need nbd; fi # a server for the new image
  done < <(guest_disks)
}

disks_remove() { # NAME
  local image
  for image in "$HOSTS_DIR/$STORAGE_HOST/lib/images/$1"-vd?.nbd; do
    if [[ -e $image ]] && host_is_up "$STORAGE_HOST"; then storage_end "/run/nbd-$(basename "$image" .nbd).pid"; fi
  done
  rm -f "$SHARED_DIR/$1"-vd?.* "$HOSTS_DIR"/*/lib/images/"$1"-vd?.*
}
