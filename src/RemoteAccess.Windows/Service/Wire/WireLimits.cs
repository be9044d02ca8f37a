namespace RemoteAccess.Transport;

/// <summary>What neither side accepts more of: the service does not trust the helper's process, which stands in a person's session.</summary>
internal static class WireLimits
{
    public const int Version = 3;

    /// <summary>After the length: kind (1 byte), number (4).</summary>
    public const int HeaderBytes = 5;

    /// <summary>A cursor's picture of the largest size, and the rest of a frame's description.</summary>
    public const int MaxBody = (MaxCursor * MaxCursor * 4) + (64 * 1024);

    public const int MaxSide = 32_768, MaxCursor = 512, MaxMonitors = 64, MaxDamage = 256, MaxName = 64, MaxText = 1024, MaxPassword = 1024;

    /// <summary>256 MB of pixels.</summary>
    public const long MaxArea = 64L * 1024 * 1024;

    public static bool IsPicture(PixelSize size) => size.Width is > 0 and <= MaxSide && size.Height is > 0 and <= MaxSide && size.Area <= MaxArea;
}
