using RemoteAccess.Interop;

namespace RemoteAccess.Picture;

/// <summary>
/// The screen by Desktop Duplication, all outputs put together: the system says what changed, moved rectangles and protected windows, which it
/// leaves black, included. Each buffer keeps its own list of what it lacks.
/// </summary>
/// <param name="outputs">At least one; disposed with the source.</param>
/// <param name="layout">The monitors when the duplications began.</param>
/// <param name="hasChanged">Whether the monitors are others now.</param>
internal sealed class DuplicationSource(IReadOnlyList<IOutputDuplication> outputs, ScreenLayout layout, Func<bool> hasChanged) : IScreenSource
{
    private const int MostRestMilliseconds = 16, FirstMilliseconds = 500;

    private readonly FrameArrival[] arrived = new FrameArrival[outputs.Count];
    private bool isFresh = true;
    private int pointerOutput = -1;
    private CursorShape? shape;

    public ScreenLayout Layout => layout;

    public CursorState Cursor { get; private set; }

    public ScreenRead Read(LentFrame target, FramePool pool, DamageList damage)
    {
        PixelRect whole = new(0, 0, layout.Size.Width, layout.Size.Height);
        // A mode that changed ends the duplications as well, but a monitor that came need not.
        if (hasChanged()) return ScreenRead.Lost;
        for (int i = 0; i < outputs.Count; i++)
        {
            // The first frame comes at once, but may bring the pointer only.
            if (arrived[i] == FrameArrival.Nothing) arrived[i] = outputs[i].Acquire(isFresh ? FirstMilliseconds : 0);
            if (arrived[i] == FrameArrival.Lost) return ScreenRead.Lost;
            if (arrived[i] == FrameArrival.Changed) Take(outputs[i], i, target, pool, damage, whole);
            arrived[i] = FrameArrival.Nothing;
        }
        if (isFresh) DamageAll(pool, damage, whole);
        isFresh = false;
        return target.Stale.IsEmpty || TryRefresh(target) ? ScreenRead.Done : ScreenRead.Lost;
    }

    /// <summary>Waits for the first output's next frame, and keeps it for the next reading; the others are looked at then.</summary>
    public void Rest(WakeEvent signal, int milliseconds)
    {
        if (arrived[0] == FrameArrival.Nothing) arrived[0] = outputs[0].Acquire(Math.Min(milliseconds, MostRestMilliseconds));
    }

    public void Dispose()
    {
        foreach (IOutputDuplication output in outputs) output.Dispose();
    }

    private static void DamageAll(FramePool pool, DamageList damage, PixelRect whole)
    {
        damage.Add(whole, whole);
        foreach (LentFrame? frame in pool.Frames) frame?.Stale.Add(whole, whole);
    }

    private void Take(IOutputDuplication output, int index, LentFrame target, FramePool pool, DamageList damage, PixelRect whole)
    {
        foreach (ScreenMove moved in output.Frame.Moved.Moves) target.MoveList.Add(output.Place.ToFrame(moved));
        foreach (PixelRect changed in output.Frame.Changed.Rectangles)
        {
            PixelRect area = output.Place.ToFrame(changed);
            damage.Add(area, whole);
            foreach (LentFrame? frame in pool.Frames) frame?.Stale.Add(area, whole);
        }
        if (output.Frame.HasShape) shape = output.Frame.Shape;
        if (output.Frame.HasPointer) TakePointer(output, index);
        else if (output.Frame.HasShape && Cursor.Shape is not null) Cursor = Cursor with { Shape = shape };
    }

    /// <summary>Each output tells whether the pointer is on it; the word of one it has left counts only if it was there.</summary>
    private void TakePointer(IOutputDuplication output, int index)
    {
        if (output.Frame.IsPointerVisible)
        {
            pointerOutput = index;
            Cursor = new CursorState(output.Place.Area.X + output.Frame.PointerX + (shape?.HotX ?? 0), output.Place.Area.Y + output.Frame.PointerY + (shape?.HotY ?? 0), shape);
        }
        else if (pointerOutput == index)
        {
            pointerOutput = -1;
            Cursor = Cursor with { Shape = null };
        }
    }

    private bool TryRefresh(LentFrame target)
    {
        foreach (IOutputDuplication output in outputs)
        {
            if (!output.TryMap(out PixelView view)) return false;
            foreach (PixelRect lacking in target.Stale.Rectangles) output.Place.Copy(view, lacking, target.Memory.Pixels, target.Size.Width);
            output.Unmap();
        }
        target.Stale.Clear();
        return true;
    }
}
