# What all cmdlets write has in common.
BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'What cmdlets write' -Skip:([bool]$NoLab) {
    BeforeAll {
        . $PSScriptRoot/Lab.ps1
        Reset-Lab
        Invoke-Lab guest disk2 a disk=local ws=16

        # TYPE.PROPERTY of each list that PowerShell cannot index: those are the compiler's own, behind a read-only interface.
        function Find-ClosedList($Object, [int] $Depth = 3) {
            foreach ($property in $Object.PSObject.Properties.Where({ $_.MemberType -eq 'Property' })) {
                $value = $property.Value
                if ($value -is [Collections.IEnumerable] -and $value -isnot [string]) {
                    if ($value.GetType().Name -like '<>z__*') { "$($Object.GetType().Name).$($property.Name)" }
                    $value = @($value)[0]
                }
                if ($Depth -gt 1 -and $value -is [object] -and $value.GetType().FullName -like 'LiveMigration.*') { Find-ClosedList $value ($Depth - 1) }
            }
        }
    }

    AfterAll { Invoke-Lab guest-remove disk2 }

    It 'has lists that can be indexed: <_>' -ForEach @(
        'Get-LibvirtHost a'
        'Get-LibvirtDomain web1'
        'Get-LibvirtDomainDisk web1'
        'Get-MigrationParameter web1'
        'Get-MigrationCapability web1'
        'Get-MigrationBandwidth web1'
        'Measure-DirtyRate web1'
        'New-EvacuationPlan a'
        'New-MigrationCertificate kvm1 -Path TestDrive:/pki -NoLookup -KeyAlgorithm Ecdsa'
        'Test-MigrationCertificate -HostName a'
        'Test-MigrationCertificate -HostName a -Port 1'
        'New-MigrationDisk disk2 b'
        'New-MigrationSharedStorage vms a, b -Path /var/lib/libvirt/shared/vms -Mounted'
        'Start-HostEvacuation a -Destination b'
        'Get-HostEvacuation -Latest'
        'Restore-VMPlacement'
        'Test-MigrationReadiness web1 -Destination b'
        'Start-VMLiveMigration web1 -Destination b'
    ) {
        $written = & ([scriptblock]::Create($_))
        $written | Should -Not -BeNullOrEmpty
        $written | ForEach-Object { Find-ClosedList $_ } | Sort-Object -Unique | Should -BeNullOrEmpty
    }
}
