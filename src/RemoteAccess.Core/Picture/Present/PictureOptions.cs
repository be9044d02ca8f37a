using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Picture;

/// <summary>How a viewer wants the picture. Text and drawings are exact; the rest is about photographs and video.</summary>
public sealed record PictureOptions
{
    /// <summary>The most bytes of tiles that a viewer may keep: 64 MiB.</summary>
    private const int MaxCacheMegabytes = 64;

    /// <summary>What moves or has just changed. Default <see cref="PictureQuality.Balanced"/>.</summary>
    public PictureQuality Quality { get; init; } = PictureQuality.Balanced;

    /// <summary>The part of the desktop to send, in pixels of the whole desktop, rounded outward to whole blocks of 8; null for all of it. One monitor is its <c>MonitorArea.Area</c>.</summary>
    public PixelRect? Region { get; init; }

    /// <summary>MiB that the viewer may spend on tiles seen before, so that they need not be sent again. 0 to 64, rounded down to a power of two; default 64.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 0 or more than 64.</exception>
    public int CacheMegabytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxCacheMegabytes);
            field = value;
        }
    } = MaxCacheMegabytes;

    /// <summary>A video decoder for areas that change like video; used when the agent has an encoder of the same format. Default none.</summary>
    public VideoDecoding? Video { get; init; }

    /// <summary>64 tiles of 16 KiB are one MiB.</summary>
    internal int CacheBits => CacheMegabytes == 0 ? 0 : 6 + System.Numerics.BitOperations.Log2((uint)CacheMegabytes);

    internal PictureRequest Describe() => new()
    {
        On = true,
        NewEpoch = true,
        Lossless = Quality == PictureQuality.Lossless,
        Quality = (uint)(Quality == PictureQuality.High ? LossyQuality.Q90_444 : LossyQuality.Q75_420) + 1,
        CacheBits = (uint)CacheBits,
        VideoFormat = Video?.Name ?? "",
        Region = Region is { } area ? new PictureArea { X = area.X, Y = area.Y, Width = (uint)area.Width, Height = (uint)area.Height } : null,
    };
}
