# shellcheck shell=bash
# NBD and NFS servers on the storage host: storage that libvirt itself knows to be shared.

storage_command() { # nbd|nfs start|stop
  case "${1:-} ${2:-}" in
    'nbd start') storage_up; nbd_start ;;
    'nfs start') storage_up; nfs_start ;;
    'nbd stop') if host_is_up "$STORAGE_HOST"; then storage_end '/run/nbd-*.pid'; fi ;;
    'nfs stop') if host_is_up "$STORAGE_HOST"; then storage_end /run/ganesha.pid; fi ;;
    *) die "storage: say 'nbd' or 'nfs', then 'start' or 'stop'" ;;
  esac
}

# Guests call for their storage by this; the lock makes two of them at once harmless.
storage_need() { "$LAB_HOME/lab.sh" storage "$1" start; }

storage_up() { host_is_up "$STORAGE_HOST" || lab_up "$STORAGE_HOST"; }

storage_end() { # PIDFILES, as patterns
  local pid
  # shellcheck disable=SC2016
  for pid in $(in_host "$STORAGE_HOST" sh -c 'cat $1 2>/dev/null' - "$1" || true); do
    if in_host "$STORAGE_HOST" kill -0 "$pid" 2>/dev/null; then process_end "$STORAGE_HOST" "$pid" KILL; fi
  done
}

# One server per disk; its port follows from its name, so that the XML can be made without asking.
nbd_port() { # NAME TARGET
  local sum
  sum=$(printf %s "$1-$2" | cksum)
  echo $((10810 + ${sum%% *} % 20000))
}

nbd_start() {
  local image file name
  for image in "$HOSTS_DIR/$STORAGE_HOST"/lib/images/*.nbd; do
    [[ -e $image ]] || continue
    file=$(basename "$image")
    name=${file%.nbd}
    daemon_pid "$STORAGE_HOST" "/run/nbd-$name.pid" >/dev/null && continue
    in_host "$STORAGE_HOST" qemu-nbd --fork --persistent --shared=16 --format=raw --bind="$(host_ip "$STORAGE_HOST")" \
      --port="$(nbd_port "${name%-*}" "${name##*-}")" --export-name="$name" --pid-file="/run/nbd-$name.pid" "/var/lib/libvirt/images/$file" ||
      die "qemu-nbd does not serve $file: see above; if its port is taken, give the guest another name"
  done
}

nfs_start() {
  daemon_pid "$STORAGE_HOST" /run/ganesha.pid >/dev/null && return
  command -v ganesha.nfsd rpcbind >/dev/null || die "storage nfs: the packages nfs-ganesha, nfs-ganesha-vfs and rpcbind are needed"
  nfs_configuration >"$HOSTS_DIR/$STORAGE_HOST/ganesha.conf"
  in_host "$STORAGE_HOST" mkdir -p /run/rpcbind /run/ganesha /var/lib/nfs/ganesha
  in_host "$STORAGE_HOST" pgrep -x rpcbind >/dev/null || in_host "$STORAGE_HOST" rpcbind -r </dev/null
  in_host "$STORAGE_HOST" ganesha.nfsd -f "$HOSTS_DIR/$STORAGE_HOST/ganesha.conf" -L /var/log/libvirt/ganesha.log -p /run/ganesha.pid -N EVENT </dev/null >/dev/null
  local tries
  for ((tries = 0; tries < 200; tries++)); do
    if in_host "$STORAGE_HOST" rpcinfo -T tcp "$(host_ip "$STORAGE_HOST")" mountd 3 >/dev/null 2>&1; then return; fi
    sleep 0.05
  done
  die "nfs-ganesha does not answer: $(tail -n 2 "$HOSTS_DIR/$STORAGE_HOST/log/ganesha.log" 2>/dev/null)"
}

# Version 3, which libnfs speaks. The path is the real one, because Ganesha looks for the file
# system that holds it; clients see it as /images.
nfs_configuration() {
  cat <<E
NFS_CORE_PARAM { Protocols = 3; mount_path_pseudo = true; Enable_NLM = false; Enable_RQUOTA = false; MNT_Port = 20048; }
NFSV4 { Graceless = true; }
EXPORT {
  Export_Id = 1;
  Path = $HOSTS_DIR/$STORAGE_HOST/lib/images;
  Pseudo = /images;
  Access_Type = RW;
  Squash = None;
  Protocols = 3;
  SecType = sys;
  FSAL { Name = VFS; }
}
E
}
