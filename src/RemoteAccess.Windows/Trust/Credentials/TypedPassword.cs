using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>
/// A password as it is typed, in one array that does not move and is wiped. Keys become characters by the keyboard layout, dead keys included; a message that says a character is never
/// read, because anybody can send one. On one thread.
/// </summary>
internal sealed unsafe class TypedPassword : IDisposable
{
    private const int MaxChars = 256, MaxBytes = 1024;
    private const uint Back = 0x08;

    private readonly char[] typed = GC.AllocateArray<char>(MaxChars, pinned: true);

    /// <summary>UTF-16 code units.</summary>
    public int Length { get; private set; }

    /// <summary>A key of the person's went down.</summary>
    public void Press(in ThreadMessage message)
    {
        if ((uint)message.First == Back)
        {
            RemoveLast();
            return;
        }
        char* made = stackalloc char[KeyLetters.Most];
        int count = KeyLetters.Make(message, made);
        for (int i = 0; i < count; i++) Add(made[i]);
        CryptographicOperations.ZeroMemory(new Span<byte>(made, KeyLetters.Most * sizeof(char)));
    }

    /// <summary>As UTF-8 in a pinned array, the caller's to wipe; null for what cannot be a password.</summary>
    public byte[]? ToUtf8()
    {
        ReadOnlySpan<char> all = typed.AsSpan(0, Length);
        if (Length == 0 || Encoding.UTF8.GetByteCount(all) > MaxBytes) return null;
        byte[] bytes = GC.AllocateUninitializedArray<byte>(Encoding.UTF8.GetByteCount(all), pinned: true);
        _ = Encoding.UTF8.GetBytes(all, bytes);
        return bytes;
    }

    public void Clear()
    {
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(typed.AsSpan()));
        Length = 0;
    }

    public void Dispose() => Clear();

    private void Add(char character)
    {
        // Control characters come of chords, and no password has them.
        if (char.IsControl(character) || Length == MaxChars) return;
        typed[Length++] = character;
    }

    private void RemoveLast()
    {
        if (Length == 0) return;
        int width = Length > 1 && char.IsSurrogatePair(typed[Length - 2], typed[Length - 1]) ? 2 : 1;
        for (int i = 0; i < width; i++) typed[--Length] = '\0';
    }
}
