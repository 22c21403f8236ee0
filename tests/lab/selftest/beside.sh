# shellcheck shell=bash
# A second lab beside the first: same host names, nothing in common but the cache.

second() { LAB_NAME=labtes2 LAB_SUBNET=10.96.0 "$HERE/lab.sh" "$@"; }
third() { LAB_NAME=labtes3 LAB_SUBNET=10.96.0 "$HERE/lab.sh" "$@"; }
ups_at_once() {
  local one other
  lab up a b & one=$!
  lab up b c & other=$!
  wait $one && wait $other && [[ $(lab status) =~ a\ +up.*b\ +up.*c\ +up ]]
}
lab up a b
lab guest one a disk=shared
check 'a second lab comes up' second up a b
check 'with a guest of the same name' second guest one a disk=shared
check 'which migrates' second virsh a migrate --live --unsafe --persistent --undefinesource one "$(second uri b)"
check 'the first lab did not notice' is_sound one a
check 'a third may not have the network of the second' prints 'another LAB_SUBNET' third up a
third down
check 'the second goes' second down
check 'the first stays' is_sound one a
check 'two ups of one lab at once' ups_at_once
lab guest-remove one
lab down c
check 'down of one host leaves the others' prints 'a +up' lab status
