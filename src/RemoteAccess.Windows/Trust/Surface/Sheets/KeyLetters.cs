using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>
/// What a key writes, by the keyboard's layout, with dead keys: an accent joins the letter after it. Without an input method. A message that says a character is never read, because anybody can send
/// one; keys that no person pressed must not come here, or an accent of theirs would join a person's letter. On the thread of the window.
/// </summary>
internal static unsafe class KeyLetters
{
    /// <summary>Room for what one key writes.</summary>
    public const int Most = 8;

    private const int Control = 0x11, Alt = 0x12;

    /// <returns>What is written, which may be nothing yet; null when the key writes nothing and means something else.</returns>
    public static string? Read(in ThreadMessage key)
    {
        // Both are AltGr.
        if (User32Input.GetKeyState(Control) < 0 && User32Input.GetKeyState(Alt) >= 0) return null;
        char* made = stackalloc char[Most];
        int count = Make(key, made);
        if (count < 0) return "";
        return count == 0 || new ReadOnlySpan<char>(made, count).ContainsAnyInRange('\0', '\x1f') ? null : new string(made, 0, count);
    }

    /// <param name="key">A key that went down.</param>
    /// <param name="made">Gets the characters; room for <see cref="Most"/>.</param>
    /// <returns>How many; negative for an accent that waits for its letter.</returns>
    public static int Make(in ThreadMessage key, char* made)
    {
        byte* states = stackalloc byte[256];
        if (User32Input.GetKeyboardState(states) == 0) return 0;
        uint scan = (uint)(key.Second >> 16) & 0xff;
        return User32Input.ToUnicodeEx((uint)key.First, scan, states, made, Most, 0, User32Input.GetKeyboardLayout(0));
    }
}
