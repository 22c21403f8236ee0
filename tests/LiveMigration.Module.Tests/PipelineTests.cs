namespace LiveMigration.Module.Tests;

public sealed class PipelineTests : IDisposable
{
    private readonly Shell _shell = new();

    public PipelineTests() => _ = _shell.Run(TestHosts.Connect).Clean;

    [Fact]
    public void A_piped_host_brings_its_domains()
    {
        var names = _shell.Run("Get-LibvirtHost a | Get-LibvirtDomain | ForEach-Object Name").Clean;

        Assert.Equal(["db1", "web1", "web2"], names.Select(name => (string)name.BaseObject).Order());
    }

    public void Dispose()
    {
        _shell.Run(TestHosts.Disconnect);
        _shell.Dispose();
    }
}
