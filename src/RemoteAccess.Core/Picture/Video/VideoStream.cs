using System.Buffers;

namespace RemoteAccess.Picture;

/// <summary>The agent's side of video: one area at a time, the largest that moves like video, encoded by the operating system's encoder. Not thread-safe.</summary>
internal sealed class VideoStream(VideoEncoding? encoding) : IDisposable
{
    private readonly ArrayBufferWriter<byte> unit = new();
    private IVideoEncoder? encoder;

    /// <summary>The area that is encoded now; empty without.</summary>
    public PixelRect Area { get; private set; }

    /// <summary>Whether the unit encoded last was the stream's first.</summary>
    public bool IsStart { get; private set; }

    /// <summary>Goes on with an area, begins another, or ends with an empty one.</summary>
    public void Follow(PixelRect area)
    {
        if (area == Area) return;
        End();
        Area = area;
    }

    /// <summary>The next access unit; lent until the next call.</summary>
    public ReadOnlyMemory<byte> Encode(ScreenFrame frame, double budgetBytes)
    {
        if (encoding is null || Area.IsEmpty) throw new InvalidOperationException("There is no video to encode.");
        IsStart = encoder is null;
        encoder ??= encoding.Create(new PixelSize(Area.Width, Area.Height));
        unit.ResetWrittenCount();
        encoder.Encode(frame, Area, budgetBytes, unit);
        return unit.WrittenMemory;
    }

    public void End()
    {
        encoder?.Dispose();
        encoder = null;
        Area = default;
    }

    public void Dispose() => End();
}
