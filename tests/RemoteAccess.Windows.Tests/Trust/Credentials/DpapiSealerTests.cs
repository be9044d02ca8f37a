using System.Security.Cryptography;

namespace RemoteAccess.Tests;

/// <summary>The system's own DPAPI, or Wine's.</summary>
public sealed class DpapiSealerTests
{
    private readonly DpapiSealer sealer = new();
    private readonly byte[] secret = RandomNumberGenerator.GetBytes(32), entropy = RandomNumberGenerator.GetBytes(32);

    [Fact]
    public void Seal_ThenOpen_GivesTheSecret()
    {
        byte[] made = sealer.Seal(secret, entropy);

        Assert.InRange(made.Length, secret.Length + 1, 4096);
        Assert.Equal(-1, made.AsSpan().IndexOf(secret));
        Assert.Equal(secret, sealer.TryOpen(made, entropy));
        Assert.Equal(secret, new DpapiSealer().TryOpen(made, entropy));
    }

    [Fact]
    public void Open_OtherEntropy_IsRefused()
    {
        byte[] made = sealer.Seal(secret, entropy);
        Assert.Null(sealer.TryOpen(made, RandomNumberGenerator.GetBytes(32)));
        Assert.Null(sealer.TryOpen(made, []));
    }

    [Fact]
    public void Open_TamperedOrCut_NeverGivesAnythingElse()
    {
        byte[] made = sealer.Seal(secret, entropy);
        int refused = 0;
        for (int at = 0; at < made.Length; at++)
        {
            byte[] bad = [.. made];
            bad[at] ^= 0x10;
            // Of some fields, such as the description's, Wine and Windows take another value; the secret behind is then still whole and checked.
            if (sealer.TryOpen(bad, entropy) is { } opened) Assert.Equal(secret, opened);
            else refused++;
        }
        Assert.True(refused > made.Length / 2, $"{refused} of {made.Length}");
        Assert.Null(sealer.TryOpen(made.AsSpan(0, made.Length / 2), entropy));
        Assert.Null(sealer.TryOpen([1, 2, 3], entropy));
    }
}
