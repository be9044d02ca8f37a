using FsCheck;
using FsCheck.Fluent;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Every parser of the channel: what is written is read back, and arbitrary bytes never throw.</summary>
public sealed class ParserPropertyTests
{
    private static readonly Config Often = Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(4711, 17);

    [Fact(Skip = Wine.NoFsCheck, SkipWhen = nameof(Wine.IsHere), SkipType = typeof(Wine))]
    public void Parsers_ArbitraryBytes_NeverThrow() => Prop.ForAll<byte[]>(bytes =>
    {
        bytes ??= [];
        ClientHello.TryRead(bytes, out _);
        HostHello.TryRead(bytes, out _);
        HostAuth.TryRead(bytes, out _);
        TechAuth.TryRead(bytes, out _);
        PakeReply.TryRead(bytes, out _);
        PakeFinish.TryRead(bytes, out _);
        Reject.TryRead(bytes, out _);
        HandshakeMessage.TryRead(bytes, out _, out _);
        RecordBody.TryRead(bytes, out _, out _);
        TechnicianCertificate.TryRead(bytes, out _);
        if (bytes.Length >= FrameHeader.Size) FrameHeader.TryRead(bytes, out _);
    }).Check(Often);

    [Fact(Skip = Wine.NoFsCheck, SkipWhen = nameof(Wine.IsHere), SkipType = typeof(Wine))]
    public void TechAuth_AnyFields_AreReadBackUnchanged() => Prop.ForAll<byte[], uint, NonNull<string>>((certificate, wanted, text) =>
    {
        byte[] valid = certificate ?? [];
        string reason = new([.. text.Get.Where(c => PlainText.IsAcceptable(c.ToString(), 3)).Take(100)]);
        byte[] message = TechAuth.WriteUnsigned(valid, new byte[16], new byte[32], (Operations)wanted, reason, new byte[32], new byte[65]);
        return HandshakeMessage.TryRead(message, out HandshakeType type, out ReadOnlySpan<byte> body)
            && type == HandshakeType.TechAuth
            && TechAuth.TryRead(body, out TechAuth auth)
            && auth.Certificate.SequenceEqual(valid)
            && auth.Wanted == wanted
            && System.Text.Encoding.UTF8.GetString(auth.Reason) == reason;
    }).Check(Often);

    [Fact(Skip = Wine.NoFsCheck, SkipWhen = nameof(Wine.IsHere), SkipType = typeof(Wine))]
    public void Reject_AnyReasonAndWait_IsReadBackInWholeSecondsUpToADay() => Prop.ForAll<byte, PositiveInt>((code, milliseconds) =>
    {
        if (code == 0) return true;
        var reject = new Reject((RefusalReason)code, TimeSpan.FromMilliseconds(milliseconds.Get * 7919.0));
        double seconds = Math.Min(Math.Ceiling(reject.RetryAfter.TotalSeconds), 86400);
        return Reject.TryRead(reject.Write().AsSpan(4), out Reject read) && read == new Reject((RefusalReason)code, TimeSpan.FromSeconds(seconds));
    }).Check(Often);

    [Fact(Skip = Wine.NoFsCheck, SkipWhen = nameof(Wine.IsHere), SkipType = typeof(Wine))]
    public void Record_AnyContentAndPadding_IsOpenedUnchanged() => Prop.ForAll<byte[], byte>((content, padding) =>
    {
        content ??= [];
        using var secret = new PinnedSecret(new byte[32]);
        using RecordCipher seal = new(secret), open = new(secret);
        byte[] frame = ProtectedFrames.Seal(seal, RecordType.Application, content, padding), inner = new byte[frame.Length - 20];
        open.Open(ProtectedFrames.Parse(frame), inner);
        return RecordBody.TryRead(inner, out RecordType type, out Range range) && type == RecordType.Application && inner.AsSpan(range).SequenceEqual(content);
    }).Check(Often);
}
