using System.Security.Cryptography;
using RemoteAccess.Interop;
using RemoteAccess.Sessions;

namespace RemoteAccess.Trust;

/// <summary>Checks and stores what was typed, which is lent to it.</summary>
internal delegate ValueTask<CredentialEnrolment> StorePassword(ReadOnlyMemory<byte> password, CancellationToken cancellationToken);

/// <summary>What a window for a password looks like from outside; for tests.</summary>
internal sealed record EnrolmentState(nint Window, PixelRect Area, PixelRect Cancel, PixelRect Store, int Typed, string Status, bool IsActive, bool TakesKeys, (int X, int Y) Pointer, long Counted, long Ignored);

/// <summary>
/// The window for one password, on a thread of its own, under the rules of <see cref="PromptWindow"/>: only a person's own keyboard and mouse work it, and only while all of it is seen.
/// What is typed is shown as dots, on the monitor alone, and wiped.
/// </summary>
internal sealed unsafe class EnrolmentWindow(EnrolmentQuestion question, StorePassword store, WindowsConsentPromptOptions options) : DesktopThread("RemoteAccess password")
{
    private const int MostTries = 5, MostAtOnce = 64;
    private const uint Enter = 0x0D;
    private const int CapsLock = 0x14;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly TimeProvider time = options.TimeProvider;
    private readonly EnrolmentTexts texts = EnrolmentTexts.For(question.Culture);
    private readonly TaskCompletionSource<CredentialEnrolment?> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource over = new();
    private readonly TypedPassword typed = new();
    private OwnWindow? window;
    private WindowSight? sight;
    private Lettering? fonts;
    private EnrolmentLayout? layout;
    private EnrolmentPainter? painter;
    private PromptInput? input;
    private PromptDevices? devices;
    private Task<CredentialEnrolment>? checking;
    private byte[]? lent;
    private ThreadMessage dispatched;
    private bool isDispatching, isInView, wasWrong;
    private int tries;
    private long inViewSince, putBackAt;
    private EnrolmentShown? drawn;
    private EnrolmentState? state;

    /// <summary>What came of it; null when the person did not want to. Cancelled when it was taken back, failed when it cannot be shown any more.</summary>
    public Task<CredentialEnrolment?> Outcome => outcome.Task;

    /// <summary>As it was a moment ago. Any thread.</summary>
    public EnrolmentState State => Volatile.Read(ref state) ?? throw new InvalidOperationException("The window has not been shown.");

    private OwnWindow Window => window ?? throw NotPrepared();

    private WindowSight Sight => sight ?? throw NotPrepared();

    private EnrolmentLayout Layout => layout ?? throw NotPrepared();

    private EnrolmentPainter Painter => painter ?? throw NotPrepared();

    private PromptInput Input => input ?? throw NotPrepared();

    private PromptDevices Devices => devices ?? throw NotPrepared();

    /// <summary>Takes the window away. Any thread.</summary>
    public void TakeBack() => Stop();

    protected override void Prepare()
    {
        PersonsDesktop.Demand();
        _ = Imm32.ImmDisableIME(0);
        nint monitor = DesktopPlace.Monitor();
        PixelRect room = DesktopPlace.WorkArea(monitor);
        Palette colours = DesktopPlace.IsHighContrast(options.HighContrast) ? Palette.HighContrast : Palette.Normal;
        (fonts, layout) = EnrolmentLayout.Fit(question, texts, colours, room, DesktopPlace.Scale(monitor, options.Scale));
        PixelRect area = Middle(room);
        window = new OwnWindow(texts["title"], area, User32Window.Popup, User32Window.TopMost | User32Window.AppWindow, Handle);
        _ = User32Window.SetWindowDisplayAffinity(Window.Handle, User32Window.OnMonitorOnly);
        painter = new EnrolmentPainter(new Canvas(Window.Handle, Layout.Width, Layout.Height), Layout, texts, colours, fonts);
        input = new PromptInput(Layout.Store, Layout.Cancel);
        _ = User32Window.ShowWindow(Window.Handle, User32Window.Show);
        _ = User32Window.SetForegroundWindow(Window.Handle);
        sight = new WindowSight(Window.Handle, area);
        devices = new PromptDevices(Window.Handle, Input, () => Sight.Area, time, Type);
        Refresh();
    }

    protected override void Work()
    {
        while (!IsStopping && !outcome.Task.IsCompleted)
        {
            ReadMessages();
            if (checking is { IsCompleted: true } checkedNow) Take(checkedNow);
            if (IsStopping || outcome.Task.IsCompleted) return;
            Refresh();
            Signal.WaitForMessages(Tick);
        }
    }

    protected override void Fail(Exception error) => outcome.TrySetException(error);

    protected override void CleanUp()
    {
        typed.Dispose();
        over.Cancel();
        // The one who checks may still look at it: it is wiped when they are done.
        if (checking is { } still) _ = still.ContinueWith(_ => Wipe(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        else over.Dispose();
        outcome.TrySetCanceled();
        devices?.Dispose();
        painter?.Dispose();
        fonts?.Dispose();
        window?.Dispose();
    }

    private static InvalidOperationException NotPrepared() => new("The window has not been prepared.");

    private PixelRect Middle(PixelRect room) => new(room.X + ((room.Width - Layout.Width) / 2), room.Y + ((room.Height - Layout.Height) / 2), Layout.Width, Layout.Height);

    private void ReadMessages()
    {
        ThreadMessage message;
        for (int i = 0; i < MostAtOnce && !IsStopping && !outcome.Task.IsCompleted && User32Message.PeekMessage(&message, 0, 0, 0, User32Message.Remove) != 0; i++)
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

    private void Close() => outcome.TrySetResult(null);

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
        if (devices is null || outcome.Task.IsCompleted) return;
        if (!isDispatching || dispatched.Window != Window.Handle || dispatched.Message != message || dispatched.First != first || dispatched.Second != second)
        {
            Devices.Ignore();
            return;
        }
        isDispatching = false;
        // As it is at this moment, whatever it was a tick ago.
        Look();
        switch (Devices.Handle(dispatched))
        {
            case ConsentDecision.Refuse: Close(); break;
            case ConsentDecision.Allow: Submit(); break;
        }
    }

    /// <summary>A key of the person's, while the window has had the keyboard for long enough.</summary>
    private void Type(ThreadMessage message)
    {
        if (!Input.IsActive || checking is not null) return;
        if ((uint)message.First == Enter)
        {
            Submit();
            return;
        }
        typed.Press(message);
        if (typed.Length > 0) wasWrong = false;
    }

    private void Submit()
    {
        if (checking is not null || typed.ToUtf8() is not { } password) return;
        typed.Clear();
        lent = password;
        CancellationToken token = over.Token;
        checking = Task.Run(() => store(password, token).AsTask(), CancellationToken.None);
        _ = checking.ContinueWith(_ => Wake(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void Take(Task<CredentialEnrolment> done)
    {
        Wipe();
        checking = null;
        if (done.IsFaulted) outcome.TrySetException(done.Exception.InnerExceptions);
        else if (done.IsCanceled) outcome.TrySetCanceled();
        else if (done.Result != CredentialEnrolment.WrongCredentials || ++tries >= MostTries) outcome.TrySetResult(done.Result);
        else wasWrong = true;
    }

    private void Wipe()
    {
        if (lent is { } password) CryptographicOperations.ZeroMemory(password);
        lent = null;
    }

    private void Look()
    {
        bool sees = Sight.IsInFullView;
        if (sees && !isInView) inViewSince = time.GetTimestamp();
        isInView = sees;
        Input.SetActive(isInView && time.GetElapsedTime(inViewSince) >= PromptWindow.SettlingTime);
    }

    private void Refresh()
    {
        if (Sight.IsTaken)
        {
            Close();
            return;
        }
        Look();
        // Once a tick at most: a window that raises itself too gets no endless duel out of it.
        if (!isInView && time.GetElapsedTime(putBackAt) >= Tick)
        {
            Sight.PutBack();
            putBackAt = time.GetTimestamp();
        }
        Devices.LookForKeyboard();
        string status = checking is not null ? texts["checking"] : wasWrong ? texts["wrong"] : (User32Input.GetKeyState(CapsLock) & 1) != 0 ? texts["caps"] : "";
        var now = new EnrolmentShown(typed.Length, status, Input.IsActive && typed.Length > 0 && checking is null);
        if (now != drawn) Painter.Draw(now);
        drawn = now;
        Volatile.Write(ref state, new EnrolmentState(Window.Handle, Sight.Area, Layout.Cancel, Layout.Store, typed.Length, status, Input.IsActive, Devices.IsKeyboardSettled, Devices.Pointer, Devices.Counted, Devices.Ignored));
        Window.ThrowIfFailed();
    }
}
