using System.Buffers.Binary;
using RemoteAccess.Transport;

namespace RemoteAccess.Fuzz;

/// <summary>A record channel that gives the records of one input, u16 length and content each, and then the close. Writes go nowhere.</summary>
internal sealed class RecordScript(byte[] input) : IRecordChannel
{
    private readonly IEnumerator<ReadOnlyMemory<byte>> records = Split(input).GetEnumerator();

    public static IEnumerable<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> input)
    {
        while (input.Length >= 2)
        {
            int length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(input.Span), input.Length - 2);
            yield return input.Slice(2, length);
            input = input[(2 + length)..];
        }
    }

    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken) =>
        new(records.MoveNext() ? records.Current : ReadOnlyMemory<byte>.Empty);

    public ValueTask WriteAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask WriteAsync(ReadOnlyMemory<byte> content, int padTo, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask CloseAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        records.Dispose();
        return ValueTask.CompletedTask;
    }
}
