using RemoteAccess.Interop;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

public sealed class HelperPipeTests
{
    private static readonly PipePeer Started = new(77, "S-1-5-18", 2, @"C:\Program Files\Contoso\agent.exe");

    [Fact]
    public void Helper_ThatWasStarted_IsLetInAndNobodyElse()
    {
        Assert.Null(HelperPipe.WhyNotHelper(Started, Started with { ImagePath = Started.ImagePath.ToUpperInvariant() }));
        Assert.NotNull(HelperPipe.WhyNotHelper(Started, Started with { ProcessId = 78 }));
        Assert.NotNull(HelperPipe.WhyNotHelper(Started, Started with { Sid = "S-1-5-21-1-2-3-1001" }));
        Assert.NotNull(HelperPipe.WhyNotHelper(Started, Started with { SessionId = 1 }));
        Assert.NotNull(HelperPipe.WhyNotHelper(Started, Started with { ImagePath = @"D:\elsewhere\agent.exe" }));
    }

    [Fact]
    public void Service_ThatTheNameSays_IsTrustedAndNobodyElse()
    {
        PipePeer service = Started with { ProcessId = 5, SessionId = 0 };
        Assert.Null(HelperPipe.WhyNotService(Started, 5, service));
        Assert.NotNull(HelperPipe.WhyNotService(Started, 6, service));
        Assert.NotNull(HelperPipe.WhyNotService(Started, 5, service with { Sid = "S-1-5-19" }));
        Assert.NotNull(HelperPipe.WhyNotService(Started, 5, service with { ImagePath = @"C:\other.exe" }));
        Assert.NotNull(HelperPipe.WhyNotService(Started, 5, null));
    }

    [Fact]
    public void Name_OfAPipe_SaysWhoListens()
    {
        string name = HelperPipe.NewName(4711);

        Assert.Equal(4711, HelperPipe.ServiceOf(name));
        Assert.NotEqual(name, HelperPipe.NewName(4711));
        foreach (string wrong in (string[])["", "pipe", name + "0", name[..^1], name.Replace("4711", "-1", StringComparison.Ordinal), name.Replace("4711", "99999999999", StringComparison.Ordinal), name.Replace("RemoteAccess", @"..\..\x", StringComparison.Ordinal)])
            Assert.Null(HelperPipe.ServiceOf(wrong));
    }

    // The rules of CommandLineToArgvW; the service's own arguments in the real test go through Windows' reading.
    [Theory]
    [InlineData(@"plain", "\"plain\"")]
    [InlineData("", "\"\"")]
    [InlineData(@"with space\", "\"with space\\\\\"")]
    [InlineData("a\"b", "\"a\\\"b\"")]
    [InlineData("a\\\\\"b", "\"a\\\\\\\\\\\"b\"")]
    [InlineData(@"C:\x\y", "\"C:\\x\\y\"")]
    public void CommandLine_OfAnArgument_IsQuoted(string argument, string quoted) =>
        Assert.Equal($"\"C:\\Program Files\\a.exe\" {quoted}", CommandLine.Of(@"C:\Program Files\a.exe", [argument]));
}
