using System.Buffers.Binary;

namespace RemoteAccess.Trust;

/// <summary>
/// What is known about the guesses made against one grant. Immutable; each act gives the next record.
/// <code>u8 1 | u32 run | i64 first of the run, unix ms | i64 last charge, monotonic ms | boot[16] | u8 needs unlock
///  | u8 count | i64 × count charges of the last 30 days, unix ms</code>
/// </summary>
internal sealed record GuessRecord
{
    private const byte Version = 1;
    private const int FixedLength = 1 + 4 + 8 + 8 + BootLength + 1 + 1;
    private const int BootLength = 16;

    /// <summary>Consecutive charged failures.</summary>
    public int Run { get; init; }

    /// <summary>When the first failure of the run was charged; meaningless when there is none.</summary>
    public DateTimeOffset RunSince { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>The monotonic clock at the last charge, valid in <see cref="Boot"/> only.</summary>
    public long LastChargeMonotonic { get; init; }

    /// <summary>The run of the operating system in which the last charge was made.</summary>
    public Guid Boot { get; init; }

    /// <summary>Locked until the customer unlocks at the computer.</summary>
    public bool NeedsUnlock { get; init; }

    /// <summary>Unix milliseconds of the charges in the last 30 days, oldest first, at most 30.</summary>
    public IReadOnlyList<long> Recent { get; init; } = [];

    /// <summary>Whether any guess was made since the record began, or the last success; for a code of one attempt, whether that was made.</summary>
    public bool IsSpent => Run > 0;

    /// <summary>One more guess, counted as a failure until it is refunded.</summary>
    public GuessRecord Charge(DateTimeOffset now, long monotonic, Guid boot)
    {
        long oldest = (now - LockoutLadder.TotalPeriod).ToUnixTimeMilliseconds();
        long[] recent = [.. Recent.Where(time => time > oldest).TakeLast(LockoutLadder.LockingTotal - 1), now.ToUnixTimeMilliseconds()];
        return this with
        {
            Run = Run + 1,
            RunSince = Run == 0 ? now : RunSince,
            LastChargeMonotonic = monotonic,
            Boot = boot,
            NeedsUnlock = NeedsUnlock || Run + 1 >= LockoutLadder.LockingRun || recent.Length >= LockoutLadder.LockingTotal,
            Recent = recent,
        };
    }

    /// <summary>The guess charged last was right: it is taken back, and the run before it is over.</summary>
    public GuessRecord Refund() => this with { Run = 0, NeedsUnlock = false, Recent = [.. Recent.SkipLast(1)] };

    /// <summary>What keeps the next guess out at this moment. After a reboot, or a clock that ran backwards, the delay is whole again.</summary>
    public Lockout LockoutAt(long monotonic, Guid boot)
    {
        TimeSpan delay = LockoutLadder.DelayAfter(Run);
        TimeSpan elapsed = boot == Boot && monotonic >= LastChargeMonotonic ? TimeSpan.FromMilliseconds(monotonic - LastChargeMonotonic) : TimeSpan.Zero;
        return new Lockout(delay > elapsed ? delay - elapsed : TimeSpan.Zero, NeedsUnlock);
    }

    public byte[] Encode()
    {
        byte[] bytes = new byte[FixedLength + Recent.Count * sizeof(long)];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), Run);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(5), RunSince.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(13), LastChargeMonotonic);
        Boot.TryWriteBytes(bytes.AsSpan(21));
        bytes[37] = NeedsUnlock ? (byte)1 : (byte)0;
        bytes[38] = (byte)Recent.Count;
        for (int i = 0; i < Recent.Count; i++) BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(FixedLength + i * sizeof(long)), Recent[i]);
        return bytes;
    }

    public static bool TryDecode(ReadOnlySpan<byte> bytes, out GuessRecord record)
    {
        record = new GuessRecord();
        if (bytes.Length < FixedLength || bytes[0] != Version || bytes[37] > 1) return false;
        int run = BinaryPrimitives.ReadInt32BigEndian(bytes[1..]);
        long since = BinaryPrimitives.ReadInt64BigEndian(bytes[5..]);
        int count = bytes[38];
        if (run < 0 || count > LockoutLadder.LockingTotal || bytes.Length != FixedLength + count * sizeof(long)) return false;
        if (since < 0 || since > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()) return false;
        long[] recent = new long[count];
        for (int i = 0; i < count; i++) recent[i] = BinaryPrimitives.ReadInt64BigEndian(bytes[(FixedLength + i * sizeof(long))..]);
        record = new GuessRecord
        {
            Run = run,
            RunSince = DateTimeOffset.FromUnixTimeMilliseconds(since),
            LastChargeMonotonic = BinaryPrimitives.ReadInt64BigEndian(bytes[13..]),
            Boot = new Guid(bytes.Slice(21, BootLength)),
            NeedsUnlock = bytes[37] == 1,
            Recent = recent,
        };
        return true;
    }
}
