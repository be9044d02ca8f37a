namespace RemoteAccess.Transport;

/// <summary>What holds for one stream; the table is docs/messages.md, "Streams".</summary>
internal sealed record StreamRule
{
    /// <summary>How many streams there are.</summary>
    public const int Count = 8;

    private const int KiB = 1024;
    private const int MiB = 1024 * KiB;

    private static readonly StreamRule[] Table =
    [
        new() { Stream = MessageStream.Control, Priority = 0, MaxMessage = 16 * KiB, QueueBytes = 128 * KiB, FromHost = true, FromTechnician = true },
        new() { Stream = MessageStream.Input, Priority = 0, MaxMessage = 16 * KiB, QueueBytes = 64 * KiB, FromTechnician = true },
        new() { Stream = MessageStream.Chat, Priority = 1, MaxMessage = 16 * KiB, QueueBytes = 64 * KiB, FromHost = true, FromTechnician = true },
        new() { Stream = MessageStream.Clipboard, Priority = 1, MaxMessage = (16 * MiB) - 1, Window = MiB, FromHost = true, FromTechnician = true },
        new() { Stream = MessageStream.Cursor, Priority = 1, MaxMessage = MiB + (64 * KiB), QueueBytes = MiB + (128 * KiB), FromHost = true },
        new() { Stream = MessageStream.Picture, Priority = 2, MaxMessage = (16 * MiB) - 1, Window = 4 * MiB, FromHost = true },
        new() { Stream = MessageStream.Files, Priority = 3, MaxMessage = MiB, Window = MiB, FromHost = true, FromTechnician = true },
        new() { Stream = MessageStream.Recording, Priority = 3, MaxMessage = MiB, Window = MiB, FromHost = true },
    ];

    public required MessageStream Stream { get; init; }

    /// <summary>0 goes first, its messages in the order they were sent; a lower class waits as long as a higher one has anything to send.</summary>
    public required int Priority { get; init; }

    /// <summary>The longest message in bytes.</summary>
    public required int MaxMessage { get; init; }

    /// <summary>Bytes the sender may have on the way before the receiver grants more; 0 when the stream needs no credit.</summary>
    public int Window { get; init; }

    /// <summary>Bytes of messages that are copied and queued before a send waits; 0 when messages are lent until they are sent.</summary>
    public int QueueBytes { get; init; }

    public bool FromHost { get; init; }

    public bool FromTechnician { get; init; }

    public bool NeedsCredit => Window > 0;

    public static bool IsStream(uint value) => value < Count;

    public static StreamRule Of(MessageStream stream) => IsStream((uint)stream)
        ? Table[(int)stream]
        : throw new ArgumentOutOfRangeException(nameof(stream), stream, "There is no such stream.");

    public bool MaySend(ChannelRole role) => role == ChannelRole.Host ? FromHost : FromTechnician;

    public bool MayReceive(ChannelRole role) => role == ChannelRole.Host ? FromTechnician : FromHost;
}
