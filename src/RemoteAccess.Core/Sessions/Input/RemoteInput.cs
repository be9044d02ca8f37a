using System.Text;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Sessions;

/// <summary>
/// Keyboard and mouse of the computer in a session. Thread-safe; events arrive in the order they were sent. A call completes when the
/// event is on its way; whether it was refused is said by <see cref="Refused"/> and by the session's operations.
/// </summary>
public sealed class RemoteInput
{
    private const int MaxTextBytes = 4096;

    private readonly MessageChannel messages;
    private readonly InputTimes times;
    private readonly TimeProvider time;
    private AccessRefusedException? refusal;

    internal RemoteInput(MessageChannel messages, InputTimes times, TimeProvider time)
    {
        this.messages = messages;
        this.times = times;
        this.time = time;
    }

    /// <summary>The computer's last refusal of input; null while none was refused.</summary>
    public AccessRefusedException? Refused => Volatile.Read(ref refusal);

    /// <summary>Moves the pointer to a pixel of the whole desktop; the computer clamps it to the desktop.</summary>
    /// <exception cref="ChannelException">The session is over.</exception>
    public ValueTask MoveAsync(int x, int y, CancellationToken cancellationToken = default) =>
        SendAsync(new InputMessage { Move = new PointerMove { X = x, Y = y } }, cancellationToken);

    /// <summary>Presses or releases a mouse button where the pointer is.</summary>
    /// <exception cref="ChannelException">The session is over.</exception>
    public ValueTask ButtonAsync(MouseButton button, bool isDown, CancellationToken cancellationToken = default) =>
        SendAsync(new InputMessage { Button = new PointerButton { Button = (uint)button, Down = isDown } }, cancellationToken);

    /// <summary>Moves to a pixel, presses and releases.</summary>
    /// <exception cref="ChannelException">The session is over.</exception>
    public async ValueTask ClickAsync(int x, int y, MouseButton button = MouseButton.Left, CancellationToken cancellationToken = default)
    {
        await MoveAsync(x, y, cancellationToken).ConfigureAwait(false);
        await ButtonAsync(button, true, cancellationToken).ConfigureAwait(false);
        await ButtonAsync(button, false, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Turns the wheel; 120 is one notch, right and down are positive.</summary>
    /// <exception cref="ChannelException">The session is over.</exception>
    public ValueTask WheelAsync(int deltaX, int deltaY, CancellationToken cancellationToken = default) =>
        SendAsync(new InputMessage { Wheel = new Wheel { DeltaX = deltaX, DeltaY = deltaY } }, cancellationToken);

    /// <summary>Presses or releases a key; see <see cref="Keysym"/>. Keys still down when the session ends are released by the computer.</summary>
    /// <exception cref="ChannelException">The session is over.</exception>
    public ValueTask KeyAsync(uint keysym, bool isDown, CancellationToken cancellationToken = default) =>
        SendAsync(new InputMessage { Key = new Key { Keysym = keysym, Down = isDown } }, cancellationToken);

    /// <summary>Presses the keys in order and releases them in reverse, as in <c>ctrl+alt+t</c>.</summary>
    /// <exception cref="ArgumentException">A key's name is unknown.</exception>
    /// <exception cref="ChannelException">The session is over.</exception>
    public async ValueTask PressAsync(string chord, CancellationToken cancellationToken = default)
    {
        if (!Keysym.TryParseChord(chord, out uint[] keys))
            throw new ArgumentException($"'{chord}' is not a chord of known keys. Write it like ctrl+alt+t, f5 or shift+tab.", nameof(chord));
        foreach (uint key in keys) await KeyAsync(key, true, cancellationToken).ConfigureAwait(false);
        foreach (uint key in Enumerable.Reverse(keys)) await KeyAsync(key, false, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Types any Unicode text; a line break is the Return key, a tab the Tab key.</summary>
    /// <exception cref="ArgumentException">It holds other control characters or broken surrogates.</exception>
    /// <exception cref="ChannelException">The session is over.</exception>
    public async ValueTask TypeAsync(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = text.ReplaceLineEndings("\n");
        for (int i = 0; i < text.Length; i++)
        {
            if (!Rune.TryGetRuneAt(text, i, out Rune rune)) throw new ArgumentException($"The text has half a surrogate pair at {i}.", nameof(text));
            if (Rune.IsControl(rune) && rune.Value is not ('\n' or '\t')) throw new ArgumentException($"The text has the control character U+{rune.Value:X4} at {i}.", nameof(text));
            i += rune.Utf16SequenceLength - 1;
        }

        for (int start = 0; start < text.Length;)
        {
            int length = Math.Min(text.Length - start, MaxTextBytes / 4);
            if (char.IsHighSurrogate(text[start + length - 1])) length--;
            await SendAsync(new InputMessage { Text = new Text { Text_ = text.Substring(start, length) } }, cancellationToken).ConfigureAwait(false);
            start += length;
        }
    }

    internal void Refuse(AccessRefusedException reason) => Volatile.Write(ref refusal, reason);

    private ValueTask SendAsync(InputMessage message, CancellationToken cancellationToken)
    {
        times.Add(time.GetTimestamp());
        return messages.SendAsync(message, cancellationToken);
    }
}
