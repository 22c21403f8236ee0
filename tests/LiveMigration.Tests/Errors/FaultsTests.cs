using System.Reflection;
using LiveMigration.Errors;

namespace LiveMigration.Tests.Errors;

public sealed class FaultsTests
{
    private static readonly (string Field, Fault Fault)[] All =
        [.. typeof(Faults).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (field.Name, (Fault)field.GetValue(null)!))];

    /// <summary>Members of System.Management.Automation.ErrorCategory.</summary>
    private static readonly string[] ErrorCategories =
    [
        "NotSpecified", "OpenError", "CloseError", "DeviceError", "DeadlockDetected", "InvalidArgument", "InvalidData", "InvalidOperation",
        "InvalidResult", "InvalidType", "MetadataError", "NotImplemented", "NotInstalled", "ObjectNotFound", "OperationStopped",
        "OperationTimeout", "SyntaxError", "ParserError", "PermissionDenied", "ResourceBusy", "ResourceExists", "ResourceUnavailable",
        "ReadError", "WriteError", "FromStdErr", "SecurityError", "ProtocolError", "ConnectionError", "AuthenticationError",
        "LimitsExceeded", "QuotaExceeded", "NotEnabled",
    ];

    [Fact]
    public void A_fault_goes_by_its_fields_name_and_by_no_other() => Assert.All(All, row => Assert.Equal(row.Field, row.Fault.Id));

    [Fact]
    public void Each_fault_says_in_sentences_what_to_do() => Assert.All(All, row =>
    {
        Assert.EndsWith(".", row.Fault.RecommendedAction, StringComparison.Ordinal);
        Assert.True(char.IsUpper(row.Fault.RecommendedAction[0]), row.Fault.RecommendedAction);
        Assert.DoesNotContain("  ", row.Fault.RecommendedAction, StringComparison.Ordinal);
    });

    [Fact]
    public void No_two_faults_advise_the_same() => Assert.Equal(All.Length, All.Select(row => row.Fault.RecommendedAction).Distinct().Count());

    [Fact]
    public void Each_category_is_one_of_PowerShells_and_says_something()
    {
        Assert.All(Enum.GetNames<FaultCategory>(), category => Assert.Contains(category, ErrorCategories));
        Assert.DoesNotContain("NotSpecified", Enum.GetNames<FaultCategory>());
        Assert.All(All, row => Assert.True(Enum.IsDefined(row.Fault.Category)));
    }
}
