using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

/// <summary>Frames made and taken apart by hand, for peers that do not behave.</summary>
internal static class ProtectedFrames
{
    public static Frame Parse(byte[] frame)
    {
        Assert.True(FrameHeader.TryRead(frame, out FrameHeader header));
        return new Frame(header, new ReadOnlySequence<byte>(frame, FrameHeader.Size, header.Length));
    }

    public static byte[] Clear(params ReadOnlySpan<byte> message) => Raw(FrameKind.Clear, message);

    public static byte[] Raw(FrameKind kind, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[FrameHeader.Size + payload.Length];
        new FrameHeader(kind, payload.Length).Write(frame);
        payload.CopyTo(frame.AsSpan(FrameHeader.Size));
        return frame;
    }

    public static byte[] Seal(RecordCipher cipher, RecordType type, ReadOnlySpan<byte> content, int padding = 0)
    {
        byte[] frame = new byte[RecordCipher.FrameLength(content.Length, padding)];
        cipher.Seal(type, content, padding, frame);
        return frame;
    }

    /// <summary>A correctly encrypted record with any inside at all.</summary>
    public static byte[] SealRaw(PinnedSecret trafficSecret, long sequence, ReadOnlySpan<byte> inner)
    {
        byte[] key = new byte[32], nonce = new byte[12], frame = new byte[4 + inner.Length + 16];
        KeySchedule.RecordKey(trafficSecret.Span, key);
        KeySchedule.RecordIv(trafficSecret.Span, nonce);
        BinaryPrimitives.WriteInt64BigEndian(nonce.AsSpan(4), BinaryPrimitives.ReadInt64BigEndian(nonce.AsSpan(4)) ^ sequence);
        new FrameHeader(FrameKind.Protected, inner.Length + 16).Write(frame);
        using var aes = new AesGcm(key, 16);
        aes.Encrypt(nonce, inner, frame.AsSpan(4, inner.Length), frame.AsSpan(4 + inner.Length), frame.AsSpan(0, 4));
        return frame;
    }
}
