using RemoteAccess.Interop;
using RemoteAccess.Sessions;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>What a technician does in a session besides seeing and steering, with an agent and a surface that are Windows': a person at the X server below answers.</summary>
[Collection(OneDesktop.Name)]
public sealed class ToolsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Chat_Text_OpensTheSurfacesWindowAndOnlyAPersonAnswersThere()
    {
        await using WindowsVisit visit = await WindowsVisit.ConnectAsync(Operations.ViewScreen | Operations.Chat, isShown: true);
        TaskCompletionSource<string> answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        visit.Session.Chat.TextReceived += (_, text) => answered.TrySetResult(text.Text);
        SurfaceScene scene = visit.Scene;

        Assert.Equal(RefusalReason.None, await visit.Session.Chat.SendAsync("Darf ich Excel schließen?\n漢字 🙂", Cancel));

        await Eventually.Is(() => scene.Look.Window is { Name: "chat", IsMapped: true }, "the window opens at what was written");
        await SurfaceScene.EnterAsync(() => scene.Look.Window);
        await Eventually.Is(() => scene.Automation.Shown is { } shown && shown.Elements.Any(static one => one.Name.Contains("Darf ich Excel schließen?", StringComparison.Ordinal)), "it has the text");
        string yes = $"chat/{Convert.ToHexStringLower(visit.Live.Id.Span)}/yes";
        (int x, int y) = SurfaceScene.Middle(scene.PlaceOf(yes));
        long ignored = scene.Look.Ignored;
        Prank.Move(x - 60, y + 60);
        Prank.Move(x, y);
        Prank.Click();
        await Eventually.Is(() => scene.Look.Ignored > ignored, "a program's click is seen, and none");
        await SurfaceScene.PersonMovesToAsync(x + 100, y + 90);
        await SurfaceScene.PersonClicksAsync(scene.PlaceOf(yes));

        Assert.Equal("Yes, please", await answered.Task.WaitAsync(Eventually.Limit));
        await visit.HangUpAsync();
        LedgerEntry[] exchanged = [.. visit.History("chat.exchanged")];
        Assert.Equal((1, 1), (exchanged.Sum(static entry => (int?)entry.Data()["toComputer"] ?? 0), exchanged.Sum(static entry => (int?)entry.Data()["toTechnician"] ?? 0)));
    }

    /// <summary>In pixels of the X server: the strip with the mark is what is drawn for a recorded session, and nothing else is.</summary>
    [Fact]
    public async Task Recording_WhileItRuns_IsMarkedOnTheStripAndGoesWithIt()
    {
        await using WindowsVisit visit = await WindowsVisit.ConnectAsync(Operations.ViewScreen | Operations.RecordSession, isShown: true);
        await Eventually.Is(() => visit.Scene.Look.Banners.Count > 0 && visit.Scene.Banner.IsSeen, "the strip is seen");
        Assert.DoesNotContain("●", visit.Scene.Banner.Words.Note, StringComparison.Ordinal);
        using MemoryStream file = new();

        await visit.Session.Recording.StartAsync(file, Cancel);

        await Eventually.Is(() => visit.Scene.Banner.Words.Note.Contains("● This session is being recorded", StringComparison.Ordinal) && visit.Scene.Banner.IsSeen, "the strip says it");
        BannerWords marked = visit.Scene.Banner.Words;
        PixelRect area = visit.Scene.Banner.Area;
        uint[] expected = Draw(marked, area), unmarked = Draw(marked with { Note = marked.Note.Replace("● This session is being recorded", "", StringComparison.Ordinal) }, area);
        int apart = int.MaxValue;
        for (int look = 0; look < 100 && apart != 0; look++) apart = Different(await XSide.DumpAsync(), area, expected);
        Assert.Equal(0, apart);
        Assert.True(expected.Zip(unmarked).Count(static pair => pair.First != pair.Second) > 200, "The mark would hardly be seen.");

        RecordedFile recorded = await visit.Session.Recording.StopAsync(Cancel);
        Assert.True(recorded.IsInLedger && recorded.Bytes == file.Length && file.Length > 0);
        await Eventually.Is(() => !visit.Scene.Banner.Words.Note.Contains('●', StringComparison.Ordinal) && visit.Scene.Banner.IsSeen, "the mark goes");
        Assert.Equal(["recording.started", "recording.stopped"], visit.Trust.ReadHistory().Select(static entry => entry.Type).Where(static type => type.StartsWith("recording.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task SystemInfo_OfThisComputer_IsWhatWindowsSays()
    {
        await using WindowsVisit visit = await WindowsVisit.ConnectAsync(Operations.SystemInfo);

        SystemInfo info = await visit.Session.SystemInfo.ReadAsync(Cancel);

        Assert.Equal(Environment.MachineName, info.ComputerName);
        Assert.Contains("Windows", info.System, StringComparison.Ordinal);
        Assert.Equal(("X64", Environment.ProcessorCount), (info.Architecture, info.Processors));
        using (Microsoft.Win32.RegistryKey? processor = Microsoft.Win32.Registry.LocalMachine.OpenSubKey(@"HARDWARE\DESCRIPTION\System\CentralProcessor\0"))
            Assert.Equal((processor?.GetValue("ProcessorNameString") as string ?? "").Trim(), info.Processor);
        Assert.InRange(info.MemoryBytes, 128L << 20, 64L << 40);
        Assert.InRange(info.MemoryAvailableBytes, 1, info.MemoryBytes);
        DiskInfo disk = Assert.Single(info.Disks, static one => one.Name == @"C:\");
        Assert.InRange(disk.FreeBytes, 1, disk.TotalBytes);
        Assert.InRange(info.BootedAt!.Value, DateTimeOffset.UnixEpoch, TimeProvider.System.GetUtcNow());
        Assert.Equal(TimeZoneInfo.Local.Id, info.TimeZone);
        Assert.NotEmpty(info.AgentVersion);
        Assert.Single(visit.History("system-info.read"));
    }

    /// <summary>The technician's list of computers: this one proves at its address that it is the grant's.</summary>
    [Fact]
    public async Task List_OfComputers_FindsThisOneOnlineAndNobodyWhereNoneListens()
    {
        await using WindowsVisit visit = await WindowsVisit.ConnectAsync(Operations.ViewScreen);
        KnownComputer here = new() { Grant = visit.Grant, GrantFile = "erika.grant", Nickname = "Contoso:Frontdesk:Erika", Address = visit.EndPoint.ToString() };

        Assert.Equal(ComputerStatus.Online, await ComputerList.AskAsync(here, cancellationToken: Cancel));
        Assert.Equal(ComputerStatus.Offline, await ComputerList.AskAsync(new KnownComputer { Grant = visit.Grant, GrantFile = "erika.grant", Nickname = "x", Address = "127.0.0.1:9" }, cancellationToken: Cancel));
    }

    private static unsafe uint[] Draw(BannerWords words, PixelRect area)
    {
        SurfaceTexts texts = SurfaceTexts.For(System.Globalization.CultureInfo.GetCultureInfo("en-GB"));
        using Lettering letters = new(System.Globalization.CultureInfo.GetCultureInfo("en-GB"), 1);
        DrawingStyle style = new(Palette.Normal, letters, 1);
        BannerLayout layout = new(words, texts["banner.stop"], texts["banner.details"], Palette.Normal, letters, 1, area.Width);
        using Canvas canvas = new(0, area.Width, area.Height);
        BannerPainter.Draw(canvas, layout, style);
        _ = Gdi32.GdiFlush();
        return [.. new ReadOnlySpan<uint>((uint*)canvas.Pixels, area.Width * area.Height).ToArray().Select(static pixel => pixel & 0xffffff)];
    }

    private static int Different(XwdPicture screen, PixelRect area, uint[] expected)
    {
        int count = 0;
        for (int i = 0; i < expected.Length; i++) count += (screen.Pixels[((area.Y + (i / area.Width)) * screen.Size.Width) + area.X + (i % area.Width)] & 0xffffff) == expected[i] ? 0 : 1;
        return count;
    }
}
