using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>Injects into the virtual desktop under a permit, and lets go of what it holds when disposed or when the permit is withdrawn.</summary>
internal sealed class VirtualInput : IInputInjector
{
    // A peer that names ever more keys must not make the account grow for ever: the one held longest is let go.
    private const int MostHeld = 256;

    private readonly VirtualDesktop desktop;
    private readonly OperationPermit permit;
    private readonly CancellationTokenRegistration withdrawal;
    private readonly Lock gate = new();
    private readonly List<InputEvent> held = [];
    private bool isDisposed;

    public VirtualInput(VirtualDesktop desktop, OperationPermit permit)
    {
        this.desktop = desktop;
        this.permit = permit;
        withdrawal = permit.Withdrawn.UnsafeRegister(static input => ((VirtualInput)input!).ReleaseAll(), this);
    }

    public ValueTask InjectAsync(InputEvent input, CancellationToken cancellationToken)
    {
        // Under the gate, so that nothing goes down after the withdrawal has let go of everything.
        lock (gate)
        {
            permit.Demand();
            cancellationToken.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(isDisposed, this);
            desktop.Inject(input);
            Note(input);
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await withdrawal.DisposeAsync().ConfigureAwait(false);
        lock (gate) isDisposed = true;
        ReleaseAll();
    }

    private void Note(InputEvent input)
    {
        switch (input.Kind)
        {
            case InputKind.Key or InputKind.Button when input.IsDown:
                if (held.Contains(input)) return;
                if (held.Count == MostHeld) Release(0);
                held.Add(input);
                break;
            case InputKind.Key or InputKind.Button:
                held.RemoveAll(down => down.Kind == input.Kind && down.Code == input.Code);
                break;
            default:
                break;
        }
    }

    private void ReleaseAll()
    {
        lock (gate)
        {
            while (held.Count > 0) Release(held.Count - 1);
        }
    }

    private void Release(int index)
    {
        InputEvent down = held[index];
        held.RemoveAt(index);
        desktop.LetGo(down.Kind == InputKind.Key ? InputEvent.Key(down.Code, false) : InputEvent.Button((MouseButton)down.Code, false));
    }
}
