using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using System.Text.Json;
using RemoteAccess.Interop;
using RemoteAccess.Trust;
using ComObject = RemoteAccess.Interop.ComObject;

namespace RemoteAccess.Tests;

/// <summary>What a prankster did: events of each kind that the system took, and what UI Automation and MSAA let it do.</summary>
internal sealed record Pranked(int Injected, int Posted, int Sent, int Foreground, int Accessible, int Patterns, int DefaultActions);

/// <summary>
/// A program of its own, of the same account as the prompt, that wants it to say yes: injected input of both interfaces, messages, windows brought to the front, UI Automation, MSAA. Without
/// rest, until so many events are through. It says on a line of its own, all the time, at which event it is and in which call; what it did is the line that begins with a brace.
/// </summary>
internal static unsafe partial class Pranks
{
    public const string Argument = "--be-the-prankster", Closing = "--be-the-program-that-closes";

    private const uint ClientObject = 0xFFFFFFFC;
    private const int Invoke = 10000, Legacy = 10018, DoDefaultAction = 25;
    private static readonly ushort[] Keys = [0x09, 0x0D, 0x27, 0x20, 0x1B, 0x25, 0x59, 0x41];
    private static readonly TimeSpan SayEvery = TimeSpan.FromMilliseconds(250);

    private static volatile string course = "the start";

    [LibraryImport("user32")] private static partial void keybd_event(byte key, byte scan, uint flags, nuint extra);
    [LibraryImport("user32")] private static partial void mouse_event(uint flags, int x, int y, int data, nuint extra);
    [LibraryImport("user32")] private static partial nint SendMessageTimeoutW(nint window, uint message, nuint first, nint second, uint flags, uint milliseconds, nuint* result);
    [LibraryImport("user32")] private static partial int SetForegroundWindow(nint window);
    [LibraryImport("user32")] private static partial int BringWindowToTop(nint window);
    [LibraryImport("user32")] private static partial nint SetActiveWindow(nint window);
    [LibraryImport("user32")] private static partial nint SetFocus(nint window);
    [LibraryImport("user32")] private static partial void SwitchToThisWindow(nint window, int alternate);
    [LibraryImport("user32")] private static partial int AttachThreadInput(uint thread, uint to, int attach);
    [LibraryImport("user32")] private static partial int SetKeyboardState(byte* states);
    [LibraryImport("user32")] private static partial uint GetWindowThreadProcessId(nint window, uint* process);
    [LibraryImport("kernel32")] private static partial uint GetCurrentThreadId();
    [LibraryImport("oleacc")] private static partial int AccessibleObjectFromWindow(nint window, uint id, Guid* type, nint* found);

    /// <summary>The program.</summary>
    /// <returns>Its exit code; null when these are not its arguments.</returns>
    public static int? Run(string[] args)
    {
        if (args is [Closing, var closed]) return Prank.PostMessageW(nint.Parse(closed, CultureInfo.InvariantCulture), User32Message.Close, 0, 0) == 0 ? 1 : 0;
        if (args is not [Argument, var window, var x, var y, var place, var events]) return null;
        int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
        new Thread(SayCourse) { IsBackground = true }.Start();
        Console.Out.WriteLine(JsonSerializer.Serialize(Pester(nint.Parse(window, CultureInfo.InvariantCulture), (Number(x), Number(y)), Number(place), Number(events))));
        return 0;
    }

    /// <summary>Beside the pranks: one that never comes back is named too.</summary>
    private static void SayCourse()
    {
        for (; ; Thread.Sleep(SayEvery)) Console.Out.WriteLine(course);
    }

    private static Pranked Pester(nint window, (int X, int Y) allow, int place, int events)
    {
        Pranked done = new(0, 0, 0, 0, 0, 0, 0);
        (uint Message, nuint First, nint Second)[] messages =
        [
            (User32Message.LeftDown, 1, place), (User32Message.LeftUp, 0, place), (0x203, 1, place), (User32Message.KeyDown, 0x09, 0x000F0001), (Prank.KeyUp, 0x09, unchecked((nint)0xC00F0001)),
            (User32Message.KeyDown, 0x0D, 0x001C0001), (Prank.KeyUp, 0x0D, unchecked((nint)0xC01C0001)), (Prank.Char, 0x0D, 0x001C0001), (User32Message.KeyDown, 0x20, 0x00390001), (Prank.Char, 'y', 1),
            (Prank.Command, 1, window), (Prank.Command, 6, window), (Prank.Command, 0x10001, 0), (Prank.ButtonClick, 0, 0), (0xF3, 1, 0), (User32Message.MouseMove, 1, place), (0x2A1, 0, place),
            (User32Message.SystemKeyDown, 'Y', 0x20150001), (0x106, 'y', 0x20150001), (User32Message.PointerDown, 1, place), (User32Message.PointerUp, 1, place), (User32Message.SetFocus, 0, 0),
            (User32Message.Activated, 1, 0), (0x1C, 1, 0), (0x86, 1, 0), (0x284, 0, 0), (0xFF, 0, 0), (0x113, 1, 0), (0x87, 0, 0), (User32Message.HotKey, 1, 0x000D0000), (User32Message.SystemCommand, 0xF100, 0x0D),
        ];
        uint thread = GetWindowThreadProcessId(window, null), own = GetCurrentThreadId();
        for (int i = 0; i < events; i++)
        {
            ushort key = Keys[i / 4 % Keys.Length];
            (uint message, nuint first, nint second) = messages[i / 4 % messages.Length];
            nuint result;
            course = $"{i} {(i % 500 == 499 ? "UI Automation" : (i % 4) switch { 0 => $"injection {i / 4 % 5}", 1 => $"post 0x{message:x}", 2 => $"send 0x{message:x}", _ => $"to the front {i / 4 % 5}" })}";
            if (i % 500 == 499) done = done with { Accessible = done.Accessible + 1, Patterns = done.Patterns + InvokeAll(window), DefaultActions = done.DefaultActions + DefaultActions(window) };
            else if (i % 4 == 0) done = done with { Injected = done.Injected + Inject(key, allow, i / 4) };
            else if (i % 4 == 1) done = done with { Posted = done.Posted + (Prank.PostMessageW(window, message, first, second) == 0 ? 0 : 1) };
            else if (i % 4 == 2) done = done with { Sent = done.Sent + (SendMessageTimeoutW(window, message, first, second, 2, 5000, &result) == 0 ? 0 : 1) };
            else
            {
                ToFront(window, thread, own, i / 4);
                done = done with { Foreground = done.Foreground + 1 };
            }
        }
        return done;
    }

    private static int Inject(ushort key, (int X, int Y) allow, int turn)
    {
        switch (turn % 5)
        {
            case 0: Prank.Key(key); break;
            case 1:
                Prank.Move(allow.X + (turn % 9), allow.Y + (turn % 5));
                Prank.Click();
                break;
            case 2:
                keybd_event((byte)key, 0, 0, 0);
                keybd_event((byte)key, 0, User32Input.KeyUp, 0);
                break;
            case 3:
                _ = Prank.SetCursorPos(allow.X - 300, allow.Y);
                _ = Prank.SetCursorPos(allow.X, allow.Y);
                mouse_event(User32Input.LeftDown, 0, 0, 0, 0);
                mouse_event(User32Input.LeftUp, 0, 0, 0, 0);
                break;
            default: Prank.Key((ushort)(turn % 2 == 0 ? 0x0D : 0x20)); break;
        }
        return 1;
    }

    private static void ToFront(nint window, uint thread, uint own, int turn)
    {
        switch (turn % 5)
        {
            case 0: _ = SetForegroundWindow(window); break;
            case 1: _ = BringWindowToTop(window); break;
            case 2: SwitchToThisWindow(window, 1); break;
            case 3:
                // The prompt's own queue, as if it were this thread's.
                if (AttachThreadInput(own, thread, 1) == 0) break;
                byte* held = stackalloc byte[256];
                new Span<byte>(held, 256).Clear();
                held[0x0D] = held[0x20] = held[0x01] = 0x80;
                _ = SetActiveWindow(window);
                _ = SetFocus(window);
                _ = SetKeyboardState(held);
                new Span<byte>(held, 256).Clear();
                _ = SetKeyboardState(held);
                _ = AttachThreadInput(own, thread, 0);
                break;
            default: _ = SetForegroundWindow(0); break;
        }
    }

    /// <summary>How many elements could be invoked; each one's focus is asked for as well.</summary>
    private static int InvokeAll(nint window)
    {
        int invoked = 0;
        using ComObject automation = ScreenReader.Create();
        int part = 0;
        foreach (ComObject element in ScreenReader.Elements(automation, window))
        {
            course = $"{course.Split(',')[0]}, element {part++}";
            using (element)
            {
                _ = ScreenReader.SetFocus(element);
                foreach (int pattern in (int[])[Invoke, Legacy])
                {
                    nint offered = 0;
                    _ = ((delegate* unmanaged<nint, int, nint*, int>)ComObject.Method(element.Pointer, 16))(element.Pointer, pattern, &offered);
                    if (offered == 0) continue;
                    using ComObject held = new(offered);
                    invoked++;
                    // Invoke, and Select, which are the first of their interfaces.
                    if (pattern == Invoke) _ = ((delegate* unmanaged<nint, int>)ComObject.Method(held.Pointer, 3))(held.Pointer);
                    else _ = ((delegate* unmanaged<nint, int>)ComObject.Method(held.Pointer, 4))(held.Pointer);
                }
            }
        }
        return invoked;
    }

    /// <summary>How many default actions of MSAA were done, of the window and of what could be its children.</summary>
    private static int DefaultActions(nint window)
    {
        int acted = 0;
        Guid type = new("618736e0-3c3d-11cf-810c-00aa00389b71");
        foreach (uint part in (uint[])[ClientObject, 0])
        {
            nint found = 0;
            if (AccessibleObjectFromWindow(window, part, &type, &found) < 0 || found == 0) continue;
            using ComObject accessible = new(found);
            course = $"{course.Split(',')[0]}, default actions of {part:x}";
            for (int child = 0; child < 8; child++)
            {
                using ComVariant which = ComVariant.Create(child);
                if (((delegate* unmanaged<nint, ComVariant*, int>)ComObject.Method(accessible.Pointer, DoDefaultAction))(accessible.Pointer, &which) == 0) acted++;
            }
        }
        return acted;
    }
}

/// <summary>The same from a test's side.</summary>
internal static class PranksProgram
{
    /// <summary>
    /// Starts it against a prompt, and waits for its end, however long all of it takes on a busy machine. What does not go on for so long of <see cref="OwnTime"/> hangs: the program, whose calls
    /// are short, or the prompt's thread, which looks at its window twenty times a second.
    /// </summary>
    public static async Task<Pranked> PesterAsync(PromptScene scene, int events)
    {
        KeptInterfaces.Keep();
        (int x, int y) = scene.Middle(scene.State.Allow);
        int place = scene.State.Allow.X + 20 + ((scene.State.Allow.Y + 20) << 16);
        ProcessStartInfo start = new(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            ArgumentList = { Pranks.Argument, scene.State.Window.ToString(CultureInfo.InvariantCulture), PromptScene.Number(x), PromptScene.Number(y), PromptScene.Number(place), PromptScene.Number(events) },
        };
        using Process program = Process.Start(start)!;
        try
        {
            PrankWatch watch = new(scene);
            Task<string?> saying = program.StandardOutput.ReadLineAsync();
            while (true)
            {
                if (await Task.WhenAny(saying, Task.Delay(PrankWatch.LookEvery)) == saying)
                {
                    string? said = await saying;
                    if (said is null) Assert.Fail($"The program ended before its time. {watch}");
                    if (said.StartsWith('{')) return JsonSerializer.Deserialize<Pranked>(said)!;
                    watch.Hear(said);
                    saying = program.StandardOutput.ReadLineAsync();
                }
                watch.Look();
            }
        }
        finally
        {
            // Whatever became of it, the next test has the desktop to itself.
            program.Kill();
            await program.WaitForExitAsync();
        }
    }
}

/// <summary>Whether the pranks and the prompt go on, and what to say when they do not.</summary>
internal sealed class PrankWatch(PromptScene scene)
{
    public static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    private readonly TimeSpan began = OwnTime.Now;
    private readonly SortedDictionary<string, int> heard = new(StringComparer.Ordinal);
    private string last = "nothing";
    private PromptState state = scene.State;
    private TimeSpan wentOnAt = OwnTime.Now, turnedAt = OwnTime.Now;

    public void Hear(string said)
    {
        string kind = said[(said.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        heard[kind] = heard.GetValueOrDefault(kind) + 1;
        if (said == last) return;
        (last, wentOnAt) = (said, OwnTime.Now);
    }

    public void Look()
    {
        TimeSpan now = OwnTime.Now;
        // Each look of the prompt's thread makes a new one.
        if (!ReferenceEquals(state, scene.State)) (state, turnedAt) = (scene.State, now);
        Assert.False(scene.Answer.IsCompleted, $"The prompt has ended. {this}");
        Assert.True(now - turnedAt < Eventually.Limit, $"The prompt's thread hangs. {this}");
        Assert.True(now - wentOnAt < Eventually.Limit, $"The program hangs. {this}");
    }

    /// <summary>The program's last call, the prompt, and the calls that the program was found in, most often first.</summary>
    public override string ToString() =>
        $"After {(OwnTime.Now - began).TotalSeconds:0} s the program was at event {last}, for {(OwnTime.Now - wentOnAt).TotalSeconds:0} s; the prompt's thread looked {(OwnTime.Now - turnedAt).TotalSeconds:0.0} s ago: {scene.State}. "
        + $"Answer: {(scene.Answer.IsCompletedSuccessfully ? scene.Answer.Result : scene.Answer.Status)}. Found in: {string.Join("; ", heard.OrderByDescending(static one => one.Value).Select(static one => $"{one.Value} x {one.Key}"))}";
}
