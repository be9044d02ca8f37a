using RemoteAccess.Picture;
using RemoteAccess.Sessions;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A virtual desktop with permits that a test can withdraw.</summary>
internal sealed class Seat : IAsyncDisposable
{
    private readonly CancellationTokenSource withdrawn = new();

    public Seat(int width = 1280, int height = 800, int monitors = 1, bool isBlank = false)
    {
        Desktop = new VirtualDesktop(new VirtualDesktopOptions { Size = new(width, height), Monitors = monitors, IsBlank = isBlank, TimeProvider = Time });
        View = new OperationPermit(Operations.ViewScreen, () => RefusalReason.Revoked, withdrawn.Token);
        Control = new OperationPermit(Operations.ControlInput, () => RefusalReason.Revoked, withdrawn.Token);
    }

    public SteppedTime Time { get; } = new();

    public VirtualDesktop Desktop { get; }

    public OperationPermit View { get; }

    public OperationPermit Control { get; }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask<IScreenCapture> OpenCaptureAsync() => Desktop.OpenCaptureAsync(View, Token);

    public ValueTask<IInputInjector> OpenInputAsync() => Desktop.OpenInputAsync(Control, Token);

    public void Withdraw() => withdrawn.Cancel();

    public async ValueTask DisposeAsync()
    {
        await Desktop.DisposeAsync();
        withdrawn.Dispose();
    }
}
