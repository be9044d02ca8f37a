using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

/// <summary>Records over a link without protection: u32 length and content; length 0 is the close. What a message test needs of a channel.</summary>
internal sealed class PlainRecords(ILink link) : IRecordChannel
{
    private readonly byte[] joined = new byte[IRecordChannel.MaxContent];
    private SequencePosition? used;

    /// <summary>What input records were padded to; 0 before the first.</summary>
    public int LastPadding { get; private set; }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => WriteAsync(content, 1, cancellationToken);

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> content, int padTo, CancellationToken cancellationToken)
    {
        LastPadding = padTo;
        Put(content.Span);
        await link.Output.FlushAsync(cancellationToken);
    }

    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        if (used is { } position) link.Input.AdvanceTo(position);
        used = null;
        while (true)
        {
            ReadResult read = await link.Input.ReadAsync(cancellationToken);
            if (TryTake(read.Buffer, out ReadOnlyMemory<byte> content, out SequencePosition end))
            {
                used = end;
                return content;
            }
            if (read.IsCompleted) throw new ChannelException(ChannelError.Truncated, "The link ended without a close.");
            link.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    public async ValueTask CloseAsync(CancellationToken cancellationToken)
    {
        Put([]);
        await link.Output.FlushAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => link.DisposeAsync();

    private void Put(ReadOnlySpan<byte> content)
    {
        Span<byte> place = link.Output.GetSpan(4 + content.Length);
        BinaryPrimitives.WriteInt32BigEndian(place, content.Length);
        content.CopyTo(place[4..]);
        link.Output.Advance(4 + content.Length);
    }

    private bool TryTake(ReadOnlySequence<byte> buffer, out ReadOnlyMemory<byte> content, out SequencePosition end)
    {
        (content, end) = (default, default);
        SequenceReader<byte> reader = new(buffer);
        if (!reader.TryReadBigEndian(out int length) || reader.Remaining < length) return false;
        ReadOnlySequence<byte> body = reader.UnreadSequence.Slice(0, length);
        end = body.End;
        if (body.IsSingleSegment)
        {
            content = body.First;
        }
        else
        {
            body.CopyTo(joined);
            content = joined.AsMemory(0, length);
        }
        return true;
    }
}
