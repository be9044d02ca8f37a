using System.Globalization;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Picture;

/// <summary>The strip of the lock screen in one helper, seen from the service: one question at a time. Thread-safe.</summary>
internal sealed class StripChannel : IHelperChannel
{
    private readonly Lock changing = new();
    private readonly Action stop;
    private readonly uint number;
    private TaskCompletionSource<bool>? asked;
    private bool isLost;

    /// <param name="link">The helper.</param>
    /// <param name="culture">The strip's language.</param>
    /// <param name="stop">Called when somebody pressed its button; quick.</param>
    public StripChannel(HelperLink link, CultureInfo culture, Action stop)
    {
        (Link, this.stop) = (link, stop);
        number = link.Add(this);
        link.Send(StripWords.WriteOpening(number, culture));
    }

    public HelperLink Link { get; }

    /// <summary>Shows this in the place of what was shown. What was asked before has been answered.</summary>
    /// <returns>Whether a person sees it; false when the helper is gone.</returns>
    public async Task<bool> ShowAsync(BannerWords? words, CancellationToken cancellationToken)
    {
        Task<bool> answer;
        lock (changing)
        {
            if (isLost) return false;
            if (asked is not null) throw new InvalidOperationException("The strip was asked already.");
            asked = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            answer = asked.Task;
            Link.Send(StripWords.Write(number, words));
        }
        return await answer.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes it from the screen.</summary>
    public void Close()
    {
        Link.Send(new MessageWriter(HelperWord.Close, number));
        Link.Remove(number);
        Lost();
    }

    public void Receive(HelperWord word, ref MessageReader body)
    {
        switch (word)
        {
            case HelperWord.Seen:
                bool isSeen = body.Flag();
                body.End();
                lock (changing)
                {
                    if (asked is null) throw new InvalidDataException("The strip is seen, and nobody asked.");
                    asked.TrySetResult(isSeen);
                    asked = null;
                }
                break;
            case HelperWord.Stop:
                body.End();
                stop();
                break;
            default:
                throw new InvalidDataException($"{word} from the strip.");
        }
    }

    public void Lost()
    {
        lock (changing)
        {
            isLost = true;
            asked?.TrySetResult(false);
            asked = null;
        }
    }
}
