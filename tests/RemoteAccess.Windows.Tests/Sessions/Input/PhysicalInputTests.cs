using RemoteAccess.Sessions;

namespace RemoteAccess.Tests;

public sealed class PhysicalInputTests
{
    private readonly FakeLastInput last = new() { Now = uint.MaxValue - 100_000L, At = uint.MaxValue - 160_000L };

    [Fact]
    public void IdleTime_OfAPersonAlone_IsWindowsOwn()
    {
        PhysicalInput physical = new(last);
        Assert.Equal(TimeSpan.FromSeconds(60), physical.IdleTime);
        last.At = last.Now - 5;
        Assert.Equal(TimeSpan.FromMilliseconds(5), physical.IdleTime);
    }

    [Fact]
    public void IdleTime_WhileInjecting_GoesOnAcrossTheTicksEnd()
    {
        PhysicalInput physical = new(last);
        for (int i = 0; i < 300; i++)
        {
            last.Now += 1000;
            physical.BeginInjection();
            last.At = last.Now;
            last.Now += 3;
            physical.EndInjection();
            // Windows may note it late, and coarsely.
            if (i % 3 == 0) last.At = last.Now + 20;
            _ = physical.IdleTime;
        }

        Assert.Equal(TimeSpan.FromMilliseconds(60_000 + (300 * 1003)), physical.IdleTime);
    }

    [Fact]
    public void IdleTime_PersonBetweenTwoInjections_Counts()
    {
        PhysicalInput physical = new(last);
        Inject(physical);
        last.Now += 1000;
        last.At = last.Now;
        last.Now += 500;

        Inject(physical);

        Assert.InRange(physical.IdleTime.TotalMilliseconds, 500, 510);
    }

    [Fact]
    public void IdleTime_PersonAfterTheLastInjection_Counts()
    {
        PhysicalInput physical = new(last);
        Inject(physical);
        last.Now += PhysicalInput.SlackMilliseconds + 50;
        last.At = last.Now;
        last.Now += 40;

        Assert.Equal(TimeSpan.FromMilliseconds(40), physical.IdleTime);
    }

    [Fact]
    public void IdleTime_PersonWhoComesBackAfterMonths_Counts()
    {
        PhysicalInput physical = new(last);
        Inject(physical);
        last.Now += 30L * 24 * 60 * 60 * 1000;
        last.At = last.Now - 10;

        Assert.Equal(TimeSpan.FromMilliseconds(10), physical.IdleTime);
    }

    [Fact]
    public void IdleTime_WhenWindowsDoesNotTell_IsZero()
    {
        PhysicalInput physical = new(last);
        last.At = null;
        Assert.Equal(TimeSpan.Zero, physical.IdleTime);
    }

    private void Inject(PhysicalInput physical)
    {
        physical.BeginInjection();
        last.At = last.Now;
        physical.EndInjection();
    }

    private sealed class FakeLastInput : ILastInput
    {
        public long Now { get; set; }

        public long? At { get; set; }

        public uint? LastTick => (uint?)At;
    }
}
