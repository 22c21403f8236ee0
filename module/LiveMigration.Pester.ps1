# `Should -BeMigrationReady` for readiness audits with Pester: each failing test lists the blockers. The loader runs this if
# Pester is already loaded; otherwise dot-source it.
function Test-BeMigrationReady {
    param($ActualValue, [switch] $Negate, [string] $Because, $CallerSessionState)

    $because = $Because ? ', because ' + ($Because -replace '^because\s+') : ''
    $reports = @($ActualValue)
    $stranger = $reports.Where({ $_ -isnot [LiveMigration.Readiness.ReadinessReport] }, 'First')
    if (-not $reports -or $stranger) {
        $got = $stranger ? "$($stranger[0]) ($(if ($null -ne $stranger[0]) { $stranger[0].GetType().Name } else { 'null' }))" : 'nothing'
        return [pscustomobject]@{ Succeeded = $false; FailureMessage = "Expected the output of Test-MigrationReadiness$because, but got $got." }
    }

    $wrong = foreach ($report in $reports.Where({ $_.IsReady -eq $Negate.IsPresent })) {
        $way = "$($report.Name) $($Negate ? 'not ' : '')to be ready to migrate from $($report.Source) to $($report.Destination)$because"
        if ($Negate) { "Expected $way, but it has no blockers." }
        else {
            "Expected $way, but:"
            foreach ($finding in $report.Blockers) {
                "  $($finding.Id) $($finding.Status): $($finding.Title). $($finding.Subject ? "$($finding.Subject): " : '')$($finding.Evidence)"
                if ($finding.Fix) { "    fix: $($finding.Fix)" }
            }
        }
    }
    [pscustomobject]@{ Succeeded = -not $wrong; FailureMessage = $wrong -join "`n" }
}

if ((Get-ShouldOperator).Name -notcontains 'BeMigrationReady') {
    Add-ShouldOperator -Name BeMigrationReady -InternalName Test-BeMigrationReady -Test ${function:Test-BeMigrationReady} -SupportsArrayInput
}
