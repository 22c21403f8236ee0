using System.Globalization;
using System.Text;
using LiveMigration.Errors;

namespace LiveMigration.Security.Certificates;

/// <summary>
/// A host's folder of certificates → the shell script that puts them in place. It goes to the shell's standard input: keys are in no
/// argument and in no file that others could read. All files are laid beside their places first and moved then, so that a full disk
/// leaves the old ones as they were.
/// </summary>
internal static class InstallationScript
{
    /// <summary>Ends a file in the script; no line of a PEM block has a dot.</summary>
    private const string End = ".";

    private const string Head =
        """
        set -euf
        umask 077
        IFS='
        '
        conf() { sed -n "s/^[[:space:]]*$1[[:space:]]*=[[:space:]]*\"\([^\"]*\)\".*/\1/p" /etc/libvirt/qemu.conf 2>/dev/null | tail -n 1; }
        qemu_dir=$(conf migrate_tls_x509_cert_dir)
        if [ -z "$qemu_dir" ] && [ -d /etc/pki/libvirt-migrate ]; then qemu_dir=/etc/pki/libvirt-migrate; fi
        if [ -z "$qemu_dir" ]; then qemu_dir=$(conf default_tls_x509_cert_dir); fi
        if [ -z "$qemu_dir" ]; then qemu_dir=/etc/pki/qemu; fi
        qemu_user=$(conf user | tr -d +)
        if [ -z "$qemu_user" ]; then
          for name in libvirt-qemu qemu; do if id -u "$name" >/dev/null 2>&1; then qemu_user=$name; break; fi; done
        fi
        if [ -z "$qemu_user" ]; then qemu_user=root; fi
        staged=
        trap 'for path in $staged; do rm -f "$path.new.$$"; done' EXIT
        stage() { # PATH MODE OWNER; the text comes on standard input
          (umask 022; mkdir -p "${1%/*}")
          staged="$staged$1$IFS"
          cat >"$1.new.$$"
          chown "$3" "$1.new.$$"
          chmod "$2" "$1.new.$$"
        }
        commit() {
          for path in $staged; do
            change=Written backup=
            if cmp -s "$path" "$path.new.$$"; then change=Unchanged
            elif [ -e "$path" ]; then backup=$path.$stamp; cp -p "$path" "$backup"; fi
            mv -f "$path.new.$$" "$path"
            printf '%s\t%s\t%s\n' "$change" "$path" "$backup"
          done
          staged=
        }

        """;

    internal static string Write(string folder, CertificateReader readers, DateTimeOffset now)
    {
        var script = new StringBuilder(Head);
        script.Append(CultureInfo.InvariantCulture, $"stamp={now.UtcDateTime:yyyyMMddTHHmmssZ}\n");
        var files = CertificatePlace.All.Where(place => readers.HasFlag(place.Reader) && place.In(folder) is not null).ToArray();
        if (!Array.Exists(files, file => file.IsKey))
            throw new LiveMigrationException(Faults.CertificatesNotFound, $"'{folder}' has no certificates: there should be ca-cert.pem, server-cert.pem, server-key.pem, client-cert.pem and client-key.pem.");
        foreach (var file in files)
        {
            var owner = file is { IsKey: true, Reader: CertificateReader.Qemu } ? "\"$qemu_user\"" : "root";
            script.Append(CultureInfo.InvariantCulture, $"stage \"{file.Target}\" {(file.IsKey ? "600" : "644")} {owner} <<'{End}'\n{PemBlocks.Read(Read(file.In(folder)!), file.IsKey, file.In(folder)!)}{End}\n");
        }

        return script.Append("commit\n").ToString();
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LiveMigrationException(Faults.CertificatesNotFound, $"'{path}' cannot be read: {error.Message}", innerException: error);
        }
    }
}
