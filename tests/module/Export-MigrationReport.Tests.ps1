BeforeDiscovery {
    . $PSScriptRoot/Lab.ps1
}

Describe 'Export-MigrationReport' -Skip:([bool]$NoLab) {
    BeforeAll {
        . $PSScriptRoot/Lab.ps1
        Reset-Lab
        $reports = Test-MigrationReadiness web1, db1 -HostName a -Destination a, b -ExcludeCheck LM049
        $browser = (Get-Command chromium, chromium-browser, google-chrome -ErrorAction Ignore | Select-Object -First 1).Source

        # The page as it is when its script has run.
        function Get-Page([string] $Path, [string] $Fragment = '', [string[]] $With = @()) {
            (& $browser --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --virtual-time-budget=3000 @With --dump-dom "file://$Path$Fragment" 2>$null) -join "`n"
        }

        function Skip-WithoutBrowser { if (-not $browser) { Set-ItResult -Skipped -Because 'neither chromium nor google-chrome is installed' } }
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
        ($stuck.findings | Where-Object id -EQ LM004).evidence | Should -Be 'a is both source and destination.'
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

    It 'R3: the page works in a browser: filtered, opened by a link' {
        Skip-WithoutBrowser
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

        # What is closed is opened to be printed, and closed again.
        $print = "dispatchEvent(new Event('beforeprint')); document.title = document.querySelectorAll('details[open]').length; dispatchEvent(new Event('afterprint'));"
        Set-Content $TestDrive/printed.html (Get-Content $path -Raw).Replace('filter(); open();', "filter(); open(); $print")
        $printed = Get-Page (Resolve-Path $TestDrive/printed.html).ProviderPath '#r1'
        $printed | Should -Match '<title>4</title>'
        ([regex]::Matches($printed, '<details [^>]* open')).Count | Should -Be 1
    }

    It 'R3: the page is for everyone: contrast, names, headers, keys, <Scheme> and <Width> wide' -TestCases @(
        @{ Scheme = 'light'; Width = 1280 }
        @{ Scheme = 'dark'; Width = 1280 }
        @{ Scheme = 'dark'; Width = 420 }
    ) {
        Skip-WithoutBrowser
        $reports | Export-MigrationReport $TestDrive/everyone.html
        $path = (Resolve-Path $TestDrive/everyone.html).ProviderPath
        Set-Content $path (Get-Content $path -Raw).Replace('</body>', "<script>$(Get-Content $PSScriptRoot/PageAudit.js -Raw)</script></body>")
        $page = Get-Page $path -With "--window-size=$Width,1000", "--blink-settings=preferredColorScheme=$([int]($Scheme -eq 'light'))"
        $audit = [Net.WebUtility]::HtmlDecode([regex]::Match($page, '<pre id="audit">(.*?)</pre>').Groups[1].Value) | ConvertFrom-Json
        $audit.texts | Should -BeGreaterThan 100
        $audit.dark | Should -Be ($Scheme -eq 'dark')
        $audit.turned | Should -BeTrue
        # WCAG 2.2 AA: 1.4.3 for text, 1.4.11 for the edges of controls.
        $audit.contrast | Should -BeGreaterOrEqual 4.5 -Because "'$($audit.faintest)' is to be read"
        $audit.edge | Should -BeGreaterOrEqual 3
        $audit.unnamed | Should -BeNullOrEmpty
        $audit.unreached | Should -BeNullOrEmpty
        $audit.unscoped | Should -Be 0
        $audit.colourAlone | Should -Be 0
        $audit.squeezed | Should -Be 0
        $audit.wide | Should -BeFalse
    }

    Context 'of an evacuation' {
        BeforeAll {
            Reset-Lab
            $plan = New-EvacuationPlan a -Destination b -Bandwidth 100MiB/s -Attempts 2
            # A namesake that is another VM appears at b after the plan was made: db1 is tried twice in vain.
            Set-Content "$TestDrive/db1.xml" ((Invoke-Lab virsh a dumpxml --inactive db1) -join "`n" -replace '<uuid>.*</uuid>')
            Invoke-Lab virsh b define "$TestDrive/db1.xml"
            try { $written = $plan | Start-HostEvacuation -ErrorAction SilentlyContinue -WarningAction Ignore }
            finally { Invoke-Lab virsh b undefine db1 }

            # The drawings of a page, each as XML.
            function Get-Drawing([string] $Page) { [regex]::Matches($Page, '(?s)<svg class="chart".*?</svg>') | ForEach-Object { [xml]$_.Value } }
        }

        It 'V2: draws the plan' {
            $page = Get-Content ($plan | Export-MigrationReport $TestDrive/plan.html) -Raw
            $page | Should -Match '<title>Plan to evacuate a</title>'
            $page | Should -Match 'Planned: 2 VMs in 1 wave, 256 MiB'
            $page | Should -Not -Match '<link|src=|@import|url\((?!#)|{{'
            $when, $links = Get-Drawing $page
            $when.SelectNodes('//rect[@class="Planned"]') | Should -HaveCount 2
            $when.SelectNodes('//rect[not(@class="Planned")]') | Should -HaveCount 0
            $links.SelectNodes('//text[@class="name"]').InnerText | Should -Be 'a sends', 'b gets'
            $links.SelectNodes('//path[@class="planned"]') | Should -HaveCount 2
            $links.SelectNodes('//path[@class="real"]') | Should -HaveCount 0
        }

        It 'V3: draws the run beside its plan, from all that Start-HostEvacuation wrote' {
            $page = Get-Content ($written | Export-MigrationReport $TestDrive/run.html -Title 'Drain <a>') -Raw
            $page | Should -Match '<title>Drain &lt;a&gt;</title>'
            $page | Should -Match '1 of 2 VMs moved, 1 stayed'
            $when, $links = Get-Drawing $page
            $when.SelectNodes('//rect').class | Group-Object | ForEach-Object { "$($_.Name) $($_.Count)" } | Should -Be 'Moved 1', 'Planned 2', 'Stayed 2'
            $when.SelectSingleNode('//rect[@class="Moved"]/title').InnerText | Should -Match '^✓ moved to b in .*/s, downtime '
            $when.SelectSingleNode('//rect[@class="Stayed"]/title').InnerText | Should -Match "^✗ failed, to b in .*'db1'"
            $when.SelectNodes('//text[@class="label"]').InnerText | Should -Contain '✗ stays on a'
            $links.SelectNodes('//path[@class="real"]') | Should -HaveCount 2
            # All that is drawn can be read, too.
            $page | Should -Match '(?s)<th scope="row">db1</th>.*?✗ stayed.*?✗ failed.*?✗ failed'
        }

        It 'V3: writes it for programs and spreadsheets' {
            $run = $written[-1]
            $run | Export-MigrationReport $TestDrive/run.json
            $read = (Get-Content $TestDrive/run.json -Raw | ConvertFrom-Json).evacuations
            $read.run.id | Should -Be $run.Id
            ($read.run.vms | Where-Object name -EQ db1).tries | Should -HaveCount 2
            $read.plan.moves.name | Sort-Object | Should -Be db1, web1
            $run | Export-MigrationReport $TestDrive/run.csv
            $lines = Import-Csv $TestDrive/run.csv
            ($lines | Where-Object Name -EQ db1).State | Should -Be Stayed
            ($lines | Where-Object Name -EQ web1).Bytes | Should -Be $run.Transferred
        }

        It 'V3: draws several on one page, and refuses what does not go together' {
            $page = Get-Content (Get-HostEvacuation $written[-1].Id | ForEach-Object { $_, $_.Plan } | Export-MigrationReport $TestDrive/both.html) -Raw
            $page | Should -Match '<title>Evacuations</title>'
            Get-Drawing $page | Should -HaveCount 4
            { $reports[0], $plan | Export-MigrationReport $TestDrive/mixed.html } | Should -Throw -ErrorId 'ReportMixed*'
            { $written[0] | Export-MigrationReport $TestDrive/part.html } | Should -Throw -ErrorId 'ReportMixed*'
        }
    }
}
