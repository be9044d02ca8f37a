using RemoteAccess.Picture;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess;

/// <summary>Reads what a viewer asks of the picture.</summary>
internal static class PictureRequests
{
    /// <exception cref="ChannelException"><see cref="ChannelError.Malformed"/>: a number outside its range.</exception>
    public static PictureWish Read(PictureRequest request)
    {
        if (request.Quality > 4 || request.CacheBits > PictureHeader.MaxCacheBits) throw new ChannelException(ChannelError.Malformed, "The viewer asked for an impossible picture.");
        LossyQuality quality = request.Quality == 0 ? LossyQuality.Q75_420 : (LossyQuality)(request.Quality - 1);
        return new PictureWish(request.Lossless, quality, Read(request.Region), (int)request.CacheBits, request.VideoFormat);
    }

    private static PixelRect? Read(PictureArea? region)
    {
        if (region is null) return null;
        if (Math.Abs((long)region.X) > ushort.MaxValue || Math.Abs((long)region.Y) > ushort.MaxValue || region.Width is 0 or > ushort.MaxValue || region.Height is 0 or > ushort.MaxValue)
            throw new ChannelException(ChannelError.Malformed, "The viewer asked for a part of the desktop that cannot be.");
        return new PixelRect(region.X, region.Y, (int)region.Width, (int)region.Height);
    }
}
