BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'New-MigrationSharedStorage' -Skip:([bool]$NoLab) {
    BeforeAll {
        . $PSScriptRoot/Lab.ps1
        Reset-Lab
        function Get-PoolName([string] $HostName) { Invoke-Lab virsh $HostName -q pool-list --all --name | ForEach-Object Trim }
        $before = 'a', 'b' | ForEach-Object { Get-PoolName $_ }
    }
    AfterEach {
        foreach ($name in 'a', 'b') {
            if ('team' -in (Get-PoolName $name)) {
                $null = Invoke-Lab virsh $name pool-destroy team
                $null = Invoke-Lab virsh $name pool-undefine team
            }
        }
    }

    It 'S3: a folder that both hosts have becomes a pool on both, which starts with them' {
        $pools = New-MigrationSharedStorage team a, b -Path /var/lib/libvirt/shared/team -Mounted
        $pools.HostName | Should -Be a, b
        $pools.IsNew | Should -Be $true, $true
        foreach ($name in 'a', 'b') { Invoke-Lab virsh $name pool-info team | Should -Contain 'Autostart:      yes' }
        Invoke-Lab sh a ls /var/lib/libvirt/shared/team | Should -BeNullOrEmpty -Because 'the marker is removed'
        (New-MigrationSharedStorage team a, b -Path /var/lib/libvirt/shared/team -Mounted).IsNew | Should -Be $false, $false
        { New-MigrationSharedStorage team a, b -Path /var/lib/libvirt/other -Mounted } | Should -Throw -ErrorId 'PoolDiffers*'
        Get-PoolName b | Should -Contain team -Because 'it was there before'
    }

    It 'S3: a folder that each host has for itself is found out, and nothing stays defined' {
        { New-MigrationSharedStorage team a, b -Path /var/lib/libvirt/team -Mounted } | Should -Throw '*not the same storage*' -ErrorId 'StorageNotShared*'
        'a', 'b' | ForEach-Object { Get-PoolName $_ } | Should -Be $before
    }

    It 'S3: an export that cannot be mounted names the cause, and nothing stays defined' {
        $failure = { New-MigrationSharedStorage team a, b -NfsServer $ipC -NfsExport /images -Path /var/lib/libvirt/team } | Should -Throw -ErrorId 'ShareNotMounted*' -PassThru
        if (-not (Select-String -Quiet -Pattern '\bnfs' /proc/filesystems)) { "$failure" | Should -Match 'the kernel of a cannot mount NFS|cannot reach' }
        'a', 'b' | ForEach-Object { Get-PoolName $_ } | Should -Be $before
    }

    It 'P1: does nothing with -WhatIf, and needs two hosts' {
        New-MigrationSharedStorage team a, b -NfsServer nfs1 -NfsExport /vms -Path /srv/vms -WhatIf
        'a', 'b' | ForEach-Object { Get-PoolName $_ } | Should -Be $before
        { New-MigrationSharedStorage team a -NfsServer nfs1 -NfsExport /vms -Path /srv/vms } | Should -Throw -ErrorId 'ContradictingOptions*'
    }
}
