using System.Runtime.InteropServices;
using RemoteAccess.Interop;

namespace RemoteAccess.Picture;

/// <summary>Memory for one picture of the desktop, and the way rows get into it. Rows lie 4 × width bytes apart.</summary>
internal abstract unsafe class PixelMemory(PixelSize size) : SafeHandle(0, ownsHandle: true)
{
    public PixelSize Size { get; } = size;

    public int Stride => Size.Width * 4;

    public int ByteCount => Stride * Size.Height;

    public byte* Address => (byte*)handle;

    public override bool IsInvalid => handle == 0;

    public ReadOnlySpan<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return new ReadOnlySpan<byte>(Address, ByteCount);
        }
    }

    /// <summary>Shared with the server if that is possible, else filled through the socket.</summary>
    public static PixelMemory Allocate(XConnection connection, PixelSize size, bool mayShare) =>
        (mayShare ? SharedPixels.TryCreate(connection, size) : null) ?? (PixelMemory)new SocketPixels(size);

    /// <summary>Reads full-width rows of the root window. False when the server refuses, as it does after the desktop became smaller.</summary>
    public abstract bool Fetch(XConnection connection, ReadOnlySpan<RowBand> bands);

    /// <summary>On the display's thread, before the connection closes: the server lets go. The memory stays until disposal.</summary>
    public abstract void Detach(XConnection connection);

    protected Span<uint> Rows(RowBand band) => new(Address + ((nint)band.Y * Stride), band.Count * Size.Width);
}

/// <summary>Neighbouring rows.</summary>
internal readonly record struct RowBand(int Y, int Count);
