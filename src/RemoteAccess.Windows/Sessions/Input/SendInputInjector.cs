using System.Runtime.InteropServices;
using System.Text;
using RemoteAccess.Interop;
using RemoteAccess.Picture;

namespace RemoteAccess.Sessions;

/// <summary>
/// Input through SendInput, on a thread of its own that follows the input desktop. Keys and buttons go up when the permit is withdrawn, on
/// disposal and when the process ends in order; a process that is killed leaves down what it held.
/// </summary>
internal sealed class SendInputInjector : DesktopThread, IInputInjector
{
    private static readonly TimeSpan ExitPatience = TimeSpan.FromSeconds(1);

    /// <summary>What ends a process that does not handle it: closing, Ctrl+C, Ctrl+Break, logging off, shutting down.</summary>
    private static readonly PosixSignal[] Endings = [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];

    private readonly List<PosixSignalRegistration> signals = [];
    private readonly ManualResetEventSlim atRest = new();
    private readonly Permission permit;
    private readonly PendingCall<bool> call = new();
    private readonly WheelNotches wheel = new();
    private readonly InputSink sink;
    private readonly KeyStrokes keys;
    private readonly HeldButtons buttons;
    private CancellationTokenRegistration withdrawal;
    private InputDesktop? desktop;
    private InputEvent input;
    private Exception? failure;
    private int disposed;
    private volatile bool isEnding;

    public SendInputInjector(Permission permit, PhysicalInput physical, ISecureAttention attention) : base("RemoteAccess Windows input")
    {
        this.permit = permit;
        sink = new InputSink(physical);
        keys = new KeyStrokes(sink, new ForegroundLayout(), attention);
        buttons = new HeldButtons(sink);
    }

    public ValueTask InjectAsync(InputEvent input, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref disposed) != 0, this);
        permit.Demand();
        cancellationToken.ThrowIfCancellationRequested();
        if (input.Kind is < InputKind.PointerMove or > InputKind.Text || (input.Kind == InputKind.Button && input.Code is < (uint)MouseButton.Left or > (uint)MouseButton.Forward))
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
        desktop = new InputDesktop();
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        foreach (PosixSignal signal in Endings) signals.Add(PosixSignalRegistration.Create(signal, OnEnding));
        withdrawal = permit.Withdrawn.UnsafeRegister(static self => ((SendInputInjector)self!).OnWithdrawn(), this);
    }

    protected override void Work()
    {
        while (!IsStopping)
        {
            if (isEnding)
            {
                ReleaseAll();
                isEnding = false;
                atRest.Set();
            }
            if (permit.Withdrawn.IsCancellationRequested)
            {
                AnswerWithdrawn();
                ReleaseAll();
            }
            else if (call.IsWaiting)
            {
                Answer();
                continue;
            }
            _ = Signal.Wait(-1);
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
        if (desktop is not null) ReleaseAll();
        desktop?.Dispose();
        atRest.Set();
    }

    private static ObjectDisposedException Closed() => new(nameof(IInputInjector));

    private void Answer()
    {
        // Where it may not go, Windows refuses the input itself.
        _ = desktop!.Follow();
        try
        {
            Inject();
            call.TryFinish(true);
        }
        catch (DesktopException error)
        {
            // The screen may be unlocked again at the next one.
            call.TryFail(error);
        }
    }

    private void Inject()
    {
        switch (input.Kind)
        {
            case InputKind.PointerMove:
                PixelRect screen = MonitorLayout.VirtualScreen();
                Input move = MouseActs.MoveTo(input.X, input.Y, new PixelSize(screen.Width, screen.Height));
                sink.Send(new Span<Input>(ref move));
                break;
            case InputKind.Button:
                buttons.Press((MouseButton)input.Code, input.IsDown);
                break;
            case InputKind.Wheel:
                Turn(input.X, input.Y);
                break;
            case InputKind.Key when input.IsDown:
                keys.Press(input.Code);
                break;
            case InputKind.Key:
                keys.Release(input.Code);
                break;
            case InputKind.Text:
                keys.Type(new Rune(input.Code));
                break;
            default:
                throw new InvalidOperationException($"There is no input of kind {input.Kind}.");
        }
    }

    private void Turn(int deltaX, int deltaY)
    {
        (int x, int y) = wheel.Turn(deltaX, deltaY);
        if (y != 0)
        {
            Input down = MouseActs.TurnDown(y);
            sink.Send(new Span<Input>(ref down));
        }
        if (x == 0) return;
        Input right = MouseActs.TurnRight(x);
        sink.Send(new Span<Input>(ref right));
    }

    private void ReleaseAll()
    {
        if (!keys.IsAnythingDown && !buttons.IsAnythingDown) return;
        _ = desktop!.Follow();
        keys.ReleaseAll();
        buttons.ReleaseAll();
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
