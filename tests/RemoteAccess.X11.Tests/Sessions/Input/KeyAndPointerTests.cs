using System.Diagnostics;
using System.Text;
using RemoteAccess.Interop;
using RemoteAccess.Sessions;

namespace RemoteAccess.Tests;

public sealed class KeyAndPointerTests
{
    private const uint Shift = 0xffe1, Control = 0xffe3, Return = 0xff0d, Tab = 0xff09;
    private const int KeyPress = 2, ButtonPress = 4;
    private const byte KeycodeOfA = 38, KeycodeOfC = 54, KeycodeOfShift = 50, KeycodeOfTab = 23;

    [Fact]
    public async Task ControlC_InXterm_InterruptsTheProgram()
    {
        await using XServer server = await XServer.StartXvfbAsync();
        await using Typist typist = await Typist.StartAsync(server);
        await typist.TypeAsync("before\n");
        await typist.HasTypedAsync("before\n");

        await Chord(typist.Input, Control, 'c');
        await Eventually.Is(() => typist.Typed.Contains("interrupted", StringComparison.Ordinal), "cat was interrupted");
        await typist.TypeAsync("after\n");

        await typist.HasTypedAsync("before\ninterrupted\nafter\n");
        Assert.Equal("before\ninterrupted\nafter\n", typist.Typed);
    }

    [Fact]
    public async Task Keys_WithShiftHeldOrNot_ComeAsTheKeysymsSay()
    {
        await using XServer server = await XServer.StartXvfbAsync();
        await using Typist typist = await Typist.StartAsync(server);
        await Strike(typist.Input, 'a');
        await Strike(typist.Input, 'B');
        await typist.Input.InjectAsync(InputEvent.Key(Shift, true), default);
        await Strike(typist.Input, 'C');
        await Strike(typist.Input, 'd');
        await Strike(typist.Input, '/');
        await typist.Input.InjectAsync(InputEvent.Text(new Rune('e')), default);
        await typist.Input.InjectAsync(InputEvent.Key(Shift, false), default);
        await Strike(typist.Input, '?');
        await Strike(typist.Input, 0x010003b2);
        await Strike(typist.Input, Return);

        await typist.HasTypedAsync("aBCd/e?β\n");

        Assert.Equal("aBCd/e?β\n", typist.Typed);
    }

    [Fact]
    public async Task Chords_KeepTheirModifiersAndTheirKeys()
    {
        await using XServer server = await XServer.StartXvfbAsync();
        using XClient client = new(server);
        client.ShowInputWindow(0, 0, 600, 400);
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        await using IInputInjector input = await desktop.OpenInputAsync(TestPermit.ForInput(), default);
        await input.InjectAsync(InputEvent.PointerMove(100, 100), default);
        client.LockModifiers(2);
        client.Sync();

        // CapsLock is on: Ctrl+c must not become Ctrl+Shift+c. Shift+Tab must keep its Shift.
        await Chord(input, Control, 'c');
        await Chord(input, Shift, Tab);

        const uint ControlMask = 4, ShiftMask = 1, Lock = 2;
        List<(int Kind, uint Detail, uint State)> events = client.ReadInput();
        Assert.Contains((KeyPress, KeycodeOfC, ControlMask | Lock), events);
        Assert.Contains((KeyPress, KeycodeOfTab, ShiftMask | Lock), events);
        Assert.Single(events, found => found is (KeyPress, KeycodeOfShift, _));
    }

    [Fact]
    public async Task Release_AfterShiftCameOrWent_LetsTheKeyGo()
    {
        await using XServer server = await XServer.StartXvfbAsync();
        using XClient client = new(server);
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        await using IInputInjector input = await desktop.OpenInputAsync(TestPermit.ForInput(), default);
        await input.InjectAsync(InputEvent.Key(Shift, true), default);
        await input.InjectAsync(InputEvent.Key('A', true), default);
        await input.InjectAsync(InputEvent.Key(Shift, false), default);
        Assert.True(IsDown(client, KeycodeOfA));

        await input.InjectAsync(InputEvent.Key('a', false), default);

        Assert.False(client.IsAnyKeyDown);
    }

    [Fact]
    public async Task Keysyms_ThatActOnTheServer_AreNeverGivenAKeycode()
    {
        await using XServer server = await XServer.StartXvfbAsync();
        using XClient client = new(server);
        ulong[] mapping = client.ReadMapping();
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        await using IInputInjector input = await desktop.OpenInputAsync(TestPermit.ForInput(), default);
        const uint TerminateServer = 0xfed5;

        await input.InjectAsync(InputEvent.Key(TerminateServer, true), default);

        Assert.Equal(mapping, client.ReadMapping());
        Assert.False(client.IsAnyKeyDown);
    }

    [Fact]
    public async Task Pointer_MovesClicksAndTurnsTheWheel()
    {
        await using XServer server = await XServer.StartXvfbAsync(1280, 800);
        using XClient client = new(server);
        client.ShowInputWindow(0, 0, 600, 400);
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        await using IInputInjector input = await desktop.OpenInputAsync(TestPermit.ForInput(), default);
        await input.InjectAsync(InputEvent.PointerMove(100000, -70000), default);
        Assert.Equal((1279, 0), (client.QueryPointer().X, client.QueryPointer().Y));
        await input.InjectAsync(InputEvent.PointerMove(300, 200), default);
        Assert.Equal((300, 200), (client.QueryPointer().X, client.QueryPointer().Y));

        foreach (MouseButton button in Enum.GetValues<MouseButton>())
        {
            await input.InjectAsync(InputEvent.Button(button, true), default);
            await input.InjectAsync(InputEvent.Button(button, false), default);
        }
        await input.InjectAsync(InputEvent.Wheel(0, 50), default);
        await input.InjectAsync(InputEvent.Wheel(0, 50), default);
        await input.InjectAsync(InputEvent.Wheel(0, 50), default);
        await input.InjectAsync(InputEvent.Wheel(0, -240), default);
        await input.InjectAsync(InputEvent.Wheel(120, 0), default);
        await input.InjectAsync(InputEvent.Wheel(-120, 0), default);

        Assert.Equal([1u, 2u, 3u, 8u, 9u, 5u, 4u, 4u, 7u, 6u], client.ReadInput().Where(found => found.Kind == ButtonPress).Select(found => found.Detail));
    }

    [Fact]
    public async Task Withdrawal_ReleasesEverythingWithin100Milliseconds()
    {
        await using XServer server = await XServer.StartXvfbAsync();
        using XClient client = new(server);
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        await Promptly.Within(TimeSpan.FromMilliseconds(100), () => WithdrawWhileHoldingAsync(desktop, client));
    }

    private static async Task<TimeSpan> WithdrawWhileHoldingAsync(X11Desktop desktop, XClient client)
    {
        using TestPermit permit = new(Operations.ControlInput);
        await using IInputInjector input = await desktop.OpenInputAsync(permit.Permit, default);
        await input.InjectAsync(InputEvent.Key(Shift, true), default);
        await input.InjectAsync(InputEvent.Key('a', true), default);
        await input.InjectAsync(InputEvent.Key(0x01006f22, true), default);
        await input.InjectAsync(InputEvent.Button(MouseButton.Left, true), default);
        Assert.True(client.IsAnyKeyDown);
        Assert.NotEqual(0u, client.QueryPointer().Mask & 0x100);

        long start = Stopwatch.GetTimestamp();
        permit.Withdraw();
        SpinWait spin = default;
        while (client.IsAnyKeyDown || (client.QueryPointer().Mask & 0x100) != 0)
        {
            spin.SpinOnce();
            Assert.True(Stopwatch.GetElapsedTime(start) < Eventually.Limit, "Keys are still down.");
        }

        TimeSpan took = Stopwatch.GetElapsedTime(start);
        await Assert.ThrowsAsync<AccessRefusedException>(async () => await input.InjectAsync(InputEvent.Key('b', true), default));
        Assert.False(client.IsAnyKeyDown);
        return took;
    }

    [Fact]
    public async Task Withdrawal_WhileACharacterWaitsForAKeycode_RefusesItAtOnce()
    {
        await using XServer server = await XServer.StartXvfbAsync();
        using XClient client = new(server);
        int spares = CountSpares(client);
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        await Promptly.Within(TimeSpan.FromMilliseconds(100), () => WithdrawWhileACharacterWaitsAsync(desktop, spares));
    }

    private static async Task<TimeSpan> WithdrawWhileACharacterWaitsAsync(X11Desktop desktop, int spares)
    {
        using TestPermit permit = new(Operations.ControlInput);
        await using IInputInjector input = await desktop.OpenInputAsync(permit.Permit, default);
        // All spare keycodes but one are held down, and that one has just been used.
        for (uint i = 1; i < spares; i++) await input.InjectAsync(InputEvent.Key(0x01004e00 + i, true), default);
        await input.InjectAsync(InputEvent.Text(new Rune(0x4f00)), default);
        Task waiting = input.InjectAsync(InputEvent.Text(new Rune(0x4f01)), default).AsTask();

        long start = Stopwatch.GetTimestamp();
        permit.Withdraw();
        Exception? refusal = await Record.ExceptionAsync(() => waiting.WaitAsync(Eventually.Limit));
        TimeSpan took = Stopwatch.GetElapsedTime(start);

        // On a busy machine the half second may have been over.
        if (refusal is null) return TimeSpan.MaxValue;
        Assert.IsType<AccessRefusedException>(refusal);
        return took;
    }

    [Fact]
    public async Task Character_ForWhichNoKeycodeIsFree_IsRefusedAndTheNextOneWorks()
    {
        await using XServer server = await XServer.StartXvfbAsync();
        using XClient client = new(server);
        int spares = CountSpares(client);
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        await using IInputInjector input = await desktop.OpenInputAsync(TestPermit.ForInput(), default);
        for (uint i = 0; i < spares; i++) await input.InjectAsync(InputEvent.Key(0x01004e00 + i, true), default);

        DesktopException refusal = await Assert.ThrowsAsync<DesktopException>(async () => await input.InjectAsync(InputEvent.Text(new Rune(0x4f00)), default));
        await input.InjectAsync(InputEvent.PointerMove(9, 8), default);
        await input.InjectAsync(InputEvent.Key(0x01004e00, false), default);
        await input.InjectAsync(InputEvent.Text(new Rune(0x4f00)), default);

        Assert.Equal(DesktopError.MissingExtension, refusal.Error);
        Assert.Equal((9, 8), (client.QueryPointer().X, client.QueryPointer().Y));
    }

    [Fact]
    public async Task Dispose_ReleasesWhatIsHeld()
    {
        await using XServer server = await XServer.StartXvfbAsync();
        using XClient client = new(server);
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        IInputInjector input = await desktop.OpenInputAsync(TestPermit.ForInput(), default);
        await input.InjectAsync(InputEvent.Key(Control, true), default);
        await input.InjectAsync(InputEvent.Button(MouseButton.Right, true), default);

        await input.DisposeAsync();

        Assert.False(client.IsAnyKeyDown);
        Assert.Equal(0u, client.QueryPointer().Mask & 0x1f00);
    }

    [Fact]
    public async Task Inject_OfAnEventNobodyMade_IsRefusedAndTheNextOneWorks()
    {
        await using XServer server = await XServer.StartXvfbAsync();
        using XClient client = new(server);
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        await using IInputInjector input = await desktop.OpenInputAsync(TestPermit.ForInput(), default);

        await Assert.ThrowsAsync<ArgumentException>(async () => await input.InjectAsync(default, default));
        await Assert.ThrowsAsync<ArgumentException>(async () => await input.InjectAsync(InputEvent.Button((MouseButton)77, true), default));
        await input.InjectAsync(InputEvent.PointerMove(9, 8), default);

        Assert.Equal((9, 8), (client.QueryPointer().X, client.QueryPointer().Y));
    }

    private static int CountSpares(XClient client)
    {
        ulong[] mapping = client.ReadMapping();
        return mapping.Skip(1).Chunk((int)mapping[0]).Count(keysyms => keysyms.All(keysym => keysym == 0));
    }

    private static bool IsDown(XClient client, byte keycode) => (client.ReadKeymap()[keycode >> 3] & (1 << (keycode & 7))) != 0;

    private static async Task Strike(IInputInjector input, uint keysym)
    {
        await input.InjectAsync(InputEvent.Key(keysym, true), default);
        await input.InjectAsync(InputEvent.Key(keysym, false), default);
    }

    private static async Task Chord(IInputInjector input, uint modifier, uint keysym)
    {
        await input.InjectAsync(InputEvent.Key(modifier, true), default);
        await Strike(input, keysym);
        await input.InjectAsync(InputEvent.Key(modifier, false), default);
    }
}
