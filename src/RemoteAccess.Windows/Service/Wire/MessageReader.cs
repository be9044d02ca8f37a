using System.Buffers.Binary;
using System.Text;

namespace RemoteAccess.Transport;

/// <summary>Reads one message's body. Whatever it does not hold, or holds too much of, is an <see cref="InvalidDataException"/>, never anything else.</summary>
internal ref struct MessageReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> rest = body;

    public byte Byte() => Take(1)[0];

    public bool Flag() => Byte() switch { 0 => false, 1 => true, var other => throw new InvalidDataException($"A flag is {other}.") };

    public int Int() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long Long() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public int Int(int least, int most) => Int() is var value && value >= least && value <= most ? value : throw new InvalidDataException($"{value} is not within {least} and {most}.");

    public PixelSize Size() => new(Int(), Int());

    public PixelRect Rect() => new(Int(), Int(), Int(), Int());

    public ReadOnlySpan<byte> Bytes(int count) => Take(count);

    /// <summary>All that is left; 1 to <paramref name="most"/> bytes.</summary>
    public ReadOnlySpan<byte> Rest(int most) => rest.Length >= 1 && rest.Length <= most ? Take(rest.Length) : throw new InvalidDataException($"{rest.Length} bytes are not within 1 and {most}.");

    /// <param name="most">The most characters.</param>
    public string Text(int most)
    {
        ReadOnlySpan<byte> utf8 = Take(Int(0, most * 3));
        try
        {
            string text = Strict.GetString(utf8);
            return text.Length <= most ? text : throw new InvalidDataException("A text is too long.");
        }
        catch (DecoderFallbackException fault)
        {
            throw new InvalidDataException("A text is no UTF-8.", fault);
        }
    }

    /// <summary>Nothing may be left.</summary>
    public readonly void End()
    {
        if (!rest.IsEmpty) throw new InvalidDataException($"{rest.Length} bytes too many.");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > rest.Length) throw new InvalidDataException("A message ends early.");
        ReadOnlySpan<byte> taken = rest[..count];
        rest = rest[count..];
        return taken;
    }

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
