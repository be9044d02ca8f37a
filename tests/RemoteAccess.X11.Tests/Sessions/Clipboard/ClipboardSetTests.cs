using System.Text;
using RemoteAccess.Interop;
using RemoteAccess.Sessions;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>What the technician puts on the clipboard, as programs of the customer's get it.</summary>
public sealed class ClipboardSetTests
{
    [Theory]
    [InlineData("xclip")]
    [InlineData("xsel")]
    public async Task Set_PastedByARealProgram_IsTheText(string program)
    {
        await using Scene scene = await Scene.OpenAsync();
        await scene.Access.SetAsync("Grüße, 東京 🙂\n", Scene.Limit());
        Assert.Equal("Grüße, 東京 🙂\n", await scene.PasteAsync(program));
        await scene.Access.SetAsync("another", Scene.Limit());
        Assert.Equal("another", await scene.PasteAsync(program));
    }

    [Theory]
    [InlineData("xclip")]
    [InlineData("xsel")]
    public async Task Set_LongestText_GoesInPieces(string program)
    {
        await using Scene scene = await Scene.OpenAsync();
        string longest = new('ü', ClipboardText.MaxBytes / 2);
        await scene.Access.SetAsync(longest, Scene.Limit());
        Assert.Equal(longest, await scene.PasteAsync(program));
    }

    /// <summary>Tk, for one, reads each piece for itself.</summary>
    [Fact]
    public async Task Set_LongText_NoCharacterIsCutInTwo()
    {
        await using Scene scene = await Scene.OpenAsync();
        string text = string.Concat(Enumerable.Repeat("Zeile ü 🙂\n", 60_000));
        await scene.Access.SetAsync(text, Scene.Limit());
        using SelectionAsker asker = new(scene.Server);
        Assert.True(asker.Ask("UTF8_STRING", 0));

        List<byte[]> pieces = asker.TakePieces();

        Assert.InRange(pieces.Count, 3, 100);
        Assert.All(pieces, piece => Assert.True(System.Text.Unicode.Utf8.IsValid(piece)));
        Assert.Equal(text, Encoding.UTF8.GetString([.. pieces.SelectMany(piece => piece)]));
    }

    [Fact]
    public async Task Set_EachKind_IsWhatTheConventionSays()
    {
        await using Scene scene = await Scene.OpenAsync();
        await scene.Access.SetAsync("Grüße", Scene.Limit());
        string[] kinds = (await scene.PasteAsync("xclip", "TARGETS")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["TARGETS", "TIMESTAMP", "MULTIPLE", "UTF8_STRING", "text/plain;charset=utf-8", "TEXT", "STRING"], kinds);
        Assert.Equal("Grüße", await scene.PasteAsync("xclip", "text/plain;charset=utf-8"));
        Assert.Equal("Grüße", await scene.PasteAsync("xclip", "TEXT"));
        Assert.Equal(Encoding.Latin1.GetBytes("Grüße"), await scene.PasteBytesAsync("xclip", "STRING"));
        await scene.Access.SetAsync("東京", Scene.Limit());
        Assert.DoesNotContain("STRING\n", (await scene.PasteAsync("xclip", "TARGETS")).Replace("UTF8_STRING", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Set_ManyKindsAtOnce_StrikesOutWhatThereIsNot()
    {
        await using Scene scene = await Scene.OpenAsync();
        await scene.Access.SetAsync("Grüße", Scene.Limit());
        using SelectionAsker asker = new(scene.Server);
        Assert.Equal([("UTF8_STRING", true), ("image/png", false), ("STRING", true), ("MULTIPLE", false)], asker.AskMany("UTF8_STRING", "image/png", "STRING", "MULTIPLE"));
        Assert.Equal("Grüße", asker.Read(0));
        Assert.True(asker.Ask("TIMESTAMP", 0));
        Assert.False(asker.Ask("image/png", 0));
        // Before it owned the clipboard, by its word.
        Assert.False(asker.Ask("UTF8_STRING", 1));
    }

    [Fact]
    public async Task Set_IsNotToldToTheOneThatSetIt_ButToOthers()
    {
        await using Scene scene = await Scene.OpenAsync();
        using TestPermit permit = new(Operations.Clipboard);
        await using IClipboardAccess other = await scene.Desktop.Clipboard.OpenAsync(permit.Permit, Scene.Limit());
        ValueTask<string> mine = scene.Access.NextAsync(Scene.Limit()), others = other.NextAsync(Scene.Limit());
        for (int i = 0; i < 40; i++) await scene.Access.SetAsync($"text {i}", Scene.Limit());
        Assert.StartsWith("text", await others, StringComparison.Ordinal);
        await Eventually.Never(() => mine.IsCompleted, "Its own text came back.");
        await scene.CopyAsync("xclip", "theirs");
        Assert.Equal("theirs", await mine);
    }

    /// <summary>The text is the customer's now: the session that put it there may end.</summary>
    [Fact]
    public async Task Set_AccessOver_TextStaysUntilTheDesktopIsNotSharedAnyMore()
    {
        await using XServer server = await XServer.StartXvfbAsync(320, 200);
        await using (X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display }))
        {
            using TestPermit permit = new(Operations.Clipboard);
            await using (IClipboardAccess access = await desktop.Clipboard.OpenAsync(permit.Permit, Scene.Limit())) await access.SetAsync("stays", Scene.Limit());
            permit.Withdraw();
            Assert.Equal("stays", await server.RunTextAsync("xclip", "-selection", "clipboard", "-out"));
        }
        using XClient client = new(server);
        nuint clipboard = LibX11.XInternAtom(client.Display, "CLIPBOARD", 0);
        await Eventually.Is(() => LibX11Window.XGetSelectionOwner(client.Display, clipboard) == 0, "nobody owns it");
    }

    [Fact]
    public async Task Set_ThenAnotherProgramCopies_GivesNothingAnyMore()
    {
        await using Scene scene = await Scene.OpenAsync();
        using SelectionAsker asker = new(scene.Server);
        await scene.Access.SetAsync("mine", Scene.Limit());
        ValueTask<string> next = scene.Access.NextAsync(Scene.Limit());
        await scene.CopyAsync("xclip", "theirs");
        Assert.Equal("theirs", await next);
        Assert.Equal("theirs", await scene.PasteAsync("xsel"));
        await scene.Access.SetAsync("mine again", Scene.Limit());
        Assert.Equal("mine again", await scene.PasteAsync("xsel"));
    }

    /// <summary>Who asks and then takes nothing, or is gone, keeps nobody else from it.</summary>
    [Fact]
    public async Task Set_AskedByProgramsThatDoNotTakeIt_OthersGetIt()
    {
        await using Scene scene = await Scene.OpenAsync();
        string longest = new('x', ClipboardText.MaxBytes);
        await scene.Access.SetAsync(longest, Scene.Limit());
        using SelectionAsker lazy = new(scene.Server);
        for (int i = 0; i < 32; i++) Assert.True(lazy.Ask("UTF8_STRING", 0, $"P{i}"));
        // As many as are served at once.
        Assert.False(lazy.Ask("UTF8_STRING", 0, "ONE_MORE"));
        using (SelectionAsker gone = new(scene.Server)) Assert.False(gone.Ask("UTF8_STRING", 0));
        lazy.Dispose();
        TimeSpan start = OwnTime.Now;
        await Eventually.Is(() => { using SelectionAsker next = new(scene.Server); return next.Ask("UTF8_STRING", 0); }, "the places of those that are gone are free");
        Assert.InRange(OwnTime.Now - start, TimeSpan.Zero, PieceTransfers.Patience / 2);
        Assert.Equal(longest, await scene.PasteAsync("xclip"));
    }

    [Fact]
    public async Task Set_WhatCannotTravel_IsTheCallersError()
    {
        await using Scene scene = await Scene.OpenAsync();
        foreach (string text in (string[])["", "a\0b", "\ud800"]) await Assert.ThrowsAsync<ArgumentException>(async () => await scene.Access.SetAsync(text, Scene.Limit()));
    }

    [Fact]
    public async Task Set_ServerDoesNotAnswer_CanBeCancelled()
    {
        await using Scene scene = await Scene.OpenAsync();
        await scene.Access.SetAsync("first", Scene.Limit());
        scene.Server.Stop();
        try
        {
            using CancellationTokenSource cancel = new(TimeSpan.FromMilliseconds(300), TimeProvider.System);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await scene.Access.SetAsync("second", cancel.Token).AsTask().WaitAsync(Eventually.Limit));
        }
        finally
        {
            scene.Server.GoOn();
        }
        await scene.Access.SetAsync("third", Scene.Limit());
        Assert.Equal("third", await scene.PasteAsync("xclip"));
    }

    [Fact]
    public async Task UseAndClose_FiftyTimes_LeavesNoDescriptorBehind()
    {
        await using Scene scene = await Scene.OpenAsync();
        await UseAsync();
        int before = CountSockets();
        for (int i = 0; i < 50; i++) await UseAsync();
        Assert.Equal(before, CountSockets());

        async Task UseAsync()
        {
            using TestPermit permit = new(Operations.Clipboard);
            await using IClipboardAccess access = await scene.Desktop.Clipboard.OpenAsync(permit.Permit, Scene.Limit());
            await access.SetAsync("x", Scene.Limit());
        }

        static int CountSockets() => Directory.GetFiles("/proc/self/fd").Count(path => new FileInfo(path).LinkTarget is { } target && (target.StartsWith("socket:", StringComparison.Ordinal) || target.Contains("[eventfd]", StringComparison.Ordinal)));
    }
}
