using RemoteAccess.Picture;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>One prompt in one helper, seen from the service.</summary>
internal sealed class PromptChannel : IHelperChannel
{
    private readonly HelperLink link;
    private readonly TimeProvider time;
    private readonly uint number;
    private readonly TaskCompletionSource<ConsentAnswer> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PromptChannel(HelperLink link, ConsentPrompt prompt, TimeProvider time)
    {
        (this.link, this.time) = (link, time);
        number = link.Add(this);
        link.Send(PromptWords.Write(number, prompt));
    }

    public Task<ConsentAnswer> Answer => answer.Task;

    /// <summary>Takes it from the screen.</summary>
    public void Close()
    {
        link.Send(new MessageWriter(HelperWord.Close, number));
        link.Remove(number);
    }

    public void Receive(HelperWord word, ref MessageReader body)
    {
        switch (word)
        {
            case HelperWord.Answer when !answer.Task.IsCompleted:
                (bool isAllowed, bool isPressed) = (body.Flag(), body.Flag());
                body.End();
                if (isAllowed && !isPressed) throw new InvalidDataException("A yes that nobody pressed.");
                answer.TrySetResult(new ConsentAnswer(isAllowed ? ConsentDecision.Allow : ConsentDecision.Refuse, isPressed ? ConsentHow.Pressed : ConsentHow.Closed, time.GetUtcNow()));
                break;
            case HelperWord.Failed when !answer.Task.IsCompleted:
                answer.TrySetException(FrameChannel.ReadFailure(ref body));
                break;
            default:
                throw new InvalidDataException($"{word} from a prompt.");
        }
    }

    public void Lost() => answer.TrySetException(new DesktopException(DesktopError.DisplayLost, "The session helper that showed the prompt is gone."));
}
