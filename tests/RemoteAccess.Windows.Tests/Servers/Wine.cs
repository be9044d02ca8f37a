using System.Runtime.InteropServices;

namespace RemoteAccess.Tests;

/// <summary>Whether this is Wine, where xdotool is a person's hand; on Windows itself nothing but a person is.</summary>
internal static class Wine
{
    public const string NoHand = "Windows itself gives a test no hand that is not injected: tried there by a person, docs/windows-prompt.md";

    public static bool IsHere { get; } = NativeLibrary.TryLoad("ntdll.dll", out nint ntdll) && NativeLibrary.TryGetExport(ntdll, "wine_get_version", out _);
}
