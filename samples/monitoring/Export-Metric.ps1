<#
.SYNOPSIS
    Writes metrics of migrations for the textfile collector of node_exporter, for a timer.
.DESCRIPTION
    Counts what all PowerShell processes of this user have migrated, and what migrates just now on the hosts in the environment variable HOSTS. The file is replaced as
    a whole. If a host does not answer, the file says so (livemigration_host_up 0), and the exit code is 1; if no file could be written, it is 3.

    This folder contains a service and a timer for systemd: copy them to /etc/systemd/system, then run
    systemctl enable --now livemigration-metrics.timer. Start node_exporter with --collector.textfile.directory=/var/lib/node_exporter/textfile.
.PARAMETER Path
    The file, in the folder that node_exporter reads. Its name ends in .prom.
.PARAMETER HostName
    Hosts, separated by commas: host names for ssh, libvirt aliases, or libvirt URIs. Default: the environment variable HOSTS.
.EXAMPLE
    ./Export-Metric.ps1 /var/lib/node_exporter/textfile/livemigration.prom -HostName kvm1,kvm2
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Path,
    [string] $HostName = $env:HOSTS
)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$code = 3
try {
    Import-Module LiveMigration
    $hosts = @($HostName -split ',' | ForEach-Object Trim | Where-Object { $_ })
    $where = if ($hosts) { @{ HostName = $hosts } } else { @{} }
    $null = Export-MigrationMetric $Path @where -ErrorAction Continue -ErrorVariable silent
    $code = [int][bool]$silent
}
catch {
    [Console]::Error.WriteLine("$_")
}
exit $code
