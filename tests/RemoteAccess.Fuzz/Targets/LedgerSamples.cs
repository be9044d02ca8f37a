using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Fuzz.Targets;

/// <summary>Valid pieces of a ledger, the same at each start but for the signatures.</summary>
internal static class LedgerSamples
{
    public static byte[] Entry(int number, byte[]? previous = null)
    {
        var output = new ArrayBufferWriter<byte>();
        new LedgerEntryDraft(new LedgerEvent
        {
            Type = "session.accepted",
            SessionId = new byte[16],
            GrantId = number % 2 == 0 ? new byte[16] : default(ReadOnlyMemory<byte>),
            Actor = new JsonObject { ["kind"] = "technician", ["name"] = "Ada €漢😀", ["key"] = "0401" },
            Data = new JsonObject { ["n"] = number, ["big"] = -CanonicalJson.MaxInteger, ["list"] = new JsonArray(true, "\u000b\n", new JsonObject { ["\ufb33"] = 1, ["😀"] = 2 }) },
        }).Write(output, new LedgerEntryPlace
        {
            Sequence = number,
            Time = DateTimeOffset.UnixEpoch.AddDays(20_000).AddSeconds(number),
            Monotonic = 1000L * number,
            Boot = new string('b', 32),
            Host = new string('a', 64),
            Previous = previous ?? new byte[32],
        });
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Record(byte[] entry)
    {
        byte[] record = new byte[entry.Length + LedgerRecord.Overhead];
        LedgerRecord.Frame(entry, record);
        return record;
    }

    /// <summary>Some whole records in a row, chained.</summary>
    public static byte[] Log(int count)
    {
        using var log = new MemoryStream();
        byte[] previous = new byte[32];
        for (int i = 0; i < count; i++)
        {
            byte[] entry = Entry(i, previous);
            MerkleFrontier.HashLeaf(entry, previous);
            log.Write(Record(entry));
        }

        return log.ToArray();
    }

    public sealed class Signer : ISigningKey
    {
        private readonly ECDsa key = ECDsa.Create(new ECParameters
        {
            // The generator itself: the private key one is good enough for a fuzzer, and the same at each start.
            Curve = ECCurve.NamedCurves.nistP256,
            D = [.. new byte[31], 1],
            Q = new ECPoint
            {
                X = Convert.FromHexString("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"),
                Y = Convert.FromHexString("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"),
            },
        });

        private readonly byte[] publicKey;

        public Signer()
        {
            ECPoint point = key.ExportParameters(false).Q;
            publicKey = [4, .. point.X!, .. point.Y!];
        }

        public ReadOnlySpan<byte> PublicKey => publicKey;

        public void Sign(ReadOnlySpan<byte> data, Span<byte> signature) => key.SignData(data, HashAlgorithmName.SHA256).CopyTo(signature);
    }

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
