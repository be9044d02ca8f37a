using RemoteAccess.Interop;
using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>Which outputs make up the desktop, on graphics cards that a test makes; the devices are this machine's.</summary>
public sealed unsafe class OutputDuplicationsTests
{
    private static readonly PixelRect Desktop = new(-64, -10, 96, 74);
    private static readonly FakeAdapters.Output Left = new(new PixelRect(-64, 0, 64, 32)), Turned = new(new PixelRect(0, -10, 32, 64), Rotation: 2), Unused = new(new PixelRect(0, 0, 8, 8), IsAttached: false);

    [Fact]
    public void Open_OfSeveralCards_IsEveryOutputOfTheDesktopAtItsPlace()
    {
        DuplicationAnswer answer = Open([Left, Unused], [], [Unused, Turned]);

        Assert.Equal([new OutputPlace(new PixelRect(0, 10, 64, 32), OutputRotation.None), new OutputPlace(new PixelRect(64, 0, 32, 64), OutputRotation.Quarter)], answer.Outputs!.Select(static output => output.Place));
        Assert.Equal(2, FakeAdapters.References);
        foreach (IOutputDuplication output in answer.Outputs!) output.Dispose();
        Assert.Equal(0, FakeAdapters.References);
    }

    /// <summary>A desktop of which a part is missing is none: GDI has all of it. Where the reason passes, as with a secure desktop, it is asked again.</summary>
    [Theory]
    [InlineData(Dxgi.AccessDenied, true)]
    [InlineData(Dxgi.AccessLost, true)]
    [InlineData(Dxgi.NotCurrentlyAvailable, true)]
    [InlineData(Dxgi.ModeChangeInProgress, true)]
    [InlineData(Dxgi.SessionDisconnected, true)]
    [InlineData(unchecked((int)0x80004001), false)]
    [InlineData(unchecked((int)0x887A0004), false)]
    public void Open_OfWhichOneIsRefused_IsNoneAndLetsTheOthersGo(int refusal, bool mayComeBack)
    {
        DuplicationAnswer answer = Open([Left], [Turned with { Refusal = refusal }]);

        Assert.Null(answer.Outputs);
        Assert.Equal(mayComeBack, answer.MayComeBack);
        Assert.Equal($"DuplicateOutput answered 0x{refusal:X8}.", answer.Reason);
        Assert.Equal(0, FakeAdapters.References);
    }

    [Fact]
    public void Open_OfNoOutputWithADesktop_IsNone()
    {
        DuplicationAnswer answer = Open([Unused], []);

        Assert.Null(answer.Outputs);
        Assert.False(answer.MayComeBack);
        Assert.Equal(0, FakeAdapters.References);
    }

    private static DuplicationAnswer Open(params FakeAdapters.Output[][] adapters)
    {
        using (ComObject? device = Device(out ComObject? context))
        {
            Assert.SkipWhen(device is null, "Direct3D 11 gives no device here");
            context!.Dispose();
        }
        return OutputDuplications.Open(
            Desktop,
            (out nint factory) =>
            {
                factory = FakeAdapters.Make(adapters);
                return 0;
            },
            static (nint _, out nint device, out nint context) => MakeDevice(out device, out context));
    }

    private static ComObject? Device(out ComObject? context)
    {
        bool isMade = MakeDevice(out nint device, out nint immediate) >= 0;
        context = isMade ? new ComObject(immediate) : null;
        return isMade ? new ComObject(device) : null;
    }

    private static int MakeDevice(out nint device, out nint context)
    {
        const int Hardware = 1;
        nint made = 0, immediate = 0;
        int result = D3D11.D3D11CreateDevice(0, Hardware, 0, 0, null, 0, D3D11.SdkVersion, &made, null, &immediate);
        (device, context) = (made, immediate);
        return result;
    }
}
