namespace RemoteAccess.Sessions;

/// <summary>How input that this package injects is known again.</summary>
internal static class InjectedInput
{
    /// <summary>dwExtraInfo of each of our SendInput calls.</summary>
    public const nuint Tag = 0x52_41_49_4E;
}
