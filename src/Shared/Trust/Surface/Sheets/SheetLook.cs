namespace RemoteAccess.Trust;

/// <summary>What a window looks like from outside; for tests. Controls are in pixels of the window, the window's are the desktop's.</summary>
internal sealed record SheetLook(nuint Window, PixelRect Area, string Name, string Focus, bool IsMapped, bool IsActive, IReadOnlyList<Control> Controls, IReadOnlyList<string> Texts);
