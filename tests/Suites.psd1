# How the tests on real hosts are spread. A suite is a process with a lab of its own. AtOnce of SideBySide run at the same time, the
# longest begin first, and whenever one ends, the next begins. The guests are emulated: one suite leaves two cores idle for a third of
# its time, two for little, and with three guests get so little of a processor that some tests fail. A larger machine takes more at once.
# Those of Alone follow one by one, with the machine to themselves: tests of how fast something goes, which a busy neighbour would falsify.
# Names of classes, or of tests (Class.Method, as far as needed), which their class's suite then leaves out, and of Pester files. The
# suite without any runs all that no other names.
@{
    # Of what needs no lab: classes that take as long as all others of their project run beside them, in a process of their own.
    Apart      = @{ 'LiveMigration.Module.Tests' = 'ArgumentTests', 'TraceTests', 'EmptyPipelineTests', 'ErrorTests', 'CompletionTests' }

    AtOnce     = 2
    SideBySide = @(
        @{ Name = 'LiveMigration.Tests.Evacuation'; Classes = 'EvacuationTests', 'EvacuationFleetTests', 'EvacuationPolicyTests' }
        @{ Name = 'Pester.Migrations'; Files = 'Start-VMLiveMigration', 'Stop-VMLiveMigration', 'Switch-VMLiveMigration', 'Resume-VMLiveMigration',
            'Wait-VMLiveMigration', 'Get-VMLiveMigration', 'Examples' }
        @{ Name = 'Pester' }
        @{ Name = 'LiveMigration.Tests.Lab' }
        @{ Name = 'LiveMigration.Tests.Tls'; Classes = 'TlsTests', 'CertificateLabTests', 'BadCertificateTests', 'WireTests', 'TransportTests' }
        @{ Name = 'LiveMigration.Tests.Readiness'; Classes = 'ReadinessTests', 'StorageRefusalTests', 'StorageDeviceTests', 'StoragePoolTests', 'SourceDiskTests' }
        @{ Name = 'LiveMigration.Tests.Migration'; Classes = 'MigrationTests', 'PolicyTests', 'ParameterTests' }
        @{ Name = 'LiveMigration.Tests.Qemu'; Classes = 'QemuMigrationTests', 'QemuReadinessTests', 'QemuStateTests', 'QemuTransportTests',
            'QemuStreamOptionTests', 'QemuOverlayTests' }
        @{ Name = 'LiveMigration.Tests.QemuPairs'; Classes = 'QemuInterruptedTests', 'QemuComparisonTests' }
        @{ Name = 'LiveMigration.Tests.Failure'; Classes = @('FailureTests') }
        @{ Name = 'LiveMigration.Tests.HostDown'; Classes = 'HostDownTests', 'KilledClientTests', 'EndedGuestTests', 'AffinityTests' }
        @{ Name = 'LiveMigration.Tests.Storage'; Classes = 'StorageTests', 'StorageFailureTests', 'OverlayTests', 'FolderTests' }
    )
    Alone      = @(
        @{ Name = 'LiveMigration.Tests.Rates'; Classes = 'MigrationTests.Bandwidth_and_downtime_are_limits', 'StorageTests.One_limit_covers',
            'TuningTests.A_limit_holds', 'TuningTests.A_migration_that_does_not_converge', 'TuningTests.Limits_are_kept', 'TuningTests.A_dirty_rate' }
        @{ Name = 'Pester.Rates'; Files = 'Measure-DirtyRate', 'Set-MigrationBandwidth', 'Set-MigrationDowntime' }
    )
}
