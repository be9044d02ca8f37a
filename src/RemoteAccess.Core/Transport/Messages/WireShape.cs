using Google.Protobuf.Reflection;

namespace RemoteAccess.Transport;

/// <summary>
/// Checks the frame of a protobuf message before it is parsed: every length, nested ones too, lies inside its parent. Danger: the parser of
/// Google.Protobuf 3.25.1 adds a nested length near 2^31 to its position without looking for overflow; twelve bytes then make it allocate
/// 2 GB or leave with an undeclared exception. Groups, which no proto3 schema has, are refused. Pure, allocates nothing.
/// </summary>
internal static class WireShape
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int LengthDelimited = 2;
    private const int Fixed32 = 5;

    /// <summary>Bytes of the longest 32-bit and 64-bit varints.</summary>
    private const int LongestVarint32 = 5;
    private const int LongestVarint64 = 10;

    /// <summary>The schema nests three deep.</summary>
    private const int MaxDepth = 8;

    public static bool IsSound(ReadOnlySpan<byte> message, MessageDescriptor type) => IsSound(message, type, 0);

    private static bool IsSound(ReadOnlySpan<byte> message, MessageDescriptor type, int depth)
    {
        if (depth > MaxDepth) return false;
        while (!message.IsEmpty)
        {
            if (!TryReadVarint(ref message, LongestVarint32, out ulong tag) || tag > uint.MaxValue || tag >> 3 == 0) return false;
            switch ((int)(tag & 7))
            {
                case Varint:
                    if (!TryReadVarint(ref message, LongestVarint64, out _)) return false;
                    break;
                case Fixed64:
                    if (!TrySkip(ref message, 8)) return false;
                    break;
                case Fixed32:
                    if (!TrySkip(ref message, 4)) return false;
                    break;
                case LengthDelimited:
                    if (!TryReadVarint(ref message, LongestVarint32, out ulong length) || length > (ulong)message.Length) return false;
                    FieldDescriptor? field = type.FindFieldByNumber((int)(tag >> 3));
                    if (field?.FieldType == FieldType.Message && !IsSound(message[..(int)length], field.MessageType, depth + 1)) return false;
                    message = message[(int)length..];
                    break;
                default:
                    return false;
            }
        }
        return true;
    }

    private static bool TrySkip(ref ReadOnlySpan<byte> message, int count)
    {
        if (message.Length < count) return false;
        message = message[count..];
        return true;
    }

    private static bool TryReadVarint(ref ReadOnlySpan<byte> message, int longest, out ulong value)
    {
        value = 0;
        for (int i = 0; i < longest && i < message.Length; i++)
        {
            value |= (ulong)(message[i] & 0x7F) << (7 * i);
            if (message[i] >= 0x80) continue;
            message = message[(i + 1)..];
            return true;
        }
        return false;
    }
}
