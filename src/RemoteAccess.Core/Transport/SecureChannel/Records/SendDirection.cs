namespace RemoteAccess.Transport;

/// <summary>
/// The sending half of a channel's keys: seals records and changes the key when it is due. Not thread-safe. Allocates only when the key
/// changes.
/// </summary>
internal sealed class SendDirection : IDisposable
{
    private readonly PinnedSecret trafficSecret;
    private readonly RekeyLimits limits;
    private readonly TimeProvider time;
    private RecordCipher cipher;
    private long bytes;
    private long keySince;

    public SendDirection(PinnedSecret trafficSecret, RekeyLimits limits, TimeProvider time)
    {
        this.trafficSecret = new PinnedSecret(trafficSecret.Span);
        this.limits = limits;
        this.time = time;
        cipher = new RecordCipher(this.trafficSecret, limits.MaxRecords);
        keySince = time.GetTimestamp();
    }

    private bool IsChangeDue =>
        cipher.Sequence >= limits.Records || bytes >= limits.Bytes || time.GetElapsedTime(keySince) >= limits.Age;

    /// <summary>Seals one record into the writer, after a KeyUpdate where one is due.</summary>
    public void Seal(FrameWriter frames, RecordType type, ReadOnlySpan<byte> content, int padding)
    {
        if (IsChangeDue) ChangeKey(frames);
        SealOne(frames, type, content, padding);
    }

    public void Dispose()
    {
        cipher.Dispose();
        trafficSecret.Dispose();
    }

    private void ChangeKey(FrameWriter frames)
    {
        SealOne(frames, RecordType.KeyUpdate, RecordBody.KeyUpdate, padding: 0);
        cipher.Dispose();
        KeySchedule.Update(trafficSecret);
        cipher = new RecordCipher(trafficSecret, limits.MaxRecords);
        bytes = 0;
        keySince = time.GetTimestamp();
    }

    private void SealOne(FrameWriter frames, RecordType type, ReadOnlySpan<byte> content, int padding)
    {
        int length = RecordCipher.FrameLength(content.Length, padding);
        cipher.Seal(type, content, padding, frames.Begin(length));
        frames.Commit(length);
        bytes += length;
    }
}
