using System.Buffers.Binary;
using System.Security.Cryptography;

namespace RemoteAccess.Trust;

/// <summary>
/// Tokens that let a reconnecting technician skip a prompt, never a cryptographic step (protocol.md §6): 32 bytes, 15 min, single use, bound
/// to grant and holder (<see cref="SessionFacts.ResumeHolder"/>: technician key, what the customer stopped and blocked). Only hashes are stored, the newest eight. The caller holds the state lock for each call.
/// <code>{ H(token)[32] | H(holder)[32] | u32 operations | u8 agreed | u56 issued, unix ms } × 0…8</code>
/// "agreed" is how many sessions in a row may resume without asking, because the person at the computer said yes: at most <see cref="MostAgreed"/>, and one less with each, for the operations that were shown. So a yes
/// reaches over a restart into safe mode and back, and not for ever.
/// </summary>
internal sealed class ResumeTokens(string path, string grantName, TimeProvider time)
{
    public const int TokenLength = 32;
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>What a yes of the person is worth.</summary>
    public const int MostAgreed = 3;

    private const int AgreedShift = 56;
    private const int HashLength = 32, OperationsAt = HashLength + HashLength, IssuedAt = OperationsAt + sizeof(uint), EntryLength = IssuedAt + sizeof(long), MaxEntries = 8;
    private readonly string context = Context(grantName);

    public static void Create(string path, string grantName) => SlotFile.Create(path, Context(grantName), []);

    /// <summary>A new token; its hash is on the disk when this returns.</summary>
    /// <param name="holder">Whose it is, for what and after what.</param>
    /// <param name="agreed">0 to <see cref="MostAgreed"/>.</param>
    /// <param name="operations">What the person was shown.</param>
    public byte[] Issue(ReadOnlySpan<byte> holder, int agreed = 0, Operations operations = Operations.None)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)agreed, (uint)MostAgreed, nameof(agreed));
        byte[] token = RandomNumberGenerator.GetBytes(TokenLength);
        byte[] entry = new byte[EntryLength];
        SHA256.HashData(token, entry);
        SHA256.HashData(holder, entry.AsSpan(HashLength));
        BinaryPrimitives.WriteUInt32BigEndian(entry.AsSpan(OperationsAt), (uint)operations);
        BinaryPrimitives.WriteInt64BigEndian(entry.AsSpan(IssuedAt), time.GetUtcNow().ToUnixTimeMilliseconds() | ((long)agreed << AgreedShift));
        Write([.. Read().TakeLast(MaxEntries - 1), entry]);
        return token;
    }

    /// <summary>No token is worth anything any more.</summary>
    public void Clear() => Write([]);

    /// <summary>Uses a token up. False when it is unknown, used, older than 15 min, or another holder's.</summary>
    public bool TryConsume(ReadOnlySpan<byte> token, ReadOnlySpan<byte> holder) => TryConsume(token, holder, Operations.None, out _);

    /// <inheritdoc cref="TryConsume(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    /// <param name="token">The token.</param>
    /// <param name="holder">Whose it should be, and after what.</param>
    /// <param name="wanted">What is wanted now.</param>
    /// <param name="agreed">What the yes is still worth; 0 when more is wanted than the person was shown.</param>
    public bool TryConsume(ReadOnlySpan<byte> token, ReadOnlySpan<byte> holder, Operations wanted, out int agreed)
    {
        agreed = 0;
        if (token.Length != TokenLength) return false;
        byte[] hash = SHA256.HashData(token), key = SHA256.HashData(holder);
        List<byte[]> entries = Read();
        byte[]? found = entries.Find(entry => CryptographicOperations.FixedTimeEquals(entry.AsSpan(0, HashLength), hash));
        if (found is null) return false;
        entries.Remove(found);
        Write(entries);
        long written = BinaryPrimitives.ReadInt64BigEndian(found.AsSpan(IssuedAt)), issued = written & ((1L << AgreedShift) - 1);
        TimeSpan age = TimeSpan.FromMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds() - issued);
        if (age < TimeSpan.Zero || age > Lifetime || !found.AsSpan(HashLength, HashLength).SequenceEqual(key)) return false;
        var shown = (Operations)BinaryPrimitives.ReadUInt32BigEndian(found.AsSpan(OperationsAt));
        if ((wanted & ~shown) == Operations.None) agreed = Math.Clamp((int)(written >> AgreedShift), 0, MostAgreed);
        return true;
    }

    private static string Context(string grantName) => "resume " + grantName;

    /// <summary>After a write that was cut short a used token could be back; then none is valid.</summary>
    private List<byte[]> Read()
    {
        SlotContent slot = SlotFile.Read(path, context);
        if (slot.Content.Length % EntryLength != 0) throw new StateException(StateError.Corrupted, path, $"{path} is damaged.");
        return slot.Torn ? [] : [.. slot.Content.Chunk(EntryLength)];
    }

    private void Write(IEnumerable<byte[]> entries) => SlotFile.Write(path, context, [.. entries.SelectMany(entry => entry)]);
}
