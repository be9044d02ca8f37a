using Microsoft.Extensions.Logging;
using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>The icon from outside; for tests.</summary>
internal sealed record TrayLook(nint Window, bool IsAdded, FigureKind Kind, string Words, Balloon? Balloon, int Balloons, int Added, bool HasMenu);

/// <summary>
/// The icon in the notification area, its balloons and its menu, on a thread of its own: whatever the taskbar does or does not, and however long a menu
/// stays open, the strip is drawn and looked at. Put there again whenever the taskbar begins anew. Methods of <see cref="ISurfaceIcon"/> from any thread.
/// </summary>
internal sealed unsafe class TrayThread(SurfaceTexts texts, bool? highContrast, bool hasStopKey, Action<TrayCommand> choose, ILogger logger) : DesktopThread("RemoteAccess tray"), ISurfaceIcon
{
    private const uint Id = 1, Callback = User32Message.Application, News = User32Message.Application + 1;
    private const int LargeSide = 32;
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(1);

    private sealed record State(FigureKind Kind, string Words, SurfaceStatus Status);

    private OwnWindow? window;
    private uint taskbarCreated;
    private State? wanted, drawn;
    private IReadOnlyList<SurfaceSession> told = [];
    private Palette? drawnWith;
    private nint icon, largeIcon;
    private bool isAdded, isRefused;
    private volatile bool isDecided, isShown, isCleared, hasMenu;
    private Balloon? balloon;
    private int balloons, added;
    private nint handle;

    public bool? IsShown => isDecided ? isShown : null;

    /// <summary>As it was a moment ago. Any thread.</summary>
    public TrayLook Look
    {
        get
        {
            State? state = Volatile.Read(ref drawn);
            return new TrayLook(Volatile.Read(ref handle), isShown, state?.Kind ?? FigureKind.Nobody, state?.Words ?? "", Volatile.Read(ref balloon), Volatile.Read(ref balloons), Volatile.Read(ref added), hasMenu);
        }
    }

    public void Refresh(FigureKind kind, string words, SurfaceStatus status)
    {
        if (Volatile.Read(ref wanted) is { } last && last.Kind == kind && last.Words == words && ReferenceEquals(last.Status, status)) return;
        Volatile.Write(ref wanted, new State(kind, words, status));
        Tell();
    }

    public void Clear()
    {
        isCleared = true;
        Tell();
    }

    /// <summary>Asks the thread to end, also out of its menu.</summary>
    public void End()
    {
        Clear();
        Stop();
    }

    protected override void Prepare()
    {
        taskbarCreated = User32Message.RegisterWindowMessageW("TaskbarCreated");
        // Of the desktop and never shown: the taskbar's word that it begins anew goes to such windows only.
        window = new OwnWindow(texts["title"], default, User32Window.Popup, User32Window.ToolWindow, Handle);
        Volatile.Write(ref handle, window.Handle);
    }

    protected override void Work()
    {
        while (!IsStopping)
        {
            ThreadMessage message;
            while (!IsStopping && User32Message.PeekMessage(&message, 0, 0, 0, User32Message.Remove) != 0)
            {
                _ = User32Message.TranslateMessage(&message);
                _ = User32Message.DispatchMessage(&message);
            }
            window?.ThrowIfFailed();
            Bring();
            Signal.WaitForMessages(TryAgain);
        }
    }

    protected override void Fail(Exception error)
    {
        (isShown, isDecided) = (false, true);
        Log.NoTrayIcon(logger, error.Message);
    }

    protected override void CleanUp()
    {
        Remove();
        window?.Dispose();
        if (icon != 0) _ = User32Menu.DestroyIcon(icon);
        if (largeIcon != 0) _ = User32Menu.DestroyIcon(largeIcon);
    }

    /// <summary>By a message and not by the thread's signal, which a menu's loop would not see.</summary>
    private void Tell()
    {
        if (Volatile.Read(ref handle) is not 0 and var to) _ = User32Message.PostMessageW(to, News, 0, 0);
    }

    private nint? Handle(uint message, nuint first, nint second)
    {
        if (message == taskbarCreated && taskbarCreated != 0)
        {
            isAdded = false;
            Bring();
            return 0;
        }
        switch (message)
        {
            case News:
                if (isCleared && hasMenu) _ = User32Menu.EndMenu();
                Bring();
                return 0;
            case User32Message.Close:
                return 0;
            case Callback:
                Answer((uint)(second & 0xffff), (short)first, (short)(first >> 16));
                return 0;
            default:
                return null;
        }
    }

    /// <summary>Anybody can say that the icon was clicked: see <see cref="TrayCommand"/>.</summary>
    private void Answer(uint what, int x, int y)
    {
        if (isCleared || hasMenu || window is null) return;
        switch (what)
        {
            case Shell32.Selected or Shell32.KeySelected or Shell32.InfoClicked:
                choose(TrayCommand.Open);
                break;
            case User32Message.ContextMenu when Volatile.Read(ref wanted) is { } state:
                hasMenu = true;
                TrayCommand chosen = TrayMenu.Choose(window.Handle, x, y, texts, state.Status);
                hasMenu = false;
                if (chosen != TrayCommand.None && !isCleared) choose(chosen);
                break;
        }
    }

    /// <summary>To what is wanted: there, with its figure, words and balloon; or gone.</summary>
    private void Bring()
    {
        if (isCleared)
        {
            Remove();
            return;
        }
        if (Volatile.Read(ref wanted) is not { } state || window is null) return;
        Palette colours = DesktopPlace.IsHighContrast(highContrast) ? Palette.HighContrast : Palette.Normal;
        bool isOther = drawn is null || drawn.Kind != state.Kind || drawnWith != colours;
        if (isOther) Draw(colours, state.Kind);
        if (!isAdded) Add(state);
        else if (isOther || drawn?.Words != state.Words) isAdded = Notify(Shell32.Modify, Data(state));
        drawnWith = colours;
        Volatile.Write(ref drawn, state);
        if (isAdded) Pop(state.Status.Sessions);
    }

    private void Add(State state)
    {
        NotifyIconData data = Data(state);
        // One of before, of which the taskbar does not know that it ended with us, would refuse it.
        isAdded = Notify(Shell32.Add, data) || (Notify(Shell32.Delete, data) && Notify(Shell32.Add, data));
        if (isAdded)
        {
            Interlocked.Increment(ref added);
            data.Version = Shell32.Version4;
            _ = Notify(Shell32.SetVersion, data);
        }
        else if (!isRefused)
        {
            Log.NoTrayIcon(logger, "the taskbar does not take it, or there is none");
        }
        isRefused = !isAdded;
        (isShown, isDecided) = (isAdded, true);
    }

    private void Pop(IReadOnlyList<SurfaceSession> sessions)
    {
        Balloon? next = Balloon.Between(told, sessions, texts, hasStopKey);
        told = sessions;
        if (next is null) return;
        NotifyIconData data = new() { Size = sizeof(NotifyIconData), Window = window!.Handle, Id = Id, Flags = Shell32.HasInfo, InfoFlags = Shell32.InfoUserIcon | Shell32.InfoLargeIcon, BalloonIcon = largeIcon };
        Copy(next.Title, data.InfoTitle, NotifyIconData.MaxInfoTitle);
        Copy(next.Text, data.Info, NotifyIconData.MaxInfo);
        if (!Notify(Shell32.Modify, data)) return;
        Volatile.Write(ref balloon, next);
        Interlocked.Increment(ref balloons);
    }

    private NotifyIconData Data(State state)
    {
        NotifyIconData data = new() { Size = sizeof(NotifyIconData), Window = window!.Handle, Id = Id, Flags = Shell32.HasMessage | Shell32.HasIcon | Shell32.HasTip | Shell32.ShowTip, Callback = Callback, Icon = icon };
        Copy(state.Words, data.Tip, NotifyIconData.MaxTip);
        return data;
    }

    private static void Copy(string text, char* into, int most)
    {
        // A half of a pair would be a box.
        if (text.Length > most) text = $"{text[..(char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1)]}…";
        text.CopyTo(new Span<char>(into, most));
    }

    private static bool Notify(uint what, NotifyIconData data) => Shell32.Shell_NotifyIconW(what, &data) != 0;

    private void Draw(Palette colours, FigureKind kind)
    {
        (nint oldIcon, nint oldLarge) = (icon, largeIcon);
        icon = TrayPicture.Make(colours, kind, Math.Max(16, User32Screen.GetSystemMetrics(User32Menu.SmallIconWidth)));
        largeIcon = TrayPicture.Make(colours, kind, LargeSide);
        if (isAdded && Volatile.Read(ref wanted) is { } state) isAdded = Notify(Shell32.Modify, Data(state));
        if (oldIcon != 0) _ = User32Menu.DestroyIcon(oldIcon);
        if (oldLarge != 0) _ = User32Menu.DestroyIcon(oldLarge);
    }

    private void Remove()
    {
        if (isAdded && window is not null) _ = Notify(Shell32.Delete, new NotifyIconData { Size = sizeof(NotifyIconData), Window = window.Handle, Id = Id });
        (isAdded, isShown) = (false, false);
    }
}
