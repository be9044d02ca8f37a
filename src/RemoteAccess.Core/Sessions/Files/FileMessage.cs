using System.Buffers.Binary;
using System.Security.Cryptography;

namespace RemoteAccess.Sessions;

/// <summary>
/// A message of the files stream (docs/messages.md, "Files").
/// <code>u32 request | content, 1…1 048 572 bytes</code>
/// </summary>
internal static class FileMessage
{
    public const int HeaderBytes = 4;

    /// <summary>What this side sends at most: small enough that two transfers, and what else is sent, take turns.</summary>
    public const int ContentBytes = 128 * 1024;

    public const int HashBytes = SHA256.HashSizeInBytes;

    /// <summary>A buffer for messages of one request.</summary>
    public static byte[] Buffer(uint request)
    {
        byte[] message = new byte[HeaderBytes + ContentBytes];
        BinaryPrimitives.WriteUInt32BigEndian(message, request);
        return message;
    }

    /// <returns>False for what is no such message.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, out uint request, out ReadOnlySpan<byte> content)
    {
        content = default;
        if (!BinaryPrimitives.TryReadUInt32BigEndian(message, out request) || message.Length == HeaderBytes) return false;
        content = message[HeaderBytes..];
        return true;
    }
}
