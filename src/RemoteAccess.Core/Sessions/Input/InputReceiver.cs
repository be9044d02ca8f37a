using System.Text;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>
/// Turns the technician's input messages into events on the customer's desktop, one session's worth. Asks for the permit at each
/// message; opens the injector with the first, closes it (which releases what is held) on the first refusal. One caller at a time.
/// </summary>
internal sealed class InputReceiver(IDesktop desktop, LiveSession session, InputTimes times, TimeProvider time) : IAsyncDisposable
{
    private const int MaxTextLength = 4096;

    private IInputInjector? injector;
    private OperationPermit? opened;

    /// <summary>Injects what one message says.</summary>
    /// <exception cref="AccessRefusedException">Input is not permitted, or no longer.</exception>
    /// <exception cref="DesktopException">The desktop takes no input.</exception>
    /// <exception cref="ChannelException">The message is malformed.</exception>
    public async ValueTask ReceiveAsync(InputMessage message, CancellationToken cancellationToken)
    {
        try
        {
            OperationPermit permit = await session.PermitAsync(Operations.ControlInput, cancellationToken).ConfigureAwait(false);
            permit.Demand();
            // Nothing tells the technician that the permit before died and came back; what it held is released.
            if (opened != permit) await DisposeAsync().ConfigureAwait(false);
            opened = permit;
            injector ??= await desktop.OpenInputAsync(permit, cancellationToken).ConfigureAwait(false);
            if (message.KindCase == InputMessage.KindOneofCase.Text)
                await TypeAsync(injector, message.Text.Text_, cancellationToken).ConfigureAwait(false);
            else
                await injector.InjectAsync(Read(message), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is AccessRefusedException or DesktopException)
        {
            await DisposeAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            // Refused ones count too: the technician counts what was sent.
            times.Add(time.GetTimestamp());
        }
    }

    /// <summary>Releases every key and button still held.</summary>
    public async ValueTask DisposeAsync()
    {
        if (injector is null) return;
        IInputInjector closing = injector;
        injector = null;
        await closing.DisposeAsync().ConfigureAwait(false);
    }

    private static async ValueTask TypeAsync(IInputInjector injector, string text, CancellationToken cancellationToken)
    {
        if (Encoding.UTF8.GetByteCount(text) > MaxTextLength) throw Malformed("text longer than 4096 bytes");
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value is '\n' or '\t')
            {
                uint key = rune.Value == '\n' ? Keysym.Return : Keysym.Tab;
                await injector.InjectAsync(InputEvent.Key(key, true), cancellationToken).ConfigureAwait(false);
                await injector.InjectAsync(InputEvent.Key(key, false), cancellationToken).ConfigureAwait(false);
            }
            else if (Rune.IsControl(rune))
            {
                throw Malformed("a control character in text");
            }
            else
            {
                await injector.InjectAsync(InputEvent.Text(rune), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static InputEvent Read(InputMessage message) => message.KindCase switch
    {
        InputMessage.KindOneofCase.Move => InputEvent.PointerMove(message.Move.X, message.Move.Y),
        InputMessage.KindOneofCase.Button when message.Button.Button is >= (uint)MouseButton.Left and <= (uint)MouseButton.Forward
            => InputEvent.Button((MouseButton)message.Button.Button, message.Button.Down),
        InputMessage.KindOneofCase.Wheel when Math.Abs((long)message.Wheel.DeltaX) <= 12000 && Math.Abs((long)message.Wheel.DeltaY) <= 12000
            => InputEvent.Wheel(message.Wheel.DeltaX, message.Wheel.DeltaY),
        InputMessage.KindOneofCase.Key => InputEvent.Key(message.Key.Keysym, message.Key.Down),
        _ => throw Malformed(message.KindCase.ToString()),
    };

    private static ChannelException Malformed(string what) => new(ChannelError.Malformed, $"An input message is malformed: {what}.");
}
