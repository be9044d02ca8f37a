using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>Answers a message to a window; null leaves it to the system.</summary>
internal delegate nint? WindowProcedure(uint message, nuint first, nint second);

/// <summary>A window whose messages come to a method of ours. To be made, used and disposed on one thread, which reads its messages.</summary>
internal sealed unsafe class OwnWindow : IDisposable
{
    private static readonly Lazy<ushort> Class = new(Register);

    [ThreadStatic] private static Dictionary<nint, OwnWindow>? ofThisThread;
    [ThreadStatic] private static OwnWindow? beingMade;

    private readonly WindowProcedure procedure;
    private Exception? failure;

    /// <exception cref="DesktopException">The system makes no window.</exception>
    public OwnWindow(string title, PixelRect area, uint style, uint extendedStyle, WindowProcedure procedure)
    {
        this.procedure = procedure;
        beingMade = this;
        nint made = User32Window.CreateWindowExW(extendedStyle, Class.Value, title, style, area.X, area.Y, area.Width, area.Height, 0, 0, Kernel32Module.GetModuleHandleW(0), 0);
        int error = Marshal.GetLastPInvokeError();
        beingMade = null;
        if (made == 0) throw new DesktopException(DesktopError.NoDisplay, $"A window could not be made (error {error}). Is this program on a desktop of a person?", failure);
        Handle = made;
    }

    /// <summary>0 once it is disposed. That messages say it is destroyed proves nothing: anybody can send them.</summary>
    public nint Handle { get; private set; }

    /// <summary>What went wrong in the procedure: nothing may escape into the system, so it waits here.</summary>
    public void ThrowIfFailed()
    {
        if (failure is { } error) throw new InvalidOperationException("A window's procedure failed.", error);
    }

    public void Dispose()
    {
        if (Handle == 0) return;
        _ = User32Window.DestroyWindow(Handle);
        ofThisThread?.Remove(Handle);
        Handle = 0;
    }

    private static ushort Register()
    {
        delegate* unmanaged<nint, uint, nuint, nint, nint> receive = &Receive;
        // Another copy of this assembly in the process has its own.
        fixed (char* name = $"RemoteAccess.{(nint)receive:x}")
        {
            WindowClass description = new()
            {
                Size = sizeof(WindowClass), Procedure = receive, Instance = Kernel32Module.GetModuleHandleW(0), Name = name,
                Cursor = User32Window.LoadCursorW(0, User32Window.Arrow),
            };
            ushort atom = User32Window.RegisterClassExW(&description);
            return atom != 0 ? atom : throw new DesktopException(DesktopError.NoDisplay, $"A window class could not be registered (error {Marshal.GetLastPInvokeError()}).");
        }
    }

    [UnmanagedCallersOnly]
    private static nint Receive(nint handle, uint message, nuint first, nint second)
    {
        ofThisThread ??= [];
        if (!ofThisThread.TryGetValue(handle, out OwnWindow? window) && beingMade is { } made)
        {
            ofThisThread[handle] = window = made;
            window.Handle = handle;
            beingMade = null;
        }
        return window?.Answer(message, first, second) ?? User32Window.DefWindowProcW(handle, message, first, second);
    }

    private nint? Answer(uint message, nuint first, nint second)
    {
        try
        {
            return procedure(message, first, second);
        }
        catch (Exception error)
        {
            failure ??= error;
            return null;
        }
    }
}
