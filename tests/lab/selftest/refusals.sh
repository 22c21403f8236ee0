# shellcheck shell=bash
# What cannot be done is said in words.

as_nobody() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
if as_nobody test -x "$HERE/lab.sh"; then
  check 'without root it says to use sudo' prints 'sudo.*Nothing was started' as_nobody "$HERE/lab.sh" up
  check 'without root it fails' fails as_nobody "$HERE/lab.sh" up
else
  skip 'without root it says to use sudo' "others may not read $HERE"
fi
check 'help lists the commands' prints 'lab.sh guest NAME HOST' lab help
check 'packages lists packages' prints 'libvirt-daemon-driver-qemu' lab packages
refuses 'an unknown command' "unknown command 'fly'" fly
refuses 'a missing host' "'kill' needs a host" kill
refuses 'an unknown host' "no host 'z'" up z
refuses 'an unknown flavour' "unknown flavour 'gentoo'" up a=gentoo
refuses 'a guest on a host that is down' 'is down' guest g a
refuses 'a guest with an unknown option' "unknown option 'color=red'" guest-xml g color=red
refuses 'a guest with too little memory' 'at least memory=170' guest-xml g ws=100
refuses 'an unknown disk' 'must be none, or up to 8 of' guest-xml g disk=floppy
