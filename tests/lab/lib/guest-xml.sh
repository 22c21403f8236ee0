# shellcheck shell=bash
# The domain XML of a lab guest.

guest_uuid() { # NAME: always the same for a name
  local sum
  sum=$(printf %s "$1" | md5sum)
  echo "${sum:0:8}-${sum:8:4}-4${sum:13:3}-8${sum:17:3}-${sum:20:12}"
}

guest_xml() { # NAME; options in GUEST
  programs_find
  local name=$1 type=qemu
  [[ $LAB_ACCEL = kvm ]] && type=kvm
  cat <<E
<domain type='$type' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>$name</name>
  <uuid>$(guest_uuid "$name")</uuid>
  <memory unit='MiB'>${GUEST[memory]}</memory>
  <vcpu>${GUEST[vcpus]}</vcpu>
  <os>
    <type arch='x86_64' machine='${GUEST[machine]}'>hvm</type>
    <kernel>$KERNEL_DIR/vmlinuz</kernel>
    <initrd>$PROGRAMS_DIR/initrd.gz</initrd>
    <cmdline>$(guest_command_line)</cmdline>
  </os>
  <features><acpi/><apic/></features>
  $(guest_xml_cpu)
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>destroy</on_reboot>
  <on_crash>preserve</on_crash>
  <devices>
    <emulator>${GUEST[emulator]}</emulator>
$(guest_xml_disks "$name")
$(guest_xml_nic)
    <controller type='usb' model='none'/>
    <serial type='file'>
      <source path='/var/lib/libvirt/serial/$name.log' append='on'/>
      <target port='0'/>
    </serial>
    <channel type='file'>
      <source path='/var/lib/libvirt/ticks/$name.log' append='on'/>
      <target type='virtio' name='lab.ticks'/>
    </channel>
    <memballoon model='none'/>
  </devices>
$(guest_xml_capabilities)
$(guest_xml_memory_tail)
</domain>
E
}

guest_xml_cpu() {
  case ${GUEST[cpu]} in
    none) ;;
    host-model|host-passthrough|maximum) echo "<cpu mode='${GUEST[cpu]}'/>" ;;
    *) echo "<cpu mode='custom' match='exact' check='partial'><model fallback='forbid'>${GUEST[cpu]}</model></cpu>" ;;
  esac
}

# QEMU before 9.0 loses dirty pages under TCG when a RAM block's length is a multiple of 256 KiB, so the
# guest breaks after a migration (fixed upstream by 03bfc2188f06). libvirt rounds <memory> to MiB, so
# the backend is given by hand, 8 KiB longer. Always, because both ends of a migration must agree.
guest_xml_memory_tail() {
  local size=$((GUEST[memory] * 1024 + 8))
  [[ ${GUEST[ramtail]} = 1 && $LAB_ACCEL = tcg ]] || return 0
  cat <<E
  <qemu:commandline>
    <qemu:arg value='-object'/><qemu:arg value='memory-backend-ram,id=lab.ram,size=${size}k'/>
    <qemu:arg value='-machine'/><qemu:arg value='memory-backend=lab.ram'/>
    <qemu:arg value='-m'/><qemu:arg value='${size}k'/>
  </qemu:commandline>
E
}

# libvirt asks a QEMU with this capability for each feature of its CPU, 300 questions that QEMU reads byte by byte: nine tenths of a
# second of processor time with each start and each arrival. Without it, libvirt asks for the words of all features at once.
guest_xml_capabilities() { echo "  <qemu:capabilities><qemu:del capability='cpu-unavailable-features'/></qemu:capabilities>"; }

guest_xml_nic() {
  local source
  case ${GUEST[nic]} in
    none) return ;;
    bridge) source="bridge='virtual'" ;;
    network) source="network='virtual'" ;;
  esac
  echo "    <interface type='${GUEST[nic]}'><source $source/><model type='virtio'/></interface>"
}

guest_xml_disks() { # NAME
  local name=$1 target kind
  guest_disks | while read -r target kind; do disk_xml "$name" "$target" "$kind"; done
}
