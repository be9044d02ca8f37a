using RemoteAccess.Picture;
using RemoteAccess.Transport;

namespace RemoteAccess.Sessions;

/// <summary>One injector in one helper, seen from the service: one act at a time, each answered. Thread-safe.</summary>
internal sealed class InputChannel : IHelperChannel
{
    private const uint KeypadDelete = 0xff9f;

    private readonly Lock changing = new();
    private readonly uint number;
    private TaskCompletionSource asked = New();
    private readonly Action? attention;
    private int unanswered = 1;
    private bool isDelete;
    private bool isLost;
    private bool isClosed;

    /// <summary>Opens it; <see cref="SettledAsync"/> returns when it is ready.</summary>
    /// <param name="link">The helper.</param>
    /// <param name="attention">Makes Ctrl+Alt+Delete in the helper's session; quick. Null where nothing is sent that could be that.</param>
    public InputChannel(HelperLink link, Action? attention = null)
    {
        (Link, this.attention) = (link, attention);
        number = link.Add(this);
        link.Send(new MessageWriter(HelperWord.OpenInput, number));
    }

    public HelperLink Link { get; }

    /// <summary>What was sent last has been answered.</summary>
    /// <exception cref="IOException">The helper is gone.</exception>
    /// <exception cref="DesktopException">It could not be done.</exception>
    public async Task SettledAsync(CancellationToken cancellationToken)
    {
        Task last;
        lock (changing)
        {
            if (isLost) throw FrameChannel.Gone();
            last = asked.Task;
        }
        await last.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends one act; nothing may be unanswered.</summary>
    public void Send(InputEvent input)
    {
        lock (changing)
        {
            if (isLost || isClosed) throw FrameChannel.Gone();
            (asked, unanswered) = (New(), 1);
            isDelete = input is { Kind: InputKind.Key, IsDown: true, Code: Keysym.Delete or KeypadDelete };
            Link.Send(new MessageWriter(HelperWord.Input, number).Byte((byte)input.Kind).Int(input.X).Int(input.Y).Int((int)input.Code).Flag(input.IsDown));
        }
    }

    /// <summary>Everything goes up in the helper; <see cref="SettledAsync"/> returns when it has.</summary>
    public void Close()
    {
        lock (changing)
        {
            if (isClosed) return;
            isClosed = true;
            // An act that is under way is answered, then the closing.
            if (asked.Task.IsCompleted) (asked, unanswered) = (New(), 1);
            else unanswered = 2;
            if (isLost) asked.TrySetException(FrameChannel.Gone());
            _ = isLost ? asked.Task.Exception : null;
            Link.Send(new MessageWriter(HelperWord.Close, number));
        }
    }

    public void Forget() => Link.Remove(number);

    public void Receive(HelperWord word, ref MessageReader body)
    {
        lock (changing)
        {
            if (asked.Task.IsCompleted) throw new InvalidDataException($"{word} without having been asked.");
            switch (word)
            {
                case HelperWord.Attention when isDelete && attention is not null:
                    body.End();
                    // Once for each press.
                    isDelete = false;
                    attention();
                    break;
                case HelperWord.Done:
                    body.End();
                    if (--unanswered <= 0) asked.TrySetResult();
                    break;
                case HelperWord.Failed:
                    DesktopException failure = FrameChannel.ReadFailure(ref body);
                    if (--unanswered > 0) break;
                    asked.TrySetException(failure);
                    _ = asked.Task.Exception;
                    break;
                default:
                    throw new InvalidDataException($"{word} from input.");
            }
        }
    }

    public void Lost()
    {
        lock (changing)
        {
            isLost = true;
            asked.TrySetException(FrameChannel.Gone());
            _ = asked.Task.Exception;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
