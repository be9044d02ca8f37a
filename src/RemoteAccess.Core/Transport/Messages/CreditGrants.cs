using Google.Protobuf;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Transport;

/// <summary>
/// Grants on their way to the peer, added up for each stream: one number a stream, however many there are, so granting needs no queue and
/// two sides that wait for each other's credit cannot lock each other out. Belongs to the sender's lock. Allocates nothing per grant.
/// </summary>
internal sealed class CreditGrants
{
    private readonly long[] waiting = new long[StreamRule.Count];
    private readonly ControlMessage message = new() { Credit = new CreditGrant() };

    public void Add(MessageStream stream, long bytes) => waiting[(int)stream] += bytes;

    /// <summary>Puts one grant into <paramref name="record"/>, complete with its header. Returns its length, 0 when none waits.</summary>
    public int TakeRecord(Span<byte> record)
    {
        for (int stream = 0; stream < waiting.Length; stream++)
        {
            if (waiting[stream] == 0) continue;
            message.Credit.Stream = (uint)stream;
            message.Credit.Bytes = (ulong)waiting[stream];
            waiting[stream] = 0;
            int length = message.CalculateSize();
            new RecordHeader(MessageStream.Control, length).Write(record);
            message.WriteTo(record.Slice(RecordHeader.Length, length));
            return RecordHeader.Length + length;
        }
        return 0;
    }
}
