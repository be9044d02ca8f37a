using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Transport;

/// <summary>
/// Reads the two control messages that go with every picture, its acknowledgement and the credit for the next, into the same objects again and again, because the
/// parser makes new ones. What is not exactly such a message, written the shortest way, is left to the parser. Not thread-safe.
/// </summary>
internal sealed class FrequentMessages
{
    private const int LengthDelimited = 2, AcknowledgementTag = ControlMessage.PictureAckFieldNumber << 3 | LengthDelimited, CreditTag = ControlMessage.CreditFieldNumber << 3 | LengthDelimited;

    private readonly ControlMessage acknowledgement = new() { PictureAck = new PictureAck() };
    private readonly ControlMessage credit = new() { Credit = new CreditGrant() };

    /// <summary>The message, lent until the next call; null when it is for the parser.</summary>
    public ControlMessage? TryRead(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 2 || payload[1] != payload.Length - 2) return null;
        ReadOnlySpan<byte> fields = payload[2..];
        switch (payload[0])
        {
            case AcknowledgementTag when TryReadTwo(fields, uint.MaxValue, out ulong sequence, out ulong microseconds):
                acknowledgement.PictureAck.Sequence = (uint)sequence;
                acknowledgement.PictureAck.DecodeMicroseconds = (uint)microseconds;
                return acknowledgement;
            case CreditTag when TryReadTwo(fields, long.MaxValue, out ulong stream, out ulong bytes) && stream <= uint.MaxValue:
                credit.Credit.Stream = (uint)stream;
                credit.Credit.Bytes = bytes;
                return credit;
            default:
                return null;
        }
    }

    /// <summary>Fields 1 and 2, numbers both, in that order; 0 stands for one that is missing.</summary>
    private static bool TryReadTwo(ReadOnlySpan<byte> fields, ulong most, out ulong first, out ulong second)
    {
        second = 0;
        return TryReadField(ref fields, 1, most, out first) && TryReadField(ref fields, 2, most, out second) && fields.IsEmpty;
    }

    private static bool TryReadField(ref ReadOnlySpan<byte> fields, int number, ulong most, out ulong value)
    {
        const int Longest = 9;
        value = 0;
        if (fields.IsEmpty || fields[0] != number << 3) return true;
        for (int i = 1; i < fields.Length && i <= Longest; i++)
        {
            value |= (ulong)(fields[i] & 0x7F) << (7 * (i - 1));
            if (fields[i] >= 0x80) continue;
            fields = fields[(i + 1)..];
            return value <= most;
        }

        return false;
    }
}
