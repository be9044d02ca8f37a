namespace RemoteAccess.Transport;

/// <summary>The first byte inside a protected record (docs/protocol.md §5).</summary>
internal enum RecordType : byte
{
    Close = 0x15,
    Handshake = 0x16,
    Application = 0x17,
    KeyUpdate = 0x18,
}
