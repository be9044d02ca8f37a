using System.Buffers.Binary;
using System.Diagnostics;
using RemoteAccess.Transport;

namespace RemoteAccess.Fuzz.SelfTest;

// Parsers with one known bug each. Their constructors take a parameter, so that they are no targets of a real run.

/// <summary>Trusts a two-byte length.</summary>
internal sealed class LengthTrustingParser(string name) : FuzzTarget
{
    public override string Name => name;

    public override IReadOnlyList<byte[]> Seeds { get; } = [[0, 4, 1, 2, 3, 4, 0, 0, 0, 0, 0, 0]];

    public override void Execute(ReadOnlySpan<byte> input)
    {
        if (input.Length >= 2)
        {
            _ = input.Slice(2, BinaryPrimitives.ReadUInt16BigEndian(input)).Length;
        }
    }
}

/// <summary>Allocates what a four-byte count asks for.</summary>
internal sealed class CountTrustingParser(string name) : FuzzTarget
{
    public override string Name => name;

    public override IReadOnlyList<byte[]> Seeds { get; } = [[(byte)'C', 0, 0, 0, 2, 9, 9]];

    public override void Execute(ReadOnlySpan<byte> input)
    {
        if (input.Length >= 5 && input[0] == 'C')
        {
            var count = BinaryPrimitives.ReadUInt32BigEndian(input[1..]) & 0x07FF_FFFF;
            GC.KeepAlive(new byte[count]);
        }
    }
}

/// <summary>Works 200 ms on one value of one byte.</summary>
internal sealed class SlowParser(string name) : FuzzTarget
{
    public override string Name => name;

    public override IReadOnlyList<byte[]> Seeds { get; } = [[1, 2, 3, 4]];

    public override void Execute(ReadOnlySpan<byte> input)
    {
        var clock = Stopwatch.StartNew();
        while (input.Length > 3 && input[3] == 0xEE && clock.ElapsedMilliseconds < 200)
        {
            Thread.SpinWait(1000);
        }
    }
}

/// <summary>Walks blocks whose length may be zero, for ever.</summary>
internal sealed class EndlessParser(string name, CancellationToken release) : FuzzTarget
{
    public override string Name => name;

    public override IReadOnlyList<byte[]> Seeds { get; } = [[3, 1, 1, 2, 1, 1]];

    public override void Execute(ReadOnlySpan<byte> input)
    {
        for (var at = 0; at < input.Length && !release.IsCancellationRequested;)
        {
            at += input[at];
        }
    }
}

/// <summary>Four checks in a row, each with its own refusal, before the bug: 1 in 2^32 without learning from outcomes.</summary>
internal sealed class StagedParser(string name, bool tellsByException) : FuzzTarget
{
    private static readonly string[] Refusals = ["no first mark", "no second mark", "no third mark", "no fourth mark"];

    public override string Name => name;

    public override IReadOnlyList<byte[]> Seeds { get; } = [new byte[16]];

    public override void Execute(ReadOnlySpan<byte> input)
    {
        try
        {
            Parse(input);
        }
        catch (ChannelException refused) when (refused.Error == ChannelError.Malformed)
        {
            Reached(0);
        }
    }

    private void Parse(ReadOnlySpan<byte> input)
    {
        ReadOnlySpan<byte> marks = [0x5A, 0xC3, 0x17, 0x9E];
        for (var stage = 0; stage < marks.Length; stage++)
        {
            if (input.Length <= stage || input[stage] != marks[stage])
            {
                if (tellsByException)
                {
                    throw new ChannelException(ChannelError.Malformed, Refusals[stage]);
                }

                Reached(stage);
                return;
            }
        }

        throw new InvalidOperationException("the bug behind four checks");
    }
}

/// <summary>A bug behind a checksum, which only the target's own mutation mends.</summary>
internal sealed class ChecksummedParser(string name) : FuzzTarget
{
    public override string Name => name;

    public override IReadOnlyList<byte[]> Seeds { get; } = [Sealed([1, 2, 3, 4, 5, 6, 7, 8])];

    public override void Execute(ReadOnlySpan<byte> input)
    {
        if (input.Length > 4 && BinaryPrimitives.ReadUInt32BigEndian(input) == Checksum(input[4..]) && input[4] > 0xF0)
        {
            throw new InvalidOperationException("the bug behind the checksum");
        }
    }

    public override bool MutateStructure(Random random, ref byte[] input)
    {
        if (input.Length <= 4)
        {
            return false;
        }

        input[random.Next(4, input.Length)] = (byte)random.Next(256);
        input = Sealed(input.AsSpan(4));
        return true;
    }

    private static byte[] Sealed(ReadOnlySpan<byte> body)
    {
        byte[] message = [0, 0, 0, 0, .. body];
        BinaryPrimitives.WriteUInt32BigEndian(message, Checksum(body));
        return message;
    }

    private static uint Checksum(ReadOnlySpan<byte> body)
    {
        var sum = 0x811C_9DC5;
        foreach (var octet in body)
        {
            sum = (sum ^ octet) * 0x0100_0193;
        }

        return sum;
    }
}

/// <summary>Checks what it is told.</summary>
internal sealed class SoundParser(string name) : FuzzTarget
{
    public override string Name => name;

    public override IReadOnlyList<byte[]> Seeds { get; } = [[0, 4, 1, 2, 3, 4]];

    public override void Execute(ReadOnlySpan<byte> input)
    {
        if (input.Length >= 2 && BinaryPrimitives.ReadUInt16BigEndian(input) <= input.Length - 2)
        {
            _ = input.Slice(2, BinaryPrimitives.ReadUInt16BigEndian(input)).Length;
        }
    }
}
