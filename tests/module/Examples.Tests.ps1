# P1: help with examples that run. Each example of docs/ is run as it stands, where hosts are connected as a and b and web1 runs on a;
# the columns in the output that the page shows below it are those that come.
BeforeDiscovery {
    . $PSScriptRoot/Lab.ps1
    $examples = foreach ($page in Get-ChildItem $PSScriptRoot/../../docs -Filter '*-*.md') {
        foreach ($match in [regex]::Matches((Get-Content $page -Raw), '(?s)### Example \d+: (.+?)\n\n```powershell\n(.+?)\n```(?:\n\n```output\n(.+?)\n```)?')) {
            @{ Cmdlet = $page.BaseName; Title = $match.Groups[1].Value; Code = $match.Groups[2].Value; Shown = $match.Groups[3].Value }
        }
    }
}

Describe 'The example' -Skip:([bool]$NoLab) {
    BeforeAll {
        . $PSScriptRoot/Lab.ps1
        . $PSScriptRoot/BareQemu.ps1
        Invoke-Lab up c sasl=1

        # What stands for machines, keys and passwords that only their owners have.
        $ssh = (Get-LabUri a ssh) -replace 'root@' -replace [regex]::Escape($ipA), 'NAME' -replace '&keyfile=[^&]+'
        $standsFor = [ordered]@{
            'qemu+ssh://root@kvm1.example.org/system' = "'$(Get-LabUri a ssh)'"
            'qemu+ssh://root@kvm2.example.org/system' = "'$(Get-LabUri b ssh)'"
            'qemu+tls://kvm1.example.org/system'      = "'$(Get-LabUri a tls)'"
            'qemu+tls://kvm2.example.org/system'      = "'$(Get-LabUri b tls)'"
            'qemu+tls://NAME/system'                  = (Get-LabUri a tls) -replace [regex]::Escape($ipA), 'NAME'
            'kvm1.example.org'                        = $ipA
            'kvm2.example.org'                        = $ipB
            'kvm3.example.org'                        = $ipC
            '/etc/pki/qemu'                           = "./pki/$ipA"
            '/var/lib/libvirt/qemu/save'              = '.'
            '~/.ssh/kvm'                              = "$((Get-LabUri a ssh) -replace '.*keyfile=([^&]+).*', '$1')"
        }
        # The headers of tables; a page can show less than comes. What a list has depends on the migration.
        function Get-Column([string] $Output) {
            $lines = $Output -split '\r?\n'
            for ($n = 0; $n -lt $lines.Count; $n++) {
                if ($n -and $lines[$n] -match '^ *-+( +-+)* *$') { $lines[$n - 1].Trim() -split '\s+' }
            }
        }
        # Where an example has a QEMU without libvirt, there is one for it, and what it starts ends with it.
        $standsFor['/run/web1'] = "$bareFolder/web1"
        $standsFor['ssh backup'] = 'sh -c'
        $standsFor['/srv/states'] = $bareFolder
        function Get-Credential { [pscredential]::new('lab', (ConvertTo-SecureString lab -AsPlainText)) }
    }

    AfterAll {
        Reset-Lab
        Invoke-Lab down c
    }

    # Each example has a folder of its own, where it may write; certificates are there where they are put in place or looked at.
    BeforeEach {
        Reset-Lab
        $bare = $Code -match '/run/web1' -or $Cmdlet -eq 'Compare-QemuProcess' -or $Title -like '*QEMU processes whose PowerShell is gone'
        if ($Title -like '*QEMU processes whose PowerShell is gone') {
            $left = Start-OtherMigration
            & kill -9 $left.ProcessId
            $null = Wait-Until { (Get-VMLiveMigration web1).IsInterrupted }
        }
        elseif ($bare) {
            $old = Start-BareQemu
            # One that waits, and is not quite like it.
            $new = if ($Cmdlet -in 'Compare-QemuProcess', 'Test-MigrationReadiness') { Start-BareQemu web1-new -Incoming -Options '-smp', '1,maxcpus=2' }
            if ($Cmdlet -eq 'Compare-QemuProcess' -and $Code -notmatch 'Connect-QemuProcess') { $null = (Connect-QemuProcess $old), (Connect-QemuProcess $new -Name new) }
        }
        Push-Location (New-Item "$TestDrive/$(New-Guid)" -ItemType Directory)
        if ($Cmdlet -in 'Install-MigrationCertificate', 'Test-MigrationCertificate') { $null = New-MigrationCertificate $ipA, $ipB -Path ./pki -NoLookup }
        if ($Cmdlet -eq 'Get-MigrationStream') {
            Copy-Item $PSScriptRoot/../LiveMigration.Tests/Streams/Recorded/devices-10.0.gz ./web1.mig
            Copy-Item $PSScriptRoot/../LiveMigration.Tests/Streams/Recorded/devices-7.2.gz ./web1-before.mig
        }
        if ($Cmdlet -eq 'Install-MigrationCertificate') { 'a', 'b' | ForEach-Object { Invoke-Lab sh $_ cp -a /etc/pki /etc/pki.before } }
    }

    AfterEach {
        Pop-Location
        if ($bare) { Stop-BareQemu }
        if ($Cmdlet -eq 'Install-MigrationCertificate') { 'a', 'b' | ForEach-Object { Invoke-Lab sh $_ sh -c 'rm -rf /etc/pki && mv /etc/pki.before /etc/pki' } }
    }

    It '<Cmdlet>: <Title>' -ForEach $examples {
        $LiveMigrationUriTemplate = $ssh
        # What the example is stays in $Code: what is done after it depends on that.
        $run = $Code
        foreach ($word in $standsFor.Keys) { $run = $run.Replace($word, $standsFor[$word]) }
        $global:Error.Clear()
        # Each command by itself, as at the prompt: PowerShell chooses a view by what it sees first.
        $real = foreach ($statement in [System.Management.Automation.Language.Parser]::ParseInput($run, [ref]$null, [ref]$null).EndBlock.Statements) {
            . ([scriptblock]::Create($statement.Extent.Text)) 6>$null 2>$null | Out-String -Width 80
        }
        # What ends migrations or reports on evacuations finds none here, and says so.
        $global:Error | Where-Object FullyQualifiedErrorId -NotLike 'EmptyPipeline,*' | Should -BeNullOrEmpty
        # Where hosts, and how busy they are, decide what there is to show, a table can be empty.
        $came = Get-Column ($real -join "`n")
        if ($came) { Get-Column $Shown | Where-Object { $_ -notin $came } | Should -BeNullOrEmpty }
    }
}
