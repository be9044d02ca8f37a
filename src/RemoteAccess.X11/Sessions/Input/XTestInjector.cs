using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using RemoteAccess.Interop;
using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>
/// Input through XTEST, on the display's own thread. Keys and buttons go up when the permit is withdrawn, on disposal and when the
/// process ends in order (SIGTERM too); a killed process leaves its <see cref="InputNote"/>.
/// </summary>
internal sealed unsafe class XTestInjector : DisplayThread, IInputInjector
{
    /// <summary>How long lent keycodes stay after the last character: typing goes on, and each change makes every client read the keyboard anew.</summary>
    private static readonly TimeSpan LendTime = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ExitPatience = TimeSpan.FromSeconds(1);

    /// <summary>Signals that end a process which does not handle them; since .NET 10 without <see cref="AppDomain.ProcessExit"/>.</summary>
    private static readonly PosixSignal[] Endings = [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];

    private readonly List<PosixSignalRegistration> signals = [];
    private readonly ManualResetEventSlim atRest = new();
    private readonly OperationPermit permit;
    private readonly PendingCall<bool> call = new();
    private readonly WheelNotches wheel = new();
    private CancellationTokenRegistration withdrawal;
    private InputEvent input;
    private InputNote? note;
    private HeldInput? held;
    private Keyboard? keyboard;
    private KeyStrokes? strokes;
    private PixelSize desktop;
    private Exception? failure;
    private int disposed;
    private volatile bool isEnding;

    public XTestInjector(string? displayName, OperationPermit permit) : base(displayName, "RemoteAccess X11 input") => this.permit = permit;

    public ValueTask InjectAsync(InputEvent input, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref disposed) != 0, this);
        permit.Demand();
        cancellationToken.ThrowIfCancellationRequested();
        if (input.Kind is < InputKind.PointerMove or > InputKind.Text || (input.Kind == InputKind.Button && ButtonNumber((MouseButton)input.Code) == 0))
            throw new ArgumentException("Make input events with their factory methods, buttons by their names.", nameof(input));
        if (Volatile.Read(ref failure) is { } error) return ValueTask.FromException(error);
        // Written before the call begins: the thread looks at it only while one waits.
        if (call.IsWaiting) throw new InvalidOperationException("One call at a time: await the previous one first.");
        this.input = input;
        short token = call.Begin(cancellationToken);
        if (Volatile.Read(ref failure) is { } since) call.TryFail(since);
        if (IsStopping) call.TryFail(Closed());
        Wake();
        return new ValueTask(call, token);
    }

    public new ValueTask DisposeAsync()
    {
        Volatile.Write(ref disposed, 1);
        return base.DisposeAsync();
    }

    protected override void Prepare()
    {
        if (LibXtst.XTestQueryExtension(Connection.Display, out _, out _, out _, out _) == 0)
            throw new DesktopException(DesktopError.MissingExtension, "The display has no XTEST extension, which injects input. Enable it in the X server.");
        // Another client's XGrabServer must not keep keys down after a withdrawal.
        _ = LibXtst.XTestGrabControl(Connection.Display, 1);
        _ = LibX11.XSelectInput(Connection.Display, Connection.Root, LibX11.StructureNotifyMask);
        ReadSize();
        note = InputNote.Create(NoteFolder.Demand(), ServerToken.Of(Connection));
        held = new HeldInput(Connection, note);
        keyboard = new Keyboard(Connection);
        strokes = new KeyStrokes(Connection, keyboard, held, note, Pause);
        _ = keyboard.Modifiers;
        _ = Connection.Sync();
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        foreach (PosixSignal signal in Endings) signals.Add(PosixSignalRegistration.Create(signal, OnEnding));
        withdrawal = permit.Withdrawn.UnsafeRegister(static self => ((XTestInjector)self!).OnWithdrawn(), this);
    }

    protected override void Work()
    {
        while (!IsStopping)
        {
            ReadEvents();
            if (isEnding)
            {
                strokes!.ReleaseAll();
                strokes.TakeBack();
                if (note!.IsClean) note.Remove();
                isEnding = false;
                atRest.Set();
            }
            if (permit.Withdrawn.IsCancellationRequested)
            {
                AnswerWithdrawn();
                strokes!.ReleaseAll();
            }
            else if (call.IsWaiting)
            {
                Answer();
                continue;
            }
            int wait = -1;
            if (keyboard!.Spares.HasMapped && (wait = (int)Math.Ceiling(keyboard.Spares.UntilRested(LendTime).TotalMilliseconds)) <= 0)
            {
                strokes!.TakeBack();
                wait = keyboard.Spares.HasMapped ? (int)LendTime.TotalMilliseconds : -1;
            }
            WaitForActivity(wait);
        }
    }

    protected override void Fail(Exception error)
    {
        Volatile.Write(ref failure, error);
        call.TryFail(error);
    }

    protected override void CleanUp()
    {
        withdrawal.Dispose();
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        foreach (PosixSignalRegistration signal in signals) signal.Dispose();
        call.TryFail(Closed());
        try
        {
            PutRight();
        }
        finally
        {
            keyboard?.Dispose();
            note?.Dispose();
            atRest.Set();
        }
    }

    private static ObjectDisposedException Closed() => new(nameof(IInputInjector));

    /// <summary>Everything up, lent keycodes back once clients have had their time, the note away. On a lost display the note stays for the next start.</summary>
    private void PutRight()
    {
        if (strokes is null || Connection.IsLost) return;
        strokes.ReleaseAll();
        while (keyboard!.Spares.UntilRested(SpareKeycodes.SettleTime) is var left && left > TimeSpan.Zero) WaitForWake((int)left.TotalMilliseconds + 1);
        strokes.TakeBack();
        if (note!.IsClean) note.Remove();
    }

    private void ReadEvents()
    {
        XEvent xevent;
        while (LibX11.XPending(Connection.Display) > 0)
        {
            _ = LibX11.XNextEvent(Connection.Display, &xevent);
            keyboard!.Handle(&xevent);
            if (xevent.Type == LibX11.ConfigureNotify) ReadSize();
        }
        Connection.ThrowIfLost();
    }

    private void Answer()
    {
        try
        {
            if (Inject()) call.TryFinish(true);
        }
        catch (DesktopException error) when (error.Error == DesktopError.MissingExtension)
        {
            // A character that this keyboard mapping has no room for: nothing was pressed, and the next event is as good as any.
            call.TryFail(error);
        }
    }

    /// <summary>One event. False when it was interrupted; whatever interrupted has answered the call.</summary>
    private bool Inject()
    {
        bool done = input.Kind switch
        {
            InputKind.PointerMove => Move(input.X, input.Y),
            InputKind.Button => Click(ButtonNumber((MouseButton)input.Code), input.IsDown),
            InputKind.Wheel => Turn(input.X, input.Y),
            InputKind.Key when input.IsDown => strokes!.Press(input.Code),
            InputKind.Key => Release(input.Code),
            InputKind.Text => strokes!.Type(new Rune(input.Code)),
            _ => throw new InvalidOperationException($"There is no input of kind {input.Kind}."),
        };
        held!.Settle();
        return done;
    }

    private bool Move(int x, int y)
    {
        _ = LibXtst.XTestFakeMotionEvent(Connection.Display, Connection.Screen, Math.Clamp(x, 0, desktop.Width - 1), Math.Clamp(y, 0, desktop.Height - 1), 0);
        return true;
    }

    /// <summary>X11's number; 0 for a button there is not.</summary>
    private static uint ButtonNumber(MouseButton button) => button switch
    {
        MouseButton.Left => 1,
        MouseButton.Middle => 2,
        MouseButton.Right => 3,
        MouseButton.Back => 8,
        MouseButton.Forward => 9,
        _ => 0,
    };

    private bool Click(uint button, bool isDown)
    {
        held!.Button(button, isDown);
        return true;
    }

    private bool Turn(int deltaX, int deltaY)
    {
        (int x, int y) = wheel.Turn(deltaX, deltaY);
        for (int i = 0; i < Math.Abs(y); i++) Notch(y < 0 ? 4u : 5u);
        for (int i = 0; i < Math.Abs(x); i++) Notch(x < 0 ? 6u : 7u);
        return true;
    }

    private void Notch(uint button)
    {
        held!.Button(button, true);
        held.Button(button, false);
    }

    private bool Release(uint keysym)
    {
        strokes!.Release(keysym);
        return true;
    }

    private void ReadSize()
    {
        _ = LibX11.XGetGeometry(Connection.Display, Connection.Root, out _, out _, out _, out uint width, out uint height, out _, out _);
        Connection.ThrowIfLost();
        desktop = new PixelSize((int)width, (int)height);
    }

    /// <summary>Waits, unless the call ends otherwise meanwhile.</summary>
    private bool Pause(TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        while (time - Stopwatch.GetElapsedTime(start) is var left && left > TimeSpan.Zero)
        {
            if (IsStopping || permit.Withdrawn.IsCancellationRequested || !call.IsWaiting) return false;
            WaitForWake((int)left.TotalMilliseconds + 1);
        }
        return !permit.Withdrawn.IsCancellationRequested && call.IsWaiting;
    }

    private void OnWithdrawn()
    {
        AnswerWithdrawn();
        Wake();
    }

    private void AnswerWithdrawn()
    {
        try
        {
            permit.Demand();
        }
        catch (AccessRefusedException refusal)
        {
            call.TryFail(refusal);
        }
    }

    /// <summary>The process may be about to end, or its host may handle the signal: nothing is left down, and the input stays usable.</summary>
    private void OnEnding(PosixSignalContext context)
    {
        atRest.Reset();
        isEnding = true;
        Wake();
        _ = atRest.Wait(ExitPatience);
    }

    private void OnProcessExit(object? sender, EventArgs e)
    {
        Stop();
        _ = WaitForEnd(ExitPatience);
    }
}
