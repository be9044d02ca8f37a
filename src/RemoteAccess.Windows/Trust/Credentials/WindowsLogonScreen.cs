using System.Buffers.Binary;
using System.Runtime.InteropServices;
using RemoteAccess.Interop;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>
/// Whether the computer's own screen shows Windows' log-on or unlock screen, as the session of that screen says it (<c>WTSSessionInfoEx</c>). Windows 8.1 or later: Windows 7 has the two
/// states the wrong way round. Thread-safe.
/// </summary>
public sealed unsafe class WindowsLogonScreen : ILogonScreen
{
    private const int UserChars = 21, DomainChars = 18;

    // WTSINFOEXW, level 1: level, (4 bytes), session, state, flags, station[33], user[21], domain[18].
    private const int StateAt = 12, FlagsAt = 16, UserAt = 20 + (33 * sizeof(char)), DomainAt = UserAt + (UserChars * sizeof(char)), Length = DomainAt + (DomainChars * sizeof(char));
    private const int Active = 0, Connected = 1, Locked = 0;

    /// <inheritdoc/>
    public LogonScreenState Read() => Read(Wtsapi32.WTSGetActiveConsoleSessionId());

    /// <summary>What one session shows; not shown, and nobody's, when Windows does not say.</summary>
    internal static LogonScreenState Read(uint session)
    {
        void* information;
        uint bytes;
        if (session == Wtsapi32.NoSession || Wtsapi32.WTSQuerySessionInformationW(0, session, Wtsapi32.SessionInfoEx, &information, &bytes) == 0) return default;
        try
        {
            return Read(new ReadOnlySpan<byte>(information, (int)bytes));
        }
        finally
        {
            Wtsapi32.WTSFreeMemory(information);
        }
    }

    /// <summary>What the session's information says; not shown for anything that is not understood.</summary>
    internal static LogonScreenState Read(ReadOnlySpan<byte> information)
    {
        if (information.Length < Length || BinaryPrimitives.ReadInt32LittleEndian(information) != 1) return default;
        int state = BinaryPrimitives.ReadInt32LittleEndian(information[StateAt..]), flags = BinaryPrimitives.ReadInt32LittleEndian(information[FlagsAt..]);
        string user = Text(information.Slice(UserAt, UserChars * sizeof(char))), domain = Text(information.Slice(DomainAt, DomainChars * sizeof(char)));
        // Nobody is logged on: the screen waits for a name and a password.
        if (user.Length == 0) return new LogonScreenState(state is Active or Connected, null);
        return new LogonScreenState(flags == Locked, IsOfThisComputer(domain) ? user : $"{domain}\\{user}");
    }

    private static bool IsOfThisComputer(string domain) => domain.Length == 0 || string.Equals(domain, Environment.MachineName, StringComparison.OrdinalIgnoreCase);

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<char> characters = MemoryMarshal.Cast<byte, char>(bytes);
        int end = characters.IndexOf('\0');
        return new string(end < 0 ? characters : characters[..end]);
    }
}
