using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using RemoteAccess.Interop;
using RemoteAccess.Picture;
using RemoteAccess.Trust;
using ComObject = RemoteAccess.Interop.ComObject;

namespace RemoteAccess.Tests;

/// <summary>The window for a password: xdotool is the person, SendInput and messages are everybody else.</summary>
[Collection(OneDesktop.Name)]
public sealed class EnrolmentWindowTests
{
    private readonly ConcurrentQueue<string> stored = new();
    private CredentialEnrolment answer = CredentialEnrolment.Stored;
    private ReadOnlyMemory<byte> lent;

    [Fact]
    public async Task Window_TypedAndEntered_IsStoredAndWiped()
    {
        await using EnrolmentWindow window = await OpenAsync();
        await TypeAsync(window, "Gxheim", "minus", "4", "shift+a");
        await Eventually.Is(() => window.State.Typed == 9, "everything is typed");
        await TypeAsync(window, "BackSpace", "b", "Return");

        Assert.Equal(CredentialEnrolment.Stored, await window.Outcome.WaitAsync(Eventually.Limit));
        Assert.Equal(["Gxheim-4b"], stored);
        Assert.All(lent.ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public async Task Window_WrongThenRight_SaysSoAndStores()
    {
        answer = CredentialEnrolment.WrongCredentials;
        await using EnrolmentWindow window = await OpenAsync();
        await TypeAsync(window, "wrong", "Return");
        await Eventually.Is(() => window.State is { Typed: 0 } state && state.Status.StartsWith("Windows does not accept", StringComparison.Ordinal), "it says that it is wrong");
        answer = CredentialEnrolment.Stored;
        await TypeAsync(window, "right");
        await Eventually.Is(() => window.State is { Typed: 5, Status: "" }, "typed again");
        await GoToAsync(window, window.State.Store);
        await PromptScene.PersonAsync("click", "1");

        Assert.Equal(CredentialEnrolment.Stored, await window.Outcome.WaitAsync(Eventually.Limit));
        Assert.Equal(["wrong", "right"], stored);
    }

    [Fact]
    public async Task Window_FiveWrong_GivesUp()
    {
        answer = CredentialEnrolment.WrongCredentials;
        await using EnrolmentWindow window = await OpenAsync();
        for (int i = 1; i <= 5; i++)
        {
            await TypeAsync(window, "a", "Return");
            await Eventually.Is(() => stored.Count == i && (i == 5 || window.State.Status.Length > 0), "it was asked");
        }
        Assert.Equal(CredentialEnrolment.WrongCredentials, await window.Outcome.WaitAsync(Eventually.Limit));
    }

    [Theory]
    [InlineData("Escape")]
    [InlineData("button")]
    public async Task Window_NotWanted_StoresNothing(string how)
    {
        await using EnrolmentWindow window = await OpenAsync();
        await TypeAsync(window, "half");
        await Eventually.Is(() => window.State.Typed == 4, "typed");
        if (how == "Escape")
        {
            await TypeAsync(window, how);
        }
        else
        {
            await GoToAsync(window, window.State.Cancel);
            await PromptScene.PersonAsync("click", "1");
        }

        Assert.Null(await window.Outcome.WaitAsync(Eventually.Limit));
        Assert.Empty(stored);
    }

    [Fact]
    public async Task Window_EmptyField_StoresNothing()
    {
        await using EnrolmentWindow window = await OpenAsync();
        await TypeAsync(window, "Return", "a", "BackSpace", "BackSpace", "Return");
        await Eventually.Is(() => window.State.Counted >= 5, "the keys have come");
        Assert.False(window.Outcome.IsCompleted);
        Assert.Empty(stored);
    }

    /// <summary>What a technician, or another program, does: not a character of it is taken, and nothing is stored, though the person has typed and brought the pointer onto the button.</summary>
    [Theory]
    [InlineData("injected")]
    [InlineData("posted")]
    [InlineData("sent")]
    public async Task Window_TenThousandEventsOfOthers_TypeAndStoreNothing(string how)
    {
        const int Many = 10_000;
        await using EnrolmentWindow window = await OpenAsync();
        await TypeAsync(window, "secret");
        await Eventually.Is(() => window.State.Typed == 6, "the person has typed");
        await GoToAsync(window, window.State.Store);
        (nint handle, nint place, long ignored) = (window.State.Window, window.State.Store.X + 9 + ((window.State.Store.Y + 9) << 16), window.State.Ignored);
        (uint Message, nuint First, nint Second)[] messages =
        [
            (User32Message.LeftDown, 1, place), (User32Message.LeftUp, 0, place), (User32Message.KeyDown, 0x41, 1), (Prank.KeyUp, 0x41, 1), (Prank.Char, 0x41, 1), (0x109, 0x41, 1),
            (User32Message.KeyDown, 0x0D, 1), (User32Message.KeyDown, 0x08, 1), (User32Message.KeyDown, 0x1B, 1), (User32Message.SystemKeyDown, 0x0D, 1), (User32Message.MouseMove, 0, place),
        ];
        ushort[] keys = [0x41, 0x42, 0x0D, 0x08, 0x1B];
        for (int sent = 0; sent < Many; sent++)
        {
            (uint message, nuint first, nint second) = messages[sent % messages.Length];
            if (how == "sent") _ = Prank.SendMessageW(handle, message, first, second);
            else if (how == "injected" && sent % 3 > 0) Prank.Key(keys[sent % keys.Length]);
            else if (how == "injected") Prank.Click();
            else if (Prank.PostMessageW(handle, message, first, second) == 0) await Eventually.Is(() => Prank.PostMessageW(handle, message, first, second) != 0, "room in the queue");
        }
        await Eventually.Is(() => window.State.Ignored > ignored + (Many / 2), () => window.State.Ignored, "it has heard them");
        await Eventually.Is(() => window.State is { IsActive: true, TakesKeys: true }, "the window is active");
        await TypeAsync(window, "x");
        await Eventually.Is(() => window.State.Typed == 7, "the person's own key is judged after all of that");

        Assert.False(window.Outcome.IsCompleted);
        Assert.Empty(stored);
    }

    [Fact]
    public async Task Window_ReadByAnotherProgram_TellsNothingOfWhatWasTyped()
    {
        await using EnrolmentWindow window = await OpenAsync();
        HeardElement[] empty = await ScreenReaderProgram.ReadAsync(window.State.Window);
        await TypeAsync(window, "Gxheim");
        await Eventually.Is(() => window.State.Typed == 6, "typed");
        HeardElement[] typed = await ScreenReaderProgram.ReadAsync(window.State.Window);

        Assert.Equal(empty.Select(element => (element with { Patterns = [] }).ToString()), typed.Select(element => (element with { Patterns = [] }).ToString()));
        HeardElement field = typed.Single(element => element.Id == "password");
        Assert.Equal((50004, "Password", true, true), (field.Role, field.Name, field.IsPassword, field.HasFocus));
        Assert.Contains(typed, element => element.Name == "erika");
        Assert.Contains(typed, element => element.Name == "Contoso:Front desk:Erika");
        Assert.All(typed, element => Assert.Empty(element.Patterns));
        foreach (ComObject part in Providers.Of(window.Automation))
        {
            // UIA_ValueValue, UIA_LegacyIAccessibleValue and UIA_ItemStatus beside what is told.
            for (int property = 30000; property < 30200; property++) Assert.DoesNotContain("xhe", Providers.Property(part, property).Value as string ?? "", StringComparison.Ordinal);
            for (int pattern = 9990; pattern < 10100; pattern++) Assert.Equal((0, (nint)0), Providers.Pattern(part, pattern));
            part.Dispose();
        }
    }

    [Fact]
    public async Task Window_WrongPassword_IsReadOut()
    {
        answer = CredentialEnrolment.WrongCredentials;
        await using EnrolmentWindow window = await OpenAsync();
        Assert.True(ScreenReader.Read(window.State.Window).Single(element => element.Id == "status").IsOffscreen);
        using StatusListener listener = StatusListener.Start(window.State.Window);
        await TypeAsync(window, "wrong", "Return");
        await Eventually.Is(() => ScreenReader.Read(window.State.Window).Single(element => element.Id == "status") is { IsOffscreen: false } status && status.Name.StartsWith("Windows does not accept", StringComparison.Ordinal), "the status can be read");
        await Eventually.Is(() => listener.Heard.Any(name => name.StartsWith("Windows does not accept", StringComparison.Ordinal)), "and is told without being asked");
    }

    [Fact]
    public async Task Enrolment_ThroughTheDesk_KeepsRemoteInputAwayAndIsNotShownBesideAPrompt()
    {
        Wine.Require();
        var desk = new ConsentDesk(new WindowsConsentPrompt());
        var enrolment = new WindowsCredentialEnrolment(desk);
        using var end = new CancellationTokenSource();
        bool wasOpen = false;
        desk.PromptOpenChanged += (_, _) => wasOpen |= desk.IsPromptOpen;
        Task<CredentialEnrolment?> first = enrolment.AskAsync(Question("en-GB"), StoreAsync, end.Token).AsTask();
        await Eventually.Is(() => desk.IsPromptOpen, "it is open");

        Assert.Null(await enrolment.AskAsync(Question("en-GB"), StoreAsync, CancellationToken.None));
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.True(wasOpen);
        Assert.False(desk.IsPromptOpen);
    }

    [Theory]
    [InlineData("en-GB", false, 1)]
    [InlineData("de-DE", true, 1.5)]
    [InlineData("ja-JP", false, 1)]
    public async Task Window_Languages_Fit(string language, bool isAgain, double scale)
    {
        await using EnrolmentWindow window = await OpenAsync(Question(language) with { IsAgain = isAgain }, scale);
        EnrolmentState state = window.State;
        Assert.True(state.Area.Width <= 1280 && state.Area.Height <= 800, state.Area.ToString());
        Assert.True(state.Cancel.X > 0 && state.Store.Right < state.Area.Width && state.Store.Bottom < state.Area.Height, state.ToString());
        if (Environment.GetEnvironmentVariable("REMOTEACCESS_PICTURES") is not { Length: > 0 }) return;
        await TypeAsync(window, "secret12");
        await Eventually.Is(() => window.State.Typed == 8, "typed");
        XwdPicture screen = await XSide.DumpAsync();
        uint[] pixels = new uint[state.Area.Width * state.Area.Height];
        for (int y = 0; y < state.Area.Height; y++) screen.Pixels.AsSpan(((state.Area.Y + y) * screen.Size.Width) + state.Area.X, state.Area.Width).CopyTo(pixels.AsSpan(y * state.Area.Width));
        await using FileStream file = File.Create(Path.Combine(AppContext.BaseDirectory, $"enrolment-{language}.png"));
        PngWriter.Write(file, new PixelSize(state.Area.Width, state.Area.Height), state.Area.Width * 4, System.Runtime.InteropServices.MemoryMarshal.AsBytes(pixels.AsSpan()));
    }

    private static EnrolmentQuestion Question(string language) => new() { User = "erika", Nickname = "Contoso:Front desk:Erika", Culture = CultureInfo.GetCultureInfo(language) };

    private async Task<EnrolmentWindow> OpenAsync(EnrolmentQuestion? question = null, double scale = 1)
    {
        Wine.Require();
        EnrolmentWindow window = new(question ?? Question("en-GB"), StoreAsync, new WindowsConsentPromptOptions { Scale = scale });
        await window.StartAsync(CancellationToken.None);
        try
        {
            await Eventually.Is(() => window.State is { IsActive: true, TakesKeys: true }, "the window is active");
        }
        catch (Exception error)
        {
            EnrolmentState state = window.State;
            await window.DisposeAsync();
            throw new InvalidOperationException(state.ToString(), error);
        }
        return window;
    }

    private ValueTask<CredentialEnrolment> StoreAsync(ReadOnlyMemory<byte> password, CancellationToken cancellationToken)
    {
        lent = password;
        stored.Enqueue(Encoding.UTF8.GetString(password.Span));
        return ValueTask.FromResult(answer);
    }

    /// <summary>Keys by their names, or letters one by one; the mouse rests in the window, because X gives keys to the window below it.</summary>
    private static async Task TypeAsync(EnrolmentWindow window, params string[] keys)
    {
        await MoveAsync(window, (window.State.Area.X + 9, window.State.Area.Bottom - 9));
        string[] named = ["Return", "Escape", "BackSpace", "minus"];
        await PromptScene.PersonAsync([.. keys.SelectMany(key => named.Contains(key) || key.Contains('+') ? [key] : key.Select(letter => letter.ToString())).SelectMany(key => new[] { "key", key })]);
    }

    private static async Task GoToAsync(EnrolmentWindow window, PixelRect button)
    {
        EnrolmentState state = window.State;
        await MoveAsync(window, (state.Area.X + 9, state.Area.Bottom - 9));
        await MoveAsync(window, (state.Area.X + button.X + (button.Width / 2), state.Area.Y + button.Y + (button.Height / 2)));
    }

    private static async Task MoveAsync(EnrolmentWindow window, (int X, int Y) place)
    {
        await PromptScene.PersonAsync("mousemove", PromptScene.Number(place.X), PromptScene.Number(place.Y));
        await Eventually.Is(() => window.State.Pointer == place, "the pointer is there");
    }
}
