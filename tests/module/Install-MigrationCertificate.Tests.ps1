BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Install-MigrationCertificate' -Skip:([bool]$NoLab) {
    BeforeAll {
        . $PSScriptRoot/Lab.ps1
        $pki = "$TestDrive/pki"
        $null = New-MigrationCertificate c -Path $pki -Address c.lab, $ipC -NoLookup
        $null = New-MigrationCertificate me -Path $pki -ClientOnly
        Invoke-Lab up c
    }

    AfterAll { Invoke-Lab down c }

    BeforeEach { Get-ConnectedName | Where-Object { $_ -and $_ -notin 'a', 'b' } | Disconnect-LibvirtHost }

    It 'E3: does nothing with -WhatIf' {
        $before = Invoke-Lab sh c sha256sum /etc/pki/qemu/ca-cert.pem /etc/pki/libvirt/private/serverkey.pem
        Install-MigrationCertificate $pki/c -HostName (Get-LabUri c ssh) -WhatIf
        Invoke-Lab sh c sha256sum /etc/pki/qemu/ca-cert.pem /etc/pki/libvirt/private/serverkey.pem | Should -Be $before
    }

    It 'E1, E3: puts certificates in place over SSH, with a backup, and libvirt takes them' {
        $before = Invoke-Lab sh c cat /etc/pki/libvirt/private/serverkey.pem
        $done = Install-MigrationCertificate $pki/c -HostName (Get-LabUri c ssh)
        $done.Written | Should -HaveCount 10
        $done.Written[0] | Should -Be /etc/pki/CA/cacert.pem -Because 'lists can be indexed'
        $done.Backups | Should -HaveCount 10
        $done.Backups[0] | Should -BeLike '/etc/pki/CA/cacert.pem.*Z'
        $done.Reload | Should -BeLike '*virt-admin server-update-tls*'
        $backup = $done.Backups | Where-Object { $_ -like '*serverkey*' }
        Invoke-Lab sh c cat $backup | Should -Be $before
        foreach ($key in '/etc/pki/qemu/server-key.pem', '/etc/pki/libvirt/private/serverkey.pem', $backup) {
            Invoke-Lab sh c stat -c '%a %U' $key | Should -Be '600 root'
        }
        (Test-MigrationCertificate -HostName qemu+tls://$ipC/system -AuthorityPath $pki/ca-cert.pem).IsValid | Should -BeFalse -Because 'nobody has told libvirtd'
        Invoke-Lab daemon c restart
        (Test-MigrationCertificate -HostName qemu+tls://$ipC/system -AuthorityPath $pki/ca-cert.pem).IsValid | Should -BeTrue
        (Connect-LibvirtHost "qemu+tls://$ipC/system?pkipath=$pki/me" -Name c).IsSecure | Should -BeTrue
    }

    It 'E3: changes nothing the second time' {
        $again = Install-MigrationCertificate $pki/c -HostName (Get-LabUri c ssh)
        $again.Written.Count, $again.Backups.Count, $again.Unchanged.Count | Should -Be 0, 0, 10
        $again.Reload | Should -BeNullOrEmpty
    }

    It 'E3: finds the folder of a host below that of the CA, and where QEMU looks' {
        Invoke-Lab sh c sed -i 's,^migrate_tls_x509_verify,migrate_tls_x509_cert_dir = "/etc/pki/elsewhere"\n&,' /etc/libvirt/qemu.conf
        $null = New-MigrationCertificate $ipC -Path $pki -NoLookup
        $done = Install-MigrationCertificate $pki -HostName (Get-LabUri c ssh) -For Qemu
        $done.Written | Should -Be ('ca-cert', 'server-key', 'server-cert', 'client-key', 'client-cert' | ForEach-Object { "/etc/pki/elsewhere/$_.pem" })
    }

    It 'E3: puts certificates in place where it runs' {
        # In c's files, not in this machine's.
        $null = New-MigrationCertificate c -Path "$TestDrive/own" -Address c.lab, $ipC -NoLookup
        $said = Invoke-Lab sh c pwsh -NoProfile -NonInteractive -Command "
            Import-Module LiveMigration
            (Install-MigrationCertificate '$TestDrive/own/c' -For Libvirt).Written.Count
            (Install-MigrationCertificate '$TestDrive/own/c' -For Libvirt).Written.Count"
        $said | Should -Be 5, 0
        Invoke-Lab sh c cat /etc/pki/CA/cacert.pem | Should -Be (Get-Content $TestDrive/own/ca-cert.pem)
    }

    It 'E1: says <Id> for <What>' -ForEach @(
        @{ What = 'a host whose key nobody knows'; Id = 'HostKeyRejected'; Change = { $args[0] -replace 'command=[^&]+&', '' -replace 'known_hosts=.*', 'known_hosts=/dev/null' } }
        @{ What = 'a host that nobody knows'; Id = 'HostNotFound'; Change = { $args[0] -replace [regex]::Escape($args[1]), 'no-such-host.invalid' } }
        @{ What = 'a port where nobody listens'; Id = 'HostUnreachable'; Change = { $args[0] -replace [regex]::Escape($args[1]), "$($args[1]):1" } }
        @{ What = 'a user who is not let in'; Id = 'AuthenticationFailed'; Change = { $args[0] -replace 'root@', 'nobody@' } }
    ) {
        $uri = & $Change (Get-LabUri c ssh) $ipC
        $problem = { Install-MigrationCertificate $pki/c -HostName $uri -ErrorAction Stop } | Should -Throw -ErrorId "$Id*" -PassThru
        "$problem" | Should -Not -Match PRIVATE
    }

    It 'says that a folder has none' {
        { Install-MigrationCertificate $TestDrive -HostName (Get-LabUri c ssh) -ErrorAction Stop } | Should -Throw -ErrorId 'CertificatesNotFound*'
    }
}
