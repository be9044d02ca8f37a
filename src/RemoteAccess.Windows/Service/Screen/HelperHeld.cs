using RemoteAccess.Picture;

namespace RemoteAccess.Sessions;

/// <summary>
/// Modifier keys and buttons that input through a helper holds down, so that the next helper in the same Windows session lets go what one that was killed left. (Other keys do
/// nothing more once they are down.) Thread-safe.
/// </summary>
internal sealed class HelperHeld
{
    private readonly Lock changing = new();
    private readonly Dictionary<InputChannel, HashSet<InputEvent>> held = [];

    public void Note(InputChannel channel, InputEvent input)
    {
        if (input.Kind != InputKind.Button && !(input.Kind == InputKind.Key && IsModifier(input.Code))) return;
        InputEvent down = Of(input, isDown: true);
        lock (changing)
        {
            if (!held.TryGetValue(channel, out HashSet<InputEvent>? keys)) held[channel] = keys = [];
            if (input.IsDown) keys.Add(down);
            else keys.Remove(down);
        }
    }

    /// <summary>Everything of the channel went up.</summary>
    public void Forget(InputChannel channel)
    {
        lock (changing) held.Remove(channel);
    }

    /// <summary>What the link left down, which is forgotten.</summary>
    public IReadOnlyList<InputEvent> Take(HelperLink link)
    {
        lock (changing)
        {
            InputChannel[] of = [.. held.Keys.Where(channel => channel.Link == link)];
            return [.. of.SelectMany(channel => held.Remove(channel, out HashSet<InputEvent>? keys) ? keys : []).Distinct()];
        }
    }

    /// <summary>Lets go in the session of a new helper: a key goes down once more, for the helper lets go only what it holds.</summary>
    public static async Task ReleaseAsync(HelperLink link, IReadOnlyList<InputEvent> left, CancellationToken cancellationToken)
    {
        InputChannel channel = new(link);
        try
        {
            foreach (InputEvent input in left)
            {
                if (input.Kind == InputKind.Key) await SendAsync(channel, input, cancellationToken).ConfigureAwait(false);
                await SendAsync(channel, Of(input, isDown: false), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            channel.Close();
        }
    }

    private static async Task SendAsync(InputChannel channel, InputEvent input, CancellationToken cancellationToken)
    {
        await channel.SettledAsync(cancellationToken).ConfigureAwait(false);
        channel.Send(input);
        await channel.SettledAsync(cancellationToken).ConfigureAwait(false);
    }

    private static InputEvent Of(InputEvent input, bool isDown) => input.Kind == InputKind.Button ? InputEvent.Button((MouseButton)input.Code, isDown) : InputEvent.Key(input.Code, isDown);

    /// <summary>Shift_L to Hyper_R, ISO_Level3_Shift, Mode_switch.</summary>
    private static bool IsModifier(uint keysym) => keysym is (>= 0xffe1 and <= 0xffee) or 0xfe03 or 0xff7e;
}
