using RemoteAccess.Sessions;

namespace RemoteAccess.Tests;

/// <summary>Xephyr on Xvfb: what xdotool does on the outer display is a person at the inner one; XTEST on the inner one is a technician.</summary>
public sealed class PhysicalIdleTests
{
    [Fact]
    public async Task IdleTime_CountsOnlyPhysicalInput()
    {
        Programs.Require("Xephyr", "xdotool");
        await using XServer outer = await XServer.StartXvfbAsync(1280, 900);
        await using XServer inner = await XServer.StartAsync("Xephyr", outer.Display, ["-screen", "1000x700", "-nolisten", "tcp", "-noreset"]);
        HandClock clock = new();
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = inner.Display, TimeProvider = clock });
        await using IInputInjector input = await desktop.OpenInputAsync(TestPermit.ForInput(), default);
        // Xephyr tells its client where the outer pointer is when its window appears, and that is physical.
        await PassAsync(TimeSpan.FromMinutes(5), clock, desktop);

        await input.InjectAsync(InputEvent.PointerMove(300, 300), default);
        await input.InjectAsync(InputEvent.Key('a', true), default);
        await input.InjectAsync(InputEvent.Key('a', false), default);
        await inner.RunAsync("xdotool", "mousemove", "50", "60", "click", "1", "key", "b");
        using (XClient client = new(inner)) client.WarpPointer(1, 1);
        await Eventually.Never(() => desktop.PhysicalIdleTime != TimeSpan.FromMinutes(5), "Injected input counted as a person's.");
        await outer.RunAsync("xdotool", "mousemove", "400", "400", "mousemove", "420", "410");
        await Eventually.Is(() => desktop.PhysicalIdleTime == TimeSpan.Zero, "the person's mouse counts");

        await PassAsync(TimeSpan.FromMinutes(1), clock, desktop);
        await outer.RunAsync("xdotool", "key", "x");
        await Eventually.Is(() => desktop.PhysicalIdleTime == TimeSpan.Zero, "the person's keyboard counts");

        // And the technician again, after the watch has seen both devices.
        await PassAsync(TimeSpan.FromMinutes(2), clock, desktop);
        for (int i = 0; i < 50; i++) await input.InjectAsync(InputEvent.PointerMove(100 + i, 100), default);
        await Eventually.Never(() => desktop.PhysicalIdleTime != TimeSpan.FromMinutes(2), "Injected input counted as a person's.");
    }

    /// <summary>Lets a time pass in which nobody does anything; begins anew when what a person did before came later than half a second.</summary>
    private static async Task PassAsync(TimeSpan time, HandClock clock, X11Desktop desktop)
    {
        for (int i = 0; i < 20; i++)
        {
            await Eventually.Never(() => false, "");
            clock.Advance(time);
            if (desktop.PhysicalIdleTime == time) return;
        }

        Assert.Equal(time, desktop.PhysicalIdleTime);
    }

    /// <summary>Time that passes when told to.</summary>
    private sealed class HandClock : TimeProvider
    {
        private long now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Volatile.Read(ref now);

        public void Advance(TimeSpan time) => Interlocked.Add(ref now, time.Ticks);
    }
}
