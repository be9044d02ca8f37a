using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace RemoteAccess.Transport;

/// <summary>Makes one message: length, kind, number, then what is added. For one use.</summary>
internal sealed class MessageWriter
{
    private readonly ArrayBufferWriter<byte> bytes = new(64);

    public MessageWriter(HelperWord word, uint number)
    {
        Int(0);
        Byte((byte)word);
        Int((int)number);
    }

    public MessageWriter Byte(byte value)
    {
        bytes.GetSpan(1)[0] = value;
        bytes.Advance(1);
        return this;
    }

    public MessageWriter Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    public MessageWriter Int(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes.GetSpan(4), value);
        bytes.Advance(4);
        return this;
    }

    public MessageWriter Long(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes.GetSpan(8), value);
        bytes.Advance(8);
        return this;
    }

    public MessageWriter Size(PixelSize size) => Int(size.Width).Int(size.Height);

    public MessageWriter Rect(PixelRect area) => Int(area.X).Int(area.Y).Int(area.Width).Int(area.Height);

    public MessageWriter Bytes(ReadOnlySpan<byte> value)
    {
        bytes.Write(value);
        return this;
    }

    /// <param name="value">Cut to <paramref name="most"/> characters.</param>
    /// <param name="most">What the reader takes.</param>
    public MessageWriter Text(string value, int most)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(value.Length <= most ? value : value[..most]);
        return Int(utf8.Length).Bytes(utf8);
    }

    /// <summary>The whole message.</summary>
    public ReadOnlyMemory<byte> Finish()
    {
        byte[] message = bytes.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length - 4);
        return message;
    }
}
