namespace LiveMigration.Errors;

internal static class LibvirtFaults
{
    internal static Fault Classify(LibvirtErrorCode code, string message) => new($"Libvirt{code}", FaultCategory.InvalidResult, "See the message.");
}
