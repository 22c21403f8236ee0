BeforeDiscovery {
    . $PSScriptRoot/Lab.ps1
    $browser = (Get-Command chromium, chromium-browser, google-chrome -ErrorAction Ignore | Select-Object -First 1).Source
}

Describe 'Export-MigrationReport' -Skip:([bool]$NoLab) {
    BeforeAll {
        . $PSScriptRoot/Lab.ps1
        Reset-Lab
        $reports = Test-MigrationReadiness web1, db1 -HostName a -Destination a, b
        $browser = (Get-Command chromium, chromium-browser, google-chrome -ErrorAction Ignore | Select-Object -First 1).Source

        # The page as it is when its script has run.
        function Get-Page([string] $Path, [string] $Fragment = '') {
            (& $browser --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --virtual-time-budget=3000 --dump-dom "file://$Path$Fragment" 2>$null) -join "`n"
        }
    }

    It 'R3: writes a page that needs nothing but itself' {
        $file = $reports | Export-MigrationReport $TestDrive/fleet.html -Title 'Fleet <1>'
        $file | Should -BeOfType IO.FileInfo
        $page = Get-Content $file -Raw
        $page | Should -Match '<title>Fleet &lt;1&gt;</title>'
        $page | Should -Match '2 VMs, 2 destinations: 2 not ready, 2 ready'
        $page | Should -Not -Match '<link|src=|@import|url\('
        $page | Should -Not -Match '{{'
        ([regex]::Matches($page, '<details ')).Count | Should -Be 4
    }

    It 'R3: writes all that was found as JSON' {
        $reports | Export-MigrationReport $TestDrive/fleet.json
        $read = Get-Content $TestDrive/fleet.json -Raw | ConvertFrom-Json
        $read.reports | Should -HaveCount 4
        $stuck = $read.reports | Where-Object { $_.name -eq 'web1' -and $_.destination -eq 'a' }
        $stuck.verdict | Should -Be NotReady
        ($stuck.findings | Where-Object id -EQ LM004).evidence | Should -Be 'a is both.'
    }

    It 'R3: writes a line for each finding as CSV' {
        $reports | Export-MigrationReport $TestDrive/fleet.csv
        $lines = Import-Csv $TestDrive/fleet.csv
        $lines | Should -HaveCount ($reports | ForEach-Object { $_.Findings.Count } | Measure-Object -Sum).Sum
        ($lines | Where-Object { $_.Name -eq 'db1' -and $_.Destination -eq 'a' -and $_.Id -eq 'LM004' }).Status | Should -Be Fail
    }

    It 'takes the format from the name, unless told' {
        $reports | Export-MigrationReport $TestDrive/plain.txt -Format Csv
        (Get-Content $TestDrive/plain.txt)[0] | Should -BeLike 'Name,Source,Destination,*'
    }

    It 'replaces nothing with -NoClobber, writes nothing with -WhatIf, and tells why it cannot' {
        Set-Content $TestDrive/mine.html mine
        { $reports | Export-MigrationReport $TestDrive/mine.html -NoClobber } | Should -Throw -ErrorId 'ReportExists*'
        $reports | Export-MigrationReport $TestDrive/mine.html -WhatIf
        Get-Content $TestDrive/mine.html | Should -Be mine
        { $reports | Export-MigrationReport $TestDrive/nowhere/x.html } | Should -Throw -ErrorId 'ReportNotWritable*'
    }

    It 'R3: the page works in a browser: filtered, opened by a link' -Skip:(-not $browser) {
        $reports | Export-MigrationReport $TestDrive/browsed.html
        $path = (Resolve-Path $TestDrive/browsed.html).ProviderPath
        Get-Page $path | Should -Match '4 of 4 shown'
        Get-Page $path '#r1' | Should -Match '<details id="r1"[^>]* open'

        # Words typed before the script looks for the first time.
        $page = (Get-Content $path -Raw).Replace("filter(); open();", "words.value = 'web1 LM004'; filter(); open();")
        Set-Content $TestDrive/filtered.html $page
        $shown = Get-Page (Resolve-Path $TestDrive/filtered.html).ProviderPath
        $shown | Should -Match '1 of 4 shown'
        ([regex]::Matches($shown, '<tr hidden')).Count | Should -Be 1
    }
}
