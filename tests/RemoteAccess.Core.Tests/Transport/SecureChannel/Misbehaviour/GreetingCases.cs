using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

/// <summary>What a stranger can do before it has shown a certificate. None of it charges a guess.</summary>
internal static class GreetingCases
{
    private const string Malformed = "ChannelException.Malformed", OutOfOrder = "ChannelException.OutOfOrder", Silence = "nothing", Reject = "Reject.NotAuthorized";

    public static IEnumerable<HostCase> All =>
    [
        Case("frame of unknown kind 3", Malformed, Silence, PreGateFailure.Malformed, _ => [3, 0, 0, 1, 0]),
        Case("frame of kind 0", Malformed, Silence, PreGateFailure.Malformed, _ => [0, 0, 0, 1, 0]),
        Case("text of another protocol", Malformed, Silence, PreGateFailure.Malformed, _ => "GET / HTTP/1.1\r\n\r\n"u8.ToArray()),
        Case("clear frame of zero length", Malformed, Silence, PreGateFailure.Malformed, _ => [1, 0, 0, 0]),
        Case("clear frame of 4097 announced", Malformed, Silence, PreGateFailure.Malformed, _ => [1, 0, 0x10, 1]),
        Case("clear frame of 16 MiB announced", Malformed, Silence, PreGateFailure.Malformed, _ => [1, 0xFF, 0xFF, 0xFF]),
        Case("protected frame of 17 announced", Malformed, Silence, PreGateFailure.Malformed, _ => [2, 0, 0, 17]),
        Case("protected frame of 65553 announced", Malformed, Silence, PreGateFailure.Malformed, _ => [2, 1, 0, 17]),
        Case("protected frame beyond 16 KiB announced", "ChannelException.LimitExceeded", Silence, PreGateFailure.Malformed, _ => [2, 0, 0x40, 0]),
        Case("protected frame first", OutOfOrder, Reject, PreGateFailure.OutOfOrder, _ => ProtectedFrames.Raw(FrameKind.Protected, new byte[64])),
        Message("TechAuth first", OutOfOrder, PreGateFailure.OutOfOrder, _ => [4, 0, 0, 0]),
        Message("HostHello sent to the host", OutOfOrder, PreGateFailure.OutOfOrder, hello => [2, .. hello.AsSpan(1)]),
        Message("Reject sent to the host", OutOfOrder, PreGateFailure.OutOfOrder, _ => [7, 0, 0, 5, 1, 0, 0, 0, 0]),
        Message("message of unknown type", Malformed, PreGateFailure.Malformed, hello => [99, .. hello.AsSpan(1)]),
        Message("message longer than its frame", Malformed, PreGateFailure.Malformed, hello => With(hello, 3, hello[3] + 1)),
        Message("message shorter than its frame", Malformed, PreGateFailure.Malformed, hello => With(hello, 3, hello[3] - 1)),
        Message("two messages in one frame", Malformed, PreGateFailure.Malformed, hello => [.. hello, .. hello]),
        Message("message header cut short", Malformed, PreGateFailure.Malformed, _ => [1, 0, 0]),
        Message("version 2", "ChannelException.Incompatible", PreGateFailure.VersionOrSuite, hello => With(hello, 5, 2)),
        Message("suite 2 only", "ChannelException.Incompatible", PreGateFailure.VersionOrSuite, hello => With(hello, 40, 2)),
        Message("unknown suite only", "ChannelException.Incompatible", PreGateFailure.VersionOrSuite, hello => With(hello, 39, 0x77)),
        Message("no suite", Malformed, PreGateFailure.Malformed, hello => Body([.. hello.AsSpan(4, 34), 0, .. hello.AsSpan(41)])),
        Message("nine suites", Malformed, PreGateFailure.Malformed, hello => Body([.. hello.AsSpan(4, 34), 9, .. new byte[18], .. hello.AsSpan(41)])),
        Message("key: off the curve", Malformed, PreGateFailure.InvalidPoint, hello => Key(hello, BadPoints.OffCurve)),
        Message("key: all zero", Malformed, PreGateFailure.InvalidPoint, hello => Key(hello, BadPoints.Zeros)),
        Message("key: zero coordinates", Malformed, PreGateFailure.InvalidPoint, hello => Key(hello, BadPoints.ZeroCoordinates)),
        Message("key: prefix 02 on 65 bytes", Malformed, PreGateFailure.InvalidPoint, hello => Key(hello, BadPoints.CompressedPrefix)),
        Message("key: hybrid prefix", Malformed, PreGateFailure.InvalidPoint, hello => Key(hello, BadPoints.HybridPrefix)),
        Message("key: coordinate not below p", Malformed, PreGateFailure.InvalidPoint, hello => Key(hello, BadPoints.CoordinateNotReduced)),
        Message("key: compressed", Malformed, PreGateFailure.Malformed, hello => Key(hello, BadPoints.Compressed)),
        Message("key: identity", Malformed, PreGateFailure.Malformed, hello => Key(hello, BadPoints.Identity)),
        Message("KEM key of wrong length", Malformed, PreGateFailure.Malformed, hello => Body([.. hello.AsSpan(4, 104), 0, 2, 7, 7, 0, 0])),
        Message("extensions descending", Malformed, PreGateFailure.Malformed, hello => Extensions(hello, [0, 2, 0, 0, 0, 1, 0, 0])),
        Message("extension twice", Malformed, PreGateFailure.Malformed, hello => Extensions(hello, [0, 1, 0, 0, 0, 1, 0, 0])),
        Message("extension longer than its block", Malformed, PreGateFailure.Malformed, hello => Extensions(hello, [0, 1, 0, 9])),
        Message("byte after the extensions", Malformed, PreGateFailure.Malformed, hello => Body([.. hello.AsSpan(4), 0])),
        Message("ClientHello cut by one byte", Malformed, PreGateFailure.Malformed, hello => Body(hello.AsSpan(4..^1))),
        new("hangs up at once", "ChannelException.Truncated", Silence, PreGateFailure.HungUp, 0, (_, _) => Task.CompletedTask),
        new("hangs up inside the ClientHello", "ChannelException.Truncated", Silence, PreGateFailure.HungUp, 0, (_, peer) => peer.SendAsync(ProtectedFrames.Clear(peer.Hello())[..50])),
        new("says nothing", "ChannelException.TimedOut", Silence, PreGateFailure.TimedOut, 0, (_, peer) => peer.WaitAsync()),
        new("a byte every two seconds", "ChannelException.TimedOut", Silence, PreGateFailure.TimedOut, 0, SlowlyAsync),
    ];

    private static HostCase Case(string name, string ends, string hears, PreGateFailure counted, Func<ScriptedTechnician, byte[]> bytes) =>
        new(name, ends, hears, counted, Charged: 0, (_, peer) => peer.SendAsync(bytes(peer)));

    /// <summary>Changes a right ClientHello; the host answers with the constant Reject.</summary>
    private static HostCase Message(string name, string ends, PreGateFailure counted, Func<byte[], byte[]> change) =>
        Case(name, ends, Reject, counted, peer => ProtectedFrames.Clear(change(peer.Hello())));

    private static async Task SlowlyAsync(HandshakeScene scene, ScriptedTechnician peer)
    {
        foreach (byte each in ProtectedFrames.Clear(peer.Hello()))
        {
            if (peer.HostIsDone) break;
            await peer.SendAsync([each]);
            scene.Clock.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Equal(TimeSpan.FromSeconds(10), scene.Clock.GetElapsedTime(0));
    }

    private static byte[] With(byte[] message, int index, int value)
    {
        byte[] changed = [.. message];
        changed[index] = (byte)value;
        return changed;
    }

    private static byte[] Body(ReadOnlySpan<byte> body) => [1, 0, (byte)(body.Length >> 8), (byte)body.Length, .. body];

    private static byte[] Key(byte[] hello, byte[] point) => Body([.. hello.AsSpan(4, 37), 0, (byte)point.Length, .. point, 0, 0, 0, 0]);

    private static byte[] Extensions(byte[] hello, byte[] block) => Body([.. hello.AsSpan(4, hello.Length - 6), 0, (byte)block.Length, .. block]);
}
