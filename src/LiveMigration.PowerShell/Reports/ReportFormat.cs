namespace LiveMigration.PowerShell.Reports;

/// <summary>How a report is written.</summary>
public enum ReportFormat
{
    /// <summary>A page to look at, in one file.</summary>
    Html,

    /// <summary>All of it, for programs.</summary>
    Json,

    /// <summary>One line for each finding or VM, for spreadsheets.</summary>
    Csv,
}
