namespace RemoteAccess.Sessions;

/// <summary>Keys that a person's devices hold while another goes down.</summary>
[Flags]
internal enum HeldModifiers
{
    None = 0,
    Shift = 1,
    Control = 2,
    Alt = 4,
}
