namespace RemoteAccess.Picture;

/// <summary>What the viewer asked for with its request.</summary>
/// <param name="Lossless">Nothing lossy, whatever it costs.</param>
/// <param name="Quality">The best quality of lossy tiles.</param>
/// <param name="Region">The part of the desktop; null for all of it.</param>
/// <param name="CacheBits">The viewer keeps 2^this tiles.</param>
/// <param name="VideoFormat">A video format it decodes; empty for none.</param>
internal sealed record PictureWish(bool Lossless, LossyQuality Quality, PixelRect? Region, int CacheBits, string VideoFormat = "");
