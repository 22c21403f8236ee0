namespace LiveMigration.PowerShell.Commands;

/// <summary>Where <c>Get-Help -Online</c> finds a cmdlet's page: a tested copy of the manifest's ProjectUri, as attributes take constants alone.</summary>
internal static class OnlineHelp
{
    public const string Pages = "https://github.com/livemigration/LiveMigration/blob/main/docs/";
}
