using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>Presses and releases through XTEST, and keeps the account of what is down, in memory and in the note.</summary>
internal sealed class HeldInput(XConnection connection, InputNote note)
{
    public bool IsDown(byte keycode) => note.HasKey(keycode);

    public bool IsAnythingDown => note.Buttons != 0 || note.Keys.Any();

    public IEnumerable<byte> Keys => note.Keys;

    public void PressKey(byte keycode)
    {
        if (!note.HasKey(keycode))
        {
            note.SetKey(keycode, true);
            note.Write();
        }
        _ = LibXtst.XTestFakeKeyEvent(connection.Display, keycode, 1, 0);
    }

    /// <summary>The note keeps the key until <see cref="Settle"/>.</summary>
    public void ReleaseKey(byte keycode)
    {
        note.SetKey(keycode, false);
        _ = LibXtst.XTestFakeKeyEvent(connection.Display, keycode, 0, 0);
    }

    public void Button(uint button, bool isDown)
    {
        uint bit = 1u << (int)button;
        if (isDown)
        {
            note.Buttons |= bit;
            note.Write();
        }
        else
        {
            note.Buttons &= ~bit;
        }
        _ = LibXtst.XTestFakeButtonEvent(connection.Display, button, isDown ? 1 : 0, 0);
    }

    /// <summary>Waits until the server has taken everything; only then does the file forget what was released.</summary>
    public void Settle()
    {
        _ = connection.Sync();
        note.Write();
    }

    public void ReleaseAll()
    {
        if (!IsAnythingDown) return;
        foreach (byte keycode in note.Keys.ToArray()) ReleaseKey(keycode);
        for (uint button = 1; button < 32; button++)
        {
            if ((note.Buttons & (1u << (int)button)) != 0) Button(button, false);
        }
        Settle();
    }
}
