# What the audit looks at. Hosts are connected under these names; a pair says which VMs of a host must be able to go where.
@{
    Hosts  = @{
        a = 'qemu+ssh://root@kvm1.example.org/system'
        b = 'qemu+ssh://root@kvm2.example.org/system'
    }
    Pairs  = @(
        @{ Source = 'a'; Destination = 'b'; VMs = '*' }
    )
    Policy = 'site.yaml'     # severities, thresholds and waivers; beside this file. May be left out.
    AtOnce = 8               # VMs that are looked at in parallel. May be left out.
}
