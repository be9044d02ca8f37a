using System.Security.Cryptography;
using System.Text;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A sealer that does what DPAPI does, with a key of its own: another one opens nothing of it.</summary>
internal sealed class KeyedSealer : ISecretSealer
{
    private readonly byte[] key = RandomNumberGenerator.GetBytes(32);

    /// <summary>What every call throws.</summary>
    public Exception? Fault { get; set; }

    public byte[] Seal(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> entropy)
    {
        if (Fault is not null) throw Fault;
        byte[] made = new byte[28 + secret.Length];
        RandomNumberGenerator.Fill(made.AsSpan(0, 12));
        using var aes = new AesGcm(key, 16);
        aes.Encrypt(made.AsSpan(0, 12), secret, made.AsSpan(28), made.AsSpan(12, 16), entropy);
        return made;
    }

    public byte[]? TryOpen(ReadOnlySpan<byte> sealedSecret, ReadOnlySpan<byte> entropy)
    {
        if (Fault is not null) throw Fault;
        if (sealedSecret.Length < 28) return null;
        byte[] secret = new byte[sealedSecret.Length - 28];
        using var aes = new AesGcm(key, 16);
        try
        {
            aes.Decrypt(sealedSecret[..12], sealedSecret[28..], sealedSecret[12..28], secret, entropy);
            return secret;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}

/// <summary>A log-on screen that the test switches, and what fills it in: it keeps what it was given, and answers what the test says.</summary>
internal sealed class FakeLogon : ILogonScreen, ICredentialFiller
{
    public LogonScreenState State { get; set; } = new(true, "erika");

    public FillOutcome Outcome { get; set; } = FillOutcome.Filled;

    public List<(string User, string Password)> Filled { get; } = [];

    /// <summary>The array that was lent last, to see that it is wiped.</summary>
    public ReadOnlyMemory<byte> Lent { get; private set; }

    public Action OnFill { get; set; } = () => { };

    public LogonScreenState Read() => State;

    public ValueTask<FillOutcome> FillAsync(string user, ReadOnlyMemory<byte> password, CancellationToken cancellationToken)
    {
        OnFill();
        cancellationToken.ThrowIfCancellationRequested();
        Lent = password;
        Filled.Add((user, Encoding.UTF8.GetString(password.Span)));
        return ValueTask.FromResult(Outcome);
    }
}

/// <summary>The accounts of a computer: one.</summary>
internal sealed class OnePassword(string user, string password) : IAccountCheck
{
    public AccountAnswer? Answer { get; set; }

    public Action Asked { get; set; } = () => { };

    public ValueTask<AccountAnswer> CheckAsync(string given, ReadOnlyMemory<byte> tried, CancellationToken cancellationToken)
    {
        Asked();
        return ValueTask.FromResult(Answer ?? (given == user && Encoding.UTF8.GetString(tried.Span) == password ? AccountAnswer.Accepted : AccountAnswer.WrongCredentials));
    }
}
