using System.Buffers;

namespace RemoteAccess.Picture;

/// <summary>The seam between pipeline and codec, agent's side. Not thread-safe.</summary>
internal interface IPictureEncoder
{
    /// <summary>Begins a frame. <paramref name="damage"/> and <paramref name="frame"/> must stay as they are until it is all encoded.</summary>
    void Begin(ScreenFrame frame, BlockMap damage, in PictureHeader header);

    /// <summary>Appends the frame's next message; false when there is none left.</summary>
    bool TryEncodeNext(IBufferWriter<byte> message);
}

/// <summary>The seam between codec and presentation, viewer's side. Not thread-safe.</summary>
internal interface IPictureDecoder
{
    /// <summary>Decodes one message into the picture, adding what changed to its damage.</summary>
    /// <exception cref="Transport.ChannelException"><see cref="Transport.ChannelError.Malformed"/>: not a message of this codec; the picture is no longer to be trusted.</exception>
    PictureHeader Decode(ReadOnlySpan<byte> message, Framebuffer picture);
}
