<#
.SYNOPSIS
    Moves a running VM from one libvirt host to another with the cmdlets, and shows what came of it.
.EXAMPLE
    ./samples/demo.ps1 qemu+ssh://root@kvm1/system qemu+ssh://root@kvm2/system web1
#>
param(
    [Parameter(Mandatory)] [string] $Source,
    [Parameter(Mandatory)] [string] $Destination,
    [Parameter(Mandatory)] [string] $Name
)
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../artifacts/module/LiveMigration"

Connect-LibvirtHost $Source -Name source | Out-Null
Connect-LibvirtHost $Destination -Name destination | Out-Null

Get-LibvirtDomain -HostName source -Name $Name
Get-LibvirtDomain -HostName source -Name $Name | Start-VMLiveMigration -Destination destination -Confirm:$false
