using System.Runtime.InteropServices;
using RemoteAccess.Picture;
using RemoteAccess.Sessions;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>
/// A desktop drawn in memory, with a clock, a window to type into and a window with buttons: for a vendor's own tests, and for machines
/// without a display. It obeys permits like a real one, and nothing on it is anybody's. Besides what a technician can do with it, a test
/// can look inside and play the person in front of it. Thread-safe.
/// </summary>
public sealed class VirtualDesktop : IDesktop
{
    private readonly TimeProvider time;
    private readonly SharedScreen screen;
    private readonly Scene scene;
    private readonly List<PixelSize> monitors;
    private readonly ITimer clock;
    private long lastPhysicalInput;

    /// <summary>Makes a desktop and starts its clock.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range; the message names it.</exception>
    public VirtualDesktop(VirtualDesktopOptions? options = null)
    {
        options = (options ?? new VirtualDesktopOptions()).Checked();
        time = options.TimeProvider;
        screen = new SharedScreen(time);
        scene = new Scene(options.ComputerName, options.IsBlank);
        monitors = [.. Enumerable.Repeat(options.Size, options.Monitors)];
        lastPhysicalInput = time.GetTimestamp();
        clock = time.CreateTimer(static desktop => ((VirtualDesktop)desktop!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        lock (screen.Gate) Rearrange();
        if (!options.IsBlank) Tick();
    }

    /// <summary>False: nobody sits before it.</summary>
    public bool HasPerson => false;

    /// <summary>Its clipboard, with the customer's side of it.</summary>
    public VirtualClipboard Clipboard { get; } = new();

    IClipboard IDesktop.Clipboard => Clipboard;

    /// <summary>What restarts it, for a test to bring; default: nothing.</summary>
    public IPowerControl? Power { get; set; }

    /// <inheritdoc/>
    public TimeSpan PhysicalIdleTime => time.GetElapsedTime(Volatile.Read(ref lastPhysicalInput));

    /// <summary>What stands in the text field; lines end with a line feed.</summary>
    public string Text => Look(() => scene.Notes.Field.Text);

    /// <summary>How often the count button was clicked.</summary>
    public int Clicks => Look(() => scene.Controls.Clicks);

    /// <summary>Whether the lamp is amber.</summary>
    public bool LampIsOn => Look(() => scene.Controls.LampIsOn);

    /// <summary>Keysyms of the keys that are down, ascending, whoever presses them. A snapshot.</summary>
    public IReadOnlyList<uint> PressedKeys => Look(() => scene.Keyboard.Pressed);

    /// <summary>The mouse buttons that are down, whoever presses them. A snapshot.</summary>
    public IReadOnlyList<MouseButton> PressedButtons => Look(() => scene.Buttons.Order().ToArray());

    /// <summary>Where the pointer is and how it looks: an arrow, or an I-beam over the text field.</summary>
    public CursorState Cursor => Look(() => scene.Cursor);

    /// <summary>The monitors.</summary>
    public ScreenLayout Layout => Look(() => screen.Layout);

    /// <inheritdoc/>
    public ValueTask<IScreenCapture> OpenCaptureAsync(OperationPermit permit, CancellationToken cancellationToken)
    {
        Admit(permit, Operations.ViewScreen, cancellationToken);
        return ValueTask.FromResult<IScreenCapture>(new VirtualScreenCapture(screen, permit));
    }

    /// <inheritdoc/>
    public ValueTask<IInputInjector> OpenInputAsync(OperationPermit permit, CancellationToken cancellationToken)
    {
        Admit(permit, Operations.ControlInput, cancellationToken);
        return ValueTask.FromResult<IInputInjector>(new VirtualInput(this, permit));
    }

    /// <summary>Where a part is, in pixels of the desktop. Part of a window may lie beyond the desktop's edge; on a blank desktop there is none.</summary>
    public PixelRect AreaOf(VirtualPart part) => Look(() => part switch
    {
        VirtualPart.NotesWindow => scene.Notes.Bounds,
        VirtualPart.NotesTitleBar => scene.Notes.TitleBar,
        VirtualPart.TextField => scene.Notes.Field.Bounds,
        VirtualPart.ControlsWindow => scene.Controls.Bounds,
        VirtualPart.ControlsTitleBar => scene.Controls.TitleBar,
        VirtualPart.CountButton => scene.Controls.CountButton,
        VirtualPart.Counter => scene.Controls.Counter,
        VirtualPart.LampButton => scene.Controls.LampButton,
        VirtualPart.Lamp => scene.Controls.Lamp,
        VirtualPart.TaskBar => scene.Bar.Bounds,
        VirtualPart.Clock => scene.Bar.Clock,
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "Unknown part."),
    });

    /// <summary>The picture as it is now, to compare a viewer's with: B, G, R, 0 for each pixel, rows from the top without slack.</summary>
    public byte[] CopyPixels() => Look(() => MemoryMarshal.AsBytes(screen.Canvas.Pixels).ToArray());

    /// <summary>The person at the computer uses keyboard or mouse.</summary>
    public void ActAsCustomer(InputEvent input) => Change(() => scene.Take(input), isPhysical: true);

    /// <summary>The person at the computer types a text; a line feed is the Return key.</summary>
    public void TypeAsCustomer(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Change(() =>
        {
            foreach (System.Text.Rune character in text.EnumerateRunes()) scene.Take(InputEvent.Text(character));
        }, isPhysical: true);
    }

    /// <summary>The person at the computer clicks on the middle of a part, after bringing its window to the front.</summary>
    public void ClickAsCustomer(VirtualPart part)
    {
        PixelRect area = AreaOf(part);
        Change(() =>
        {
            if (WindowOf(part) is { } window) scene.Raise(window);
            scene.Take(InputEvent.PointerMove(area.X + area.Width / 2, area.Y + area.Height / 2));
            scene.Take(InputEvent.Button(MouseButton.Left, true));
            scene.Take(InputEvent.Button(MouseButton.Left, false));
        }, isPhysical: true);
    }

    /// <summary>The person at the computer brings a window to the front and drags it, as far as its title bar stays within reach.</summary>
    /// <param name="window"><see cref="VirtualPart.NotesWindow"/> or <see cref="VirtualPart.ControlsWindow"/>.</param>
    /// <param name="x">Column of its left edge.</param>
    /// <param name="y">Row of its top edge.</param>
    public void MoveWindow(VirtualPart window, int x, int y)
    {
        if (window is not (VirtualPart.NotesWindow or VirtualPart.ControlsWindow) || WindowOf(window) is not { } chosen)
            throw new ArgumentOutOfRangeException(nameof(window), window, "Only a window can be moved.");
        Change(() => scene.MoveWindow(chosen, x, y), isPhysical: true);
    }

    /// <summary>Changes the primary monitor's resolution, 64×64 to 7680×4320.</summary>
    public void SetSize(PixelSize size)
    {
        MonitorRow.Checked(size, nameof(size));
        ChangeMonitors(() => monitors[0] = size);
    }

    /// <summary>Plugs in one more monitor at the right of the others; there are at most four.</summary>
    /// <exception cref="InvalidOperationException">There are four already.</exception>
    public void AddMonitor(PixelSize size)
    {
        MonitorRow.Checked(size, nameof(size));
        ChangeMonitors(() =>
        {
            if (monitors.Count == MonitorRow.MostMonitors) throw new InvalidOperationException("A virtual desktop has at most four monitors. Remove one first.");
            monitors.Add(size);
        });
    }

    /// <summary>Unplugs the monitor at the right end.</summary>
    /// <exception cref="InvalidOperationException">Only the primary one is left.</exception>
    public void RemoveMonitor() => ChangeMonitors(() =>
    {
        if (monitors.Count == 1) throw new InvalidOperationException("The last monitor cannot be removed.");
        monitors.RemoveAt(monitors.Count - 1);
    });

    /// <summary>
    /// Puts a picture on the screen, over everything. It stays until the desktop paints there again, on a blank desktop for good.
    /// The fourth byte of a pixel is taken as 0.
    /// </summary>
    /// <param name="area">Where; all of it lies on the desktop.</param>
    /// <param name="bgrx">B, G, R, unused for each pixel; <paramref name="area"/>'s rows from the top without slack.</param>
    public void Draw(PixelRect area, ReadOnlySpan<byte> bgrx)
    {
        lock (screen.Gate)
        {
            ThrowIfClosed();
            PixelCanvas canvas = screen.Canvas;
            if (area.IsEmpty || area.Intersect(canvas.Bounds) != area)
                throw new ArgumentOutOfRangeException(nameof(area), area, $"The area lies within the desktop's {canvas.Size} pixels.");
            if (bgrx.Length != (long)area.Width * area.Height * sizeof(uint))
                throw new ArgumentException($"{area} takes {(long)area.Width * area.Height * sizeof(uint)} bytes, not {bgrx.Length}.", nameof(bgrx));
            canvas.Paste(area, MemoryMarshal.Cast<byte, uint>(bgrx));
            screen.Publish([area], scene.Cursor);
        }
    }

    /// <summary>Ends the desktop as a lost display does: open captures and injectors fail with <see cref="DesktopError.DisplayLost"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (screen.Gate)
        {
            scene.ReleaseAll();
            screen.Close();
        }

        await clock.DisposeAsync().ConfigureAwait(false);
    }

    internal void Inject(InputEvent input)
    {
        lock (screen.Gate)
        {
            ThrowIfClosed();
            scene.Take(input);
            Publish();
        }
    }

    /// <summary>Lets go of a key or button, which is no error when the display is gone.</summary>
    internal void LetGo(InputEvent release)
    {
        lock (screen.Gate)
        {
            if (screen.IsClosed) return;
            scene.Take(release);
            Publish();
        }
    }

    private SceneWindow? WindowOf(VirtualPart part) => part switch
    {
        VirtualPart.NotesWindow or VirtualPart.NotesTitleBar or VirtualPart.TextField => scene.Notes,
        VirtualPart.TaskBar or VirtualPart.Clock => null,
        _ => scene.Controls,
    };

    private void Admit(OperationPermit permit, Operations needed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(permit);
        cancellationToken.ThrowIfCancellationRequested();
        if (permit.Operation != needed) throw new AccessRefusedException(RefusalReason.OperationNotGranted, operation: needed);
        permit.Demand();
        lock (screen.Gate) ThrowIfClosed();
    }

    private T Look<T>(Func<T> look)
    {
        lock (screen.Gate) return look();
    }

    private void Change(Action change, bool isPhysical)
    {
        lock (screen.Gate)
        {
            ThrowIfClosed();
            if (isPhysical) Volatile.Write(ref lastPhysicalInput, time.GetTimestamp());
            change();
            Publish();
        }
    }

    private void ChangeMonitors(Action change)
    {
        lock (screen.Gate)
        {
            ThrowIfClosed();
            change();
            Rearrange();
        }
    }

    private void Rearrange()
    {
        screen.Rearrange(MonitorRow.Arrange(monitors));
        scene.Rearrange(screen.Layout);
        Publish();
    }

    private void Publish()
    {
        scene.Paint(screen.Canvas);
        screen.Publish(scene.Dirty.Rectangles, scene.Cursor);
        scene.Dirty.Clear();
    }

    private void Tick()
    {
        lock (screen.Gate)
        {
            if (screen.IsClosed) return;
            DateTimeOffset now = time.GetLocalNow();
            scene.Show(now);
            Publish();
            clock.Change(TimeSpan.FromTicks(TimeSpan.TicksPerSecond - now.Ticks % TimeSpan.TicksPerSecond), Timeout.InfiniteTimeSpan);
        }
    }

    private void ThrowIfClosed()
    {
        if (screen.IsClosed) throw new DesktopException(DesktopError.DisplayLost, "The virtual desktop has been disposed. Make a new one.");
    }
}
