using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>Linux-PAM (pam(3)), and what its answers are allocated with. Missing on some systems: see <see cref="IsPresent"/>.</summary>
internal static unsafe partial class LibPam
{
    public const string File = "libpam.so.0";

    public const int Success = 0, PermissionDenied = 6, WrongAuthentication = 7, UserUnknown = 10, MaxTries = 11, NewPasswordRequired = 12, AccountExpired = 13,
        ConversationError = 19, BufferError = 5;

    public const int Silent = 0x8000, DisallowNullPassword = 1;
    public const int PromptEchoOff = 1, ErrorMessage = 3, TextInfo = 4;

    /// <summary>PAM_MAX_NUM_MSG and PAM_MAX_RESP_SIZE, the latter with its 00.</summary>
    public const int MostMessages = 32, LongestResponse = 512;

    /// <summary>Whether the library is there.</summary>
    public static bool IsPresent => NativeLibrary.TryLoad(File, typeof(LibPam).Assembly, DllImportSearchPath.SafeDirectories, out _);

    [LibraryImport(File, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int pam_start(string service, string user, PamConversationEntry* conversation, out nint handle);

    [LibraryImport(File)] public static partial int pam_authenticate(nint handle, int flags);
    [LibraryImport(File)] public static partial int pam_acct_mgmt(nint handle, int flags);
    [LibraryImport(File)] public static partial int pam_end(nint handle, int status);

    // PAM frees the answers with free(3), so nothing else may have made them.
    [LibraryImport("libc")] public static partial void* calloc(nuint count, nuint size);
    [LibraryImport("libc")] public static partial void free(void* memory);
}

/// <summary>struct pam_conv; PAM copies it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PamConversationEntry
{
    public delegate* unmanaged[Cdecl]<int, PamMessage**, PamResponse**, void*, int> Converse;
    public void* Data;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PamMessage
{
    public int Style;
    public byte* Text;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PamResponse
{
    public byte* Text;
    public int Code;
}
