BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Get-HostEvacuation' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1 }
    BeforeEach { Reset-Lab }

    It 'V3: sees an evacuation of another process, and what became of it' {
        $job = Start-HostEvacuation a -Destination b -Bandwidth 2MiB/s -AsJob
        $id = (Get-HostEvacuation -Latest).Id
        $other = pwsh -NoProfile -Command "Import-Module LiveMigration; Get-HostEvacuation $id | Select-Object State, Left | ConvertTo-Json" | ConvertFrom-Json
        $other.State | Should -Be ([int][LiveMigration.Evacuation.EvacuationState]::Running)
        $other.Left | Should -Be 2
        Stop-HostEvacuation $id -Abort | Should -Not -BeNullOrEmpty
        (Get-HostEvacuation -State Stopped -Latest).Id | Should -Be $id
        (Get-HostEvacuation "$($id.Substring(0, 8))*").Id | Should -Contain $id
        $null = $job | Wait-Job -Timeout 30
    }

    It 'says when there is none of that id' {
        Get-HostEvacuation 20010101-000000-0000 -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.FullyQualifiedErrorId | Should -BeLike 'EvacuationNotFound*'
    }

    It 'says when a journal is damaged, and tells of the others' {
        $done = Start-HostEvacuation a -Destination b | Select-Object -Last 1
        $copy = $done.Journal -replace '[^-/]+(?=\.journal)', 'ffff'
        Set-Content $copy ((Get-Content $done.Journal -Raw) -replace 'moved', 'tried')
        try {
            $found = Get-HostEvacuation -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem.FullyQualifiedErrorId | Should -BeLike 'JournalDamaged*'
            $found.Id | Should -Contain $done.Id
        }
        finally { Remove-Item $copy }
    }
}
