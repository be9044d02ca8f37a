namespace RemoteAccess.Transport;

/// <summary>The first byte of a handshake message (docs/protocol.md §6).</summary>
internal enum HandshakeType : byte
{
    ClientHello = 1,
    HostHello = 2,
    HostAuth = 3,
    TechAuth = 4,
    PakeReply = 5,
    PakeFinish = 6,
    /// <summary>Instead of HostHello or PakeReply.</summary>
    Reject = 7,
}
