<#
.SYNOPSIS
    Moves the running VMs of one libvirt host to another with the cmdlets, and shows what a prompt would show.
.EXAMPLE
    ./samples/demo.ps1 qemu+ssh://root@kvm1/system qemu+ssh://root@kvm2/system kvm1 kvm2
#>
param(
    [Parameter(Mandatory)] [string] $Source,
    [Parameter(Mandatory)] [string] $Destination,
    [string] $SourceName = 'a',
    [string] $DestinationName = 'b'
)
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../artifacts/module/LiveMigration"

Connect-LibvirtHost $Source -Name $SourceName | Out-Null
Connect-LibvirtHost $Destination -Name $DestinationName | Out-Null

Write-Host "PS> Get-LibvirtDomain -Host $SourceName | Start-VMLiveMigration -Destination $DestinationName"
Get-LibvirtDomain -Host $SourceName | Start-VMLiveMigration -Destination $DestinationName
