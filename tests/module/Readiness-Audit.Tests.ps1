# R3: audits with Pester.
BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Should -BeMigrationReady' -Skip:([bool]$NoLab) {
    BeforeAll {
        . $PSScriptRoot/Lab.ps1
        Reset-Lab
        # The suite has imported the module before Pester was there.
        . "$((Get-Module LiveMigration).ModuleBase)/LiveMigration.Pester.ps1"
        $ready = Test-MigrationReadiness web1 -Destination b
        $stuck = Test-MigrationReadiness web1 -HostName a -Destination a
    }

    It 'passes what is ready, one or several' {
        $ready | Should -BeMigrationReady
        $ready, $ready | Should -BeMigrationReady
        $stuck | Should -Not -BeMigrationReady
    }

    It 'lists what stands in the way' {
        { $stuck | Should -BeMigrationReady -Because 'a is serviced' } |
            Should -Throw '*web1 to be ready to migrate from a to a, because a is serviced, but:*LM004 Fail: Source and destination are different hosts. a is both source and destination.*LM044*'
    }

    It 'says what is unexpected' {
        { $ready | Should -Not -BeMigrationReady } | Should -Throw '*web1 not to be ready*it has no blockers*'
        { 'web1' | Should -BeMigrationReady } | Should -Throw '*the output of Test-MigrationReadiness*web1 (String)*'
        { $null | Should -BeMigrationReady } | Should -Throw '*the output of Test-MigrationReadiness*'
    }
}

Describe 'The sample audit' -Skip:([bool]$NoLab) {
    BeforeAll {
        . $PSScriptRoot/Lab.ps1
        Reset-Lab
        $audit = "$PSScriptRoot/../../samples/audit"
        Copy-Item $audit/site.yaml $TestDrive
        (Get-Content $audit/inventory.psd1 -Raw).Replace('qemu+ssh://root@kvm1.example.org/system', (Get-LabUri a)).Replace('qemu+ssh://root@kvm2.example.org/system', (Get-LabUri b)) |
            Set-Content $TestDrive/inventory.psd1

        # A Pester of its own: this one is busy.
        function Invoke-Audit {
            $null = pwsh -NoProfile -Command {
                param($audit, $drive)
                $configuration = New-PesterConfiguration
                $configuration.Run.Container = New-PesterContainer -Path $audit/MigrationReadiness.Tests.ps1 -Data @{ Inventory = "$drive/inventory.psd1" }
                $configuration.TestResult.Enabled = $true
                $configuration.TestResult.OutputFormat = 'JUnitXml'
                $configuration.TestResult.OutputPath = "$drive/results.xml"
                $configuration.Run.Exit = $true
                Invoke-Pester -Configuration $configuration
            } -args (Resolve-Path $audit).Path, (Resolve-Path "$TestDrive").ProviderPath
            $LASTEXITCODE
        }
    }

    It 'has a test for each VM and destination, and writes what came of it as JUnit does' {
        Invoke-Audit | Should -Be 0
        $cases = ([xml](Get-Content $TestDrive/results.xml)).SelectNodes('//testcase')
        $cases.name | Should -Contain 'Migration readiness.web1 can migrate from a to b'
        $cases.name | Should -Contain 'Migration readiness.db1 can migrate from a to b'
    }

    It 'fails with what stands in the way' {
        Invoke-Lab guest net3 a nic=network ws=16 rate=4
        try {
            Invoke-Lab virsh b net-destroy virtual
            Invoke-Audit | Should -Be 1
            $failed = ([xml](Get-Content $TestDrive/results.xml)).SelectNodes('//testcase[failure]')
            $failed.name | Should -Be 'Migration readiness.net3 can migrate from a to b'
            $failed.failure.message | Should -Match "LM075 Fail.*Network 'virtual' is not active on b"
        }
        finally {
            Invoke-Lab virsh b net-start virtual
            Invoke-Lab guest-remove net3
        }
    }
}
