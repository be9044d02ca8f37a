using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>Undoes what the notes of killed processes say about this display.</summary>
internal static unsafe class LeftoverInput
{
    public static void PutRight(XConnection connection)
    {
        if (LibXtst.XTestQueryExtension(connection.Display, out _, out _, out _, out _) == 0) return;
        ServerToken server = ServerToken.Of(connection);
        foreach (string path in Directory.EnumerateFiles(NoteFolder.Demand(), InputNote.Pattern(server)))
        {
            if (InputNote.TryTakeOver(path, server) is not { } note) continue;
            using (note)
            {
                Undo(connection, note);
                note.Remove();
            }
        }
    }

    /// <summary>Releases what is still down, takes lent mappings away, restores locks, and waits until the server has done it.</summary>
    public static void Undo(XConnection connection, InputNote note)
    {
        byte* down = stackalloc byte[32];
        _ = LibX11Keyboard.XQueryKeymap(connection.Display, down);
        connection.ThrowIfLost();
        foreach (byte keycode in note.Keys)
        {
            if ((down[keycode >> 3] & (1 << (keycode & 7))) != 0) _ = LibXtst.XTestFakeKeyEvent(connection.Display, keycode, 0, 0);
        }
        for (uint button = 1; button < 32; button++)
        {
            if ((note.Buttons & (1u << (int)button)) != 0) _ = LibXtst.XTestFakeButtonEvent(connection.Display, button, 0, 0);
        }
        nuint none = 0;
        foreach (byte keycode in note.LentKeycodes) _ = LibX11Keyboard.XChangeKeyboardMapping(connection.Display, keycode, 1, &none, 1);
        if (note.Locks != 0) _ = LibX11Keyboard.XkbLockModifiers(connection.Display, LibX11Keyboard.UseCoreKeyboard, note.Locks, note.Locks);
        _ = connection.Sync();
    }
}
