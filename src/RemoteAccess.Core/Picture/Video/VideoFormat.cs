namespace RemoteAccess.Picture;

/// <summary>A video format that an agent can encode. Used only with a viewer that names the same one.</summary>
/// <param name="Name">What both sides call it, such as <c>h264-annexb</c>: 1 to 64 lower-case letters, digits, hyphens.</param>
/// <param name="Create">Makes an encoder for pictures of a size.</param>
public sealed record VideoEncoding(string Name, Func<PixelSize, IVideoEncoder> Create);

/// <summary>A video format that a viewer can decode.</summary>
/// <param name="Name">What both sides call it; see <see cref="VideoEncoding"/>.</param>
/// <param name="Create">Makes a decoder for pictures of a size.</param>
public sealed record VideoDecoding(string Name, Func<PixelSize, IVideoDecoder> Create);
