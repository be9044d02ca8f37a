using System.Runtime.Versioning;
using System.Text;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests.Trust;

/// <summary>How a surface and an agent of the same account find each other on Windows.</summary>
public sealed class PipeSurfaceTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("ra-pipe-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string NameFile => Path.Combine(folder, "surface");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Listen_TwoAgentsWithOneState_OneListensAndTheOtherTakesOver()
    {
        PipeSurfaceListener first = PipeSurfaceListener.Listen(NameFile);
        string name = PipeSurfaceListener.NameIn(NameFile);

        Assert.Equal(ChannelError.Unreachable, Assert.Throws<ChannelException>(() => PipeSurfaceListener.Listen(NameFile)).Error);
        await first.DisposeAsync();
        await using PipeSurfaceListener second = PipeSurfaceListener.Listen(NameFile);
        Assert.Equal(name, PipeSurfaceListener.NameIn(NameFile));
        Task<SurfaceCaller> accepting = second.AcceptAsync(Cancel).AsTask();
        await using NamedPipeLink link = await NamedPipeLink.ConnectAsync(name, Cancel);
        SurfaceCaller caller = await accepting;
        Assert.Equal(Environment.UserName, caller.Account);
        await caller.Link.DisposeAsync();
    }

    [Fact]
    public async Task NameIn_EachStateItsOwn()
    {
        string other = Path.Combine(folder, "other");
        await using PipeSurfaceListener first = PipeSurfaceListener.Listen(NameFile), second = PipeSurfaceListener.Listen(other);

        Assert.NotEqual(PipeSurfaceListener.NameIn(NameFile), PipeSurfaceListener.NameIn(other));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123456789abcdef0123456789abcde")]
    [InlineData("0123456789abcdef0123456789abcdeF")]
    [InlineData(@"..\..\..\elsewhere\0123456789abc")]
    [InlineData("0123456789abcdef0123456789abcdef0")]
    public void NameIn_AnythingElse_IsRefusedAndNobodyListens(string content)
    {
        PrivateFile.Write(NameFile, Encoding.ASCII.GetBytes(content));

        Assert.Equal(StateError.Corrupted, Assert.Throws<StateException>(() => PipeSurfaceListener.NameIn(NameFile)).Error);
        Assert.Throws<StateException>(() => PipeSurfaceListener.Listen(NameFile));
    }

    [Fact]
    [SupportedOSPlatform("windows")]
    public void Requirement_OnWindows_TakesNoUnixSocket()
    {
        Assert.SkipUnless(OperatingSystem.IsWindows(), "Windows only.");

        Assert.Throws<ArgumentException>(() => new SurfaceRequirement { Users = [0] }.Validate());
        Assert.Throws<ArgumentException>(() => new SurfaceRequirement { SocketPath = @"C:\surface" }.Validate());
    }
}
