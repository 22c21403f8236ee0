# What people read first: the commands of README.md run as they stand, and what it shows below them is what comes.
BeforeDiscovery {
    . $PSScriptRoot/Lab.ps1
}

Describe 'README.md' {
    BeforeAll {
        . $PSScriptRoot/Lab.ps1
        $root = (Resolve-Path "$PSScriptRoot/../..").Path
        $readme = Get-Content "$root/README.md" -Raw
    }

    Context 'over the lab' -Skip:([bool]$NoLab) {
        BeforeAll {
            Reset-Lab
            Invoke-Lab guest web2 a ws=16 rate=2
            $ErrorActionPreference = 'Stop'
            $oneLiner = [regex]::Match($readme, '```powershell\n(.+?)\n```').Groups[1].Value
            $moved = & ([scriptblock]::Create($oneLiner))
            $moved | Start-VMLiveMigration -Destination a | Out-Null
            $blocks = & "$root/docs/Update-Readme.ps1" (Get-LabUri a) (Get-LabUri b) -Check
        }

        AfterAll {
            Invoke-Lab guest-remove web2
            Reset-Lab
        }

        It 'begins with one line that moves every VM' {
            $moved.Name | Sort-Object | Should -Be db1, web1, web2
            $moved.Destination | Sort-Object -Unique | Should -Be b
        }

        It 'runs every command' {
            $blocks.Count | Should -BeGreaterThan 6
        }

        # Numbers and the order of the VMs differ from run to run; the columns and the number of VMs do not.
        It 'shows the columns that the commands write' {
            $shown = $blocks | Where-Object Shown
            $shown.Count | Should -BeGreaterThan 4
            foreach ($block in $shown) {
                $head = { param($text) ($text.Trim() -split '\n')[0] -replace '\b(web|db)\d\b', 'VM' -replace '\d\S*', '#' -replace '\s+', ' ' }
                & $head $block.Shown | Should -Be (& $head $block.Real) -Because $block.Code
            }
        }
    }

    It 'installs the module as it says' -Skip:(-not $IsLinux) {
        $install = [regex]::Match($readme, '(?s)## Install\n.+?```bash\n./build.sh package\n(.+?)\n```').Groups[1].Value
        $pwsh = Join-Path $PSHOME pwsh
        if (-not (Test-Path $pwsh)) { $pwsh = "dotnet $PSHOME/pwsh.dll" }
        $output = bash -c "cd '$root' && export HOME='$TestDrive' && set -e && $($install -replace '\bpwsh -c', "$pwsh -NonInteractive -c")" 2>&1 | Out-String

        $LASTEXITCODE | Should -Be 0 -Because $output
        $output | Should -Match 'LiveMigration'
        Get-Item "$TestDrive/.local/share/powershell/Modules/LiveMigration/*/LiveMigration.psd1" | Should -HaveCount 1
    }

    It 'names tasks of build.sh that there are' {
        $tasks = [regex]::Matches($readme, '\./build\.sh (\w+)') | ForEach-Object { $_.Groups[1].Value } | Sort-Object -Unique
        $help = bash "$root/build.sh" help
        foreach ($task in $tasks) { $help -match "^  $task\b" | Should -Not -BeNullOrEmpty -Because $task }
    }
}
