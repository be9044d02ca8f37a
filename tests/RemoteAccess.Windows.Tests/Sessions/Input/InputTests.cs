using System.Diagnostics;
using System.Text;
using RemoteAccess.Interop;
using RemoteAccess.Sessions;

namespace RemoteAccess.Tests;

[Collection(OneDesktop.Name)]
public sealed class InputTests
{
    private const uint Shift = 0xffe1, Control = 0xffe3, Alt = 0xffe9;

    [Fact]
    public async Task Pointer_EachPixelOfTheEdgesAndRandomOnes_IsMetExactly()
    {
        using TestWindow window = new(0, 0, 1280, 800);
        await using WindowsDesktop desktop = WindowsDesktop.Open(new WindowsOptions());
        await using IInputInjector input = await desktop.OpenInputAsync(TestPermit.ForInput(), default);
        Random random = new(4);
        List<(int X, int Y)> places = [(0, 0), (1, 0), (0, 1), (1279, 799), (1279, 0), (0, 799), (1278, 798)];
        for (int i = 0; i < 60; i++) places.Add((random.Next(1280), random.Next(800)));

        // Making the window sends it a move of its own, without a tag.
        await input.InjectAsync(InputEvent.PointerMove(640, 400), default);
        await Eventually.Is(() => window.Of(Win32.MouseMove).Any(told => told is { X: 640, Y: 400 }), "the window has the pointer");
        window.Forget();
        foreach ((int x, int y) in places)
        {
            await input.InjectAsync(InputEvent.PointerMove(x, y), default);
            await Eventually.Is(() => CursorAt() == (x, y), $"the pointer is at {x}, {y}, not at {CursorAt()}");
        }

        await input.InjectAsync(InputEvent.PointerMove(100000, -70000), default);
        await Eventually.Is(() => CursorAt() == (1279, 0), "what lies outside is clamped");
        // Under Wine the X server tells of each move once more, as if it were a device's; on a busy machine it can tell of an earlier one after the last, which then is moved to again.
        long moved = Stopwatch.GetTimestamp();
        await Eventually.Is(() =>
        {
            if (Stopwatch.GetElapsedTime(moved) > TimeSpan.FromSeconds(10))
            {
                moved = Stopwatch.GetTimestamp();
                nint under = User32Window.WindowFromPoint(new Point { X = 1279, Y = 0 });
                TestContext.Current.TestOutputHelper?.WriteLine($"told last {string.Join(", ", window.Of(Win32.MouseMove).TakeLast(5))}; there is {(under == window.Handle ? "the window" : $"another one, {under}")}; the pointer is at {CursorAt()}");
                foreach ((int x, int y) in ((int, int)[])[(640, 400), (100000, -70000)]) input.InjectAsync(InputEvent.PointerMove(x, y), default).AsTask().GetAwaiter().GetResult();
            }
            return window.Of(Win32.MouseMove).LastOrDefault() is { X: 1279, Y: 0 };
        }, "the window was told so");
        Assert.Contains(window.Of(Win32.MouseMove), told => told.Tag == (nint)InputSink.Tag);
    }

    [Fact]
    public async Task Buttons_AllFive_GoDownAndUp()
    {
        using TestWindow window = new(0, 0, 600, 400);
        await using WindowsDesktop desktop = WindowsDesktop.Open(new WindowsOptions());
        await using IInputInjector input = await desktop.OpenInputAsync(TestPermit.ForInput(), default);
        await input.InjectAsync(InputEvent.PointerMove(300, 200), default);
        foreach (MouseButton button in Enum.GetValues<MouseButton>())
        {
            await input.InjectAsync(InputEvent.Button(button, true), default);
            await input.InjectAsync(InputEvent.Button(button, false), default);
        }

        uint[] all = [Win32.LeftDown, Win32.LeftUp, Win32.MiddleDown, Win32.MiddleUp, Win32.RightDown, Win32.RightUp, Win32.XDown, Win32.XUp];
        await Eventually.Is(() => window.Of(all).Count() >= 10, "all buttons came");

        Assert.Equal([.. all, Win32.XDown, Win32.XUp], window.Of(all).Select(told => told.Kind));
        Assert.Equal([1, 1, 2, 2], window.Of(Win32.XDown, Win32.XUp).Select(told => (int)(told.W >> 16) & 0xffff));
        Assert.All(window.Of(all), told => Assert.Equal((300, 200, (nint)InputSink.Tag), (told.X, told.Y, told.Tag)));
    }

    [Fact]
    public async Task Wheel_BothWaysAndInParts_TurnsByWholeNotches()
    {
        using TestWindow window = new(0, 0, 600, 400);
        await using WindowsDesktop desktop = WindowsDesktop.Open(new WindowsOptions());
        await using IInputInjector input = await desktop.OpenInputAsync(TestPermit.ForInput(), default);
        await input.InjectAsync(InputEvent.PointerMove(300, 200), default);
        foreach ((int x, int y) in ((int, int)[])[(0, 50), (0, 50), (0, 50), (0, -240), (120, 0), (-120, 0)]) await input.InjectAsync(InputEvent.Wheel(x, y), default);

        await Eventually.Is(() => window.Of(Win32.Wheel, Win32.HorizontalWheel).Count() >= 4, "the wheel turned");

        // Windows counts up as positive.
        Assert.Equal([-120, 240], window.Of(Win32.Wheel).Select(told => (int)(short)(told.W >> 16)));
        Assert.Equal([120, -120], window.Of(Win32.HorizontalWheel).Select(told => (int)(short)(told.W >> 16)));
    }

    [Fact]
    public async Task Text_OfAllPlanes_ArrivesAsWritten()
    {
        const string Text = "Grüße, €5 – наёмный 日本語 𝒳👍🏽 x";
        using TestWindow window = new(0, 0, 600, 400);
        await using WindowsDesktop desktop = WindowsDesktop.Open(new WindowsOptions());
        await using IInputInjector input = await desktop.OpenInputAsync(TestPermit.ForInput(), default);
        await InFront(window);
        // A Shift that the technician holds changes nothing.
        await input.InjectAsync(InputEvent.Key(Shift, true), default);
        foreach (Rune rune in Text.EnumerateRunes()) await input.InjectAsync(InputEvent.Text(rune), default);
        await input.InjectAsync(InputEvent.Key(Shift, false), default);
        await input.InjectAsync(InputEvent.Text(new Rune('\n')), default);

        await Eventually.Is(() => window.Typed.EndsWith('\r'), $"the text has come: {window.Typed}");

        Assert.Equal(Text + "\r", window.Typed);
    }

    [Fact]
    public async Task Text_IntoNotepad_IsWhatItHolds()
    {
        const string Text = "Zażółć gęślą jaźń 日本 👍";
        using Process notepad = Process.Start("notepad.exe");
        try
        {
            nint edit = 0;
            await Eventually.Is(() => (edit = EditOf(notepad.Id)) != 0, "Notepad is there");
            await using WindowsDesktop desktop = WindowsDesktop.Open(new WindowsOptions());
            await using IInputInjector input = await desktop.OpenInputAsync(TestPermit.ForInput(), default);
            await Eventually.Is(() => OwnerOfForeground() == notepad.Id, "Notepad is in front");
            foreach (Rune rune in Text.EnumerateRunes()) await input.InjectAsync(InputEvent.Text(rune), default);

            await Eventually.Is(() => TextOf(edit).Length >= Text.Length, "the text has come");

            Assert.Equal(Text, TextOf(edit));
        }
        finally
        {
            notepad.Kill();
            await notepad.WaitForExitAsync();
        }
    }

    [Fact]
    public async Task Keys_WithShiftHeldOrNot_ComeAsTheKeysymsSay()
    {
        using TestWindow window = new(0, 0, 600, 400);
        await using WindowsDesktop desktop = WindowsDesktop.Open(new WindowsOptions());
        await using IInputInjector input = await desktop.OpenInputAsync(TestPermit.ForInput(), default);
        await InFront(window);
        await Strike(input, 'a');
        await Strike(input, 'B');
        await input.InjectAsync(InputEvent.Key(Shift, true), default);
        await Strike(input, 'C');
        await Strike(input, 'd');
        await input.InjectAsync(InputEvent.Key(Shift, false), default);
        await Strike(input, '?');
        await Strike(input, 0x010003b2);
        await Strike(input, 0x0101f44d);
        await Strike(input, Keysym.Return);

        await Eventually.Is(() => window.Typed.EndsWith('\r'), $"the keys have come: {window.Typed}");

        Assert.Equal("aBCd?β👍\r", window.Typed);
        Assert.Equal(0, Win32.GetAsyncKeyState(0x10) & 0x8000);
    }

    [Fact]
    public async Task Keys_ThatAreNoCharacters_CarryTheirScanCodeAndTheExtendedFlag()
    {
        using TestWindow window = new(0, 0, 600, 400);
        await using WindowsDesktop desktop = WindowsDesktop.Open(new WindowsOptions());
        await using IInputInjector input = await desktop.OpenInputAsync(TestPermit.ForInput(), default);
        await InFront(window);
        (uint Keysym, int Key, int Scan, bool Extended)[] expected =
        [
            (Keysym.Home, 0x24, 0x47, true), (0xff95, 0x24, 0x47, false), (Keysym.Left, 0x25, 0x4b, true), (Keysym.Delete, 0x2e, 0x53, true),
            (0xff8d, 0x0d, 0x1c, true), (Keysym.F1 + 4, 0x74, 0x3f, false), (0xffb7, 0x67, 0x47, false), (0xffe4, 0x11, 0x1d, true),
        ];
        foreach ((uint keysym, _, _, _) in expected) await Strike(input, keysym);

        await Eventually.Is(() => window.Of(Win32.KeyUp).Count() >= expected.Length, "the keys have come");

        Assert.Equal(
            expected.Select(key => (key.Key, key.Scan, key.Extended, (nint)InputSink.Tag)),
            window.Of(Win32.KeyDown).Select(told => ((int)told.W, (int)(told.L >> 16) & 0xff, (told.L & (1 << 24)) != 0, told.Tag)));
    }

    [Fact]
    public async Task Chord_KeepsItsModifiers()
    {
        using TestWindow window = new(0, 0, 600, 400);
        await using WindowsDesktop desktop = WindowsDesktop.Open(new WindowsOptions());
        await using IInputInjector input = await desktop.OpenInputAsync(TestPermit.ForInput(), default);
        await InFront(window);
        await input.InjectAsync(InputEvent.Key(Control, true), default);
        await Strike(input, 'C');
        await input.InjectAsync(InputEvent.Key(Control, false), default);
        await input.InjectAsync(InputEvent.Key(Alt, true), default);
        await Strike(input, 'x');
        await input.InjectAsync(InputEvent.Key(Alt, false), default);

        uint[] down = [Win32.KeyDown, Win32.SysKeyDown];
        await Eventually.Is(() => window.Of(down).Count() >= 4 && window.Of(Win32.KeyUp, Win32.SysKeyUp).Count() >= 4, "the chords have come");

        Assert.Equal([(Win32.KeyDown, 0x11), (Win32.KeyDown, 'C'), (Win32.SysKeyDown, 0x12), (Win32.SysKeyDown, 'X')], window.Of(down).Select(told => (told.Kind, (int)told.W)));
        Assert.Equal("\u0003", window.Typed);
    }

    [Fact]
    public async Task Withdrawal_ReleasesEverythingWithin100Milliseconds()
    {
        using TestWindow window = new(0, 0, 600, 400);
        await using WindowsDesktop desktop = WindowsDesktop.Open(new WindowsOptions());
        await Promptly.Within(TimeSpan.FromMilliseconds(100), async () =>
        {
            using TestPermit permit = new(Operations.ControlInput);
            await using IInputInjector input = await desktop.OpenInputAsync(permit.Permit, default);
            await HoldThings(input);

            long start = Stopwatch.GetTimestamp();
            permit.Withdraw();
            SpinWait spin = default;
            while (IsAnythingDown())
            {
                spin.SpinOnce();
                Assert.True(Stopwatch.GetElapsedTime(start) < Eventually.Limit, "Keys are still down.");
            }

            TimeSpan took = Stopwatch.GetElapsedTime(start);
            await Assert.ThrowsAsync<AccessRefusedException>(async () => await input.InjectAsync(InputEvent.Key('b', true), default));
            Assert.False(IsAnythingDown());
            return took;
        });
    }

    [Fact]
    public async Task Dispose_ReleasesWhatIsHeld()
    {
        using TestWindow window = new(0, 0, 600, 400);
        await using WindowsDesktop desktop = WindowsDesktop.Open(new WindowsOptions());
        IInputInjector input = await desktop.OpenInputAsync(TestPermit.ForInput(), default);
        await HoldThings(input);

        await input.DisposeAsync();

        Assert.False(IsAnythingDown());
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await input.InjectAsync(InputEvent.Key('b', true), default));
    }

    [Fact]
    public async Task Inject_OfAnEventNobodyMade_IsRefusedAndTheNextOneWorks()
    {
        using TestWindow window = new(0, 0, 600, 400);
        await using WindowsDesktop desktop = WindowsDesktop.Open(new WindowsOptions());
        await using IInputInjector input = await desktop.OpenInputAsync(TestPermit.ForInput(), default);

        await Assert.ThrowsAsync<ArgumentException>(async () => await input.InjectAsync(default, default));
        await Assert.ThrowsAsync<ArgumentException>(async () => await input.InjectAsync(InputEvent.Button((MouseButton)77, true), default));
        await input.InjectAsync(InputEvent.PointerMove(9, 8), default);

        await Eventually.Is(() => CursorAt() == (9, 8), "the pointer moved");
    }

    [Fact]
    public async Task IdleTime_CountsThePersonAndNotTheTechnician()
    {
        using TestWindow window = new(0, 0, 600, 400);
        await using WindowsDesktop desktop = WindowsDesktop.Open(new WindowsOptions());
        await using IInputInjector input = await desktop.OpenInputAsync(TestPermit.ForInput(), default);
        TimeSpan threshold = TimeSpan.FromMilliseconds(1500);
        await Eventually.Is(() => desktop.PhysicalIdleTime > threshold, "nobody has done anything for a while");
        TimeSpan before = desktop.PhysicalIdleTime;
        for (int i = 0; i < 20; i++)
        {
            await input.InjectAsync(InputEvent.PointerMove(100 + i, 100), default);
            await Strike(input, 'a');
        }

        Assert.True(desktop.PhysicalIdleTime >= before, "Injected input counted as a person's.");
        await Eventually.Never(() => desktop.PhysicalIdleTime < before, "Injected input counted as a person's afterwards.");

        await XSide.RunAsync("xdotool", "mousemove", "50", "60", "mousemove", "52", "61");
        await Eventually.Is(() => desktop.PhysicalIdleTime < before, "the person's mouse counts");
    }

    private static async Task InFront(TestWindow window)
    {
        await Eventually.Is(() => Win32.GetForegroundWindow() == window.Handle || Win32.SetForegroundWindow(window.Handle) < 0, "the test's window is in front");
        window.Forget();
    }

    private static async Task HoldThings(IInputInjector input)
    {
        await input.InjectAsync(InputEvent.Key(Shift, true), default);
        await input.InjectAsync(InputEvent.Key('A', true), default);
        await input.InjectAsync(InputEvent.Key(0x01006f22, true), default);
        await input.InjectAsync(InputEvent.Button(MouseButton.Left, true), default);
        await input.InjectAsync(InputEvent.Button(MouseButton.Forward, true), default);
        await Eventually.Is(() => Held().All(isDown => isDown), "all is down");
    }

    private static IEnumerable<bool> Held() => new[] { 0xA0, 'A', 0x01, 0x06 }.Select(key => (Win32.GetAsyncKeyState(key) & 0x8000) != 0);

    private static bool IsAnythingDown() => Held().Any(isDown => isDown);

    private static async Task Strike(IInputInjector input, uint keysym)
    {
        await input.InjectAsync(InputEvent.Key(keysym, true), default);
        await input.InjectAsync(InputEvent.Key(keysym, false), default);
    }

    private static unsafe (int X, int Y) CursorAt()
    {
        Win32.Place place;
        _ = Win32.GetCursorPos(&place);
        return (place.X, place.Y);
    }

    private static unsafe uint OwnerOfForeground()
    {
        uint process = 0;
        _ = Win32.GetWindowThreadProcessId(Win32.GetForegroundWindow(), &process);
        return process;
    }

    private static unsafe nint EditOf(int process)
    {
        nint window = Win32.FindWindowW("Notepad", null);
        uint owner = 0;
        if (window != 0) _ = Win32.GetWindowThreadProcessId(window, &owner);
        return owner == process ? Win32.FindWindowExW(window, 0, "Edit", null) : 0;
    }

    private static unsafe string TextOf(nint edit)
    {
        char* text = stackalloc char[512];
        int length = (int)Win32.SendMessageW(edit, Win32.GetText, 512, (nint)text);
        return new string(text, 0, length);
    }
}
