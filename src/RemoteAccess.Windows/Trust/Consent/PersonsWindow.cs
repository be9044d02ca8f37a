using RemoteAccess.Interop;
using RemoteAccess.Sessions;

namespace RemoteAccess.Trust;

/// <summary>What stands in a <see cref="PersonsWindow"/>: its name, its size, and its two buttons in pixels of the window.</summary>
internal readonly record struct PersonsWindowForm(string Title, int Width, int Height, PixelRect Yes, PixelRect No);

/// <summary>
/// A window that only the person in front of the screen can use, on a thread of its own. Topmost, without a frame. What covers it makes answers wait and is raised over; what moves,
/// hides, disables, cuts or fades it is undone; what closes or takes it is a no. Input counts when it came out of the thread's own queue (<see cref="MessageGate"/>) and a person's
/// device made it (<see cref="PromptDevices"/>). What is asked and what a yes does is for the class derived from it, which gets to see no message.
/// </summary>
internal abstract unsafe class PersonsWindow(string name, WindowsConsentPromptOptions options) : DesktopThread(name)
{
    /// <summary>How long the whole window must have been in view before an answer counts, and have had the keyboard before a key does.</summary>
    public static readonly TimeSpan SettlingTime = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    /// <summary>Messages between two looks at the window, however many there are.</summary>
    private const int MostAtOnce = 64;

    private readonly MessageGate gate = new(translates: false);
    private OwnWindow? window;
    private WindowSight? sight;
    private PromptInput? input;
    private PromptDevices? devices;
    private AutomationWindow? automation;
    private PersonsWindowForm form;
    private bool isInView;
    private long inViewSince, putBackAt;

    protected TimeProvider Time { get; } = options.TimeProvider;

    protected PromptInput Input => input ?? throw NotPrepared();

    protected PromptDevices Devices => devices ?? throw NotPrepared();

    protected nint Handle => Window.Handle;

    /// <summary>Where it stands; pixels of the desktop.</summary>
    protected PixelRect Area => Sight.Area;

    /// <summary>Whether there is an outcome, so that nothing more is taken.</summary>
    protected abstract bool IsOver { get; }

    /// <summary>Gets the keys instead of the two buttons, all but Escape: for a window that is typed into.</summary>
    protected virtual Action<ThreadMessage>? Typing => null;

    private OwnWindow Window => window ?? throw NotPrepared();

    private WindowSight Sight => sight ?? throw NotPrepared();

    /// <summary>What screen readers are told; for tests.</summary>
    public AutomationWindow Automation => automation ?? throw NotPrepared();

    /// <summary>Takes the window away without an answer. Any thread.</summary>
    public void TakeBack() => Stop();

    /// <summary>Lays it out, so that it fits into the room.</summary>
    protected abstract PersonsWindowForm LayOut(Palette colours, PixelRect room, double scale);

    /// <summary>The window was made and is not shown yet.</summary>
    protected abstract void Begin(nint handle);

    /// <summary>Copies what was drawn last.</summary>
    protected abstract void ShowAgain();

    /// <summary>Draws what has changed, and tells how it is; after each look, on each tick.</summary>
    protected abstract void Update();

    /// <summary>What a screen reader gets of it, and the id of what keys go to. It reads; it answers nothing (<see cref="AutomationPart"/>).</summary>
    protected abstract (IReadOnlyList<ReadElement> Elements, string Focus) Describe();

    /// <summary>The person has answered.</summary>
    protected abstract void Decide(ConsentDecision decision);

    /// <summary>It was closed or taken, by whomever: a no.</summary>
    protected abstract void Close();

    protected override void Prepare()
    {
        PersonsDesktop.Demand();
        _ = Imm32.ImmDisableIME(0);
        nint monitor = DesktopPlace.Monitor();
        PixelRect room = DesktopPlace.WorkArea(monitor);
        form = LayOut(DesktopPlace.IsHighContrast(options.HighContrast) ? Palette.HighContrast : Palette.Normal, room, DesktopPlace.Scale(monitor, options.Scale));
        PixelRect area = Middle(room);
        window = new OwnWindow(form.Title, area, User32Window.Popup, User32Window.TopMost | User32Window.AppWindow, Answer);
        input = new PromptInput(form.Yes, form.No);
        Begin(Window.Handle);
        _ = User32Window.ShowWindow(Window.Handle, User32Window.Show);
        _ = User32Window.SetForegroundWindow(Window.Handle);
        sight = new WindowSight(Window.Handle, area);
        devices = new PromptDevices(Window.Handle, Input, () => Sight.Area, Time, Typing);
        automation = new AutomationWindow(Window.Handle);
        Refresh();
    }

    protected override void Work()
    {
        while (!IsStopping && !IsOver)
        {
            ReadMessages();
            if (IsStopping || IsOver) return;
            Refresh();
            Signal.WaitForMessages(Tick);
        }
    }

    protected override void CleanUp()
    {
        devices?.Dispose();
        automation?.Dispose();
        window?.Dispose();
    }

    protected static InvalidOperationException NotPrepared() => new("The window has not been prepared.");

    private PixelRect Middle(PixelRect room) => new(room.X + ((room.Width - form.Width) / 2), room.Y + ((room.Height - form.Height) / 2), form.Width, form.Height);

    private void ReadMessages()
    {
        ThreadMessage message;
        for (int i = 0; i < MostAtOnce && !IsStopping && !IsOver && User32Message.PeekMessage(&message, 0, 0, 0, User32Message.Remove) != 0; i++)
        {
            if (message.Message == User32Message.Quit)
            {
                Close();
                return;
            }
            gate.Dispatch(&message);
            Window.ThrowIfFailed();
        }
    }

    private nint? Answer(uint message, nuint first, nint second)
    {
        switch (message)
        {
            case User32Message.Paint when sight is not null:
                ShowAgain();
                _ = User32Window.ValidateRect(Window.Handle, null);
                return 0;
            case User32Message.EraseBackground:
                return 1;
            case User32Message.GetObject:
                return automation?.Answer(first, second);
            case User32Message.Close or User32Message.Destroy:
            case User32Message.EndSession when first != 0:
            case User32Message.SystemCommand when (first & 0xFFF0) == User32Message.SystemClose:
                Close();
                return 0;
            // Neither moved nor hidden by a command, nor named otherwise by anybody.
            case User32Message.SystemCommand or User32Message.SetText or User32Message.Command:
                return 0;
            case User32Message.SetFocus or User32Message.KillFocus:
                devices?.LoseKeyboard();
                return 0;
            case User32Message.DisplayChange when sight is not null:
                Sight.Area = Middle(DesktopPlace.WorkArea(DesktopPlace.Monitor()));
                return 0;
            case >= User32Message.KeyFirst and <= User32Message.KeyLast or >= User32Message.MouseFirst and <= User32Message.MouseLast
                or User32Message.PointerUpdate or User32Message.PointerDown or User32Message.PointerUp:
                TakeInput(message, first, second);
                return 0;
            default:
                return null;
        }
    }

    private void TakeInput(uint message, nuint first, nint second)
    {
        if (devices is null || IsOver) return;
        if (!gate.Takes(Window.Handle, message, first, second, out ThreadMessage taken))
        {
            Devices.Ignore();
            return;
        }
        // As it is at this moment, whatever it was a tick ago.
        Look();
        if (Devices.Handle(taken) is { } decision) Decide(decision);
    }

    private void Look()
    {
        bool sees = Sight.IsInFullView;
        if (sees && !isInView) inViewSince = Time.GetTimestamp();
        isInView = sees;
        Input.SetActive(isInView && Time.GetElapsedTime(inViewSince) >= SettlingTime);
    }

    private void Refresh()
    {
        if (Sight.IsTaken)
        {
            Close();
            return;
        }
        Look();
        // Once a tick at most: a window that raises itself too gets no endless duel out of it, and no answer either.
        if (!isInView && Time.GetElapsedTime(putBackAt) >= Tick)
        {
            Sight.PutBack();
            putBackAt = Time.GetTimestamp();
        }
        Devices.LookForKeyboard();
        Update();
        (IReadOnlyList<ReadElement> elements, string focus) = Describe();
        automation?.Show(new ReadWindow(form.Title, Area, elements, focus, Devices.HasKeyboard) { IsDialog = true });
        Window.ThrowIfFailed();
    }
}
