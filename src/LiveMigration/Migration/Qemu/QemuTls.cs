using LiveMigration.Errors;
using LiveMigration.Interop.Qmp;

namespace LiveMigration.Migration.Qemu;

/// <summary>The certificates of a migration, as an object in QEMU that goes with it.</summary>
internal static class QemuTls
{
    internal const string Id = "livemigration-tls";

    /// <param name="monitor">A QEMU.</param>
    /// <param name="folder">The folder of its certificates, on its host.</param>
    /// <param name="endpoint"><c>server</c> or <c>client</c>.</param>
    internal static async Task AddAsync(QmpClient monitor, string folder, string endpoint)
    {
        await RemoveAsync(monitor).ConfigureAwait(false);
        await monitor.AddTlsCredentialsAsync(Id, folder, endpoint).ConfigureAwait(false);
    }

    internal static async Task RemoveAsync(QmpClient monitor)
    {
        try
        {
            await monitor.SetMigrationParameterAsync("tls-creds", "").ConfigureAwait(false);
            await monitor.RemoveObjectAsync(Id).ConfigureAwait(false);
        }
        catch (QmpException)
        {
            // There is none.
        }
    }
}
