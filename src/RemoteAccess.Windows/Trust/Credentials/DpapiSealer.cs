using System.Security.Cryptography;
using RemoteAccess.Interop;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>
/// Seals with DPAPI, for the account of this process: the agent's service account, which nobody logs on as. Another account, another computer or other entropy opens nothing; an
/// administrator of this computer, or malware with their rights, can. Thread-safe.
/// </summary>
public sealed unsafe class DpapiSealer : ISecretSealer
{
    /// <inheritdoc/>
    /// <exception cref="CryptographicException">The system refuses, with its error.</exception>
    public byte[] Seal(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> entropy) =>
        Run(secret, entropy, isSealing: true, out int error) ?? throw new CryptographicException($"DPAPI cannot seal (error 0x{error:x8}).");

    /// <inheritdoc/>
    public byte[]? TryOpen(ReadOnlySpan<byte> sealedSecret, ReadOnlySpan<byte> entropy) => Run(sealedSecret, entropy, isSealing: false, out _);

    private static byte[]? Run(ReadOnlySpan<byte> data, ReadOnlySpan<byte> entropy, bool isSealing, out int error)
    {
        Crypt32.DataBlob made = default;
        int isDone;
        fixed (byte* given = data, bound = entropy)
        {
            Crypt32.DataBlob input = new() { Length = (uint)data.Length, Data = given }, extra = new() { Length = (uint)entropy.Length, Data = bound };
            isDone = isSealing
                ? Crypt32.CryptProtectData(&input, 0, &extra, 0, 0, Crypt32.NoWindow, &made)
                : Crypt32.CryptUnprotectData(&input, 0, &extra, 0, 0, Crypt32.NoWindow, &made);
        }
        error = isDone != 0 ? 0 : System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
        if (isDone == 0 || made.Data is null) return null;
        var memory = new Span<byte>(made.Data, (int)made.Length);
        byte[] copy = GC.AllocateUninitializedArray<byte>(memory.Length, pinned: true);
        memory.CopyTo(copy);
        CryptographicOperations.ZeroMemory(memory);
        _ = Crypt32.LocalFree((nint)made.Data);
        return copy;
    }
}
