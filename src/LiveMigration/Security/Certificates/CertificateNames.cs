using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace LiveMigration.Security.Certificates;

/// <summary>The names and addresses in a certificate. An address must be there as one: libvirt and QEMU do not look for it among the names.</summary>
internal static class CertificateNames
{
    internal static IReadOnlyList<string> Read(X509Certificate2 certificate)
    {
        var alternatives = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().ToArray();
        return alternatives.SelectMany(names => names.EnumerateDnsNames())
            .Concat(alternatives.SelectMany(names => names.EnumerateIPAddresses()).Select(address => $"{address}")).ToArray();
    }

    internal static X509Extension Extension(IEnumerable<string> names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name.Trim('[', ']'), out var address))
                builder.AddIpAddress(address);
            else
                builder.AddDnsName(name);
        }

        return builder.Build();
    }

    /// <summary>
    /// Every name and address by which a host may be reached: those given, the short forms of the names, and what the resolver of
    /// this machine knows about them. A name that it does not know is no error: the hosts may know it.
    /// </summary>
    internal static async Task<IReadOnlyList<string>> ExpandAsync(IEnumerable<string> given, bool lookUp, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        foreach (var name in given.Select(name => name.Trim().Trim('[', ']')).Where(name => name.Length > 0))
        {
            Add(name);
            if (IPAddress.TryParse(name, out _))
                continue;
            Add(name.Split('.')[0]);
            foreach (var address in lookUp ? await LookUpAsync(name, cancellationToken).ConfigureAwait(false) : [])
                Add(address);
        }

        return names;

        void Add(string name)
        {
            if (!names.Contains(name, StringComparer.OrdinalIgnoreCase))
                names.Add(name);
        }
    }

    private static async Task<IEnumerable<string>> LookUpAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(name, cancellationToken).ConfigureAwait(false);
            // A machine's own name often is 127.0.1.1 to itself; nobody reaches it by that.
            return addresses.Where(address => !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal).Select(address => $"{address}");
        }
        catch (Exception error) when (error is System.Net.Sockets.SocketException or ArgumentException)
        {
            return [];
        }
    }
}
