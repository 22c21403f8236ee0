using System.Security.Cryptography;
using System.Text;
using LiveMigration.Errors;

namespace LiveMigration.Security.Certificates;

/// <summary>
/// The certificates or the key of a PEM file, and nothing else of it. RFC 7468 allows any text around the blocks, and files come from
/// elsewhere: only what is decoded and encoded again leaves this machine.
/// </summary>
internal static class PemBlocks
{
    private static readonly string[] Certificates = ["CERTIFICATE", "X509 CERTIFICATE"];
    private static readonly string[] Keys = ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"];

    /// <summary>The blocks, each as lines of its own with a newline at the end.</summary>
    /// <param name="text">What the file contains.</param>
    /// <param name="isKey">Whether it is the file of a key; otherwise it is one of certificates.</param>
    /// <param name="path">The file, for the message.</param>
    /// <exception cref="LiveMigrationException">It has no block of that kind.</exception>
    internal static string Read(string text, bool isKey, string path)
    {
        var wanted = isKey ? Keys : Certificates;
        var blocks = new StringBuilder();
        for (var rest = text.AsSpan(); PemEncoding.TryFind(rest, out var found); rest = rest[found.Location.End..])
        {
            var label = rest[found.Label].ToString();
            if (Array.IndexOf(wanted, label) < 0)
                continue;
            var data = new byte[found.DecodedDataLength];
            Convert.TryFromBase64Chars(rest[found.Base64Data], data, out _);
            blocks.Append(PemEncoding.Write(label, data)).Append('\n');
            CryptographicOperations.ZeroMemory(data);
        }

        return blocks.Length > 0 ? blocks.ToString() : throw new LiveMigrationException(
            Faults.CertificateUnusable, $"'{path}' contains no {(isKey ? "private key" : "certificate")} in PEM form.");
    }
}
