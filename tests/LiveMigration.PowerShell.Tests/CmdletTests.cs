using System.Reflection;
using System.Text.RegularExpressions;

namespace LiveMigration.PowerShell.Tests;

public sealed class CmdletTests
{
    private const string Switch = "System.Management.Automation.SwitchParameter";

    public static TheoryData<string> All => Module.CmdletNames;

    [Theory]
    [MemberData(nameof(All))]
    public void Uses_an_approved_verb(string cmdlet)
    {
        string[] groups = ["Common", "Communications", "Data", "Diagnostic", "Lifecycle", "Other", "Security"];
        var approved = groups
            .Select(group => $"System.Management.Automation.Verbs{group}, System.Management.Automation")
            .Select(group => Type.GetType(group, throwOnError: true)!)
            .SelectMany(verbs => verbs.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Select(verb => verb.Name);

        Assert.Contains(Module.Find(cmdlet).Verb, approved);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Says_what_it_puts_out(string cmdlet) => Assert.True(Module.Find(cmdlet).HasOutputType, "[OutputType] is missing");

    /// <summary>What Get-Help -Online opens.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void Has_its_page_online(string cmdlet)
    {
        var project = Regex.Match(Module.Manifest, @"ProjectUri\s*=\s*'(.+?)'").Groups[1].Value;

        Assert.Equal($"{project}/blob/main/docs/{cmdlet}.md", Module.Find(cmdlet).HelpUri);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Asks_before_it_changes_something(string cmdlet)
    {
        // A plan is made of what hosts tell, and changes nothing.
        if (cmdlet is "New-BalancePlan" or "New-EvacuationPlan")
            return;
        string[] changing = ["Install", "New", "Remove", "Restore", "Resume", "Set", "Start", "Stop", "Switch"];

        if (changing.Contains(Module.Find(cmdlet).Verb))
            Assert.True(Module.Find(cmdlet).SupportsShouldProcess, "-WhatIf is missing");
    }

    /// <summary>A word means the same wherever it appears: DESIGN "Names users see".</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void Names_its_parameters_as_all_do(string cmdlet)
    {
        var parameters = Module.Find(cmdlet).Parameters;

        Assert.All(parameters.Keys, name => Assert.DoesNotContain(name, Taken));
        Aliases("HostName", "Host", "ComputerName");
        Aliases("Destination", "DestinationHost");
        if (Module.Find(cmdlet).Noun != "LibvirtHost")
            Aliases("Name", "VMName", "Domain");
        IsOf("AsJob", Switch);
        IsOf("Credential", "System.Management.Automation.PSCredential");
        IsOf("ThrottleLimit", "System.Int32");

        void Aliases(string name, params string[] wanted)
        {
            if (parameters.TryGetValue(name, out var parameter))
                Assert.All(wanted, alias => Assert.Contains(alias, parameter.Aliases));
        }

        void IsOf(string name, string type)
        {
            if (parameters.TryGetValue(name, out var parameter))
                Assert.Equal(type, parameter.Type);
        }
    }

    /// <summary>Names that are aliases, or that others use for what has a name here.</summary>
    private static readonly string[] Taken =
        ["Host", "ComputerName", "Server", "VMName", "VM", "Domain", "DestinationHost", "Throttle", "MaxConcurrent", "Cred"];
}
