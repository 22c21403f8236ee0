# How the tests on real hosts are spread. Each suite of SideBySide is a process with a lab of its own; they run at the same time, and
# are meant to end at about the same time. Those of Alone follow, one after the other, with the machine to themselves: tests of how fast
# something goes. Names of classes (or Class.Method, as far as needed) and of Pester files; the suite without any runs all the others.
@{
    SideBySide = @(
        @{ Name = 'LiveMigration.Tests.Lab1' }
        @{ Name = 'LiveMigration.Tests.Lab2'; Classes = 'CertificateLabTests', 'FailureTests', 'HostDownTests', 'OverlayTests', 'SourceDiskTests',
            'StorageDeviceTests', 'StorageFailureTests', 'StoragePoolTests', 'StorageRefusalTests', 'StorageTests', 'TlsTests', 'TransportTests', 'WireTests' }
        @{ Name = 'Pester' }
    )
    Alone      = @(
        @{ Name = 'LiveMigration.Tests.Alone'; Classes = 'TuningTests', 'MigrationTests.A_bandwidth' }
    )
}
