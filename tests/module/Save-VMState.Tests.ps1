BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Save-VMState' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1; . $PSScriptRoot/BareQemu.ps1 }
    AfterEach { Stop-BareQemu }

    It 'saves a VM that goes on, and shows what it did' {
        $vm = Start-BareQemu | Connect-QemuProcess
        $saved = $vm | Save-VMState -Path $TestDrive/web1.state -Compress Zstd -ErrorAction Stop
        $saved.Name, $saved.Verified, $saved.State, "$($saved.Compression)" | Should -Be web1, $true, running, Zstd
        $saved.Sha256 | Should -Be (Get-FileHash $TestDrive/web1.state).Hash
        $saved.Length | Should -Be (Get-Item $TestDrive/web1.state).Length
        $saved | Out-String | Should -Match '(?s)Path +: .*web1.state.*Compression +: Zstd.*Verified +: True.*State +: running'
        (Get-MigrationStream $TestDrive/web1.state).IsIntact | Should -BeTrue
        (Get-Content $TestDrive/web1.state.json -Raw | ConvertFrom-Json).sha256 | Should -Be $saved.Sha256
        (Get-QemuProcess).State | Should -Be running
    }

    It 'replaces a file only with -Force, takes a path from the current location, and one file for one VM' {
        $null = Start-BareQemu | Connect-QemuProcess -Name web1
        $null = Start-BareQemu -Name two | Connect-QemuProcess -Name web2
        Push-Location $TestDrive
        try {
            Set-Content 'it''s here' mine
            { Save-VMState web1 "it's here" -ErrorAction Stop } | Should -Throw '*already exists*' -ErrorId 'StateExists*'
            Get-Content "it's here" | Should -Be mine
            (Save-VMState web1 "it's here" -Force).Path | Should -Be "$TestDrive/it's here"
            $null = Save-VMState web* new -ErrorVariable failed -ErrorAction SilentlyContinue
            "$failed" | Should -BeLike '*a file of its own*'
        }
        finally { Pop-Location }
    }

    It 'ends QEMU with -Stop, after the proof, and changes nothing with -WhatIf' {
        $vm = Start-BareQemu | Connect-QemuProcess
        $vm | Save-VMState -Path $TestDrive/stop.state -Stop -WhatIf
        Test-Path $TestDrive/stop.state | Should -BeFalse
        ($vm | Get-QemuProcess).State | Should -Be running
        { $vm | Save-VMState -Path $TestDrive/stop.state -Command cat -Stop -ErrorAction Stop } | Should -Throw '*-ReadCommand*' -ErrorId 'ContradictingOptions*'
        ($vm | Save-VMState -Path $TestDrive/stop.state -Stop).State | Should -BeNullOrEmpty
        $vm.HasEnded | Should -BeTrue
    }

    It 'warns of what cannot be read back, and says why a command failed' {
        $vm = Start-BareQemu | Connect-QemuProcess
        $saved = $vm | Save-VMState -Command "cat >'$TestDrive/else where'" -WarningVariable told -WarningAction SilentlyContinue
        "$told" | Should -BeLike '*not verified by reading*'
        $saved.Verified, $saved.Path | Should -Be $false, $null
        $saved.Sha256 | Should -Be (Get-FileHash "$TestDrive/else where").Hash
        ($vm | Save-VMState -Command "cat >'$TestDrive/else where'" -ReadCommand "cat '$TestDrive/else where'").Verified | Should -BeTrue
        { $vm | Save-VMState -Command 'echo no route to backup >&2; exit 3' -ErrorAction Stop } | Should -Throw '*ended with 3 (no route to backup)*runs on*' -ErrorId 'StateNotSaved*'
        { $vm | Save-VMState -ErrorAction Stop } | Should -Throw '*-Path or -Command*'
    }

    It 'refuses a QEMU that may start no program, which would be killed if it tried' {
        $vm = Start-BareQemu -Options '-sandbox', 'on,spawn=deny' | Connect-QemuProcess
        { $vm | Save-VMState -Path $TestDrive/sandbox.state -ErrorAction Stop } | Should -Throw '*spawn=deny*' -ErrorId 'NotSupported*'
        ($vm | Get-QemuProcess).State | Should -Be running
    }

    It 'saves on another host, over ssh' {
        Reset-Lab
        $ssh = [uri](Get-LabUri a ssh)
        $null = Start-BareQemu
        $vm = Connect-QemuProcess "ssh://$($ssh.UserInfo)@$($ssh.Host)$bareFolder/web1.qmp$($ssh.Query)" -ErrorAction Stop
        # The lab's hosts share the machine's /tmp.
        $saved = $vm | Save-VMState -Path $bareFolder/far.state -Compress Gzip -ErrorAction Stop
        $saved.HostName, $saved.Verified, $saved.State | Should -Be $ipA, $true, running
        { $vm | Save-VMState -Path far.state -ErrorAction Stop } | Should -Throw '*from the root*'
    }

    It 'stopped with Ctrl+C is cancelled, and the VM runs on' {
        $vm = Start-BareQemu | Connect-QemuProcess
        $other = Start-Shell "Save-VMState web1 $TestDrive/stop2.state -Bandwidth 20KiB/s"
        $null = Wait-Until { ($vm | Get-QemuProcess).Migration -eq 'active' }
        $other.Shell.Stop()
        ($vm | Get-QemuProcess).State | Should -Be running
        ($vm | Invoke-QmpCommand query-migrate).status | Should -Be cancelled
        Get-ChildItem $TestDrive -Force | Where-Object Name -Match 'stop2|livemigration-save' | Should -BeNullOrEmpty
    }

    It 'whose PowerShell is killed leaves a VM that can go on, and no file' {
        $address = Start-BareQemu
        $module = (Get-Module LiveMigration).Path -replace 'psm1$', 'psd1'
        $other = Start-Process pwsh -PassThru -ArgumentList '-NoProfile', '-Command', "Import-Module '$module'; Connect-QemuProcess $address | Save-VMState -Path $TestDrive/kill.state -Command 'sleep 6; cat'"
        Wait-Until { Get-ChildItem $TestDrive -Force -Filter .livemigration-save.* | Where-Object { Test-Path "$_/pid" } } -Seconds 60
        $other.Kill()
        $other.WaitForExit()
        Test-Path $TestDrive/kill.state | Should -BeFalse
        $vm = Connect-QemuProcess $address
        Wait-Until { ($vm | Get-QemuProcess).State -eq 'postmigrate' }
        { $vm | Save-VMState -Path $TestDrive/kill.state -ErrorAction Stop } | Should -Throw '*cont*' -ErrorId 'QemuStateWrong*'
        $vm | Invoke-QmpCommand cont -Confirm:$false
        ($vm | Save-VMState -Path $TestDrive/kill.state).State | Should -Be running
        Get-ChildItem $TestDrive -Force -Filter .livemigration-save.* | Should -HaveCount 1 -Because 'no save removes what another one made'
    }

    It 'is what samples/runbooks/Save-NightlyState does each night, with an exit code and a summary' {
        $address = Start-BareQemu
        Set-Content $TestDrive/pass 'correct horse'
        $null = New-Item $TestDrive/backup -ItemType Directory
        Set-Content $TestDrive/backup/web1-20200101-010101.state old
        (Get-Item $TestDrive/backup/web1-20200101-010101.state).LastWriteTime = '2020-01-01'
        $runbook = "$PSScriptRoot/../../samples/runbooks/Save-NightlyState.ps1"
        $said = pwsh -NoProfile -Command "& '$runbook' $address $TestDrive/backup -Encrypt Gpg -KeyFile $TestDrive/pass -Summary $TestDrive/night.json; `"still here, after `$LASTEXITCODE`"" 2>&1 | Out-String
        $said | Should -Match 'still here, after 0'
        $summary = Get-Content $TestDrive/night.json -Raw | ConvertFrom-Json
        $summary.vms.name, $summary.vms.verified, $summary.vms.runsOn | Should -Be web1, $true, $true
        Get-ChildItem $TestDrive/backup -Name | Should -HaveCount 2 -Because 'the old one was removed, and the new one has a file beside it'
        pwsh -NoProfile -File $runbook $address $TestDrive/backup -Encrypt Gpg -KeyFile $TestDrive/nosuch -Summary $TestDrive/night.json
        $LASTEXITCODE | Should -Be 1
        (Get-Content $TestDrive/night.json -Raw | ConvertFrom-Json).vms.error | Should -BeLike '*nosuch*'
        pwsh -NoProfile -File $runbook "/nowhere.qmp,$address" $TestDrive/backup -Encrypt Gpg -KeyFile $TestDrive/pass -Summary $TestDrive/night.json 2>$null
        $LASTEXITCODE | Should -Be 1
        $summary = Get-Content $TestDrive/night.json -Raw | ConvertFrom-Json
        $summary.vms.verified | Should -Be $false, $true -Because 'one that does not answer keeps no other from being saved'
        $summary.vms[0].error | Should -BeLike '*/nowhere.qmp*'
        pwsh -NoProfile -File $runbook /nowhere.qmp $TestDrive/backup -KeyFile $TestDrive/pass -Summary $TestDrive/night.json 2>$null
        $LASTEXITCODE | Should -Be 3
        Test-Path $TestDrive/night.json | Should -BeFalse
    }
}
