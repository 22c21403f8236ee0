# The lab that the Pester files share: hosts a and b, guests web1 (with a disk that both reach) and db1 (without). It is made when
# the first file needs it and stays for the next ones; Invoke-Suite.ps1 takes it down. Dot-source this in BeforeDiscovery and BeforeAll.
# Two runs at once on one machine need a name and a network each: LAB_NAME=pester2 LAB_SUBNET=10.83.0.
if ($env:LAB_NAME -notlike 'pe*') { $env:LAB_NAME, $env:LAB_SUBNET = 'pester', '10.82.0' }
$ipA, $ipB, $ipC = 11..13 | ForEach-Object { "$env:LAB_SUBNET.$_" }
$lab = "$PSScriptRoot/../lab/lab.sh"

# Why there can be no lab here; empty when there can be. Asked once.
$global:LabProblem ??= & {
    if ($env:NO_LAB) { return "the lab is left out: $env:NO_LAB" }
    if (-not $IsLinux) { return 'the lab needs Linux' }
    if ((id -u) -ne 0) { return 'the lab needs root' }
    $missing = & $lab check 2>&1
    $LASTEXITCODE ? "the lab cannot be made: $missing" : ''
}
$NoLab = $global:LabProblem

function Invoke-Lab {
    $output = & $lab @args 2>&1
    if ($LASTEXITCODE) { throw "lab.sh $args`: $output" }
    $output
}

function Get-LabUri([string] $HostName, [string] $Transport = 'tcp') { Invoke-Lab uri $HostName $Transport }

function Start-Lab {
    if ($global:LabIsUp) { return }
    Invoke-Lab up a b
    $running = 'a', 'b' | ForEach-Object { Invoke-Lab virsh $_ -q list --name }
    if ('web1' -notin $running) { Invoke-Lab guest web1 a disk=nbd ws=16 rate=4 tick=50 }
    if ('db1' -notin $running) { Invoke-Lab guest db1 a ws=16 rate=4 tick=50 }
    $global:LabIsUp = $true
}

# The names of the connected hosts; asks none of them.
function Get-ConnectedName { (TabExpansion2 'Disconnect-LibvirtHost ' 23).CompletionMatches.CompletionText }

# Hosts connected as a and b and as nothing else, no migration under way, the guests on a. What every test starts from.
function Reset-Lab {
    Start-Lab
    Get-Job | Remove-Job -Force
    $connected = Get-ConnectedName
    $others = $connected | Where-Object { $_ -and $_ -notin 'a', 'b' }
    if ($others) { Disconnect-LibvirtHost $others }
    'a', 'b' | Where-Object { $_ -notin $connected } | ForEach-Object { $null = Connect-LibvirtHost (Get-LabUri $_) -Name $_ }
    $null = Get-VMLiveMigration | Stop-VMLiveMigration -ErrorAction Ignore
    $null = Get-LibvirtDomain web1, db1 -HostName b -ErrorAction Ignore -WarningAction Ignore |
        Where-Object State -EQ Running | Start-VMLiveMigration -Destination a -ErrorAction Ignore
}

function Wait-Until([scriptblock] $Condition, [int] $Seconds = 20) {
    $limit = [datetime]::UtcNow.AddSeconds($Seconds)
    while (-not ($found = & $Condition)) {
        if ([datetime]::UtcNow -gt $limit) { throw "not within $Seconds s: $Condition" }
        Start-Sleep -Milliseconds 100
    }
    $found
}

# A migration of web1 that would take a minute, as a job; returned when it copies.
function Start-SlowMigration([hashtable] $With = @{}) {
    $job = Start-VMLiveMigration web1 -HostName a -Destination b -Bandwidth 2MiB/s -AsJob @With
    $null = Wait-Until { Get-VMLiveMigration web1 | Where-Object Phase -EQ Copying }
    $job
}

# The same by another tool; the process ends with the migration.
function Start-VirshMigration([int] $Bandwidth) {
    $words = 'virsh a migrate --live --p2p --persistent --undefinesource --bandwidth', $Bandwidth, 'web1', (Get-LabUri b)
    Start-Process $lab $words -RedirectStandardOutput "$TestDrive/virsh.out" -RedirectStandardError "$TestDrive/virsh.err" -PassThru
}

# A process that does not end is killed, and fails the test. With -Read, what it wrote.
function Wait-Exit([Diagnostics.Process] $Process, [int] $Seconds = 60, [switch] $Read) {
    $said = $Read ? $Process.StandardOutput.ReadToEndAsync() : $null
    if (-not $Process.WaitForExit([timespan]::FromSeconds($Seconds))) {
        $Process.Kill($true)
        throw "process $($Process.Id) has not ended within $Seconds s"
    }
    if (-not $said) { return }
    if (-not $said.Wait(10000)) { throw "process $($Process.Id) has ended, its output has not" }
    $said.Result
}

# Where web1 runs, as both hosts tell.
function Get-Home([string] $Name = 'web1') { (Get-LibvirtDomain $Name -State Running -WarningAction Ignore).HostName }

# Another runspace, which begins to run the script.
function Start-Shell([string] $Script) {
    $shell = [powershell]::Create()
    $null = $shell.AddScript("Import-Module LiveMigration; $Script")
    [pscustomobject]@{ Shell = $shell; Running = $shell.BeginInvoke() }
}

# What another user of the module on another machine would see: the output of a script in a process with a state folder of its own. The hosts are
# connected as first (a) and second (b), as far as they are named.
function Invoke-OtherUser([string] $Script, [string[]] $HostName = ('a', 'b')) {
    $names = @{ a = 'first'; b = 'second' }
    $connect = $HostName | ForEach-Object { "`$null = Connect-LibvirtHost '$(Get-LabUri $_)' -Name $($names[$_])" }
    $lines = @("`$env:XDG_STATE_HOME = '$TestDrive/other'", "Import-Module '$((Get-Module LiveMigration).Path)'") + $connect + $Script
    $program = (Test-Path "$PSHOME/pwsh") ? "$PSHOME/pwsh" : 'dotnet'
    $start = [Diagnostics.ProcessStartInfo]::new($program)
    $words = @(if ($program -eq 'dotnet') { "$PSHOME/pwsh.dll" }) + '-NoProfile', '-NonInteractive', '-Command', ($lines -join "`n")
    $words | ForEach-Object { $start.ArgumentList.Add($_) }
    $start.RedirectStandardOutput = $true
    Wait-Exit ([Diagnostics.Process]::Start($start)) 180 -Read | ForEach-Object { $_.Split("`n", [StringSplitOptions]'RemoveEmptyEntries, TrimEntries') }
}

# What its script wrote, once it has ended.
function Receive-Shell($Other, [int] $Seconds = 120) {
    if (-not $Other.Running.AsyncWaitHandle.WaitOne([timespan]::FromSeconds($Seconds))) { throw "the other runspace has not ended within $Seconds s" }
    $Other.Shell.EndInvoke($Other.Running)
}
