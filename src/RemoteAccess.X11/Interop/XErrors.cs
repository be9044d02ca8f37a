using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>
/// Xlib reports errors to handlers of the whole process, and its own end the process. These keep errors of our connections with the
/// connection and pass those of anybody else's to whoever had the handlers before. A lost connection goes on taking requests, which go nowhere.
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

    /// <summary>After the connection has closed: another may have got its display's address by now.</summary>
    public static void Forget(XConnection connection) => Ours.TryRemove(new KeyValuePair<nint, XConnection>(connection.Display, connection));

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
        _ = LibX11.XSetAfterFunction(display, &DropRequests);
        ((DisplayHead*)display)->DropRequests();
    }

    /// <summary>
    /// Danger: Xlib keeps requests that it could not send, and writes the first one for which its buffer has no room to address 0. So what a lost connection
    /// was asked to do is dropped after each request.
    /// </summary>
    [UnmanagedCallersOnly]
    private static int DropRequests(nint display)
    {
        ((DisplayHead*)display)->DropRequests();
        return 0;
    }
}
