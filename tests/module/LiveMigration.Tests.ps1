# P2: Import-Module is quick, needs neither libvirt nor network, and conflicts with no other module.
BeforeAll {
    $module = (Resolve-Path "$PSScriptRoot/../../artifacts/module/LiveMigration").Path

    # What is loaded cannot be unloaded, so each test has a process of its own.
    function Invoke-Fresh([string] $Script) {
        $output = pwsh -NoProfile -NonInteractive -Command ('$ErrorActionPreference = "Stop"; $module = "{0}"; {1}' -f $module, $Script) 2>&1
        if ($LASTEXITCODE) { throw "$output" }
        $output
    }
}

Describe 'Import-Module LiveMigration' {
    It 'exports what the manifest promises' {
        $exported = Invoke-Fresh 'Import-Module $module; (Get-Module LiveMigration).ExportedCommands.Keys'
        $exported | Sort-Object | Should -Be ((Test-ModuleManifest "$module/*/LiveMigration.psd1").ExportedCmdlets.Keys | Sort-Object)
    }

    It 'loads no libvirt library' -Skip:(-not $IsLinux) {
        Invoke-Fresh 'Import-Module $module; (Get-Content /proc/self/maps) -match "libvirt"' | Should -BeNullOrEmpty
    }

    It 'lets scripts name the types of the core' {
        Invoke-Fresh 'Import-Module $module; [LiveMigration.Hosts.LibvirtHost].Name' | Should -Be LibvirtHost
    }

    It 'keeps to itself what it brings along' {
        Set-Content $TestDrive/policy.yaml 'name: short', 'timeout: { after: 5m, action: abort }'
        $loaded = Invoke-Fresh "Import-Module `$module; try { Start-VMLiveMigration web1 b -Policy '$TestDrive/policy.yaml' -WhatIf } catch { } # there is no host b
            [Runtime.Loader.AssemblyLoadContext]::All | ForEach-Object {
                foreach (`$assembly in `$_.Assemblies.Location -like `"`$module*`") { `"`$(`$_.Name) `$(Split-Path -Leaf `$assembly)`" }
            }"
        $loaded | Sort-Object | Should -Be 'Default LiveMigration.dll', 'Default LiveMigration.PowerShell.dll', 'LiveMigration LiveMigration.Yaml.dll', 'LiveMigration YamlDotNet.dll'
    }

    It 'reads its files with its own library, whatever another module has loaded under that name' {
        # An assembly of that name, of a version that would do, without any of the types.
        $stranger = "[assembly: System.Reflection.AssemblyVersion(`"99.0.0.0`")] public class Stranger { }"
        Set-Content $TestDrive/wrong.yaml 'name: short', 'unknown: 1'
        Invoke-Fresh "Add-Type -TypeDefinition '$stranger' -OutputAssembly '$TestDrive/YamlDotNet.dll'; Add-Type -Path '$TestDrive/YamlDotNet.dll'
            Import-Module `$module; try { Start-VMLiveMigration web1 b -Policy '$TestDrive/wrong.yaml' -WhatIf } catch { `"`$_`" }" |
            Should -BeLike "*wrong.yaml:2:1: 'unknown' is not a known setting here*"
    }

    It 'works again with -Force, after Remove-Module, and in many runspaces at once' {
        $counts = Invoke-Fresh '
            Import-Module $module; Import-Module $module -Force; (Get-Module LiveMigration).ExportedCmdlets.Count
            Remove-Module LiveMigration; Import-Module $module; (Get-Module LiveMigration).ExportedCmdlets.Count
            1..8 | ForEach-Object -Parallel { Import-Module $using:module; (Get-Module LiveMigration).ExportedCmdlets.Count }'
        $counts | Should -HaveCount 10
        $counts | Sort-Object -Unique | Should -HaveCount 1
    }

    It 'refuses another build in the same process' {
        $other = Join-Path $TestDrive other
        Copy-Item (Resolve-Path "$module/*").Path $other -Recurse
        $build = [LiveMigration.Hosts.LibvirtHost].Module.ModuleVersionId.ToByteArray()
        $bytes = [Convert]::ToHexString([IO.File]::ReadAllBytes("$other/LiveMigration.dll"))
        $bytes = $bytes.Replace([Convert]::ToHexString($build), [Convert]::ToHexString([guid]::NewGuid().ToByteArray()))
        [IO.File]::WriteAllBytes("$other/LiveMigration.dll", [Convert]::FromHexString($bytes))

        { Invoke-Fresh "Import-Module `$module; Import-Module '$other/LiveMigration.psd1'" } | Should -Throw '*Assembly with same name is already loaded*'
    }

    It 'brings a topic and a page of help for every cmdlet' {
        # Without a page, the synopsis is the syntax.
        $without = Invoke-Fresh '
            Import-Module $module
            if (-not (Get-Help about_LiveMigration)) { "about_LiveMigration" }
            (Get-Module LiveMigration).ExportedCmdlets.Keys | Where-Object { (Get-Help $_).Synopsis.Trim() -like "$_*" }'
        $without | Should -BeNullOrEmpty
    }
}
