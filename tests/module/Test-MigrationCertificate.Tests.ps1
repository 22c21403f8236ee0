BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Test-MigrationCertificate' {
    BeforeAll {
        . $PSScriptRoot/Lab.ps1
        $pki = "$TestDrive/pki"
        $null = New-MigrationCertificate kvm1 -Path $pki -NoLookup -KeyAlgorithm Ecdsa
    }

    It 'E3: finds nothing wrong with what New-MigrationCertificate made' {
        $report = Test-MigrationCertificate $pki/kvm1 -Address kvm1
        $report.IsValid, $report.Faults.Count | Should -Be $true, 0
        $report.Names | Should -Be kvm1
    }

    It 'E3: names every address that is not in it, and what to do' {
        $report = Test-MigrationCertificate $pki/kvm1 -Address kvm1, 10.0.0.1, kvm1.example.org
        $report.IsValid | Should -BeFalse
        $report.Faults.Kind | Should -Be WrongName, WrongName
        $report.Faults[0].Message | Should -BeLike "*not for '10.0.0.1'*"
        $report.Faults.Fix | Should -BeLike '*New-MigrationCertificate*'
        $report | Out-String | Should -Match 'WrongName: The server certificate is not for'
    }

    It 'says that a folder is not there' {
        { Test-MigrationCertificate $pki/nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'CertificatesNotFound*'
    }

    Context 'live' -Skip:([bool]$NoLab) {
        BeforeEach { Reset-Lab }

        It 'E3: shakes hands with hosts, at each of their addresses' {
            $authority = "$(Split-Path (Get-LabUri a tls).Split('pkipath=')[1])/ca-cert.pem"
            $reports = 'a', 'b' | Test-MigrationCertificate -AuthorityPath $authority
            $reports.Target | Should -Be "${ipA}:16514", "${ipB}:16514"
            $reports.IsValid | Should -Be $true, $true
        }

        It 'E3: finds another CA' {
            (Test-MigrationCertificate -HostName a -AuthorityPath $pki/ca-cert.pem).Faults.Kind | Should -Be OtherAuthority
        }

        It 'E3: says when nobody answers' {
            (Test-MigrationCertificate -HostName a -Port 1).Faults.Kind | Should -Be NoAnswer
        }
    }
}
