using System.Security.Cryptography;
using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>Checks and stores what was typed, which is lent to it.</summary>
internal delegate ValueTask<CredentialEnrolment> StorePassword(ReadOnlyMemory<byte> password, CancellationToken cancellationToken);

/// <summary>What a window for a password looks like from outside; for tests.</summary>
internal sealed record EnrolmentState(nint Window, PixelRect Area, PixelRect Cancel, PixelRect Store, int Typed, string Status, bool IsActive, bool TakesKeys, (int X, int Y) Pointer, long Counted, long Ignored);

/// <summary>The window for one password. What is typed is shown as dots, on the monitor alone, and wiped.</summary>
internal sealed class EnrolmentWindow(EnrolmentQuestion question, StorePassword store, WindowsConsentPromptOptions options) : PersonsWindow("RemoteAccess password", options)
{
    private const int MostTries = 5;
    private const uint Enter = 0x0D;
    private const int CapsLock = 0x14;

    private readonly EnrolmentTexts texts = EnrolmentTexts.For(question.Culture);
    private readonly TaskCompletionSource<CredentialEnrolment?> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource over = new();
    private readonly TypedPassword typed = new();
    private Palette colours = Palette.Normal;
    private Lettering? fonts;
    private EnrolmentLayout? layout;
    private EnrolmentPainter? painter;
    private Task<CredentialEnrolment>? checking;
    private byte[]? lent;
    private bool wasWrong;
    private int tries;
    private EnrolmentShown? drawn;
    private EnrolmentState? state;

    /// <summary>What came of it; null when the person did not want to. Cancelled when it was taken back, failed when it cannot be shown any more.</summary>
    public Task<CredentialEnrolment?> Outcome => outcome.Task;

    /// <summary>As it was a moment ago. Any thread.</summary>
    public EnrolmentState State => Volatile.Read(ref state) ?? throw new InvalidOperationException("The window has not been shown.");

    protected override bool IsOver => outcome.Task.IsCompleted;

    protected override Action<ThreadMessage> Typing => Type;

    private EnrolmentLayout Layout => layout ?? throw NotPrepared();

    private EnrolmentPainter Painter => painter ?? throw NotPrepared();

    protected override PersonsWindowForm LayOut(Palette palette, PixelRect room, double scale)
    {
        colours = palette;
        (fonts, layout) = EnrolmentLayout.Fit(question, texts, palette, room, scale);
        return new PersonsWindowForm(texts["title"], Layout.Width, Layout.Height, Layout.Store, Layout.Cancel);
    }

    protected override void Begin(nint handle)
    {
        _ = User32Window.SetWindowDisplayAffinity(handle, User32Window.OnMonitorOnly);
        painter = new EnrolmentPainter(new Canvas(handle, Layout.Width, Layout.Height), Layout, texts, colours, fonts ?? throw NotPrepared());
    }

    protected override void ShowAgain() => Painter.Show();

    protected override void Update()
    {
        if (checking is { IsCompleted: true } checkedNow) Take(checkedNow);
        string status = checking is not null ? texts["checking"] : wasWrong ? texts["wrong"] : (User32Input.GetKeyState(CapsLock) & 1) != 0 ? texts["caps"] : "";
        var now = new EnrolmentShown(typed.Length, status, Input.IsActive && typed.Length > 0 && checking is null);
        if (now != drawn) Painter.Draw(now);
        drawn = now;
        Volatile.Write(ref state, new EnrolmentState(Handle, Area, Layout.Cancel, Layout.Store, typed.Length, status, Input.IsActive, Devices.IsKeyboardSettled, Devices.Pointer, Devices.Counted, Devices.Ignored));
    }

    protected override (IReadOnlyList<ReadElement> Elements, string Focus) Describe() => (Readings.Of(texts, Layout, drawn ?? default), Readings.Password);

    protected override void Decide(ConsentDecision decision)
    {
        if (decision == ConsentDecision.Allow) Submit();
        else Close();
    }

    protected override void Close() => outcome.TrySetResult(null);

    protected override void Fail(Exception error) => outcome.TrySetException(error);

    protected override void CleanUp()
    {
        typed.Dispose();
        over.Cancel();
        // The one who checks may still look at it: it is wiped when they are done.
        if (checking is { } still) _ = still.ContinueWith(_ => Wipe(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        else over.Dispose();
        outcome.TrySetCanceled();
        painter?.Dispose();
        fonts?.Dispose();
        base.CleanUp();
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
}
