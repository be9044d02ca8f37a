using System.Runtime.InteropServices;

namespace RemoteAccess.Picture;

/// <summary>The viewer's half of the tile cache: the pixels of each slot. Memory grows with what is put in, 1 MiB at a time.</summary>
internal sealed class TileStore
{
    private const int TilePixels = TileGrid.Side * TileGrid.Side;
    private const int TilesPerChunk = 64;

    private readonly List<uint[]> chunks = [];
    private readonly List<(byte Width, byte Height)> sizes = [];

    public void Reset() => sizes.Clear();

    /// <summary>Keeps a tile of the picture in a slot: one that is used, or the next one.</summary>
    public void Put(int slot, Framebuffer picture, PixelRect tile)
    {
        if (slot == sizes.Count) sizes.Add(default);
        if (slot / TilesPerChunk == chunks.Count) chunks.Add(GC.AllocateUninitializedArray<uint>(TilePixels * TilesPerChunk));
        sizes[slot] = ((byte)tile.Width, (byte)tile.Height);
        ReadOnlySpan<uint> pixels = MemoryMarshal.Cast<byte, uint>(picture.Pixels);
        Span<uint> kept = Slot(slot);
        for (int y = 0; y < tile.Height; y++) pixels.Slice((tile.Y + y) * picture.Size.Width + tile.X, tile.Width).CopyTo(kept[(y * TileGrid.Side)..]);
    }

    /// <summary>Shows a kept tile; false when it is of another size than the place.</summary>
    public bool TryRestore(int slot, Framebuffer picture, PixelRect tile)
    {
        if (sizes[slot] != (tile.Width, tile.Height)) return false;
        Span<uint> pixels = MemoryMarshal.Cast<byte, uint>(picture.Writable);
        ReadOnlySpan<uint> kept = Slot(slot);
        for (int y = 0; y < tile.Height; y++) kept.Slice(y * TileGrid.Side, tile.Width).CopyTo(pixels[((tile.Y + y) * picture.Size.Width + tile.X)..]);
        return true;
    }

    private Span<uint> Slot(int slot) => chunks[slot / TilesPerChunk].AsSpan(slot % TilesPerChunk * TilePixels, TilePixels);
}
