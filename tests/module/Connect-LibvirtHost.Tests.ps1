BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Connect-LibvirtHost' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1 }
    BeforeEach { Reset-Lab }

    It 'connects a URI under a short name, and says what the host is' {
        $info = Connect-LibvirtHost (Get-LabUri a) -Name here
        $info.Name, $info.MachineName, $info.Hypervisor | Should -Be here, a.lab, QEMU
        Get-LibvirtDomain web1 -HostName here | Should -Not -BeNullOrEmpty
    }

    It 'connects several at once, and each under the name of its host' {
        Get-LibvirtHost | Disconnect-LibvirtHost
        (Get-LabUri a), (Get-LabUri b) | Connect-LibvirtHost | Select-Object -ExpandProperty Name | Should -Be $ipA, $ipB
    }

    It 'connects over TLS' {
        (Connect-LibvirtHost (Get-LabUri a tls) -Name tls).IsSecure | Should -BeTrue
    }

    It 'connects over SSH as a user with a key file' {
        $key = (Get-LabUri a ssh) -replace '.*keyfile=([^&]+).*', '$1'
        $uri = (Get-LabUri a ssh) -replace 'root@' -replace '&keyfile=[^&]+'
        (Connect-LibvirtHost $uri -Name ssh -User root -KeyFile $key).MachineName | Should -Be a.lab
    }

    It 'E1: connects over SSH with a key that an agent holds, and not without' {
        $uri = Get-LabUri a ssh
        $key, $known = 'keyfile', 'known_hosts' | ForEach-Object { $uri -replace ".*$_=([^&]+).*", '$1' }
        $ssh = "$TestDrive/ssh"
        Set-Content $ssh "#!/bin/sh`nexec ssh -F none -o UserKnownHostsFile='$known' -o GlobalKnownHostsFile=none -o IdentityFile=none `"`$@`""
        chmod 755 $ssh
        $script = "Import-Module LiveMigration; try { (Connect-LibvirtHost '$($uri -replace '\?.*')?command=$ssh' -ErrorAction Stop).MachineName } catch { `$_.FullyQualifiedErrorId }"
        ssh-agent sh -c "ssh-add -q '$key' && exec pwsh -NoProfile -Command `"`$1`"" - $script | Should -Be a.lab
        pwsh -NoProfile -Command $script | Should -BeLike 'AuthenticationFailed,*'
    }

    It 'takes a bare name through the template of this session' {
        $LiveMigrationUriTemplate = 'qemu+tcp://NAME/system'
        (Connect-LibvirtHost $ipA).Uri | Should -Be qemu+tcp://$ipA/system
        Disconnect-LibvirtHost $ipA
        (Get-LibvirtDomain -HostName $ipA).Name | Should -Contain web1 -Because 'a host is connected when it is needed'
    }

    It 'logs in with a password where the daemon asks for one' {
        Invoke-Lab up c sasl=1
        try {
            $right = [pscredential]::new('lab', (ConvertTo-SecureString lab -AsPlainText))
            $wrong = [pscredential]::new('lab', (ConvertTo-SecureString quiet -AsPlainText))
            (Connect-LibvirtHost (Get-LabUri c) -Name c -Credential $right).MachineName | Should -Be c.lab
            Get-LibvirtDomain -HostName c | ConvertTo-Json -Depth 9 -WarningAction Ignore | Should -Not -Match '"Password"'
            Connect-LibvirtHost (Get-LabUri c) -Name d -Credential $wrong -ErrorVariable problem -ErrorAction SilentlyContinue
            $problem.CategoryInfo.Category | Should -Be AuthenticationError
        }
        finally {
            Disconnect-LibvirtHost c
            Invoke-Lab down c
        }
    }

    It 'keeps a connection that stands' {
        Connect-LibvirtHost (Get-LabUri a) -Name a | Should -Not -BeNullOrEmpty
        (Get-LibvirtHost).Name | Should -Be a, b
    }

    It 'says <Id> for <What>, and goes on with the next host' -ForEach @(
        @{ What = 'a port where nobody listens'; Uri = "qemu+tcp://${ipA}:1/system"; Id = 'HostUnreachable'; Category = 'ConnectionError' }
        @{ What = 'a name that nobody knows'; Uri = 'qemu+tcp://no-such-host.invalid/system'; Id = 'HostNotFound'; Category = 'ObjectNotFound' }
        @{ What = 'a URI with a password'; Uri = "qemu+tcp://me:secret@$ipA/system"; Id = 'InvalidHost'; Category = 'InvalidArgument' }
        @{ What = 'a word that names no host'; Uri = 'what is this'; Id = 'InvalidHost'; Category = 'InvalidArgument' }
    ) {
        $found = Connect-LibvirtHost $Uri, (Get-LabUri a) -ErrorVariable problem -ErrorAction SilentlyContinue
        $found.MachineName | Should -Be a.lab
        $problem | Should -HaveCount 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $problem[0].CategoryInfo.Category | Should -Be $Category
        $problem[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        "$problem" | Should -Not -Match secret
    }

    It 'wants one host for one name' {
        { Connect-LibvirtHost (Get-LabUri a), (Get-LabUri b) -Name x } | Should -Throw -ErrorId 'ContradictingOptions*'
    }
}
