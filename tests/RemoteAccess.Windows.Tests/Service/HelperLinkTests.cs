using RemoteAccess.Picture;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

/// <summary>The service before a helper that is somebody else's: whatever it says, the link ends or goes on, and nothing else happens.</summary>
public sealed class HelperLinkTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Service_BeforeAHelperThatLies_NeitherFailsNorHangs(int seed)
    {
        Random random = new(seed);
        for (int round = 0; round < 20; round++)
        {
            HelperHome home = new();
            await using IScreenCapture capture = new HelperCapture(home, TestPermit.ForView(), TimeProvider.System);
            (Stream service, Stream helper) = Duplex.Pair();
            using FakeProcess process = new();
            await using HelperLink link = new(service, process, TimeProvider.System);
            Task<string> serving = link.RunAsync(() => home.Set(link), default);
            await SendAsync(helper, new MessageWriter(HelperWord.Hello, 0).Int(WireLimits.Version).Finish());
            await Eventually.Is(() => home.Current is not null, "the greeting is heard");
            using CancellationTokenSource stop = new();
            Task capturing = CaptureAllAsync(capture, stop.Token);
            Task opening = Sessions.HelperInput.OpenAsync(home, TestPermit.ForInput(), new(), static _ => { }, TimeProvider.System, default);
            Task copying = CopyAllAsync(home, stop.Token), showing = ShowAllAsync(link, stop.Token);
            foreach (byte[] message in Lies(random))
            {
                if (serving.IsCompleted) break;
                await SendAsync(helper, message);
            }
            await helper.DisposeAsync();
            Assert.NotEmpty(await serving.WaitAsync(Eventually.Limit));
            home.Set(null);
            await stop.CancelAsync();
            await capturing.WaitAsync(Eventually.Limit);
            await copying.WaitAsync(Eventually.Limit);
            await showing.WaitAsync(Eventually.Limit);
            await Task.WhenAny(opening.WaitAsync(Eventually.Limit));
            Assert.True(opening.IsCompletedSuccessfully || opening.Exception!.InnerException is DesktopException, $"{opening.Exception}");
        }
    }

    [Theory]
    [InlineData(32_769, 1)]
    [InlineData(1, 32_769)]
    [InlineData(0, 5)]
    [InlineData(-1, 5)]
    [InlineData(32_768, 32_768)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public async Task Section_OfASizeThatNoScreenHas_EndsTheLink(int width, int height) =>
        Assert.Contains("protocol", await AfterAsync(new MessageWriter(HelperWord.NeedSection, 1).Size(new PixelSize(width, height))), StringComparison.Ordinal);

    [Fact]
    public async Task Frame_WithDamageOutsideThePicture_EndsTheLink() => Assert.Contains("within", await AfterAsync(
        new MessageWriter(HelperWord.NeedSection, 1).Size(new PixelSize(10, 10)),
        new MessageWriter(HelperWord.Frame, 1).Flag(true).Size(new PixelSize(10, 10)).Int(1).Text("m", 9).Rect(new PixelRect(0, 0, 10, 10)).Flag(true).Int(1).Rect(new PixelRect(5, 5, int.MaxValue, 5)).Int(0).Int(0).Byte(0)), StringComparison.Ordinal);

    [Theory]
    [InlineData(1, 11, 0)]
    [InlineData(1, 5, 40_000)]
    [InlineData(17, 5, 0)]
    [InlineData(int.MaxValue, 5, 0)]
    [InlineData(-1, 5, 0)]
    public async Task Frame_WithMovesThatCannotBe_EndsTheLink(int count, int width, int dx) => Assert.NotEmpty(await AfterAsync(
        new MessageWriter(HelperWord.NeedSection, 1).Size(new PixelSize(10, 10)),
        new MessageWriter(HelperWord.Frame, 1).Flag(true).Size(new PixelSize(10, 10)).Int(1).Text("m", 9).Rect(new PixelRect(0, 0, 10, 10)).Flag(true).Int(0).Int(count).Rect(new PixelRect(0, 0, width, 5)).Int(dx).Int(0).Int(0).Int(0).Byte(0)));

    [Fact]
    public async Task Greeting_OfAnotherVersion_EndsTheLink()
    {
        (Stream service, Stream helper) = Duplex.Pair();
        using FakeProcess process = new();
        await using HelperLink link = new(service, process, TimeProvider.System);
        Task<string> serving = link.RunAsync(static () => Assert.Fail("It was greeted."), default);
        await SendAsync(helper, new MessageWriter(HelperWord.Hello, 0).Int(WireLimits.Version + 1).Finish());

        Assert.Contains("version", await serving.WaitAsync(Eventually.Limit), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Length_ThatNoMessageHas_EndsTheLinkBeforeMemoryIsTaken()
    {
        (Stream service, Stream helper) = Duplex.Pair();
        using FakeProcess process = new();
        await using HelperLink link = new(service, process, TimeProvider.System);
        Task<string> serving = link.RunAsync(static () => { }, default);
        await SendAsync(helper, BitConverter.GetBytes(int.MaxValue));

        Assert.Contains("bytes", await serving.WaitAsync(Eventually.Limit), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Helper_ThatSaysNothingFor10Seconds_IsGivenUp()
    {
        FakeTime time = new();
        (Stream service, _) = Duplex.Pair();
        using FakeProcess process = new();
        await using HelperLink link = new(service, process, time);
        Task<string> serving = link.RunAsync(static () => { }, default);

        time.Advance(HelperLink.Silence - TimeSpan.FromMilliseconds(1));
        Assert.False(serving.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Contains("silent", await serving.WaitAsync(Eventually.Limit), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Helper_WhoseLoopHangsWhileItStillTellsTheIdleTime_IsGivenUp()
    {
        FakeTime time = new();
        HelperHome home = new();
        (Stream service, Stream helper) = Duplex.Pair();
        await using HelperStream mine = new(helper);
        using FakeProcess process = new();
        await using HelperLink link = new(service, process, time);
        Task<string> serving = link.RunAsync(() => home.Set(link), default);
        mine.Send(new MessageWriter(HelperWord.Hello, 0).Int(WireLimits.Version));
        await Eventually.Is(() => home.Current is not null, "the greeting is heard");
        await TickAsync();
        ReceivedWord first = await mine.ReadAsync(default) ?? default;
        Assert.Equal((HelperWord.Ping, 1u), (first.Word, first.Number));
        mine.Send(new MessageWriter(HelperWord.Pong, 1));
        await SettledAsync(1);
        await TickAsync();
        Assert.Equal(2u, (await mine.ReadAsync(default))?.Number);
        // It goes on telling the idle time, and answers no more.
        for (long said = 2; said <= 6; said++)
        {
            Assert.False(serving.IsCompleted);
            await SettledAsync(said);
            await TickAsync();
        }

        Assert.Contains("hangs", await serving.WaitAsync(Eventually.Limit), StringComparison.Ordinal);

        Task SettledAsync(long milliseconds)
        {
            mine.Send(new MessageWriter(HelperWord.Idle, 0).Long(milliseconds));
            return Eventually.Is(() => link.IdleTime == TimeSpan.FromMilliseconds(milliseconds), "it is heard");
        }

        async Task TickAsync()
        {
            await Eventually.Is(() => time.HasTimerAt(time.Elapsed + HelperLink.PingEvery), "the next look is set");
            time.Advance(HelperLink.PingEvery);
        }
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    [InlineData(7u)]
    public async Task Answer_ToNoPing_EndsTheLink(uint number) => Assert.Contains("no ping", await AfterAsync(new MessageWriter(HelperWord.Pong, number)), StringComparison.Ordinal);

    [Theory]
    [InlineData(0u)]
    [InlineData(2u)]
    public async Task Word_ForANumberThatWasNeverGiven_EndsTheLink(uint number) => Assert.Contains("never given", await AfterAsync(new MessageWriter(HelperWord.Done, number)), StringComparison.Ordinal);

    private static async Task<string> AfterAsync(params MessageWriter[] messages)
    {
        HelperHome home = new();
        await using IScreenCapture capture = new HelperCapture(home, TestPermit.ForView(), TimeProvider.System);
        (Stream service, Stream helper) = Duplex.Pair();
        using FakeProcess process = new();
        await using HelperLink link = new(service, process, TimeProvider.System);
        Task<string> serving = link.RunAsync(() => home.Set(link), default);
        await SendAsync(helper, new MessageWriter(HelperWord.Hello, 0).Int(WireLimits.Version).Finish());
        await Eventually.Is(() => home.Current is not null, "the greeting is heard");
        using CancellationTokenSource stop = new();
        Task capturing = CaptureAllAsync(capture, stop.Token);
        foreach (MessageWriter message in messages) await SendAsync(helper, message.Finish());
        string why = await serving.WaitAsync(Eventually.Limit);
        home.Set(null);
        await stop.CancelAsync();
        await capturing;
        return why;
    }

    /// <summary>Messages as a helper of ours would send them, most of them spoilt somewhere.</summary>
    private static IEnumerable<byte[]> Lies(Random random)
    {
        PixelSize size = new(random.Next(1, 40), random.Next(1, 40));
        ScreenLayout layout = DrawnFrame.LayoutOf(size.Width, size.Height);
        FrameWords words = new();
        for (int i = 0; i < 12; i++)
        {
            DrawnFrame frame = new(new uint[size.Area], layout, [new PixelRect(0, 0, random.Next(1, size.Width + 1), 1)], new CursorState(1, 2, new CursorShape(new PixelSize(1, 2), 0, 0, new byte[8]))) { Told = [new ScreenMove(new PixelRect(0, 0, 1, 1), 3, -4)] };
            MessageWriter writer = random.Next(11) switch
            {
                0 => new MessageWriter(HelperWord.NeedSection, 1).Size(size),
                1 => new MessageWriter(HelperWord.Failed, (uint)random.Next(1, 4)).Int(random.Next(-2, 9)).Text("words\u0007", 100),
                2 => new MessageWriter(HelperWord.Idle, 0).Long(random.NextInt64()),
                3 => new MessageWriter(HelperWord.Done, (uint)random.Next(0, 4)),
                4 => new MessageWriter(HelperWord.Answer, (uint)random.Next(0, 4)).Flag(true).Flag(random.Next(2) == 0),
                5 => new MessageWriter(HelperWord.Copied, (uint)random.Next(1, 5)).Flag(true).Text("copied \U0001F642", 100),
                6 => new MessageWriter(HelperWord.Copied, (uint)random.Next(1, 5)).Flag(false).Int(1).Text("no", 100),
                7 => new MessageWriter(HelperWord.Seen, (uint)random.Next(1, 6)).Flag(true),
                8 => new MessageWriter(HelperWord.Stop, (uint)random.Next(1, 6)),
                _ => words.Write(1, frame),
            };
            byte[] message = writer.Finish().ToArray();
            switch (random.Next(6))
            {
                case 0:
                    message[random.Next(message.Length)] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    random.NextBytes(message.AsSpan(random.Next(message.Length)));
                    break;
                case 2:
                    message = message[..random.Next(message.Length)];
                    break;
                case 3:
                    BitConverter.TryWriteBytes(message.AsSpan(4 + random.Next(message.Length - 7)), random.Next(2) == 0 ? int.MaxValue : -1);
                    break;
            }
            yield return message;
        }
    }

    private static async Task CaptureAllAsync(IScreenCapture capture, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                using ScreenFrame frame = await capture.CaptureAsync(cancellationToken);
                Assert.All(frame.Damage.ToArray(), area => Assert.Equal(area, area.Intersect(new PixelRect(0, 0, frame.Size.Width, frame.Size.Height))));
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private static async Task ShowAllAsync(HelperLink link, CancellationToken cancellationToken)
    {
        StripChannel strip = new(link, System.Globalization.CultureInfo.InvariantCulture, static () => { });
        try
        {
            while (await strip.ShowAsync(new Trust.BannerWords("Somebody", "since now", true), cancellationToken)) cancellationToken.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException)
        {
            return;
        }
        finally
        {
            strip.Close();
        }
    }

    /// <summary>A strip that nobody asked about is not seen.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Seen_UnaskedOrWithMoreBehindIt_EndsTheLink(bool isAsked)
    {
        (Stream service, Stream helper) = Duplex.Pair();
        using FakeProcess process = new();
        await using HelperLink link = new(service, process, TimeProvider.System);
        Task<string> serving = link.RunAsync(static () => { }, default);
        await SendAsync(helper, new MessageWriter(HelperWord.Hello, 0).Int(WireLimits.Version).Finish());
        StripChannel strip = new(link, System.Globalization.CultureInfo.InvariantCulture, static () => { });
        Task<bool>? shown = isAsked ? strip.ShowAsync(null, default) : null;
        await SendAsync(helper, isAsked ? new MessageWriter(HelperWord.Seen, 1).Flag(true).Byte(0).Finish() : new MessageWriter(HelperWord.Seen, 1).Flag(true).Finish());

        Assert.Contains("protocol", await serving.WaitAsync(Eventually.Limit), StringComparison.Ordinal);
        if (shown is not null) Assert.False(await shown.WaitAsync(Eventually.Limit));
    }

    private static async Task CopyAllAsync(HelperHome home, CancellationToken cancellationToken)
    {
        try
        {
            using TestPermit permit = new(Operations.Clipboard);
            await using IClipboardAccess access = await new HelperClipboard(home, TimeProvider.System).OpenAsync(permit.Permit, cancellationToken);
            while (true) Assert.True(ClipboardText.CanTravel(await access.NextAsync(cancellationToken)));
        }
        catch (Exception over) when (over is OperationCanceledException or DesktopException)
        {
            return;
        }
    }

    private static async Task SendAsync(Stream helper, ReadOnlyMemory<byte> message)
    {
        try
        {
            await helper.WriteAsync(message);
        }
        catch (Exception closed) when (closed is IOException or InvalidOperationException)
        {
            // The service has ended the link.
            return;
        }
    }
}
