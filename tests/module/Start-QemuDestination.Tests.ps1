BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Start-QemuDestination' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1; . $PSScriptRoot/BareQemu.ps1 }
    AfterEach { Stop-BareQemu }

    It 'starts a twin to which the VM moves' {
        $old = Start-BareQemu | Connect-QemuProcess
        $new = $old | Start-QemuDestination -PathMap @{ "$bareFolder/web1" = "$bareFolder/new" }
        $new.State, "$($new.Address)", $new.Machine | Should -Be inmigrate, "unix:$bareFolder/new.qmp", $old.Machine
        $result = $old | Start-VMLiveMigration -Destination $new
        "$($result.Outcome)", "$($result.Verdict)" | Should -Be Completed, Moved
        (Get-QemuProcess).State | Should -Be running
        $old.HasEnded | Should -BeTrue
    }

    It 'is what samples/runbooks/Move-ToNewQemu moves a VM with, with an exit code and a summary' {
        $address = (Start-BareQemu) -replace '^unix:'
        $runbook = "$PSScriptRoot/../../samples/runbooks/Move-ToNewQemu.ps1"
        pwsh -NoProfile -File $runbook $address $bareFolder/new.qmp -Program /bin/false -Summary $TestDrive/move.json 2>$null
        $LASTEXITCODE | Should -Be 3
        Test-Path $TestDrive/move.json | Should -BeFalse
        pwsh -NoProfile -File $runbook $address $bareFolder/new.qmp -Summary $TestDrive/move.json -WhatIf
        $LASTEXITCODE, (Test-Path $bareFolder/new.qmp) | Should -Be 0, $false
        pwsh -NoProfile -File $runbook $address $bareFolder/new.qmp -Summary $TestDrive/move.json
        $LASTEXITCODE | Should -Be 0
        $summary = Get-Content $TestDrive/move.json -Raw | ConvertFrom-Json
        $summary.name, $summary.moved, $summary.to | Should -Be web1, $true, "$bareFolder/new.qmp"
        (Connect-QemuProcess $bareFolder/new.qmp).State | Should -Be running
        { Connect-QemuProcess $address -ErrorAction Stop } | Should -Throw -Because 'the old one has ended'
        pwsh -NoProfile -File $runbook $address $bareFolder/newer.qmp -Summary $TestDrive/move.json 2>$null
        $LASTEXITCODE, (Test-Path $TestDrive/move.json) | Should -Be 3, $false
    }

    It 'says with another exit code that the VM stayed, or that it is not known where it is' {
        $address = (Start-BareQemu) -replace '^unix:'
        $runbook = "$PSScriptRoot/../../samples/runbooks/Move-ToNewQemu.ps1"
        # The socket of the migration cannot be made.
        $null = New-Item "$bareFolder/new.qmp.migration/taken" -ItemType Directory -Force
        pwsh -NoProfile -File $runbook $address $bareFolder/new.qmp -Summary $TestDrive/stayed.json
        $LASTEXITCODE | Should -Be 1
        $summary = Get-Content $TestDrive/stayed.json -Raw | ConvertFrom-Json
        $summary.moved, [bool]$summary.error | Should -Be $false, $true
        Wait-Until { -not (Get-Process qemu-system-x86* | Where-Object CommandLine -Like "*unix:$bareFolder/new.qmp*") }
        # Which of the two runs it is what the error says that it is not known.
        $unclear = "function Start-VMLiveMigration { [CmdletBinding()] param([Parameter(ValueFromPipeline)] `$InputObject, `$Destination) Write-Error 'both are silent' -ErrorId OutcomeUnknown }"
        pwsh -NoProfile -Command "$unclear; & '$runbook' '$address' '$bareFolder/newer.qmp' -Summary '$TestDrive/unclear.json'; exit `$LASTEXITCODE"
        $LASTEXITCODE | Should -Be 2
        (Get-Content $TestDrive/unclear.json -Raw | ConvertFrom-Json).moved | Should -BeFalse
        # Neither of the two was ended.
        (Connect-QemuProcess $bareFolder/newer.qmp).State, (Connect-QemuProcess $address -Name old).State | Should -Be inmigrate, running
    }

    It 'makes an image for a disk, which is filled' {
        $null = New-Item $bareFolder -ItemType Directory -Force
        & qemu-img create -q -f qcow2 $bareFolder/old.qcow2 16M
        & qemu-io -c 'write -P 7 1M 2M' $bareFolder/old.qcow2 | Out-Null
        $disk = '-blockdev', "driver=qcow2,node-name=d0,file.driver=file,file.filename=$bareFolder/old.qcow2", '-device', 'virtio-blk-pci,drive=d0,id=disk0'
        $old = Start-BareQemu -Options $disk | Connect-QemuProcess
        { $old | Start-QemuDestination -DiskMap @{ nosuch = '/tmp/x' } -ErrorAction Stop } | Should -Throw '*disk0*' -ErrorId 'NotSupported*'
        $new = $old | Start-QemuDestination -DiskMap @{ disk0 = "$bareFolder/new.qcow2" } -ErrorAction Stop
        { $old | Start-VMLiveMigration -Destination $new -ErrorAction Stop } | Should -Throw '*-CopyStorage Full*' -ErrorId 'DiskNotShared*'
        ($old | Start-VMLiveMigration -Destination $new -CopyStorage Full).Verdict | Should -Be Moved
        Invoke-QmpCommand quit -Name $new -Confirm:$false
        Wait-Until { (& qemu-io -c 'read -P 7 1M 2M' $bareFolder/new.qcow2 2>&1) -match '^read 2097152' }
    }

    It 'starts the twin on another host, over ssh, and the VM moves there' {
        Reset-Lab
        $ssh = [uri](Get-LabUri a ssh)
        $old = Start-BareQemu | Connect-QemuProcess
        # The lab's hosts share the machine's /tmp.
        $new = $old | Start-QemuDestination -HostName "$($ssh.UserInfo)@$($ssh.Host)$($ssh.Query)" -Monitor "$bareFolder/far.qmp" -ErrorAction Stop
        $new.HostName, $new.State | Should -Be $ipA, inmigrate
        $result = $old | Start-VMLiveMigration -Destination $new -WarningVariable told -WarningAction SilentlyContinue
        "$($result.Verdict)", $result.Destination, $result.Encrypted | Should -Be Moved, $ipA, $false
        "$told" | Should -BeLike '*unencrypted*-TlsFolder*'
        ($new | Get-QemuProcess).State | Should -Be running
    }

    It 'encrypts memory and copied disks with the certificates of both hosts, for the name that was named' {
        $null = New-Item $bareFolder -ItemType Directory -Force
        $null = New-MigrationCertificate 127.0.0.1 -Path $bareFolder/pki -NoLookup
        & qemu-img create -q -f qcow2 $bareFolder/old.qcow2 16M
        & qemu-io -c 'write -P 7 1M 2M' $bareFolder/old.qcow2 | Out-Null
        $disk = '-blockdev', "driver=qcow2,node-name=d0,file.driver=file,file.filename=$bareFolder/old.qcow2", '-device', 'virtio-blk-pci,drive=d0,id=disk0'
        $old = Start-BareQemu -Options $disk | Connect-QemuProcess
        $how = @{ TlsFolder = "$bareFolder/pki/127.0.0.1"; MigrationUri = 'tcp:127.0.0.1'; CopyStorage = 'Full' }
        $wrong = $old | Start-QemuDestination -DiskMap @{ disk0 = "$bareFolder/wrong.qcow2" } -Monitor $bareFolder/wrong.qmp -ErrorAction Stop
        { $old | Start-VMLiveMigration -Destination $wrong @how -TlsName other.example -ErrorAction Stop } | Should -Throw '*certificate*'
        ($old | Get-QemuProcess).State | Should -Be running
        $new = $old | Start-QemuDestination -DiskMap @{ disk0 = "$bareFolder/new.qcow2" } -Monitor $bareFolder/new.qmp -ErrorAction Stop
        $result = $old | Start-VMLiveMigration -Destination $new @how -TlsName 127.0.0.1
        "$($result.Verdict)", $result.Encrypted | Should -Be Moved, $true
        Invoke-QmpCommand quit -Name $new -Confirm:$false
        Wait-Until { (& qemu-io -c 'read -P 7 1M 2M' $bareFolder/new.qcow2 2>&1) -match '^read 2097152' }
    }

    It 'changes nothing with -WhatIf, and replaces nothing that is there' {
        $old = Start-BareQemu | Connect-QemuProcess
        $old | Start-QemuDestination -WhatIf
        Test-Path "$bareFolder/web1.qmp.incoming" | Should -BeFalse
        Set-Content "$bareFolder/taken" here
        { $old | Start-QemuDestination -Monitor "$bareFolder/taken" -ErrorAction Stop } | Should -Throw '*exists*' -ErrorId 'DestinationQemuFailed*'
        Get-Content "$bareFolder/taken" | Should -Be here
    }

    It 'says what QEMU said, and names what was plugged in since' {
        $old = Start-BareQemu | Connect-QemuProcess
        { $old | Start-QemuDestination -ArgumentList '-device', 'nosuch' -ErrorAction Stop } | Should -Throw '*nosuch*' -ErrorId 'DestinationQemuFailed*'
        $old | Invoke-QmpCommand object-add @{ 'qom-type' = 'rng-random'; id = 'r0'; filename = '/dev/urandom' } -Confirm:$false
        $second = Start-BareQemu -Name two -Options '-device', 'pcie-root-port,id=port0' | Connect-QemuProcess -Name two
        $second | Invoke-QmpCommand device_add @{ driver = 'virtio-rng-pci'; id = 'rng0'; bus = 'port0' } -Confirm:$false
        { $second | Start-QemuDestination -ErrorAction Stop } | Should -Throw '*rng0*-ArgumentList*' -ErrorId 'NotSupported*'
    }
}
