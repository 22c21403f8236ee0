BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'New-MigrationCertificate' {
    BeforeEach { $pki = "$TestDrive/$(New-Guid)" }

    It 'E3: makes a CA and two certificates for each host, with all its names' {
        $made = 'kvm1.example.org', 'kvm2.example.org' | New-MigrationCertificate -Path $pki -NoLookup
        $made.Name | Should -Be 'LiveMigration CA', kvm1.example.org, kvm1.example.org, kvm2.example.org, kvm2.example.org
        $made.Role | Should -Be Authority, Server, Client, Server, Client
        $made[1].Names | Should -Be kvm1.example.org, kvm1
        $made[1].Key | Should -Be 'RSA 3072'
        ($made[1].NotAfter - [datetimeoffset]::Now).TotalDays | Should -BeGreaterThan 824
        (Test-MigrationCertificate $pki/kvm1.example.org, $pki/kvm2.example.org).IsValid | Should -Be $true, $true
        $made | Out-String | Should -Match 'kvm1.example.org +Server +kvm1.example.org, k'
    }

    It 'E3: shows no key, and lets nobody else read one' {
        $made = New-MigrationCertificate kvm1 -Path $pki -NoLookup -KeyAlgorithm Ecdsa
        $made | ConvertTo-Json -Depth 5 | Should -Not -Match 'PRIVATE'
        if (-not $IsWindows) { Get-ChildItem $pki -Recurse -Filter *key.pem | ForEach-Object UnixMode | Should -Be (,'-rw-------' * 3) }
    }

    It 'E3: overwrites nothing unless told to, and the CA never' {
        $null = New-MigrationCertificate kvm1 -Path $pki -NoLookup -KeyAlgorithm Ecdsa
        $before = Get-ChildItem $pki -Recurse -File | Get-FileHash
        { New-MigrationCertificate kvm1 -Path $pki -NoLookup -ErrorAction Stop } | Should -Throw -ErrorId 'CertificateExists*'
        (Get-ChildItem $pki -Recurse -File | Get-FileHash).Hash | Should -Be $before.Hash
        (New-MigrationCertificate kvm1 -Path $pki -NoLookup -Address 10.0.0.1 -Force).Names | Select-Object -Unique | Should -Be kvm1, 10.0.0.1
        (Get-FileHash $pki/ca-key.pem).Hash | Should -Be ($before | Where-Object Path -Like '*ca-key.pem').Hash
    }

    It 'makes nothing with -WhatIf' {
        New-MigrationCertificate kvm1 -Path $pki -NoLookup -WhatIf
        Test-Path $pki | Should -BeFalse
    }

    It 'wants one host for -Address' {
        { New-MigrationCertificate kvm1, kvm2 -Path $pki -Address 10.0.0.1 } | Should -Throw -ErrorId 'ContradictingOptions*'
    }

    It 'E3: asks a connected host for its name' -Skip:([bool]$NoLab) {
        . $PSScriptRoot/Lab.ps1
        Reset-Lab
        (New-MigrationCertificate a -Path $pki -NoLookup -KeyAlgorithm Ecdsa | Where-Object Role -EQ Server).Names | Should -Be a.lab, a, $ipA
    }
}
