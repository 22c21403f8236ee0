# shellcheck shell=bash
# The files of a host: what its overlays put over the machine's /etc, /var and /root.

host_files() { # HOST SASL: 1, 0, or empty for as it was
  local host=$1 sasl=$2 directory etc
  directory=$HOSTS_DIR/$host
  etc=$directory/etc.upper
  mkdir -p "$etc"/{libvirt/{storage,qemu/networks}/autostart,ssh,pki/{CA,libvirt/private,qemu}} \
    "$directory"/{lib/{images,shared,serial,ticks},ticks,log/qemu,var.upper,root.upper/.ssh}
  files_identity "$host" "$etc"
  [[ $host = "$STORAGE_HOST" ]] && return
  if [[ $sasl = 1 ]]; then files_sasl "$host" "$etc"; elif [[ $sasl = 0 ]]; then rm -rf "$etc/sasl2"; fi
  files_libvirtd "$host" "$etc/libvirt"
  files_qemu "$host" "$etc/libvirt"
  files_pool "$etc/libvirt" default /var/lib/libvirt/images 1
  files_pool "$etc/libvirt" shared /var/lib/libvirt/shared 2
  files_network "$etc/libvirt"
  files_pki "$host" "$etc/pki"
  files_ssh "$host" "$directory"
}

files_identity() { # HOST ETC
  local host=$1 etc=$2 other
  {
    echo "127.0.0.1 localhost"
    for other in "$STORAGE_HOST" "${ALL_HOSTS[@]}"; do echo "$(host_ip "$other") $other.lab $other"; done
  } >"$etc/hosts"
  echo "$host" >"$etc/hostname"
  host_uuid "$host" | tr -d - >"$etc/machine-id"
  # libvirt looks this user up before it reads qemu.conf; the package libvirt-daemon-system would have made it.
  { grep -v ^libvirt-qemu: /etc/passwd; echo libvirt-qemu:x:64055:64055::/var/lib/libvirt:/usr/sbin/nologin; } >"$etc/passwd"
  { grep -v ^libvirt-qemu: /etc/group; echo libvirt-qemu:x:64055:; } >"$etc/group"
}

files_libvirtd() { # HOST DIRECTORY
  cat >"$2/libvirtd.conf" <<E
listen_tls = 1
listen_tcp = 1
listen_addr = "$(host_ip "$1")"
auth_tcp = "$(if [[ -e $2/../sasl2 ]]; then echo sasl; else echo none; fi)"
auth_tls = "none"
auth_unix_ro = "none"
auth_unix_rw = "none"
host_uuid = "$(host_uuid "$1")"
log_outputs = "2:file:/var/log/libvirt/libvirtd.log"
log_filters = "3:util 3:rpc 3:event 3:json 3:cpu 1:qemu.qemu_migration"
max_clients = 500
max_queued_clients = 500
max_client_requests = 50
min_workers = 5
max_workers = 40
keepalive_interval = 5
keepalive_count = 5
E
  : >"$2/libvirt.conf"
}

files_qemu() { # HOST DIRECTORY
  cat >"$2/qemu.conf" <<E
user = "root"
group = "root"
security_driver = "none"
dynamic_ownership = 0
remember_owner = 0
cgroup_controllers = [ ]
namespaces = [ ]
stdio_handler = "file"
max_core = 0
migration_address = "$(host_ip "$1")"
migration_host = "$(host_ip "$1")"
default_tls_x509_cert_dir = "/etc/pki/qemu"
default_tls_x509_verify = 1
migrate_tls_x509_verify = 1
keepalive_interval = 5
keepalive_count = 5
E
}

files_pool() { # DIRECTORY NAME PATH NUMBER
  cat >"$1/storage/$2.xml" <<E
<pool type='dir'>
  <name>$2</name>
  <uuid>1ab00000-0000-4000-8000-00000000000$4</uuid>
  <target><path>$3</path></target>
</pool>
E
  ln -sfn "/etc/libvirt/storage/$2.xml" "$1/storage/autostart/$2.xml"
}

files_network() { # DIRECTORY; the bridge is made by host/init.sh
  cat >"$1/qemu/networks/virtual.xml" <<E
<network>
  <name>virtual</name>
  <uuid>1ab00000-0000-4000-8000-0000000000aa</uuid>
  <forward mode='bridge'/>
  <bridge name='virtual'/>
</network>
E
  ln -sfn /etc/libvirt/qemu/networks/virtual.xml "$1/qemu/networks/autostart/virtual.xml"
}

# User and password 'lab' for the TCP listener. DIGEST-MD5, because libvirtd wants a mechanism that
# encrypts where TLS does not, and SCRAM does not.
files_sasl() { # HOST ETC
  command -v saslpasswd2 >/dev/null || die "up sasl=1: the packages sasl2-bin and libsasl2-modules are needed"
  mkdir -p "$2/sasl2"
  printf '%s\n' 'mech_list: digest-md5' 'sasldb_path: /etc/libvirt/passwd.db' >"$2/sasl2/libvirt.conf"
  echo lab | saslpasswd2 -p -c -a libvirt -u "$1.lab" -f "$2/libvirt/passwd.db" lab
}

files_pki() { # HOST DIRECTORY: the same certificate serves libvirtd, QEMU and the host as a client
  local from=$PKI_DIR/$1 to=$2 role
  cp -f "$PKI_DIR/ca-cert.pem" "$to/CA/cacert.pem"
  cp -f "$PKI_DIR/ca-cert.pem" "$to/qemu/ca-cert.pem"
  for role in server client; do
    cp -f "$from-cert.pem" "$to/libvirt/${role}cert.pem"
    cp -f "$from-key.pem" "$to/libvirt/private/${role}key.pem"
    cp -f "$from-cert.pem" "$to/qemu/$role-cert.pem"
    cp -f "$from-key.pem" "$to/qemu/$role-key.pem"
  done
}

files_ssh() { # HOST DIRECTORY: all hosts trust each other's root, as a cluster's would
  local home=$2/root.upper/.ssh ssh=$2/etc.upper/ssh
  cp -f "$SSH_DIR/id.pub" "$home/authorized_keys"
  cp -f "$SSH_DIR/id" "$home/id_ed25519"
  cp -f "$SSH_DIR/known_hosts" "$home/known_hosts"
  chmod 700 "$home"
  chmod 600 "$home"/*
  : >"$2/root.upper/.bashrc" # what the machine's root has there runs before each command that comes over ssh
  cp -f "$SSH_DIR/host" "$ssh/lab_host_key"
  cat >"$ssh/sshd_config" <<E
ListenAddress $(host_ip "$1")
HostKey /etc/ssh/lab_host_key
PermitRootLogin prohibit-password
PasswordAuthentication no
UsePAM no
StrictModes no
PidFile /run/sshd.pid
UseDNS no
MaxStartups 100
E
}
