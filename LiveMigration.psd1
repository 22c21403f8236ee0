@{
    RootModule           = 'LiveMigration.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = '54c76ad9-c224-47b0-a646-223b069d4c4f'
    Author               = 'The LiveMigration authors'
    CompanyName          = 'Community'
    Copyright            = 'Copyright (c) 2026 The LiveMigration authors. MIT licence.'
    Description          = 'Live migration of running KVM/QEMU virtual machines between hosts, through libvirt.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    FormatsToProcess     = @('LiveMigration.Format.ps1xml')
    CmdletsToExport      = @(
        'Connect-LibvirtHost'
        'Disconnect-LibvirtHost'
        'Export-MigrationReport'
        'Get-HostEvacuation'
        'Get-LibvirtDomain'
        'Get-LibvirtDomainDisk'
        'Get-LibvirtHost'
        'Get-MigrationBandwidth'
        'Get-MigrationCapability'
        'Get-MigrationDowntime'
        'Get-MigrationParameter'
        'Get-VMLiveMigration'
        'Install-MigrationCertificate'
        'Measure-DirtyRate'
        'New-EvacuationPlan'
        'New-MigrationCertificate'
        'New-MigrationDisk'
        'New-MigrationSharedStorage'
        'Repair-MigrationReadiness'
        'Restore-VMPlacement'
        'Resume-HostEvacuation'
        'Resume-VMLiveMigration'
        'Set-MigrationBandwidth'
        'Set-MigrationCapability'
        'Set-MigrationDowntime'
        'Set-MigrationParameter'
        'Start-HostEvacuation'
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
            Tags         = @('libvirt', 'KVM', 'QEMU', 'virtualization', 'live-migration', 'PSEdition_Core', 'Linux', 'MacOS', 'Windows')
            ReleaseNotes = 'See CHANGELOG.md'
        }
    }
}
