using RemoteAccess.Picture;
using RemoteAccess.Sessions;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A desktop that remembers when something was last done on it: input that was carried out, and frames that were taken.</summary>
internal sealed class WatchedDesktop(VirtualDesktop desktop) : IDesktop
{
    private long inputs, frames, lastInput, lastFrame;

    public long Inputs => Volatile.Read(ref inputs);

    public long Frames => Volatile.Read(ref frames);

    public VirtualDesktop Inner => desktop;

    public bool HasPerson => desktop.HasPerson;

    public TimeSpan PhysicalIdleTime => desktop.PhysicalIdleTime;

    /// <summary>The last moment at which anything was carried out, by <see cref="OwnTime"/>; zero when nothing was.</summary>
    public TimeSpan LastExecuted => TimeSpan.FromTicks(Math.Max(Volatile.Read(ref lastInput), Volatile.Read(ref lastFrame)));

    public TimeSpan LastInput => TimeSpan.FromTicks(Volatile.Read(ref lastInput));

    public async ValueTask<IScreenCapture> OpenCaptureAsync(OperationPermit permit, CancellationToken cancellationToken) =>
        new Capture(this, await desktop.OpenCaptureAsync(permit, cancellationToken));

    public async ValueTask<IInputInjector> OpenInputAsync(OperationPermit permit, CancellationToken cancellationToken) =>
        new Injector(this, await desktop.OpenInputAsync(permit, cancellationToken));

    public ValueTask DisposeAsync() => desktop.DisposeAsync();

    private sealed class Capture(WatchedDesktop owner, IScreenCapture inner) : IScreenCapture
    {
        public async ValueTask<ScreenFrame> CaptureAsync(CancellationToken cancellationToken)
        {
            ScreenFrame frame = await inner.CaptureAsync(cancellationToken);
            Volatile.Write(ref owner.lastFrame, OwnTime.Now.Ticks);
            Interlocked.Increment(ref owner.frames);
            return frame;
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class Injector(WatchedDesktop owner, IInputInjector inner) : IInputInjector
    {
        public async ValueTask InjectAsync(InputEvent input, CancellationToken cancellationToken)
        {
            await inner.InjectAsync(input, cancellationToken);
            Volatile.Write(ref owner.lastInput, OwnTime.Now.Ticks);
            Interlocked.Increment(ref owner.inputs);
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
