using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

/// <summary>What the technician's side of an established channel can do wrong, and what the host reads in the end.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Reads">Each record the host reads in hexadecimal, then how reading ended.</param>
/// <param name="Bytes">What is put on the link; the peer hangs up afterwards.</param>
internal sealed record ChannelCase(string Name, string Reads, Func<ScriptedTechnician, byte[]> Bytes)
{
    private const string Malformed = "ChannelException.Malformed", OutOfOrder = "ChannelException.OutOfOrder", NotAuthentic = "ChannelException.NotAuthentic";
    private const string LimitExceeded = "ChannelException.LimitExceeded", Truncated = "ChannelException.Truncated";

    public static IEnumerable<ChannelCase> All =>
    [
        new("behaves", "0A 0B Closed", peer => [.. Data(peer, 0x0A), .. Data(peer, 0x0B), .. Close(peer)]),
        new("cut between records", "0A " + Truncated, peer => Data(peer, 0x0A)),
        new("cut inside a record", "0A " + Truncated, peer => [.. Data(peer, 0x0A), .. Data(peer, 0x0B).AsSpan(..^1)]),
        new("cut inside a header", Truncated, _ => [2, 0]),
        new("record twice", "0A " + NotAuthentic, peer => Twice(Data(peer, 0x0A))),
        new("records in the wrong order", NotAuthentic, peer => Swapped(Data(peer, 0x0A), Data(peer, 0x0B))),
        new("record left out", NotAuthentic, peer => Second(Data(peer, 0x0A), Data(peer, 0x0B))),
        new("record altered", NotAuthentic, peer => Altered(Data(peer, 0x0A), 5)),
        new("tag altered", NotAuthentic, peer => Altered(Data(peer, 0x0A), 20)),
        new("data after close", "Closed", peer => [.. Close(peer), .. Data(peer, 0x0A)]),
        new("close twice", "Closed", peer => [.. Close(peer), .. Close(peer)]),
        new("garbage after close", "Closed", peer => [.. Close(peer), 9, 9, 9, 9, 9]),
        new("close with other content", Malformed, peer => ProtectedFrames.Seal(peer.Send!, RecordType.Close, [2, 0])),
        new("close without content", Malformed, peer => ProtectedFrames.Seal(peer.Send!, RecordType.Close, [])),
        new("handshake message", OutOfOrder, peer => ProtectedFrames.Seal(peer.Send!, RecordType.Handshake, peer.Hello())),
        new("clear frame", OutOfOrder, peer => ProtectedFrames.Clear(peer.Hello())),
        new("frame of unknown kind", Malformed, _ => [7, 0, 0, 20, .. new byte[20]]),
        new("frame of 17 bytes", Malformed, _ => [2, 0, 0, 17, .. new byte[17]]),
        new("frame of 65553 bytes", Malformed, _ => [2, 1, 0, 17]),
        new("record of unknown type", Malformed, peer => Raw(peer, 0x14, 0, 1)),
        new("padding not zero", Malformed, peer => Raw(peer, 0x17, 2, 1, 0, 5)),
        new("padding longer than the record", Malformed, peer => Raw(peer, 0x17, 4, 1, 0, 0)),
        new("padding over all content", Malformed, peer => Raw(peer, 0x17, 3, 0, 0, 0)),
        new("padding of 255", "0A " + Truncated, peer => ProtectedFrames.Seal(peer.Send!, RecordType.Application, [0x0A], 255)),
        new("record without content", Malformed, peer => ProtectedFrames.Seal(peer.Send!, RecordType.Application, [])),
        new("content a byte over the limit", LimitExceeded, peer => ProtectedFrames.Seal(peer.Send!, RecordType.Application, new byte[IRecordChannel.MaxContent + 1])),
        new("largest frame there is", LimitExceeded, peer => ProtectedFrames.Seal(peer.Send!, RecordType.Application, new byte[65534])),
        new("KeyUpdate with other content", Malformed, peer => ProtectedFrames.Seal(peer.Send!, RecordType.KeyUpdate, [0])),
        new("KeyUpdate without content", Malformed, peer => ProtectedFrames.Seal(peer.Send!, RecordType.KeyUpdate, [])),
        new("KeyUpdate, then the old key", NotAuthentic, peer => [.. ProtectedFrames.Seal(peer.Send!, RecordType.KeyUpdate, [1]), .. Data(peer, 0x0A)]),
        new("eight early KeyUpdates", "0A " + Truncated, peer => Updates(peer, 8)),
        new("KeyUpdate flood", LimitExceeded, peer => Updates(peer, 9)),
        new("record under the handshake's key", NotAuthentic, peer => ProtectedFrames.SealRaw(peer.HandshakeTraffic, 2, [0x17, 0, 1])),
        new("the host's own record sent back", NotAuthentic, peer => peer.TakeFrames()[0]),
    ];

    private static byte[] Data(ScriptedTechnician peer, byte content) => ProtectedFrames.Seal(peer.Send!, RecordType.Application, [content]);

    private static byte[] Close(ScriptedTechnician peer) => ProtectedFrames.Seal(peer.Send!, RecordType.Close, [1, 0]);

    private static byte[] Raw(ScriptedTechnician peer, params byte[] inner) => ProtectedFrames.SealRaw(peer.TrafficSecret!, 0, inner);

    private static byte[] Twice(byte[] frame) => [.. frame, .. frame];

    private static byte[] Swapped(byte[] first, byte[] second) => [.. second, .. first];

    private static byte[] Second(byte[] first, byte[] second) => first.Length == 0 ? [] : second;

    private static byte[] Altered(byte[] frame, int index)
    {
        frame[index] ^= 0x10;
        return frame;
    }

    private static byte[] Updates(ScriptedTechnician peer, int count)
    {
        var bytes = new List<byte>();
        for (int i = 0; i < count; i++)
        {
            bytes.AddRange(ProtectedFrames.SealRaw(peer.TrafficSecret!, 0, [0x18, 0, 1]));
            KeySchedule.Update(peer.TrafficSecret!);
        }

        bytes.AddRange(ProtectedFrames.SealRaw(peer.TrafficSecret!, 0, [0x17, 0, 0x0A]));
        return [.. bytes];
    }
}
