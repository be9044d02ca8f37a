using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class GuessRecordTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);
    private static readonly Guid Boot = Guid.NewGuid();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(3, 0)]
    [InlineData(4, 30)]
    [InlineData(5, 60)]
    [InlineData(6, 120)]
    [InlineData(7, 240)]
    [InlineData(8, 480)]
    [InlineData(9, 960)]
    [InlineData(10, 1920)]
    [InlineData(11, 3600)]
    [InlineData(40, 3600)]
    [InlineData(int.MaxValue, 3600)]
    public void DelayAfter_RunOfFailures_IsThatOfTheLadder(int run, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), LockoutLadder.DelayAfter(run));

    [Fact]
    public void Charge_TenInARow_NeedsUnlock()
    {
        var record = new GuessRecord();
        for (int i = 1; i <= 10; i++)
        {
            Assert.False(record.NeedsUnlock);
            record = record.Charge(Start.AddHours(i), i, Boot);
        }

        Assert.True(record.NeedsUnlock);
        Assert.Equal(Start.AddHours(1), record.RunSince);
    }

    [Fact]
    public void Charge_ThirtyInThirtyDaysWithSuccessesBetween_NeedsUnlock()
    {
        var record = new GuessRecord();
        DateTimeOffset now = Start;
        for (int i = 1; i <= 30; i++)
        {
            Assert.False(record.NeedsUnlock);
            record = record.Charge(now, 0, Boot);
            if (i % 3 == 0 && i < 30) record = record.Charge(now.AddMinutes(1), 0, Boot).Refund();
            now = now.AddHours(20);
        }

        Assert.True(record.NeedsUnlock);
        Assert.Equal(3, record.Run);
    }

    [Fact]
    public void Charge_ThirtySpreadOverMoreThanThirtyDays_DoesNotNeedUnlock()
    {
        var record = new GuessRecord();
        for (int i = 0; i < 90; i++)
        {
            record = record.Charge(Start.AddHours(i * 25), 0, Boot);
            Assert.False(record.NeedsUnlock);
            if (i % 2 == 1) record = record with { Run = 0 };
        }
    }

    [Fact]
    public void Refund_OfTheTenthGuess_UnlocksAgainAndForgetsOnlyThatGuess()
    {
        var record = new GuessRecord();
        for (int i = 0; i < 10; i++) record = record.Charge(Start.AddMinutes(i), 0, Boot);

        GuessRecord refunded = record.Refund();

        Assert.True(record.NeedsUnlock);
        Assert.False(refunded.NeedsUnlock);
        Assert.Equal(0, refunded.Run);
        Assert.Equal(9, refunded.Recent.Count);
    }

    [Fact]
    public void LockoutAt_SameBootRebootAndClockBackwards_CountsOnlyTimeOfThisBoot()
    {
        var record = new GuessRecord { Run = 4, Boot = Boot, LastChargeMonotonic = 100_000 };

        Assert.Equal(TimeSpan.FromSeconds(30), record.LockoutAt(100_000, Boot).Remaining);
        Assert.Equal(TimeSpan.FromSeconds(1), record.LockoutAt(129_000, Boot).Remaining);
        Assert.False(record.LockoutAt(130_000, Boot).IsActive);
        Assert.Equal(TimeSpan.FromSeconds(30), record.LockoutAt(500_000, Guid.NewGuid()).Remaining);
        Assert.Equal(TimeSpan.FromSeconds(30), record.LockoutAt(99_999, Boot).Remaining);
    }

    [Fact]
    public void TryDecode_WhatEncodeWrites_GivesTheSame()
    {
        var record = new GuessRecord { NeedsUnlock = true };
        for (int i = 0; i < 30; i++) record = record.Charge(Start.AddMinutes(i), i * 7, Boot);

        byte[] bytes = record.Encode();

        Assert.True(bytes.Length <= SlotFile.MaxContent);
        Assert.True(GuessRecord.TryDecode(bytes, out GuessRecord read));
        Assert.Equal(record.Recent, read.Recent);
        Assert.Equal(record with { Recent = [] }, read with { Recent = [] });
        Assert.False(GuessRecord.TryDecode(bytes.AsSpan(0, bytes.Length - 1), out _));
        Assert.False(GuessRecord.TryDecode([], out _));
    }
}
