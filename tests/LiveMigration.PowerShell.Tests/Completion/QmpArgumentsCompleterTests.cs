using LiveMigration.Interop.Qmp;
using LiveMigration.PowerShell.Completion;

namespace LiveMigration.PowerShell.Tests.Completion;

/// <summary>What a QEMU calls its arguments is text for PowerShell, whatever it is: the user presses Tab, and Enter.</summary>
public sealed class QmpArgumentsCompleterTests
{
    [Theory]
    [InlineData("device", "device")]
    [InlineData("node-name", "'node-name'")]
    [InlineData("1st", "'1st'")]
    [InlineData("a = 1 }; Remove-Item x; @{ b", "'a = 1 }; Remove-Item x; @{ b'")]
    [InlineData("a' = $(Remove-Item x); 'b", "'a'' = $(Remove-Item x); ''b'")]
    [InlineData("$(Remove-Item x)", "'$(Remove-Item x)'")]
    [InlineData("a\u2019 = $(Remove-Item x); \u2019b", "'a\u2019\u2019 = $(Remove-Item x); \u2019\u2019b'")]
    public void What_QEMU_names_does_not_become_code(string name, string key)
    {
        var text = QmpArgumentsCompleter.Text([new QmpParameter(name, QmpParameterKind.Choice, [name], [])]);

        Assert.Equal($"@{{ {key} = {(key == name ? $"'{name}'" : key)} }}", text);
    }
}
