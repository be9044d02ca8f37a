using System.Buffers.Binary;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Fuzz;

/// <summary>The technician's certificate: whatever is taken is within its limits, and is what the tenant signed or is not believed.</summary>
internal sealed class CertificateFuzz : FuzzTarget
{
    private const int NameLengthAt = 134;

    private static readonly byte[] Genuine = FuzzScene.Certificate.Encoded.ToArray();

    public override string Name => "certificate";

    public override IReadOnlyList<byte[]> Seeds { get; } = [Genuine];

    public override void Execute(ReadOnlySpan<byte> input)
    {
        if (!TechnicianCertificate.TryRead(input, out TechnicianCertificate? certificate)) return;
        bool legal = certificate.NotBefore <= certificate.NotAfter && (certificate.MaxOperations & ~Operations.All) == 0
            && certificate.Name.Length is >= 1 and <= 255 && !certificate.Name.Any(char.IsControl) && certificate.Encoded.Span.SequenceEqual(input);
        if (!legal) throw new InvalidOperationException("A certificate outside its limits was taken.");
        certificate.IsValidAt(FrozenTime.Now);

        // A verification costs 0.2 ms, so only one input in sixty-four has it.
        bool isChanged = !input[..^64].SequenceEqual(Genuine.AsSpan(..^64));
        if (isChanged && Sum(input) % 64 == 0 && certificate.IsSignedBy(FuzzScene.TenantKey.PublicKey)) throw new InvalidOperationException("A forged certificate was believed.");
    }

    public override bool MutateStructure(Random random, ref byte[] input)
    {
        if (input.Length < NameLengthAt + 1 + 64) return false;
        switch (random.Next(4))
        {
            case 0:
                byte[] name = new byte[random.Next(256)];
                random.NextBytes(name);
                if (random.Next(2) == 0) name.AsSpan().Fill((byte)'n');
                input = [.. input.AsSpan(0, NameLengthAt), (byte)name.Length, .. name, .. input.AsSpan(^64)];
                return true;
            case 1:
                BinaryPrimitives.WriteInt64BigEndian(input.AsSpan(114 + (8 * random.Next(2))), random.NextInt64(-10, 253402300900));
                return true;
            case 2:
                FuzzScene.HostKey.PublicKey.CopyTo(input.AsSpan(49));
                return true;
            default:
                BinaryPrimitives.WriteUInt32BigEndian(input.AsSpan(130), 1u << random.Next(32));
                return true;
        }
    }

    private static int Sum(ReadOnlySpan<byte> bytes)
    {
        int sum = 0;
        foreach (byte each in bytes) sum = unchecked((31 * sum) + each);
        return sum & int.MaxValue;
    }
}
