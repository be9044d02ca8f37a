using System.Security.Cryptography;

namespace RemoteAccess.Transport;

/// <summary>What every signature of the protocol is made over: 64 spaces, a label that says what is being signed, 00, and hashes.</summary>
internal static class SignedStatement
{
    public static ReadOnlySpan<byte> HostAuth => "RAS1 host auth"u8;

    public static ReadOnlySpan<byte> TechAuth => "RAS1 tech auth"u8;

    public static ReadOnlySpan<byte> TechCertificate => "RAS1 tech cert"u8;

    public static ReadOnlySpan<byte> Grant => "RAS1 grant"u8;

    public static ReadOnlySpan<byte> Receipt => "RAS1 receipt"u8;

    private const int Spaces = 64;

    /// <summary>The bytes to sign or verify; <paramref name="hashes"/> is one SHA-256 value or several in a row.</summary>
    public static byte[] Over(ReadOnlySpan<byte> label, ReadOnlySpan<byte> hashes)
    {
        byte[] statement = new byte[Spaces + label.Length + 1 + hashes.Length];
        statement.AsSpan(0, Spaces).Fill(0x20);
        label.CopyTo(statement.AsSpan(Spaces));
        hashes.CopyTo(statement.AsSpan(Spaces + label.Length + 1));
        return statement;
    }

    /// <summary>The statement over the hash of <paramref name="content"/>.</summary>
    public static byte[] OverHashOf(ReadOnlySpan<byte> label, ReadOnlySpan<byte> content) => Over(label, SHA256.HashData(content));
}
