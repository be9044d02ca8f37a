using RemoteAccess.Transport;

namespace RemoteAccess.Picture;

/// <summary>One capture in one helper, seen from the service: asks for frames one at a time. What the helper writes meanwhile into the shared memory is never read twice for one decision.</summary>
internal sealed class FrameChannel : IHelperChannel, IDisposable
{
    private readonly Lock changing = new();
    private readonly FrameWords words = new();
    private readonly uint number;
    private SharedScreen? screen;
    private TaskCompletionSource<DescribedFrame>? asked;
    private bool isLost, isHeard;
    private int missed;

    public FrameChannel(HelperLink link)
    {
        Link = link;
        number = link.Add(this);
        link.Send(new MessageWriter(HelperWord.OpenCapture, number));
    }

    public HelperLink Link { get; }

    /// <summary>The next frame; one that was asked for and not awaited to its end is the next.</summary>
    /// <exception cref="IOException">The helper is gone.</exception>
    /// <exception cref="DesktopException">The helper cannot capture.</exception>
    public async Task<DescribedFrame> NextAsync(CancellationToken cancellationToken)
    {
        Task<DescribedFrame> next;
        lock (changing)
        {
            if (isLost) throw Gone();
            if (asked is null)
            {
                asked = new TaskCompletionSource<DescribedFrame>(TaskCreationOptions.RunContinuationsAsynchronously);
                Link.Send(new MessageWriter(HelperWord.Next, number));
            }
            next = asked.Task;
        }
        DescribedFrame frame = await next.WaitAsync(cancellationToken).ConfigureAwait(false);
        lock (changing) asked = null;
        return frame;
    }

    /// <summary>Copies areas of the newest frame, with the unused byte 0, whatever the helper left there.</summary>
    public void Copy(ReadOnlySpan<PixelRect> areas, Span<uint> into, PixelSize size)
    {
        lock (changing)
        {
            if (screen is null || screen.Size != size) throw Gone();
            ReadOnlySpan<uint> from = screen.Pixels;
            foreach (PixelRect area in areas)
            {
                for (int y = area.Y; y < area.Bottom; y++)
                {
                    Span<uint> row = into.Slice((y * size.Width) + area.X, area.Width);
                    from.Slice((y * size.Width) + area.X, area.Width).CopyTo(row);
                    UnusedByte.Clear(row);
                }
            }
        }
    }

    public void Receive(HelperWord word, ref MessageReader body)
    {
        lock (changing)
        {
            isHeard = true;
            if (word == HelperWord.Looked)
            {
                body.End();
                return;
            }
            if (asked is null || asked.Task.IsCompleted) throw new InvalidDataException($"{word} without having been asked.");
            switch (word)
            {
                case HelperWord.NeedSection:
                    Replace(ref body);
                    break;
                case HelperWord.Frame when screen is not null:
                    asked.TrySetResult(words.Read(ref body, screen.Size));
                    break;
                case HelperWord.Failed:
                    asked.TrySetException(ReadFailure(ref body));
                    break;
                default:
                    throw new InvalidDataException($"{word} from a capture.");
            }
        }
    }

    /// <summary>By looks and not by time: a computer that slept has not hung.</summary>
    public string? WhyHung()
    {
        lock (changing)
        {
            missed = asked is { Task.IsCompleted: false } && !isHeard ? missed + 1 : 0;
            isHeard = false;
            return missed > HelperLink.Silence / HelperLink.PingEvery ? "its capture did not look at the screen" : null;
        }
    }

    public void Lost()
    {
        lock (changing)
        {
            isLost = true;
            asked?.TrySetException(Gone());
            // Nobody may be awaiting it any more.
            _ = asked?.Task.Exception;
        }
    }

    public void Dispose()
    {
        Link.Send(new MessageWriter(HelperWord.Close, number));
        Link.Remove(number);
        Lost();
        lock (changing)
        {
            screen?.Dispose();
            screen = null;
        }
    }

    /// <exception cref="InvalidDataException">No failure as a helper of ours reports it.</exception>
    internal static DesktopException ReadFailure(ref MessageReader body)
    {
        DesktopError error = (DesktopError)body.Int();
        string text = body.Text(WireLimits.MaxText);
        body.End();
        return new DesktopException(Enum.IsDefined(error) ? error : DesktopError.NoDisplay, $"In the person's session: {new string([.. text.Where(letter => !char.IsControl(letter))])}");
    }

    internal static IOException Gone() => new("The session helper is gone.");

    private void Replace(ref MessageReader body)
    {
        PixelSize size = body.Size();
        body.End();
        if (!WireLimits.IsPicture(size)) throw new InvalidDataException($"A picture of {size}.");
        screen?.Dispose();
        screen = null;
        screen = SharedScreen.Create(size);
        Link.Send(new MessageWriter(HelperWord.Section, number).Size(size).Long(Link.Process.Give(screen.Handle)));
    }
}
