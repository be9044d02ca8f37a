using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace RemoteAccess.Picture;

/// <summary>
/// The agent's half of the tile cache: which content the viewer holds in which slot. It keeps no pixels. A tile is known by its GMAC under
/// a key of this process's own: that is GHASH, a polynomial over GF(2^128) at a secret point, so two different tiles of 16 KiB share a value
/// with a probability below 2^-117, whoever chose them (docs/decisions/0007). The values never leave the agent, which is why one nonce will do.
/// </summary>
internal sealed class TileIndex : IDisposable
{
    private const int DimensionBytes = 8;

    private readonly AesGcm mac;
    private readonly byte[] content = new byte[TileGrid.Side * TileGrid.Side * 4 + DimensionBytes];
    private readonly byte[] nonce = new byte[12];
    private readonly Dictionary<UInt128, int> slotOf = [];
    private readonly ushort[] held = new ushort[1 << 16];
    private UInt128[] keys = [];
    private ushort[] samples = [];

    public TileIndex()
    {
        Span<byte> key = stackalloc byte[32];
        RandomNumberGenerator.Fill(key);
        mac = new AesGcm(key, 16);
        CryptographicOperations.ZeroMemory(key);
    }

    public void Reset(int capacity)
    {
        slotOf.Clear();
        slotOf.EnsureCapacity(capacity);
        Array.Clear(held);
        if (keys.Length < capacity) (keys, samples) = (new UInt128[capacity], new ushort[capacity]);
    }

    /// <summary>A little of a tile's content, in a tenth of the time of <see cref="KeyOf"/>: where it differs, the content does.</summary>
    public static ushort SampleOf(ScreenFrame frame, PixelRect tile)
    {
        ulong sample = (ulong)(tile.Width << 8 | tile.Height);
        for (int y = 0; y < tile.Height; y += 7)
        {
            ReadOnlySpan<ulong> pairs = MemoryMarshal.Cast<byte, ulong>(frame.Pixels.Slice((tile.Y + y) * frame.Stride + tile.X * 4, tile.Width * 4));
            for (int i = y & 7; i < pairs.Length; i += 8) sample = (sample ^ pairs[i]) * 0x9E3779B97F4A7C15;
        }

        return (ushort)(sample >> 48);
    }

    /// <summary>False when no slot holds content of this sample.</summary>
    public bool MayHold(ushort sample) => held[sample] > 0;

    /// <summary>The value of a tile's content and size.</summary>
    public UInt128 KeyOf(ScreenFrame frame, PixelRect tile)
    {
        int rowBytes = tile.Width * 4;
        for (int y = 0; y < tile.Height; y++)
            frame.Pixels.Slice((tile.Y + y) * frame.Stride + tile.X * 4, rowBytes).CopyTo(content.AsSpan(y * rowBytes));
        int length = rowBytes * tile.Height;
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(length), tile.Width);
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(length + 4), tile.Height);
        UInt128 value = default;
        mac.Encrypt(nonce, default, default, MemoryMarshal.AsBytes(new Span<UInt128>(ref value)), content.AsSpan(0, length + DimensionBytes));
        return value;
    }

    /// <summary>The slot that holds this content; −1 when none does.</summary>
    public int Find(UInt128 key) => slotOf.TryGetValue(key, out int slot) ? slot : -1;

    /// <summary>The viewer has put a tile into a slot, over whatever was there; <paramref name="isReplaced"/> says whether something was.</summary>
    public void Put(int slot, UInt128 key, ushort sample, bool isReplaced)
    {
        if (isReplaced) held[samples[slot]]--;
        samples[slot] = sample;
        held[sample]++;
        // The same content may have been put twice; the older slot's end must not make the newer one forgotten.
        if (isReplaced && slotOf.TryGetValue(keys[slot], out int known) && known == slot) slotOf.Remove(keys[slot]);
        keys[slot] = key;
        slotOf[key] = slot;
    }

    public void Dispose() => mac.Dispose();
}
