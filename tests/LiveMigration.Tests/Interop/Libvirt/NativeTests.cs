using System.Reflection;
using System.Runtime.InteropServices;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Tests.Interop.Libvirt;

public sealed unsafe class NativeTests
{
    [Fact]
    public void Structures_are_as_large_as_in_C_on_64_bits()
    {
        if (sizeof(nint) != 8 || OperatingSystem.IsWindows())
            return; // There `unsigned long` has 4 bytes.
        Assert.Equal(
            [80, 96, 8, 32, 48, 64, 88, 40, 24, 32],
            new[]
            {
                sizeof(VirError), sizeof(VirTypedParameter), sizeof(VirTypedValue), sizeof(VirConnectAuth), sizeof(VirConnectCredential),
                sizeof(VirNodeInfo), sizeof(VirNodeMemoryStats), sizeof(VirDomainInfo), sizeof(VirDomainStatsRecord),
                sizeof(VirDomainBlockJobInfo),
            });
    }

    [Fact]
    public void Fields_are_where_they_are_in_C_on_64_bits()
    {
        if (sizeof(nint) != 8 || OperatingSystem.IsWindows())
            return;
        VirTypedParameter parameter;
        Assert.Equal((0, 80, 88), (Offset(&parameter, &parameter.Field), Offset(&parameter, &parameter.Type), Offset(&parameter, &parameter.Value)));
        VirError error;
        Assert.Equal((8, 16, 40, 64), (Offset(&error, &error.Message), Offset(&error, &error.Level), Offset(&error, &error.Str1), Offset(&error, &error.Int1)));
        VirConnectAuth auth;
        Assert.Equal((8, 16, 24), (Offset(&auth, &auth.CredentialTypeCount), Offset(&auth, &auth.Callback), Offset(&auth, &auth.Data)));
        VirConnectCredential credential;
        Assert.Equal((8, 32, 40), (Offset(&credential, &credential.Prompt), Offset(&credential, &credential.Result), Offset(&credential, &credential.ResultLength)));
        VirNodeInfo node;
        Assert.Equal((32, 40, 60), (Offset(&node, &node.Memory), Offset(&node, &node.Cpus), Offset(&node, &node.Threads)));
        VirNodeMemoryStats memory;
        Assert.Equal(80, Offset(&memory, &memory.Value));
        VirDomainInfo domain;
        Assert.Equal((8, 16, 24, 32), (Offset(&domain, &domain.MaxMemory), Offset(&domain, &domain.Memory), Offset(&domain, &domain.VirtualCpus), Offset(&domain, &domain.CpuTime)));
        VirDomainBlockJobInfo job;
        Assert.Equal((8, 16, 24), (Offset(&job, &job.Bandwidth), Offset(&job, &job.Current), Offset(&job, &job.End)));
        VirDomainStatsRecord record;
        Assert.Equal((8, 16), (Offset(&record, &record.Parameters), Offset(&record, &record.Count)));
    }

    [LibvirtFact]
    public void Every_function_that_is_imported_is_in_the_library()
    {
        var imported = typeof(Native).GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Select(method => (method.Name, Import: method.GetCustomAttribute<LibraryImportAttribute>()))
            .Where(method => method.Import is not null)
            .ToLookup(method => method.Import!.LibraryName, method => method.Name);
        Assert.Contains("virDomainMigrateToURI3", imported[LibvirtLibrary.Name]);
        Assert.All(imported, names =>
        {
            var library = NativeLibrary.Load(LibvirtFactAttribute.Library(names.Key));
            Assert.All(names, name => Assert.True(NativeLibrary.TryGetExport(library, name, out _), name));
        });
    }

    private static int Offset(void* structure, void* field) => (int)((byte*)field - (byte*)structure);
}
