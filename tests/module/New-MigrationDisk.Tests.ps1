BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'New-MigrationDisk' -Skip:([bool]$NoLab) {
    BeforeAll {
        . $PSScriptRoot/Lab.ps1
        Reset-Lab
        Invoke-Lab guest disk1 a disk=local ws=16 diskrate=1
        $image = '/var/lib/libvirt/images/disk1-vda.qcow2'
    }
    AfterAll { Invoke-Lab guest-remove disk1 }

    It 'L4: makes nothing with -WhatIf' {
        New-MigrationDisk disk1 b -WhatIf | Should -BeNullOrEmpty
        { Invoke-Lab sh b test -e $image } | Should -Throw
    }

    It 'L1: Start-VMLiveMigration -WhatIf tells what would be copied, from where to where' {
        $log = pwsh -NoProfile -Command "Import-Module LiveMigration; Start-VMLiveMigration disk1 $(Get-LabUri b) -HostName $(Get-LabUri a) -WhatIf"
        "$log" | Should -Match "vda: [\d.]+ [KM]iB are copied from $image to $image, which is created"
        { Invoke-Lab sh b test -e $image } | Should -Throw
    }

    It 'L4: makes an image of the same format and size, onto which the disk is then copied' {
        $disk = New-MigrationDisk disk1 b
        "$($disk.Target) $($disk.Transfer) $($disk.Format) $($disk.Capacity / 1MB)" | Should -Be 'vda Full qcow2 64'
        (Invoke-Lab sh b qemu-img info --output=json $image | ConvertFrom-Json).'virtual-size' | Should -Be 64MB
        { Start-VMLiveMigration disk1 b -ErrorAction Stop } | Should -Throw -ErrorId 'DestinationImageExists*'
        (Start-VMLiveMigration disk1 b -CopyStorage Full -Disk vda).Outcome | Should -Be Completed
        (Invoke-Lab ticks disk1 | ConvertFrom-Json).corruptDisk | Should -Be 0
    }

    It 'L5: makes none for a disk that both hosts reach, and says why' {
        { New-MigrationDisk web1 b -Disk vda -ErrorAction Stop } | Should -Throw -ErrorId 'SharedDiskInCopy*'
    }
}
