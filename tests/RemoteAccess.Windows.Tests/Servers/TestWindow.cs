using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace RemoteAccess.Tests;

/// <summary>What a window was told: the message, its two words, the tag of whoever injected it.</summary>
internal readonly record struct Told(uint Kind, nint W, nint L, nint Tag)
{
    public int X => (short)(L & 0xffff);

    public int Y => (short)((L >> 16) & 0xffff);
}

/// <summary>A window of an application, without frame, on a thread of its own: it writes down input, and can be drawn on. One at a time.</summary>
internal sealed unsafe class TestWindow : IDisposable
{
    private const string ClassName = "RemoteAccess test window";

    private static readonly BlockingCollection<Action> Work = [];
    private static nint cursor;
    private static bool isRegistered;

    private readonly ConcurrentQueue<Told> heard = new();
    private readonly Thread thread;
    private readonly TaskCompletionSource<nint> made = new();

    public TestWindow(int x, int y, int width, int height, bool takesFocus = true)
    {
        cursor = Win32.LoadCursorW(0, 32512);
        thread = new Thread(() => Run(x, y, width, height, takesFocus)) { IsBackground = true };
        thread.Start();
        Handle = made.Task.Result;
    }

    public nint Handle { get; }

    public Told[] Messages => [.. heard];

    public string Typed => string.Concat(heard.Where(told => told.Kind == Win32.Char).Select(told => (char)told.W));

    public void Forget() => heard.Clear();

    public IEnumerable<Told> Of(params uint[] kinds) => heard.Where(told => kinds.Contains(told.Kind));

    /// <summary>On the window's thread; returns when it is done and drawn.</summary>
    public T Do<T>(Func<T> act)
    {
        TaskCompletionSource<T> done = new();
        Work.Add(() => done.SetResult(act()));
        Assert.NotEqual(0, Win32.PostMessageW(Handle, Win32.App, 0, 0));
        return done.Task.WaitAsync(Eventually.Limit).GetAwaiter().GetResult();
    }

    /// <summary>A rectangle of the window in a colour, 0xRRGGBB.</summary>
    public void Fill(int x, int y, int width, int height, uint colour) => Do(() =>
    {
        nint context = Win32.GetDC(Handle), brush = Win32.CreateSolidBrush(((colour & 0xff) << 16) | (colour & 0xff00) | (colour >> 16));
        Win32.Area area = new() { Left = x, Top = y, Right = x + width, Bottom = y + height };
        _ = Win32.FillRect(context, &area, brush);
        _ = Win32.DeleteObject(brush);
        _ = Win32.ReleaseDC(Handle, context);
        return Win32.GdiFlush();
    });

    public void Move(int x, int y, int width, int height) => Do(() => Win32.MoveWindow(Handle, x, y, width, height, 1));

    /// <summary>The cursor over the window; zero hides it.</summary>
    public void ShowCursor(nint handle) => Do(() => Win32.SetCursor(cursor = handle));

    public void Dispose()
    {
        _ = Win32.PostMessageW(Handle, Win32.Close, 0, 0);
        thread.Join();
    }

    private void Run(int x, int y, int width, int height, bool takesFocus)
    {
        Register();
        nint window = Win32.CreateWindowExW(takesFocus ? Win32.TopMost : Win32.TopMost | Win32.NoActivate, ClassName, "test", Win32.Popup | Win32.Visible, x, y, width, height, 0, 0, Win32.GetModuleHandleW(0), 0);
        if (takesFocus)
        {
            _ = Win32.SetForegroundWindow(window);
            _ = Win32.SetFocus(window);
        }
        made.SetResult(window);
        Win32.Message message;
        while (Win32.GetMessageW(&message, 0, 0, 0) > 0)
        {
            if (message.Kind is (>= Win32.KeyDown and <= Win32.SysKeyUp) or (>= Win32.MouseMove and <= Win32.HorizontalWheel))
                heard.Enqueue(new Told(message.Kind, message.W, message.L, Win32.GetMessageExtraInfo()));
            _ = Win32.TranslateMessage(&message);
            _ = Win32.DispatchMessageW(&message);
        }
    }

    private static void Register()
    {
        if (isRegistered) return;
        isRegistered = true;
        fixed (char* name = ClassName)
        {
            Win32.WindowClass description = new() { Size = (uint)sizeof(Win32.WindowClass), Procedure = &OnMessage, Instance = Win32.GetModuleHandleW(0), Name = name };
            Assert.NotEqual(0, Win32.RegisterClassExW(&description));
        }
    }

    [UnmanagedCallersOnly]
    private static nint OnMessage(nint window, uint kind, nint w, nint l)
    {
        switch (kind)
        {
            case Win32.App:
                while (Work.TryTake(out Action? act)) act();
                return 0;
            case Win32.Paint:
                _ = Win32.ValidateRect(window, 0);
                return 0;
            case Win32.SetCursorMessage:
                _ = Win32.SetCursor(cursor);
                return 1;
            case Win32.Destroy:
                Win32.PostQuitMessage(0);
                return 0;
            case Win32.SysKeyDown or Win32.SysKeyUp:
                // Alt alone would open a menu.
                return 0;
            default:
                return Win32.DefWindowProcW(window, kind, w, l);
        }
    }
}
