using RemoteAccess.Picture;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

public sealed class FramesInFlightTests
{
    private readonly FakeTime time = new();
    private readonly FramesInFlight flight;

    public FramesInFlightTests() => flight = new FramesInFlight(time);

    [Fact]
    public async Task WaitForRoomAsync_TwoUnacknowledged_WaitsForOneOfThem()
    {
        await flight.WaitForRoomAsync(CancellationToken.None);
        Assert.True(flight.IsEmpty);
        Assert.Equal(1u, flight.Begin(0));
        await flight.WaitForRoomAsync(CancellationToken.None);
        Assert.Equal(2u, flight.Begin(0));
        Task waiting = flight.WaitForRoomAsync(CancellationToken.None).AsTask();
        flight.Wake();
        Assert.False(waiting.IsCompleted);

        flight.Acknowledge(1, TimeSpan.Zero);
        await waiting.WaitAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken);
        Assert.Equal((3u, false), (flight.Begin(0), flight.IsEmpty));

        // One that comes twice or late makes no room.
        flight.Acknowledge(1, TimeSpan.Zero);
        Assert.False(flight.WaitForRoomAsync(CancellationToken.None).AsTask().IsCompleted);
    }

    [Fact]
    public async Task WaitForRoomAsync_CancelledAndWoken_Ends()
    {
        flight.Begin(0);
        flight.Begin(0);
        using var cancel = new CancellationTokenSource();
        Task waiting = flight.WaitForRoomAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        flight.Wake();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public void Acknowledge_WhatWasNotSent_IsRefused()
    {
        flight.Begin(0);
        Assert.Equal(ChannelError.OutOfOrder, Assert.Throws<ChannelException>(() => flight.Acknowledge(2, TimeSpan.Zero)).Error);
    }

    [Fact]
    public void Forget_FramesOfARunThatEnded_TakeNoRoom()
    {
        flight.Begin(0);
        flight.Begin(0);
        flight.Forget();

        Assert.True(flight.IsEmpty);
        Assert.Equal((2u, 3u), (flight.LastSent, flight.Begin(0)));
    }

    /// <summary>A line of 20 Mbit/s with 25 ms each way, two frames of 60 kB on it at any time.</summary>
    [Fact]
    public void BudgetFor_FramesOverALine_IsWhatTheLineCarriesLessWhatIsQueued()
    {
        const double BytesPerSecond = 2.5e6;
        const int FrameBytes = 60_000;
        TimeSpan oneWay = TimeSpan.FromMilliseconds(25), transfer = TimeSpan.FromSeconds(FrameBytes / BytesPerSecond), presenting = TimeSpan.FromMilliseconds(4);
        Assert.Equal(double.PositiveInfinity, flight.BudgetFor(TimeSpan.FromMilliseconds(50)));
        // What a session begins with: a little frame on an empty line.
        Deliver(100, TimeSpan.FromMilliseconds(1));
        Assert.InRange(flight.RoundTrip!.Value.TotalMilliseconds, 50, 52);
        Assert.Null(flight.Rate);

        Queue<(uint Sequence, TimeSpan Due)> under = new();
        TimeSpan lineFree = time.Elapsed;
        for (int i = 0; i < 60; i++)
        {
            if (under.Count == FramesInFlight.Most)
            {
                (uint sequence, TimeSpan due) = under.Dequeue();
                if (due > time.Elapsed) time.Advance(due - time.Elapsed);
                flight.Acknowledge(sequence, presenting);
            }

            uint begun = flight.Begin(time.GetTimestamp());
            flight.Add(FrameBytes);
            lineFree = (lineFree > time.Elapsed ? lineFree : time.Elapsed) + transfer;
            under.Enqueue((begun, lineFree + oneWay + presenting + oneWay));
        }

        Assert.InRange(flight.Rate!.Value, BytesPerSecond * 0.7, BytesPerSecond * 1.3);
        // Two frames are 120 kB on the way, of which a round trip carries nearly all; 50 ms carry 125 kB.
        Assert.InRange(flight.BudgetFor(TimeSpan.FromMilliseconds(50)), 60_000, 165_000);
        flight.Add(1_000_000);
        Assert.Equal(0, flight.BudgetFor(TimeSpan.FromMilliseconds(50)));

        void Deliver(int bytes, TimeSpan took)
        {
            uint sequence = flight.Begin(time.GetTimestamp());
            flight.Add(bytes);
            time.Advance(oneWay + took + oneWay);
            flight.Acknowledge(sequence, TimeSpan.Zero);
        }
    }
}
