using RemoteAccess.Picture;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

/// <summary>The clipboard through the session helper, over memory.</summary>
public sealed class SessionClipboardTests : IDisposable
{
    private readonly HelperHome home = new();
    private readonly TestPermit permit = new(Operations.Clipboard);
    private readonly FakeClipboard there = new();

    public void Dispose() => permit.Dispose();

    [Fact]
    public async Task Texts_BothWays_ArriveWholeAndInOrder()
    {
        await using HelperInMemory helper = await StartAsync();
        await using IClipboardAccess access = await OpenAsync();
        string longest = new('x', ClipboardText.MaxBytes), widest = string.Concat(Enumerable.Repeat("語", ClipboardText.MaxBytes / 3));

        foreach (string text in (string[])["Grüße\n🙂", longest, widest])
        {
            Task<string> next = NextAsync(access);
            there.Copy(text);
            Assert.Equal(text, await next.WaitAsync(Eventually.Limit));
            await access.SetAsync(text, default).AsTask().WaitAsync(Eventually.Limit);
        }

        Assert.Equal(["Grüße\n🙂", longest, widest], there.Put);
        foreach (string never in (string[])["", "a\0b", longest + "x", "\ud800"]) await Assert.ThrowsAsync<ArgumentException>(() => access.SetAsync(never, default).AsTask());
        Assert.Equal(3, there.Put.Count);
    }

    /// <summary>However much is copied, one text is on its way for each that is asked for.</summary>
    [Fact]
    public async Task Next_NotAskedFor_IsNotReadInThePersonsSession()
    {
        await using HelperInMemory helper = await StartAsync();
        await using IClipboardAccess access = await OpenAsync();
        there.Copy("one");
        there.Copy("two");
        await Eventually.Never(() => there.Read > 0, "a text was read that nobody asked for");

        Assert.Equal("one", await NextAsync(access).WaitAsync(Eventually.Limit));

        await Eventually.Never(() => there.Read > 1, "a text was read that nobody asked for");
    }

    [Fact]
    public async Task Next_Cancelled_LosesNoText()
    {
        await using HelperInMemory helper = await StartAsync();
        await using IClipboardAccess access = await OpenAsync();
        using CancellationTokenSource cancel = new();
        Task<string> waiting = access.NextAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        there.Copy("kept");

        Assert.Equal("kept", await NextAsync(access).WaitAsync(Eventually.Limit));
    }

    [Fact]
    public async Task Permit_Withdrawn_EndsEverythingAtOnceAlsoInTheHelper()
    {
        await using HelperInMemory helper = await StartAsync();
        await using IClipboardAccess access = await OpenAsync();
        Task<string> next = NextAsync(access);
        there.IsStuck = true;
        Task set = access.SetAsync("x", default).AsTask();
        await Eventually.Is(() => there.Setting == 1, "the helper is putting it there");

        permit.Withdraw();

        await Assert.ThrowsAsync<AccessRefusedException>(() => next.WaitAsync(Eventually.Limit));
        await Assert.ThrowsAsync<AccessRefusedException>(() => set.WaitAsync(Eventually.Limit));
        await Assert.ThrowsAsync<AccessRefusedException>(() => NextAsync(access));
        await Assert.ThrowsAsync<AccessRefusedException>(() => access.SetAsync("y", default).AsTask());
        await Eventually.Is(() => there.Open == 0, "the helper's access is disposed");
        await Assert.ThrowsAsync<AccessRefusedException>(() => OpenAsync());
        Assert.Empty(there.Put);
    }

    [Fact]
    public async Task Open_WithThePermitOfSomethingElse_IsRefused()
    {
        await using HelperInMemory helper = await StartAsync();
        using TestPermit other = new(Operations.ControlInput);

        await Assert.ThrowsAsync<ArgumentException>(() => new HelperClipboard(home, TimeProvider.System).OpenAsync(other.Permit, default).AsTask());
        Assert.Equal(0, there.Opened);
    }

    [Fact]
    public async Task Helper_MissingOrGone_IsAnErrorAndNoWait()
    {
        await Assert.ThrowsAsync<DesktopException>(() => OpenAsync().WaitAsync(Eventually.Limit));
        HelperInMemory first = await StartAsync();
        await using IClipboardAccess access = await OpenAsync();
        Task<string> next = NextAsync(access);
        there.IsStuck = true;
        Task set = access.SetAsync("x", default).AsTask();
        await Eventually.Is(() => there.Setting == 1, "the helper is putting it there");

        await first.DisposeAsync();

        await Assert.ThrowsAsync<DesktopException>(() => next.WaitAsync(Eventually.Limit));
        await Assert.ThrowsAsync<DesktopException>(() => set.WaitAsync(Eventually.Limit));
        there.IsStuck = false;
        await using HelperInMemory second = await StartAsync();
        // What was opened was another helper's, perhaps another user's.
        await Assert.ThrowsAsync<DesktopException>(() => NextAsync(access).WaitAsync(Eventually.Limit));
        await Assert.ThrowsAsync<DesktopException>(() => access.SetAsync("x", default).AsTask().WaitAsync(Eventually.Limit));
        await using IClipboardAccess again = await OpenAsync();
        await again.SetAsync("z", default).AsTask().WaitAsync(Eventually.Limit);
        Assert.Equal(["z"], there.Put);
    }

    [Fact]
    public async Task Failures_OfTheClipboard_AreToldAndTheNextMaySucceed()
    {
        there.Refusal = new DesktopException(DesktopError.NoDisplay, "no clip\r\n\u001bboard here");
        await using HelperInMemory helper = await StartAsync();
        Assert.Contains("no clipboard here", (await Assert.ThrowsAsync<DesktopException>(() => OpenAsync().WaitAsync(Eventually.Limit))).Message, StringComparison.Ordinal);
        there.Refusal = null;
        await using IClipboardAccess access = await OpenAsync();

        there.Refusal = new DesktopException(DesktopError.NoDisplay, "kept by another");
        Assert.Contains("kept by another", (await Assert.ThrowsAsync<DesktopException>(() => access.SetAsync("x", default).AsTask().WaitAsync(Eventually.Limit))).Message, StringComparison.Ordinal);
        there.Refusal = null;
        await access.SetAsync("y", default).AsTask().WaitAsync(Eventually.Limit);
        there.Texts.Writer.Complete(new DesktopException(DesktopError.DisplayLost, "not watched any more"));

        Assert.Contains("not watched any more", (await Assert.ThrowsAsync<DesktopException>(() => NextAsync(access).WaitAsync(Eventually.Limit))).Message, StringComparison.Ordinal);
        Assert.Equal(["y"], there.Put);
    }

    [Fact]
    public async Task Helper_ThatDoesNotAnswer_IsGivenUp()
    {
        FakeTime time = new();
        there.IsStuck = true;
        await using HelperInMemory helper = await StartAsync();
        await using IClipboardAccess access = await new HelperClipboard(home, time).OpenAsync(permit.Permit, default);
        Task set = access.SetAsync("x", default).AsTask();
        await Eventually.Is(() => there.Setting == 1 && time.PendingTimers > 0, "it waits");

        time.Advance(HelperClipboardAccess.Patience);

        await Assert.ThrowsAsync<DesktopException>(() => set.WaitAsync(Eventually.Limit));
    }

    [Theory]
    [InlineData("a text that nobody asked for")]
    [InlineData("a text with a zero")]
    [InlineData("an empty text")]
    [InlineData("a text that is too long")]
    [InlineData("a text and more")]
    [InlineData("no flag")]
    [InlineData("an answer too many")]
    [InlineData("half a pair")]
    public async Task Helper_ThatLies_LosesItsLink(string lie)
    {
        (Stream service, Stream far) = Duplex.Pair();
        using FakeProcess process = new();
        await using HelperLink link = new(service, process, TimeProvider.System);
        Task<string> serving = link.RunAsync(() => home.Set(link), default);
        await far.WriteAsync(new MessageWriter(HelperWord.Hello, 0).Int(WireLimits.Version).Finish());
        await Eventually.Is(() => home.Current is not null, "the greeting is heard");
        Task<IClipboardAccess> opening = OpenAsync();
        await far.WriteAsync(new MessageWriter(HelperWord.Done, 1).Finish());
        IClipboardAccess access = await opening.WaitAsync(Eventually.Limit);
        Task<string>? next = lie == "a text that nobody asked for" ? null : NextAsync(access);
        MessageWriter copied = new(HelperWord.Copied, 1);
        await far.WriteAsync(lie switch
        {
            "a text with a zero" => copied.Flag(true).Text("a\0b", 9),
            "an empty text" => copied.Flag(true).Text("", 9),
            "a text that is too long" => copied.Flag(true).Text(new string('x', ClipboardText.MaxBytes + 1), int.MaxValue),
            "a text and more" => copied.Flag(true).Text("a", 9).Byte(0),
            "no flag" => copied.Byte(7).Text("a", 9),
            "an answer too many" => new MessageWriter(HelperWord.Done, 1),
            // UTF-8 of a lone surrogate.
            "half a pair" => copied.Flag(true).Int(3).Bytes([0xed, 0xa0, 0x80]),
            _ => copied.Flag(true).Text("a", 9),
        } is var message ? message.Finish() : default);

        Assert.Contains("protocol", await serving.WaitAsync(Eventually.Limit), StringComparison.Ordinal);
        if (next is not null) await Assert.ThrowsAsync<DesktopException>(() => next.WaitAsync(Eventually.Limit));
        await access.DisposeAsync();
    }

    private Task<HelperInMemory> StartAsync() => HelperInMemory.StartAsync(home, new FakeSession { Clipboard = there });

    private Task<IClipboardAccess> OpenAsync() => new HelperClipboard(home, TimeProvider.System).OpenAsync(permit.Permit, default).AsTask();

    private static Task<string> NextAsync(IClipboardAccess access) => access.NextAsync(default).AsTask();
}
