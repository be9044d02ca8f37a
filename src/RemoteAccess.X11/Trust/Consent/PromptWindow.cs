using System.Text;
using RemoteAccess.Interop;
using RemoteAccess.Picture;
using RemoteAccess.Sessions;

namespace RemoteAccess.Trust;

/// <summary>What a prompt's window looks like from outside; for tests.</summary>
internal sealed record PromptState(nuint Window, PixelRect Area, PixelRect Refuse, PixelRect Allow, ConsentDecision Focus, bool IsActive, bool HasKeyboard, long Counted, long Ignored);

/// <summary>
/// The window of one prompt, on a thread and connection of its own. Override-redirect: no window manager can put it behind, hide or close it, and it
/// needs none. What covers it makes answers wait and is raised over; what moves, unmaps or resizes it is undone; what destroys it is a no.
/// </summary>
internal sealed unsafe class PromptWindow(ConsentPrompt prompt, X11ConsentPromptOptions options) : DisplayThread(options.Display, "RemoteAccess X11 prompt")
{
    /// <summary>How long the whole window must have been in view before an answer counts.</summary>
    public static readonly TimeSpan SettlingTime = TimeSpan.FromMilliseconds(500);

    private const int TickMilliseconds = 50;
    private readonly TimeProvider time = options.TimeProvider;
    private readonly TaskCompletionSource<ConsentAnswer> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private nuint window;
    private PixelRect area;
    private Lettering? fonts;
    private PromptLayout? layout;
    private PromptPainter? painter;
    private PromptInput? input;
    private PromptDevices? devices;
    private long shownAt, inViewSince;
    private bool isInView, mustRaise, mustPlace;
    private (ConsentDecision, bool, string) drawn;
    private PromptState? state;

    /// <summary>The person's answer; cancelled when the prompt was taken back, failed when the display was lost.</summary>
    public Task<ConsentAnswer> Answer => answer.Task;

    /// <summary>As it was a moment ago. Any thread.</summary>
    public PromptState State => Volatile.Read(ref state) ?? throw new InvalidOperationException("The window has not been shown.");

    private PromptLayout Layout => layout ?? throw NotPrepared();

    private PromptPainter Painter => painter ?? throw NotPrepared();

    private PromptInput Input => input ?? throw NotPrepared();

    private PromptDevices Devices => devices ?? throw NotPrepared();

    /// <summary>Takes the window away without an answer. Any thread.</summary>
    public void TakeBack() => Stop();

    protected override void Prepare()
    {
        NativeLibraries.Demand(LibXft.File, LibXft.Package);
        InjectingDevices injecting = new(Connection);
        _ = LibXft.XRenderQueryExtension(Connection.Display, out _, out _);
        RootFormat.Demand(Connection);
        PixelRect monitor = DesktopPlace.Monitor(Connection);
        Palette colours = DesktopPlace.IsHighContrast(options.HighContrast) ? Palette.HighContrast : Palette.Normal;
        (fonts, layout) = PromptLayout.Fit(prompt, colours, monitor, DesktopPlace.Scale(Connection, options.Scale), scale => new Lettering(Connection, prompt.Culture, scale));
        area = new PixelRect(monitor.X + ((monitor.Width - Layout.Width) / 2), monitor.Y + ((monitor.Height - Layout.Height) / 2), Layout.Width, Layout.Height);
        WindowAttributes attributes = new() { OverrideRedirect = 1, EventMask = LibX11Window.ExposureMask | LibX11Window.VisibilityChangeMask | LibX11.StructureNotifyMask };
        window = LibX11Window.XCreateWindow(Connection.Display, Connection.Root, area.X, area.Y, (uint)area.Width, (uint)area.Height, 0, 0, 1, null,
            LibX11Window.OverrideRedirectBit | LibX11Window.EventMaskBit, &attributes);
        Describe();
        input = new PromptInput(Layout.Allow, Layout.Refuse);
        devices = new PromptDevices(Connection, injecting, window, input);
        _ = LibX11.XSelectInput(Connection.Display, Connection.Root, LibX11Window.SubstructureNotifyMask | LibX11.StructureNotifyMask);
        painter = new PromptPainter(new Canvas(Connection, window, Layout.Width, Layout.Height), Layout, colours, fonts ?? throw NotPrepared());
        shownAt = time.GetTimestamp();
        _ = LibX11Window.XMapRaised(Connection.Display, window);
        Refresh();
        if (Connection.Sync() is not 0 and var error) throw new DesktopException(DesktopError.UnsupportedFormat, $"The prompt's window could not be made (X error {error}).");
    }

    protected override void Work()
    {
        while (!IsStopping)
        {
            ReadEvents();
            if (answer.Task.IsCompleted) return;
            Refresh();
            WaitForActivity(TickMilliseconds);
        }
    }

    protected override void Fail(Exception error) => answer.TrySetException(error);

    protected override void CleanUp()
    {
        answer.TrySetCanceled();
        if (Connection.IsLost) return;
        devices?.ReturnKeyboard();
        painter?.Dispose();
        fonts?.Dispose();
        if (window != 0) _ = LibX11Window.XDestroyWindow(Connection.Display, window);
        _ = LibX11.XFlush(Connection.Display);
    }

    private void ReadEvents()
    {
        XEvent xevent;
        while (LibX11.XPending(Connection.Display) > 0 && !answer.Task.IsCompleted)
        {
            _ = LibX11.XNextEvent(Connection.Display, &xevent);
            Connection.ThrowIfLost();
            if (Devices.Handle(&xevent) is { } decision) answer.TrySetResult(new ConsentAnswer(decision, ConsentHow.Pressed, time.GetUtcNow()));
            else if (xevent.IsSent == 0) HandleWindow(&xevent);
        }
        Connection.ThrowIfLost();
    }

    /// <summary>Core events about windows only: core keys and buttons, sent or not, mean nothing here.</summary>
    private void HandleWindow(XEvent* xevent)
    {
        bool isOurs = xevent->Subject == window;
        switch (xevent->Type)
        {
            case LibX11Window.Expose:
                Painter.Show();
                break;
            case LibX11Window.VisibilityNotify when xevent->Window == window:
                isInView = xevent->Visibility == 0;
                inViewSince = time.GetTimestamp();
                mustRaise |= !isInView;
                break;
            case LibX11Window.DestroyNotify or LibX11Window.ReparentNotify when isOurs:
                if (xevent->Type == LibX11Window.DestroyNotify) window = 0;
                answer.TrySetResult(new ConsentAnswer(ConsentDecision.Refuse, ConsentHow.Closed, time.GetUtcNow()));
                break;
            case LibX11Window.UnmapNotify when isOurs:
                isInView = false;
                _ = LibX11Window.XMapRaised(Connection.Display, window);
                break;
            case LibX11.ConfigureNotify when isOurs:
                mustPlace |= xevent->ConfiguredX != area.X || xevent->ConfiguredY != area.Y || xevent->ConfiguredWidth != area.Width || xevent->ConfiguredHeight != area.Height;
                break;
            case LibX11.ConfigureNotify or LibX11Window.MapNotify or LibX11Window.CirculateNotify when !isOurs:
                mustRaise = true;
                break;
        }
    }

    private static InvalidOperationException NotPrepared() => new("The prompt's window has not been prepared.");

    private void Refresh()
    {
        // Once a tick at most: a window that raises itself too gets no endless duel out of it, and no answer either.
        if (mustPlace) _ = LibX11Window.XMoveResizeWindow(Connection.Display, window, area.X, area.Y, (uint)area.Width, (uint)area.Height);
        if (mustPlace || mustRaise) _ = LibX11Window.XRaiseWindow(Connection.Display, window);
        mustPlace = mustRaise = false;
        Devices.TakeKeyboard();
        Input.SetActive(isInView && time.GetElapsedTime(inViewSince) >= SettlingTime);
        TimeSpan remaining = prompt.Request.Timeout - time.GetElapsedTime(shownAt);
        var now = (Input.Focus, Input.IsActive, prompt.CountdownText(remaining));
        if (now != drawn) Painter.Draw(prompt, Input, remaining);
        drawn = now;
        Volatile.Write(ref state, new PromptState(window, area, Layout.Refuse, Layout.Allow, Input.Focus, Input.IsActive, Devices.HasKeyboard, Devices.Counted, Devices.Ignored));
        _ = LibX11.XFlush(Connection.Display);
    }

    /// <summary>Name and kind for taskbars, pagers and what reads windows aloud.</summary>
    private void Describe()
    {
        byte[] title = Encoding.UTF8.GetBytes(prompt.Title);
        nuint utf8 = LibX11.XInternAtom(Connection.Display, "UTF8_STRING", 0);
        Set(LibX11.XInternAtom(Connection.Display, "_NET_WM_NAME", 0), utf8, title);
        Set(LibX11Window.AtomWmName, utf8, title);
        Set(LibX11Window.AtomWmClass, LibX11Window.AtomString, "remoteaccess-prompt\0RemoteAccess\0"u8.ToArray());
        nuint dialog = LibX11.XInternAtom(Connection.Display, "_NET_WM_WINDOW_TYPE_DIALOG", 0);
        _ = LibX11.XChangeProperty(Connection.Display, window, LibX11.XInternAtom(Connection.Display, "_NET_WM_WINDOW_TYPE", 0), LibX11Window.AtomAtom, 32, LibX11.PropertyReplace, (byte*)&dialog, 1);
    }

    private void Set(nuint property, nuint type, byte[] value)
    {
        fixed (byte* data = value) _ = LibX11.XChangeProperty(Connection.Display, window, property, type, 8, LibX11.PropertyReplace, data, value.Length);
    }
}
