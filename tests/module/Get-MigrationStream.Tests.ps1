BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Get-MigrationStream' {
    BeforeAll {
        . $PSScriptRoot/Lab.ps1
        $recorded = "$PSScriptRoot/../LiveMigration.Tests/Streams/Recorded"
        Copy-Item $recorded/devices-10.0.gz "$TestDrive/[new].mig"
        Copy-Item $recorded/devices-7.2.gz $TestDrive/old.mig
    }

    It 'shows what is in a stream' {
        $stream = Get-MigrationStream $TestDrive/old.mig
        $stream.IsIntact, $stream.Machine, "$($stream.Form)", "$($stream.Compression)" | Should -Be $true, 'pc-q35-7.2', 'Plain', 'Gzip'
        $stream | Out-String | Should -Match 'pc\.ram 1 MiB: 256 zero'
        $stream.Sections[0].Name | Should -Be ram
    }

    It 'takes files by pattern, by literal path and from Get-ChildItem' {
        (Get-MigrationStream $TestDrive/*.mig).Machine | Should -Be 'pc-q35-10.0', 'pc-q35-7.2'
        (Get-MigrationStream -LiteralPath "$TestDrive/[new].mig").Machine | Should -Be 'pc-q35-10.0'
        (Get-ChildItem $TestDrive/*.mig | Get-MigrationStream).Machine | Should -Be 'pc-q35-10.0', 'pc-q35-7.2'
    }

    It 'shows the fields of devices' {
        $fields = Get-MigrationStream $TestDrive/old.mig -Device 'cpu[1]', *virtio*
        $fields.Device | Select-Object -Unique | Should -Be cpu, '0000:00:01.0/virtio-rng'
        ($fields | Where-Object Field -EQ 'env.eip').Value | Should -Be 65520
        { Get-MigrationStream $TestDrive/old.mig -Device nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'StreamDeviceNotFound*'
    }

    It 'shows what differs, and nothing where nothing does' {
        $differences = Get-MigrationStream $TestDrive/old.mig -Compare "$TestDrive/[new].mig"
        ($differences | Where-Object Kind -EQ Machine).Difference | Should -Be pc-q35-10.0
        Get-MigrationStream $TestDrive/old.mig -Compare $TestDrive/old.mig | Should -BeNullOrEmpty
    }

    It 'writes the RAM, and replaces files only with -Force' {
        $null = Get-MigrationStream $TestDrive/old.mig -Memory $TestDrive/ram
        (Get-Item $TestDrive/ram/pc.ram).Length | Should -Be 1MB
        { Get-MigrationStream $TestDrive/old.mig -Memory $TestDrive/ram -ErrorAction Stop } | Should -Throw -ErrorId 'MemoryExists*'
        (Get-MigrationStream $TestDrive/old.mig -Memory $TestDrive/ram -Force).IsIntact | Should -BeTrue
    }

    It 'compares the RAM where that is written' {
        Get-MigrationStream $TestDrive/old.mig -Compare $TestDrive/old.mig -Memory $TestDrive/both | Should -BeNullOrEmpty
        (Get-Item $TestDrive/both/~compared/pc.ram).Length | Should -Be 1MB
        $differences = Get-MigrationStream $TestDrive/old.mig -Compare "$TestDrive/[new].mig" -Memory $TestDrive/both -Force
        $tables = $differences | Where-Object { $_.Kind -eq 'Memory' -and $_.Name -eq '/rom@etc/acpi/tables' }
        $tables.Pages, $tables.Offset | Should -Be 3, 68
        $differences | Where-Object { $_.Kind -eq 'Memory' -and $_.Name -eq 'pc.ram' } | Should -BeNullOrEmpty
    }

    It 'says that a file is not there, or is no stream' {
        { Get-MigrationStream $TestDrive/nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'StreamNotReadable*'
        { Get-MigrationStream $TestDrive/nosuch* -ErrorAction Stop } | Should -Throw -ErrorId 'StreamNotReadable*'
        { Get-MigrationStream $PSCommandPath -ErrorAction Stop } | Should -Throw -ErrorId 'StreamNotRecognized*'
    }
}
