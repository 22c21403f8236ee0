using LiveMigration.Errors;
using LiveMigration.Migration.Qemu.Saving;

namespace LiveMigration.Tests.Migration.Qemu.Saving;

public sealed class StateEncodingTests
{
    [Fact]
    public void It_is_compressed_then_encrypted_then_given_to_the_command_and_undone_the_other_way_round()
    {
        var encoding = new StateEncoding { Compression = StateCompression.Zstd, Encryption = StateEncryption.Age, KeyFile = "/k", KeyDecrypts = true, Command = "c", ReadCommand = "d" };
        Assert.Equal(["zstd", "age", "command"], encoding.Encoders().Select(stage => stage.Name));
        Assert.Equal(["command", "age", "zstd"], encoding.Decoders().Select(stage => stage.Name));
        Assert.Equal(["zstd", "age"], encoding.Programs);
        Assert.True(encoding.IsReadable);
    }

    [Theory]
    [InlineData(StateEncryption.Age, "/etc/k 1", null, true, "age -e -i '/etc/k 1'")]
    [InlineData(StateEncryption.Age, "/etc/k", null, false, "age -R /etc/k")]
    [InlineData(StateEncryption.Age, null, "age1x", false, "age -r age1x")]
    [InlineData(StateEncryption.Gpg, null, "a'b", false, "--encrypt --recipient 'a'\\''b'")]
    [InlineData(StateEncryption.Gpg, "/etc/k", null, true, "--passphrase-file /etc/k")]
    public void A_key_is_named_by_its_file(StateEncryption encryption, string? key, string? recipient, bool decrypts, string words)
    {
        var encoding = new StateEncoding { Encryption = encryption, KeyFile = key, Recipient = recipient, KeyDecrypts = decrypts };
        Assert.Contains(words, Assert.Single(encoding.Encoders()).Command, StringComparison.Ordinal);
        Assert.Equal(decrypts, encoding.IsReadable);
    }

    [Fact]
    public void What_a_command_did_can_be_read_only_where_another_undoes_it()
    {
        Assert.False(new StateEncoding { Command = "x" }.IsReadable);
        Assert.True(new StateEncoding().IsReadable);
    }

    public static TheoryData<StateSaving, string> Contradictions => new()
    {
        { new(), "-Path or -Command" },
        { new() { Path = "relative" }, "from the root" },
        { new() { Path = "/folder/" }, "from the root" },
        { new() { Path = "/x\0y" }, "from the root" },
        { new() { Path = "/f", KeyFile = "/k" }, "-Encrypt" },
        { new() { Path = "/f", Recipient = "r" }, "-Encrypt" },
        { new() { Path = "/f", Encryption = StateEncryption.Age }, "-KeyFile or -Recipient" },
        { new() { Path = "/f", Encryption = StateEncryption.Age, KeyFile = "/k", Recipient = "r" }, "only one" },
        { new() { Path = "/f", ReadCommand = "x" }, "-Command" },
        { new() { Path = "/f", Live = true, Stop = true }, "-Live" },
        { new() { Path = "/f", MappedRam = true, Compression = StateCompression.Gzip }, "-MappedRam" },
        { new() { Path = "/f,offset=3", MappedRam = true }, ",offset=" },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void What_cannot_be_meant_is_refused(StateSaving saving, string words)
    {
        var error = Assert.Throws<LiveMigrationException>(saving.Validate);
        Assert.Equal(Faults.ContradictingOptions, error.Fault);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5145564d00000003", nameof(StateLayer.Stream))]
    [InlineData("1f8b08", nameof(StateLayer.Gzip))]
    [InlineData("28b52ffd", nameof(StateLayer.Zstd))]
    [InlineData("6167652d656e6372797074696f6e2e6f72672f76310a", nameof(StateLayer.Age))]
    [InlineData("2d2d2d2d2d424547494e2041474520454e435259505445442046494c452d2d2d2d2d0a", nameof(StateLayer.Age))]
    [InlineData("2d2d2d2d2d424547494e20504750204d4553534147452d2d2d2d2d0a", nameof(StateLayer.Gpg))]
    [InlineData("8c0d0409", nameof(StateLayer.Gpg))]
    [InlineData("85010c03", nameof(StateLayer.Gpg))]
    [InlineData("4c696276697274516d756453617665", nameof(StateLayer.Unknown))]
    [InlineData("4c69627669727451656d756453617665", nameof(StateLayer.Libvirt))]
    [InlineData("", nameof(StateLayer.Unknown))]
    [InlineData("51", nameof(StateLayer.Unknown))]
    public void A_layer_is_known_by_its_mark(string start, string layer) =>
        Assert.Equal(layer, StateLayers.Recognize(Convert.FromHexString(start)).ToString());
}
