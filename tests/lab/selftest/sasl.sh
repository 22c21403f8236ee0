# shellcheck shell=bash
# A host whose TCP listener wants a password.

if command -v saslpasswd2 >/dev/null; then
  lab down
  lab up a sasl=1
  credentials=$(mktemp)
  printf '%s\n' '[credentials-lab]' 'authname=lab' 'password=lab' '[auth-libvirt-default]' 'credentials=lab' >"$credentials"
  check 'with the password' virsh -q -c "$(lab uri a)?authfile=$credentials" uri
  check 'without it' fails virsh -q -c "$(lab uri a)" uri
  check 'the lab still gets in' lab virsh a uri
  lab kill a
  lab up a
  check 'after a power failure it still wants the password' fails virsh -q -c "$(lab uri a)" uri
  rm -f "$credentials"
  lab down
else
  skip sasl 'the package sasl2-bin is not installed'
fi
