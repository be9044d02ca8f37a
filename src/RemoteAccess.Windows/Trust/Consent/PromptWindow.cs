using RemoteAccess.Interop;
using RemoteAccess.Sessions;

namespace RemoteAccess.Trust;

/// <summary>What a prompt's window looks like from outside; for tests.</summary>
internal sealed record PromptState(nint Window, PixelRect Area, PixelRect Refuse, PixelRect Allow, ConsentDecision Focus, bool IsActive, bool TakesKeys,
    (int X, int Y) Pointer, long Counted, long Ignored);

/// <summary>
/// The window of one prompt, on a thread of its own. Topmost, without a frame. What covers it makes answers wait and is raised over; what moves, hides,
/// disables, cuts or fades it is undone; what closes or takes it is a no.
/// </summary>
internal sealed unsafe class PromptWindow(ConsentPrompt prompt, WindowsConsentPromptOptions options) : DesktopThread("RemoteAccess prompt")
{
    /// <summary>How long the whole window must have been in view before an answer counts, and have had the keyboard before a key does.</summary>
    public static readonly TimeSpan SettlingTime = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    /// <summary>Messages between two looks at the window, however many there are.</summary>
    private const int MostAtOnce = 64;

    private readonly TimeProvider time = options.TimeProvider;
    private readonly TaskCompletionSource<ConsentAnswer> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private OwnWindow? window;
    private WindowSight? sight;
    private Lettering? fonts;
    private PromptLayout? layout;
    private PromptPainter? painter;
    private PromptInput? input;
    private PromptDevices? devices;
    private ThreadMessage dispatched;
    private bool isDispatching, isInView;
    private long shownAt, inViewSince, putBackAt;
    private (ConsentDecision, bool, string) drawn;
    private PromptState? state;

    /// <summary>The person's answer; cancelled when the prompt was taken back, failed when it cannot be shown any more.</summary>
    public Task<ConsentAnswer> Answer => answer.Task;

    /// <summary>As it was a moment ago. Any thread.</summary>
    public PromptState State => Volatile.Read(ref state) ?? throw new InvalidOperationException("The window has not been shown.");

    private OwnWindow Window => window ?? throw NotPrepared();

    private WindowSight Sight => sight ?? throw NotPrepared();

    private PromptLayout Layout => layout ?? throw NotPrepared();

    private PromptPainter Painter => painter ?? throw NotPrepared();

    private PromptInput Input => input ?? throw NotPrepared();

    private PromptDevices Devices => devices ?? throw NotPrepared();

    /// <summary>Takes the window away without an answer. Any thread.</summary>
    public void TakeBack() => Stop();

    protected override void Prepare()
    {
        PersonsDesktop.Demand();
        _ = Imm32.ImmDisableIME(0);
        nint monitor = DesktopPlace.Monitor();
        PixelRect room = DesktopPlace.WorkArea(monitor);
        Palette colours = DesktopPlace.IsHighContrast(options.HighContrast) ? Palette.HighContrast : Palette.Normal;
        (fonts, layout) = PromptLayout.Fit(prompt, colours, room, DesktopPlace.Scale(monitor, options.Scale), scale => new Lettering(prompt.Culture, scale));
        PixelRect area = Middle(room);
        window = new OwnWindow(prompt.Title, area, User32Window.Popup, User32Window.TopMost | User32Window.AppWindow, Handle);
        painter = new PromptPainter(new Canvas(Window.Handle, Layout.Width, Layout.Height), Layout, colours, fonts);
        input = new PromptInput(Layout.Allow, Layout.Refuse);
        shownAt = time.GetTimestamp();
        _ = User32Window.ShowWindow(Window.Handle, User32Window.Show);
        _ = User32Window.SetForegroundWindow(Window.Handle);
        sight = new WindowSight(Window.Handle, area);
        devices = new PromptDevices(Window.Handle, Input, () => Sight.Area, time);
        Refresh();
    }

    protected override void Work()
    {
        while (!IsStopping && !answer.Task.IsCompleted)
        {
            ReadMessages();
            if (IsStopping || answer.Task.IsCompleted) return;
            Refresh();
            Signal.WaitForMessages(Tick);
        }
    }

    protected override void Fail(Exception error) => answer.TrySetException(error);

    protected override void CleanUp()
    {
        answer.TrySetCanceled();
        devices?.Dispose();
        painter?.Dispose();
        fonts?.Dispose();
        window?.Dispose();
    }

    private static InvalidOperationException NotPrepared() => new("The prompt's window has not been prepared.");

    private PixelRect Middle(PixelRect room) => new(room.X + ((room.Width - Layout.Width) / 2), room.Y + ((room.Height - Layout.Height) / 2), Layout.Width, Layout.Height);

    private void ReadMessages()
    {
        ThreadMessage message;
        for (int i = 0; i < MostAtOnce && !IsStopping && !answer.Task.IsCompleted && User32Message.PeekMessage(&message, 0, 0, 0, User32Message.Remove) != 0; i++)
        {
            if (message.Message == User32Message.Quit)
            {
                Close();
                return;
            }
            (dispatched, isDispatching) = (message, true);
            _ = User32Message.DispatchMessage(&message);
            isDispatching = false;
            Window.ThrowIfFailed();
        }
    }

    private void Close() => answer.TrySetResult(new ConsentAnswer(ConsentDecision.Refuse, ConsentHow.Closed, time.GetUtcNow()));

    private nint? Handle(uint message, nuint first, nint second)
    {
        switch (message)
        {
            case User32Message.Paint when painter is not null:
                Painter.Show();
                _ = User32Window.ValidateRect(Window.Handle, null);
                return 0;
            case User32Message.EraseBackground:
                return 1;
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
        if (devices is null || answer.Task.IsCompleted) return;
        if (!isDispatching || dispatched.Window != Window.Handle || dispatched.Message != message || dispatched.First != first || dispatched.Second != second)
        {
            Devices.Ignore();
            return;
        }
        isDispatching = false;
        // As it is at this moment, whatever it was a tick ago.
        Look();
        if (Devices.Handle(dispatched) is { } decision) answer.TrySetResult(new ConsentAnswer(decision, ConsentHow.Pressed, time.GetUtcNow()));
    }

    private void Look()
    {
        bool sees = Sight.IsInFullView;
        if (sees && !isInView) inViewSince = time.GetTimestamp();
        isInView = sees;
        Input.SetActive(isInView && time.GetElapsedTime(inViewSince) >= SettlingTime);
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
        if (!isInView && time.GetElapsedTime(putBackAt) >= Tick)
        {
            Sight.PutBack();
            putBackAt = time.GetTimestamp();
        }
        Devices.LookForKeyboard();
        TimeSpan remaining = prompt.Request.Timeout - time.GetElapsedTime(shownAt);
        var now = (Input.Focus, Input.IsActive, prompt.CountdownText(remaining));
        if (now != drawn) Painter.Draw(prompt, Input, remaining);
        drawn = now;
        Volatile.Write(ref state, new PromptState(Window.Handle, Sight.Area, Layout.Refuse, Layout.Allow, Input.Focus, Input.IsActive, Devices.IsKeyboardSettled, Devices.Pointer, Devices.Counted, Devices.Ignored));
        Window.ThrowIfFailed();
    }
}
