using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>README's flow on a real X server.</summary>
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class ScreenAndInputTests(Office office)
{
    [Fact]
    public async Task Screenshot_OfAStillXterm_HasNoPixelThatDiffersFromXwds()
    {
        await using Desk desk = await Desk.OpenAsync();
        await desk.ShowTerminalAsync($"i=0; while [ $i -lt 25 ]; do echo \"$i: €ä漢 The quick brown fox\"; i=$((i+1)); done; touch {desk.PathOf("shown")}; exec sleep 600", "shown");
        await using AgentRun agent = await office.StartAgentAsync(desk.Display);
        XwdPicture before, after;
        string file;
        Ran ran;
        CancellationToken limit = Helpdesk.Limit();
        do
        {
            limit.ThrowIfCancellationRequested();
            before = await desk.StillPictureAsync();
            file = office.NewPath("desk.png");
            ran = (await office.ViewAsync(agent, "screenshot", file)).Succeeded();
            after = await desk.Server.DumpAsync();
        }
        // xterm may be behind with what it was told to show.
        while (!before.Pixels.AsSpan().SequenceEqual(after.Pixels));

        Assert.Equal($"{file}: 800x600\n", ran.Output);
        (PixelSize size, byte[] rgb) = PngReader.Read(await File.ReadAllBytesAsync(file));
        Assert.Equal(before.Size, size);
        Assert.True(before.Pixels.Distinct().Count() > 1, "Nothing was on the screen.");
        Assert.Equal(0, Enumerable.Range(0, before.Pixels.Length).Count(i => before.Pixels[i] != (uint)(rgb[i * 3] << 16 | rgb[i * 3 + 1] << 8 | rgb[i * 3 + 2])));
        Assert.False(File.Exists(file + ".part"));
    }

    [Fact]
    public async Task TypeKeyAndClick_IntoAnXterm_ArriveExactly()
    {
        await using Desk desk = await Desk.OpenAsync();
        const string Text = "€ä漢😀\nzweite\tZeile \\ Ende\n";
        string typed = desk.PathOf("typed"), done = desk.PathOf("done");
        await desk.ShowTerminalAsync($"cat > {typed}; mv {typed} {done}; exec sleep 600", "typed");
        desk.Client.WarpPointer(790, 590);
        await using AgentRun agent = await office.StartAgentAsync(desk.Display);

        // Without a window manager the window under the pointer has the keyboard.
        (await office.ViewAsync(agent, "click", "120", "90")).Succeeded();
        Assert.Equal((120, 90), desk.Client.QueryPointer() is var pointer ? (pointer.X, pointer.Y) : default);
        (await office.ViewAsync(agent, "type", @"€ä漢😀\nzweite\tZeile \\ Ende\n")).Succeeded();
        await Eventually.Is(() => new FileInfo(typed).Length >= Encoding.UTF8.GetByteCount(Text), "cat has got the text");
        (await office.ViewAsync(agent, "key", "ctrl+d")).Succeeded();
        await Eventually.Is(() => File.Exists(done), "cat has seen the end");

        Assert.Equal(Text, await File.ReadAllTextAsync(done));
        Assert.False(desk.Client.IsAnyKeyDown);
    }

    [Fact]
    public async Task Click_OnAWindow_IsOnePressAndOneReleaseThere()
    {
        await using Desk desk = await Desk.OpenAsync();
        desk.Client.ShowInputWindow(300, 200, 100, 100);
        await using AgentRun agent = await office.StartAgentAsync(desk.Display);

        (await office.ViewAsync(agent, "click", "350", "250")).Succeeded();
        desk.Client.Sync();

        Assert.Equal([(4, 1u), (5, 1u)], desk.Client.ReadInput().Select(input => (input.Kind, input.Detail)));
    }

    [Fact]
    public async Task Info_OfARunningAgent_SaysWhatTheSessionPermits()
    {
        await using AgentRun agent = await office.StartAgentAsync(display: null);

        Ran ran = (await office.ViewAsync(agent, "info", "--reason", "Ticket 4711", "--technician", "Alex Tester")).Succeeded();

        var said = ran.Lines.ToDictionary(line => line[..17].Trim(), line => line[17..]);
        Assert.StartsWith(Environment.MachineName, said["computer"], StringComparison.Ordinal);
        Assert.Equal("ViewScreen", said["permitted"]);
        Assert.Equal("0 since the last success", said["failed attempts"]);
        Assert.Matches("^[0-9.]+ ms$", said["round trip"]);
        string begins = await agent.SaidAsync("SESSION ");
        Assert.Contains($"{said["session"]} begins: Alex Tester from tcp 127.0.0.1:", begins, StringComparison.Ordinal);
        Assert.EndsWith(", ViewScreen, \"Ticket 4711\"", begins, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resolution_ChangedByXrandrWhileWatched_WholeNewPicture()
    {
        Programs.Require("xrandr");
        await using Desk desk = await Desk.OpenAsync(1024, 768);
        await desk.ShowTerminalAsync($"echo hello; touch {desk.PathOf("shown")}; exec sleep 600", "shown");
        await using AgentRun agent = await office.StartAgentAsync(desk.Display);
        await using RemoteSession session = await office.ConnectAsync(agent);
        await using var sight = new Sight(session, Helpdesk.Limit());
        await sight.NextAsync();
        Assert.Equal(new PixelSize(1024, 768), sight.Picture.Size);
        await desk.Server.RunAsync("xrandr", "--newmode", "640x400", "40", "640", "640", "640", "640", "400", "400", "400", "400");
        await desk.Server.RunAsync("xrandr", "--addmode", "screen", "640x400");

        await desk.Server.RunAsync("xrandr", "--output", "screen", "--mode", "640x400");
        await sight.UntilAsync(update => update.Size == new PixelSize(640, 400));
        XwdPicture real = await desk.StillPictureAsync();
        while (Differences(real, sight.Picture) > 0) await sight.NextAsync();

        Assert.Equal(new PixelRect(0, 0, 640, 400), Assert.Single(sight.Picture.Layout.Monitors).Area);
        Assert.Equal(real.Size, sight.Picture.Size);
    }

    private static int Differences(XwdPicture real, PictureUpdate shown)
    {
        ReadOnlySpan<uint> pixels = MemoryMarshal.Cast<byte, uint>(shown.Pixels);
        Assert.Equal(real.Pixels.Length, pixels.Length);
        int differences = 0;
        for (int i = 0; i < pixels.Length; i++)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(MemoryMarshal.AsBytes(pixels.Slice(i, 1))) != real.Pixels[i]) differences++;
        }

        return differences;
    }
}
