using System.Runtime.InteropServices;

namespace RemoteAccess.Picture;

/// <summary>The counterpart of <see cref="ContextEncoder"/>. Allocates nothing.</summary>
internal static class ContextDecoder
{
    /// <summary>Decodes row[start..end); see <see cref="ContextEncoder.EncodeRow"/>. Whatever the bytes, it writes nothing else and ends.</summary>
    /// <exception cref="Transport.ChannelException"><see cref="Transport.ChannelError.Malformed"/>: not what the encoder writes; model and row are no longer to be trusted.</exception>
    public static void DecodeRow(RangeDecoder coder, ContextModel model, ReadOnlySpan<uint> north2, ReadOnlySpan<uint> north, Span<uint> row, int start, int end)
    {
        ContextRow.Demand(north2, north, row, start, end);
        new ContextRow<DecodedBits>(new DecodedBits(coder), model, north2, north, row).Code(start, end);
    }
}
