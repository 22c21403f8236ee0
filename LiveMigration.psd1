@{
    RootModule           = 'LiveMigration.PowerShell.dll'
    NestedModules        = @('LiveMigration.psm1')
    # The core is in the default load context, so that scripts can name its types.
    RequiredAssemblies   = @('LiveMigration.dll')
    ModuleVersion        = '0.1.0'
    GUID                 = '54c76ad9-c224-47b0-a646-223b069d4c4f'
    Author               = 'The LiveMigration authors'
    CompanyName          = 'Community'
    Copyright            = 'Copyright (c) 2026 The LiveMigration authors. MIT licence.'
    Description          = 'Live migration of running KVM/QEMU virtual machines between hosts, through libvirt.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    TypesToProcess       = @('LiveMigration.Types.ps1xml')
    FormatsToProcess     = @('LiveMigration.Format.ps1xml')
    CmdletsToExport      = @(
        'Compare-QemuProcess'
        'Connect-LibvirtHost'
        'Connect-QemuProcess'
        'Disconnect-LibvirtHost'
        'Disconnect-QemuProcess'
        'Enter-HostMaintenance'
        'Exit-HostMaintenance'
        'Export-MigrationMetric'
        'Export-MigrationReport'
        'Get-FleetBalance'
        'Get-HostEvacuation'
        'Get-LibvirtDomain'
        'Get-LibvirtDomainDisk'
        'Get-LibvirtHost'
        'Get-MigrationBandwidth'
        'Get-MigrationCapability'
        'Get-MigrationDowntime'
        'Get-MigrationForecast'
        'Get-MigrationParameter'
        'Get-MigrationStream'
        'Get-QemuProcess'
        'Get-VMLiveMigration'
        'Get-VMMigrationHistory'
        'Install-MigrationCertificate'
        'Invoke-QmpCommand'
        'Measure-DirtyRate'
        'Measure-MigrationForecast'
        'New-BalancePlan'
        'New-EvacuationPlan'
        'New-MigrationCertificate'
        'New-MigrationDisk'
        'New-MigrationSharedStorage'
        'Remove-HostEvacuation'
        'Repair-MigrationReadiness'
        'Restore-VMPlacement'
        'Restore-VMState'
        'Resume-HostEvacuation'
        'Resume-VMLiveMigration'
        'Save-VMState'
        'Set-MigrationBandwidth'
        'Set-MigrationCapability'
        'Set-MigrationDowntime'
        'Set-MigrationParameter'
        'Start-HostEvacuation'
        'Start-QemuDestination'
        'Start-VMLiveMigration'
        'Stop-HostEvacuation'
        'Stop-VMLiveMigration'
        'Switch-VMLiveMigration'
        'Test-MigrationCertificate'
        'Test-MigrationReadiness'
        'Wait-VMLiveMigration'
    )
    FunctionsToExport    = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    PrivateData          = @{
        PSData = @{
            Tags         = @('libvirt', 'KVM', 'QEMU', 'virtualization', 'live-migration', 'PSEdition_Core', 'Linux')
            ProjectUri   = 'https://github.com/livemigration/LiveMigration'
            LicenseUri   = 'https://github.com/livemigration/LiveMigration/blob/main/LICENSE'
            ReleaseNotes = @'
0.1.0: the first release.
- Start-VMLiveMigration moves running KVM/QEMU VMs between libvirt hosts, with their disks where these are not shared, encrypted where
  both hosts have certificates, with post-copy, auto-converge and the policies of Nova, oVirt, KubeVirt and Proxmox VE.
- Test-MigrationReadiness checks beforehand what would stop a migration, and names the command that fixes it.
- New-EvacuationPlan, Start-HostEvacuation and Restore-VMPlacement empty hosts and bring the VMs back; an interrupted evacuation resumes.
- Export-MigrationReport writes HTML, JSON and CSV reports.
Tried on Linux with PowerShell 7.6, libvirt 9.0 and QEMU 7.2. All changes:
https://github.com/livemigration/LiveMigration/blob/main/CHANGELOG.md
'@
        }
    }
}
