using System.Buffers;
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
}
