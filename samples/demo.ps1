<#
.SYNOPSIS
    Moves a running VM from one libvirt host to another with the cmdlets, and shows what came of it.
.EXAMPLE
    ./samples/demo.ps1 qemu+ssh://root@kvm1/system qemu+ssh://root@kvm2/system web1
#>
param(
    [Parameter(Mandatory)] [string] $Source,
    [Parameter(Mandatory)] [string] $Destination,
    [Parameter(Mandatory)] [string] $Name,
    [string] $SourceName = 'source',
    [string] $DestinationName = 'destination'
)
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../artifacts/module/LiveMigration"

Connect-LibvirtHost $Source -Name $SourceName | Out-Null
Connect-LibvirtHost $Destination -Name $DestinationName | Out-Null

Write-Host "PS> Get-LibvirtDomain $Name -Host $SourceName | Start-VMLiveMigration -Destination $DestinationName"
Get-LibvirtDomain $Name -Host $SourceName | Start-VMLiveMigration -Destination $DestinationName
