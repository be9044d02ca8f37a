using RemoteAccess.Interop;

namespace RemoteAccess.Picture;

/// <summary>What came of reading the screen.</summary>
internal enum ScreenRead
{
    /// <summary>The buffer shows the screen.</summary>
    Done,
    /// <summary>The source is of no more use: another mode, another desktop. Make a new one.</summary>
    Lost,
    /// <summary>The screen cannot be read now: locked, a secure desktop, a session nobody is connected to.</summary>
    Refused,
}

/// <summary>One way to read the screen: Desktop Duplication or GDI. Made, used and disposed on the capture's thread.</summary>
internal interface IScreenSource : IDisposable
{
    /// <summary>The monitors now; the same instance until they change. Its size is what the next <see cref="Read"/> needs.</summary>
    ScreenLayout Layout { get; }

    /// <summary>Makes <paramref name="target"/> show the screen as it is now.</summary>
    /// <param name="target">A buffer of the layout's size. Its list of moves is filled where the system tells them.</param>
    /// <param name="pool">The other buffers, and the one lent last.</param>
    /// <param name="damage">Where what may differ from the buffer lent last is added. Nothing, if nothing does.</param>
    ScreenRead Read(LentFrame target, FramePool pool, DamageList damage);

    /// <summary>The cursor as it was at the last <see cref="Read"/>, or is now.</summary>
    CursorState Cursor { get; }

    /// <summary>Waits until the screen may have changed, the signal or the time.</summary>
    void Rest(WakeEvent signal, int milliseconds);
}
