using RemoteAccess.Transport;

namespace RemoteAccess.Picture;

/// <summary>The viewer's side of video in an area of the picture: makes the decoder, hands it access units, shows what it decodes.</summary>
internal sealed class VideoScreen
{
    private VideoDecoding? decoding;
    private IVideoDecoder? decoder;
    private PixelRect area;
    private byte[] pixels = [];

    /// <summary>The area, if it is one: whole blocks inside the picture.</summary>
    /// <exception cref="ChannelException"><see cref="ChannelError.Malformed"/>.</exception>
    public static PixelRect Demand(PixelRect area, PixelSize size)
    {
        bool whole = area.X % BlockMap.Side == 0 && area.Y % BlockMap.Side == 0
            && (area.Width % BlockMap.Side == 0 || area.Right == size.Width) && (area.Height % BlockMap.Side == 0 || area.Bottom == size.Height);
        if (!whole || area.Right > size.Width || area.Bottom > size.Height) throw PictureDecoder.Malformed("a video area outside the picture");
        return area;
    }

    /// <summary>What can be decoded from now on; whatever ran is over.</summary>
    public void Offer(VideoDecoding? offered)
    {
        End();
        decoding = offered;
    }

    /// <summary>Decodes one access unit into the picture.</summary>
    /// <exception cref="ChannelException"><see cref="ChannelError.Malformed"/>: no video was offered, the stream did not begin, or the decoder refuses the unit.</exception>
    public void Show(PixelRect place, bool starts, ReadOnlySpan<byte> unit, Framebuffer picture)
    {
        if (decoding is null) throw PictureDecoder.Malformed("video that was not offered");
        if (starts)
        {
            End();
            area = place;
            decoder = decoding.Create(new PixelSize(place.Width, place.Height));
            int needed = place.Width * place.Height * 4;
            if (pixels.Length < needed) pixels = new byte[needed];
        }
        else if (decoder is null || place != area)
        {
            throw PictureDecoder.Malformed("video that did not begin");
        }

        Span<byte> shown = pixels.AsSpan(0, area.Width * area.Height * 4);
        try
        {
            decoder.Decode(unit, shown);
        }
        catch (Exception refusal) when (refusal is not OutOfMemoryException)
        {
            throw new ChannelException(ChannelError.Malformed, "The computer sent video that cannot be decoded.", refusal);
        }

        for (int y = 0; y < area.Height; y++)
            shown.Slice(y * area.Width * 4, area.Width * 4).CopyTo(picture.Writable[((area.Y + y) * picture.Stride + area.X * 4)..]);
        picture.AddDamage(area);
    }

    /// <summary>A new epoch: whatever ran is over.</summary>
    public void End()
    {
        decoder?.Dispose();
        decoder = null;
        area = default;
    }
}
