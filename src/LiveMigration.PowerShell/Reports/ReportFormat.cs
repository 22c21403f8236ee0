namespace LiveMigration.PowerShell.Reports;

/// <summary>How a report is written.</summary>
public enum ReportFormat
{
    /// <summary>A page to look at, in one file.</summary>
    Html,

    /// <summary>All that was found, for programs.</summary>
    Json,

    /// <summary>One line for each finding, for spreadsheets.</summary>
    Csv,
}
