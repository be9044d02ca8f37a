using System.Runtime.CompilerServices;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Transport;

/// <summary>
/// The receiving half of a <see cref="MessageChannel"/>: records in, messages out, in the order they were completed. One caller at a time;
/// <see cref="ReturnCredit"/> from any thread.
/// </summary>
internal sealed class MessageReceiver(IRecordChannel records, ChannelRole role, MessageSender sender, ILogger logger)
{
    private readonly MessageAssembly[] assemblies = [.. Enum.GetValues<MessageStream>().Select(stream => new MessageAssembly(StreamRule.Of(stream)))];
    private readonly ReceiveCredit[] credits = [.. Enum.GetValues<MessageStream>().Select(stream => new ReceiveCredit(StreamRule.Of(stream)))];
    private readonly FrequentMessages frequent = new();
    private ReceivedMessage lent;
    private bool isCreditDeferred;
    private bool hasEnded;
    private long unknownKinds;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReceivedMessage> ReceiveAsync(CancellationToken cancellationToken)
    {
        EndLoan();
        while (!hasEnded)
        {
            ReadOnlyMemory<byte> record = await records.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (record.IsEmpty) End();
            else if (TryComplete(record, out ReceivedMessage message)) return lent = message;
        }
        return default;
    }

    /// <summary>See <see cref="MessageChannel.DeferCredit"/>.</summary>
    public int DeferCredit()
    {
        if (lent.IsEnd || !StreamRule.Of(lent.Stream).NeedsCredit) return 0;
        isCreditDeferred = true;
        return lent.Payload.Length;
    }

    /// <summary>See <see cref="MessageChannel.ReturnCredit"/>.</summary>
    public void ReturnCredit(MessageStream stream, int bytes)
    {
        if (StreamRule.Of(stream).NeedsCredit) sender.GrantCredit(stream, credits[(int)stream].Consume(bytes));
    }

    private void End()
    {
        hasEnded = true;
        sender.EndBulk();
    }

    private void EndLoan()
    {
        if (lent.IsEnd) return;
        if (!isCreditDeferred) ReturnCredit(lent.Stream, lent.Payload.Length);
        isCreditDeferred = false;
        assemblies[(int)lent.Stream].ReleaseMessage();
        lent = default;
    }

    private bool TryComplete(ReadOnlyMemory<byte> record, out ReceivedMessage message)
    {
        message = default;
        if (!RecordHeader.TryRead(record.Span, out RecordHeader header)) throw new ChannelException(ChannelError.Malformed, "The peer sent a record that is not one of a known stream.");
        StreamRule rule = StreamRule.Of(header.Stream);
        if (!rule.MayReceive(role)) throw new ChannelException(ChannelError.OutOfOrder, $"The peer sent on stream {header.Stream}, which only this side may.");

        ReadOnlyMemory<byte> fragment = record[RecordHeader.Length..];
        MessageAssembly assembly = assemblies[(int)header.Stream];
        int gathered = assembly.Gathered;
        AssemblyStep step = assembly.Accept(header.Remaining, fragment, out ReadOnlyMemory<byte> payload);
        if (rule.NeedsCredit)
        {
            ReceiveCredit credit = credits[(int)header.Stream];
            sender.GrantCredit(header.Stream, step == AssemblyStep.Abandoned ? credit.Abandon(gathered) : credit.Receive(fragment.Length, header.Remaining - fragment.Length));
        }
        return step == AssemblyStep.Complete && TryDeliver(header.Stream, payload, out message);
    }

    private bool TryDeliver(MessageStream stream, ReadOnlyMemory<byte> payload, out ReceivedMessage message)
    {
        IMessage? body = (stream == MessageStream.Control ? frequent.TryRead(payload.Span) : null) ?? MessageBody.Parse(stream, payload.Span);
        if (body is ControlMessage { KindCase: ControlMessage.KindOneofCase.Credit } control)
        {
            sender.TakeCredit(control.Credit.Stream, control.Credit.Bytes);
            message = default;
            return false;
        }
        bool isUnknown = MessageBody.IsUnknownKind(body);
        // A peer of a later version may send many; the log gets the 1st, 2nd, 4th, 8th …
        if (isUnknown && long.IsPow2(++unknownKinds)) Log.UnknownKind(logger, stream, unknownKinds);
        message = new ReceivedMessage(stream, payload, isUnknown ? null : body, isUnknown);
        return true;
    }
}
