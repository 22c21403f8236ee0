# shellcheck shell=bash
# Throwaway keys: an SSH key for root of all hosts, a host key, a CA and its certificates.

# One host key for all hosts: who they are is not what the lab tests, and known_hosts stays simple.
keys_ssh() {
  local host
  mkdir -p "$SSH_DIR"
  chmod 700 "$SSH_DIR"
  [[ -e $SSH_DIR/id ]] || ssh-keygen -q -t ed25519 -N '' -C lab -f "$SSH_DIR/id"
  [[ -e $SSH_DIR/host ]] || ssh-keygen -q -t ed25519 -N '' -C lab-host -f "$SSH_DIR/host"
  for host in "${ALL_HOSTS[@]}"; do
    echo "$(host_ip "$host"),$host,$host.lab $(cut -d' ' -f1,2 "$SSH_DIR/host.pub")"
  done >"$SSH_DIR/known_hosts"
  # libvirt 9.0 hands known_hosts= only to libssh, never to the program ssh; so the URI names this one.
  cat >"$SSH_DIR/ssh" <<E
#!/bin/sh
exec ssh -F none -i '$SSH_DIR/id' -o IdentitiesOnly=yes -o BatchMode=yes -o StrictHostKeyChecking=yes \\
  -o UserKnownHostsFile='$SSH_DIR/known_hosts' -o GlobalKnownHostsFile=none "\$@"
E
  chmod 755 "$SSH_DIR/ssh"
}

# RSA, because libvirt 9.0 refuses an ECDSA server certificate: it cannot encipher keys.
key_make() { certtool --generate-privkey --rsa --bits 2048 --outfile "$1" 2>/dev/null; }

certificate_make() { # NAME; the template's own lines come on standard input
  local name=$1 template
  template=$(mktemp "$PKI_DIR/template.XXXXXX")
  { cat; echo 'expiration_days = 3650'; } >"$template"
  [[ -e $PKI_DIR/$name-key.pem ]] || key_make "$PKI_DIR/$name-key.pem"
  certtool --generate-certificate --load-privkey "$PKI_DIR/$name-key.pem" \
    --load-ca-certificate "$PKI_DIR/ca-cert.pem" --load-ca-privkey "$PKI_DIR/ca-key.pem" \
    --template "$template" --outfile "$PKI_DIR/$name-cert.pem" 2>/dev/null ||
    die "certtool made no certificate for $name: see the template $template"
  rm -f "$template"
}

keys_ca() {
  [[ -e $PKI_DIR/ca-cert.pem ]] && return
  key_make "$PKI_DIR/ca-key.pem"
  printf 'cn = "Lab CA"\nca\ncert_signing_key\nexpiration_days = 3650\n' >"$PKI_DIR/ca.info"
  certtool --generate-self-signed --load-privkey "$PKI_DIR/ca-key.pem" --template "$PKI_DIR/ca.info" \
    --outfile "$PKI_DIR/ca-cert.pem" 2>/dev/null || die "certtool made no CA certificate"
}

certificate_usage() { printf '%s\n' 'organization = "Lab"' tls_www_client signing_key encryption_key; }

keys_pki() { # HOST...
  local host
  mkdir -p "$PKI_DIR/client"
  keys_ca
  if [[ ! -e $PKI_DIR/client/clientcert.pem ]]; then
    { certificate_usage; echo 'cn = "client"'; } | certificate_make client
    cp "$PKI_DIR/ca-cert.pem" "$PKI_DIR/client/cacert.pem"
    cp "$PKI_DIR/client-key.pem" "$PKI_DIR/client/clientkey.pem"
    cp "$PKI_DIR/client-cert.pem" "$PKI_DIR/client/clientcert.pem"
  fi
  for host in "$@"; do
    [[ $host = "$STORAGE_HOST" || -e $PKI_DIR/$host-cert.pem ]] && continue
    {
      certificate_usage
      printf '%s\n' tls_www_server "cn = \"$host\"" "dns_name = \"$host\"" "dns_name = \"$host.lab\"" "ip_address = \"$(host_ip "$host")\""
    } | certificate_make "$host"
  done
}
