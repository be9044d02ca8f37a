using Google.Protobuf;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using Monitor = RemoteAccess.Transport.Wire.Monitor;

namespace RemoteAccess.Fuzz;

/// <summary>One valid message of every kind of every stream.</summary>
internal static class MessageSeeds
{
    public static IReadOnlyList<byte[]> Control { get; } = Bytes(
        new ControlMessage { Accepted = new Accepted { SessionId = ByteString.CopyFrom(new byte[16]), Operations = 3, PolicyJson = "{}", ResumeToken = ByteString.CopyFrom(new byte[32]), FailedAttempts = 1, FailedSinceUnixMs = 1_700_000_000_000, ExpiresUnixMs = 1_800_000_000_000, ComputerName = "front desk", Platform = "linux" } },
        new ControlMessage { Accepted = new Accepted { SessionId = ByteString.CopyFrom(new byte[16]), CredentialsWanted = new CredentialsWanted { Tries = 3, FirstWithinSeconds = 60, WithinSeconds = 120 } } },
        new ControlMessage { Credentials = new Credentials { User = ByteString.CopyFromUtf8("ada"), Password = ByteString.CopyFromUtf8("secret") } },
        new ControlMessage { CredentialsAnswer = new CredentialsAnswer { Accepted = false, TriesLeft = 2, RetryAfterSeconds = 30 } },
        new ControlMessage { Denied = new Denied { Reason = 10, RetryAfterSeconds = 30 } },
        new ControlMessage { Ending = new SessionEnding { Reason = 5, Text = "revoked" } },
        new ControlMessage { Credit = new CreditGrant { Stream = 6, Bytes = 1 << 18 } },
        new ControlMessage { Operation = new OperationChanged { Operation = 2, Allowed = true, Reason = 15 } },
        new ControlMessage { Picture = new PictureRequest { On = true, NewEpoch = true } },
        new ControlMessage { PictureAck = new PictureAck { Sequence = 9, DecodeMicroseconds = 1200 } },
        new ControlMessage { Screen = new Screen { Width = 3840, Height = 1080, Monitors = { new Monitor { Name = "left", Width = 1920, Height = 1080, Primary = true }, new Monitor { Name = "right", X = -1920, Width = 1920, Height = 1080 } } } },
        new ControlMessage { Refused = new Refused { Operation = 16, Reason = 9, RetryAfterSeconds = 1 } },
        new ControlMessage { Notice = new Notice { Text = "3 failed attempts" } },
        new ControlMessage { Ping = new Ping { Token = ulong.MaxValue } },
        new ControlMessage { Pong = new Ping { Token = 1 } });

    public static IReadOnlyList<byte[]> Input { get; } = Bytes(
        new InputMessage { Move = new PointerMove { X = -5, Y = 1079 } },
        new InputMessage { Button = new PointerButton { Button = 1, Down = true } },
        new InputMessage { Wheel = new Wheel { DeltaX = -120, DeltaY = 240 } },
        new InputMessage { Key = new Key { Keysym = 0x0100_20AC, Down = true } },
        new InputMessage { Text = new Text { Text_ = "€ä漢😀" } });

    public static IReadOnlyList<byte[]> Chat { get; } = Bytes(new ChatMessage { Text = "Guten Tag ✓", SentUnixMs = 1_700_000_000_000 });

    public static IReadOnlyList<byte[]> Cursor { get; } = Bytes(
        new CursorMessage { Position = new CursorPosition { X = 3, Y = -4 } },
        new CursorMessage { Image = new CursorImage { Width = 2, Height = 2, HotX = 1, HotY = 0, X = 10, Y = 20, PremultipliedBgra = ByteString.CopyFrom(new byte[16]) } },
        new CursorMessage { Hidden = new CursorHidden() });

    public static byte[] Record(MessageStream stream, IMessage message) => Record(stream, message.CalculateSize(), message.ToByteArray());

    public static byte[] Record(MessageStream stream, int remaining, byte[] fragment)
    {
        byte[] record = new byte[RecordHeader.Length + fragment.Length];
        new RecordHeader(stream, remaining).Write(record);
        fragment.CopyTo(record, RecordHeader.Length);
        return record;
    }

    private static byte[][] Bytes(params IMessage[] messages) => [.. messages.Select(message => message.ToByteArray())];
}
