using System.Buffers;
using RemoteAccess.Transport;

namespace RemoteAccess.Fuzz;

/// <summary>
/// A whole side of the handshake and the channel after it, against a peer that follows a script and knows all keys. Whatever the script,
/// the side ends with a declared error or with a proper end, and accepts only where the script was honest.
/// </summary>
internal abstract class HandshakeFuzz : FuzzTarget, IDisposable
{
    private static readonly EphemeralKey Ephemeral = P256.Provider.OpenEphemeral(FuzzScene.PeerScalar);
    private HandshakeTranscript transcript = new();
    private HandshakeSecrets? secrets;
    private RecordCipher? send;
    private RecordCipher? receive;
    private bool isEstablished;

    protected static byte[] EphemeralPoint => Ephemeral.PublicKey;

    protected ScriptedLink Link { get; private set; } = new();

    protected HandshakeTranscript Transcript => transcript;

    protected bool WasHonest { get; private set; }

    // Some milliseconds of elliptic curves for each input that gets as far as SPAKE2+.
    public override int Cost => 100;

    public override bool MutateStructure(Random random, ref byte[] input) => HandshakeSteps.Mutate(random, ref input);

    public override void Execute(ReadOnlySpan<byte> input)
    {
        Reset();
        Task side = RunSideAsync();
        foreach (HandshakeStep step in HandshakeSteps.Parse(input))
        {
            if (side.IsCompleted) break;
            Reached((int)step.Kind);
            Do(step);
            TakeAnswers();
        }

        Link.HangUp();
        if (!side.IsCompleted) throw new InvalidOperationException("The side hangs although its peer hung up.");
        side.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        transcript.Dispose();
        secrets?.Dispose();
        send?.Dispose();
        receive?.Dispose();
    }

    /// <summary>The side under fuzz, with its channel read to the end; only undeclared exceptions come out.</summary>
    protected abstract Task RunSideAsync();

    /// <summary>Sees a clear message of the side.</summary>
    protected abstract void OnClear(byte[] message);

    /// <summary>Sees a protected message of the side.</summary>
    protected abstract void OnProtected(byte[] message);

    /// <summary>Sees a clear message of the script before it goes out.</summary>
    protected abstract void BeforeClear(byte[] message);

    protected abstract ISigningKey Key { get; }

    /// <summary>The bytes that a right signature in this message is over.</summary>
    protected abstract byte[] Statement(byte[] message);

    /// <summary>The honest SPAKE2+ message, or null when it is not the time for it.</summary>
    protected abstract byte[]? Honest();

    protected static async Task ReadToEndAsync(SecureChannel channel)
    {
        await using (channel)
        {
            while (!(await channel.ReadAsync(CancellationToken.None)).IsEmpty)
            {
                // What a record says is for the messages' own targets.
            }
        }
    }

    protected void Agree(ReadOnlySpan<byte> peer, bool asHost)
    {
        if (secrets is not null || !P256Group.IsValidPoint(peer)) return;
        byte[] x = new byte[32];
        Ephemeral.Agree(peer, x);
        secrets = new HandshakeSecrets(x, transcript.Hash());
        send = new RecordCipher(asHost ? secrets.Host : secrets.Technician);
        receive = new RecordCipher(asHost ? secrets.Technician : secrets.Host);
    }

    /// <summary>The records' keys take the place of the handshake's.</summary>
    protected void Establish(Spake2PlusKeys keys, bool asHost)
    {
        using var application = new ApplicationSecrets(secrets!.Derived.Span, keys.Shared.Span, transcript.Hash());
        send!.Dispose();
        send = new RecordCipher(asHost ? application.Host : application.Technician);
        isEstablished = true;
    }

    protected virtual void Reset()
    {
        transcript.Dispose();
        secrets?.Dispose();
        send?.Dispose();
        receive?.Dispose();
        (transcript, secrets, send, receive) = (new HandshakeTranscript(), null, null, null);
        (isEstablished, WasHonest) = (false, false);
        Link = new ScriptedLink();
    }

    private void Do(HandshakeStep step)
    {
        switch (step.Kind)
        {
            case HandshakeStepKind.Raw:
                Link.Send(step.Bytes);
                break;
            case HandshakeStepKind.Clear when step.Bytes.Length > 0:
                BeforeClear(step.Bytes);
                Link.Send([1, 0, (byte)(step.Bytes.Length >> 8), (byte)step.Bytes.Length, .. step.Bytes]);
                break;
            case HandshakeStepKind.Protected:
                SendSealed(RecordType.Handshake, step.Bytes);
                break;
            case HandshakeStepKind.Inside when step.Bytes.Length >= 2:
                SendSealed((RecordType)step.Bytes[0], step.Bytes.AsSpan(2), step.Bytes[1]);
                break;
            case HandshakeStepKind.Signed when step.Bytes.Length > 68 && send is not null && !isEstablished:
                Key.Sign(Statement(step.Bytes), step.Bytes.AsSpan(^64..));
                transcript.Add(step.Bytes.AsSpan(^64..));
                SendSealed(RecordType.Handshake, step.Bytes);
                break;
            case HandshakeStepKind.Honest when send is not null && !isEstablished && Honest() is { } message:
                WasHonest = true;
                SendSealed(RecordType.Handshake, message);
                OnHonestSent();
                break;
            default:
                break;
        }
    }

    /// <summary>After the honest message has gone out.</summary>
    protected abstract void OnHonestSent();

    private void SendSealed(RecordType type, ReadOnlySpan<byte> content, int padding = 0)
    {
        if (send is null) return;
        byte[] frame = new byte[RecordCipher.FrameLength(content.Length, padding)];
        send.Seal(type, content, padding, frame);
        Link.Send(frame);
    }

    private void TakeAnswers()
    {
        while (Link.TakeFrame() is { } frame)
        {
            Reached(frame.Length);
            if (frame[0] == 1) OnClear(frame[4..]);
            else if (receive is not null && !isEstablished) OnProtected(Open(frame));
        }
    }

    private byte[] Open(byte[] frame)
    {
        byte[] inner = new byte[frame.Length - 20];
        FrameHeader.TryRead(frame, out FrameHeader header);
        receive!.Open(new Frame(header, new ReadOnlySequence<byte>(frame, 4, header.Length)), inner);
        return inner[2..];
    }
}
