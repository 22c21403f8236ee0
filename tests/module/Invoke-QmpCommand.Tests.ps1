BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Invoke-QmpCommand' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1; . $PSScriptRoot/BareQemu.ps1 }
    BeforeEach { $qemu = Start-BareQemu | Connect-QemuProcess }
    AfterEach { Stop-BareQemu }

    It 'returns objects, lists item by item, and texts' {
        (Invoke-QmpCommand query-status -Name web1).status | Should -Be running
        @($qemu | Invoke-QmpCommand query-chardev).Count | Should -BeGreaterThan 0
        $qemu | Invoke-QmpCommand qom-get @{ path = '/machine'; property = 'type' } -Confirm:$false | Should -BeLike 'pc-q35-*-machine'
        ($qemu | Invoke-QmpCommand query-status -AsJson | ConvertFrom-Json).running | Should -BeTrue
    }

    It 'passes what PowerShell has' {
        $capabilities = @{ capabilities = @(@{ capability = 'xbzrle'; state = $true }) }
        $qemu | Invoke-QmpCommand migrate-set-capabilities $capabilities -Confirm:$false | Should -BeNullOrEmpty
        ($qemu | Invoke-QmpCommand query-migrate-capabilities | Where-Object capability -EQ xbzrle).state | Should -BeTrue
    }

    It 'changes nothing with -WhatIf, and says what QEMU refuses' {
        $qemu | Invoke-QmpCommand stop -WhatIf
        ($qemu | Invoke-QmpCommand query-status).running | Should -BeTrue
        { $qemu | Invoke-QmpCommand query-nothing -ErrorAction Stop } | Should -Throw '*query-nothing*' -ErrorId 'QemuCommandNotFound*'
        { $qemu | Invoke-QmpCommand stop @{ what = Get-Date } -ErrorAction Stop -Confirm:$false } | Should -Throw '*DateTime*' -ErrorId 'InvalidArgument*'
    }

    It 'completes the commands that this QEMU knows' {
        $line = 'Invoke-QmpCommand -Name web1 query-sta'
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Contain query-status
    }

    It 'completes the arguments that this QEMU takes: those that a command needs, and all' {
        $line = 'Invoke-QmpCommand -Name web1 qom-get '
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be "@{ path = ''; property = '' }"
        $line = 'Invoke-QmpCommand -Name web1 block-job-cancel '
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be "@{ device = '' }", "@{ device = ''; force = `$false }"
        $line = 'Invoke-QmpCommand -Name web1 query-nothing '
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Not -Contain '@{ }'
    }

    It 'shows events' {
        $address = "$($qemu.Address)"
        $events = $qemu | Invoke-QmpCommand -Event STOP, RESUME -Timeout 20s | ForEach-Object -Begin {
            # The monitor is one connection for all; the guest's own reset would do as well.
            $null = Start-ThreadJob { param($module, $address) Import-Module $module; Start-Sleep 1; Invoke-QmpCommand stop -Name $address -Confirm:$false; Invoke-QmpCommand cont -Name $address -Confirm:$false } -ArgumentList (Get-Module LiveMigration).Path, $address
        } -Process { $_ } | Select-Object -First 2
        $events.Event | Should -Be STOP, RESUME
        $events[0].VMName | Should -Be web1
        Get-Job | Remove-Job -Force
    }
}
