using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>
/// Xlib reports errors to handlers of the whole process, and its own end the process. These keep errors of our connections with the
/// connection and pass those of anybody else's to whoever had the handlers before.
/// </summary>
internal static unsafe class XErrors
{
    private static readonly ConcurrentDictionary<nint, XConnection> Ours = new();
    private static delegate* unmanaged<nint, XErrorEvent*, int> previousError;
    private static delegate* unmanaged<nint, int> previousLoss;
    private static readonly Lock Installing = new();
    private static bool installed;

    /// <summary>Before the first connection; later calls do nothing.</summary>
    public static void Install()
    {
        lock (Installing)
        {
            if (installed) return;
            _ = LibX11.XInitThreads();
            previousError = LibX11.XSetErrorHandler(&OnError);
            previousLoss = LibX11.XSetIOErrorHandler(&OnLoss);
            installed = true;
        }
    }

    public static void Watch(XConnection connection)
    {
        Ours[connection.Display] = connection;
        LibX11.XSetIOErrorExitHandler(connection.Display, &AfterLoss, null);
    }

    public static void Forget(XConnection connection) => Ours.TryRemove(connection.Display, out _);

    [UnmanagedCallersOnly]
    private static int OnError(nint display, XErrorEvent* error)
    {
        if (Ours.TryGetValue(display, out XConnection? connection)) connection.Note(error->Code);
        else if (previousError != null) return previousError(display, error);
        return 0;
    }

    [UnmanagedCallersOnly]
    private static int OnLoss(nint display)
    {
        if (Ours.TryGetValue(display, out XConnection? connection)) connection.NoteLoss();
        else if (previousLoss != null) return previousLoss(display);
        return 0;
    }

    /// <summary>Returning from here is what keeps the process alive.</summary>
    [UnmanagedCallersOnly]
    private static void AfterLoss(nint display, void* data)
    {
    }
}
