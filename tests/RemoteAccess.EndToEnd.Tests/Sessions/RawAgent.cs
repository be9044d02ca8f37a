using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Tests;

/// <summary>A computer whose agent has been replaced: it holds the right keys, so the handshake is real, and then says what it likes.</summary>
internal sealed class RawAgent : IAsyncDisposable
{
    private readonly Helpdesk desk;
    private readonly HostHandshakeResult handshake;

    private RawAgent(Helpdesk desk, HostHandshakeResult handshake, Task<RemoteSession> connecting)
    {
        this.desk = desk;
        this.handshake = handshake;
        Connecting = connecting;
        Messages = new MessageChannel(handshake.Channel, ChannelRole.Host, NullLogger.Instance);
    }

    public MessageChannel Messages { get; }

    /// <summary>The technician's side, which waits for Accepted.</summary>
    public Task<RemoteSession> Connecting { get; }

    public static async Task<RawAgent> AnswerAsync(Helpdesk desk, ConnectOptions? options = null)
    {
        (MemoryLink near, MemoryLink far) = MemoryLink.CreatePair();
        Task<RemoteSession> connecting = desk.Viewer.ConnectAsync(near, desk.Grant, Helpdesk.Code, options, Helpdesk.Limit());
        var party = new HostParty { SigningKey = desk.Trust.SigningKey, Authority = desk.Trust.Gate, Limits = new HandshakeLimits(desk.Time), Time = desk.Time };
        return new RawAgent(desk, await HostHandshake.RunAsync(far, party, Helpdesk.Limit()), connecting);
    }

    public Accepted Honest() => new()
    {
        SessionId = ByteString.CopyFrom(handshake.Channel.SessionId.Span),
        Operations = (uint)(Operations.ViewScreen | Operations.ControlInput),
        ExpiresUnixMs = desk.Time.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds(),
        ComputerName = "FRONTDESK",
        Platform = "Test",
    };

    public async Task<RemoteSession> AcceptAsync()
    {
        await SendAsync(new ControlMessage { Accepted = Honest() });
        return await Connecting.WaitAsync(Helpdesk.Limit());
    }

    public ValueTask SendAsync(ControlMessage message) => Messages.SendAsync(message, Helpdesk.Limit());

    public ValueTask SendAsync(MessageStream stream, byte[] payload) => Messages.SendAsync(stream, payload, Helpdesk.Limit());

    /// <summary>Reads until the technician asks for the picture.</summary>
    public async Task PictureWantedAsync()
    {
        ReceivedMessage message;
        do
        {
            message = await Messages.ReceiveAsync(Helpdesk.Limit());
            Assert.False(message.IsEnd, "The technician closed.");
        }
        while (message.Body is not ControlMessage { KindCase: ControlMessage.KindOneofCase.Picture, Picture.On: true });
    }

    /// <summary>The next message of a kind on control; others are passed over.</summary>
    public async Task<ControlMessage> ControlAsync(ControlMessage.KindOneofCase kind)
    {
        while (true)
        {
            ReceivedMessage message = await Messages.ReceiveAsync(Helpdesk.Limit());
            Assert.False(message.IsEnd, "The technician closed.");
            if (message.Body is ControlMessage control && control.KindCase == kind) return control;
        }
    }

    public static byte[] Cursor(int side, byte colour) => new CursorMessage
    {
        Image = new CursorImage { Width = (uint)side, Height = (uint)side, PremultipliedBgra = ByteString.CopyFrom(Enumerable.Repeat(colour, side * side * 4).ToArray()), X = colour, Y = 7 },
    }.ToByteArray();

    public async ValueTask DisposeAsync()
    {
        await Messages.DisposeAsync();
        if (handshake.Session is { } session) await session.DisposeAsync();
        if (await Record.ExceptionAsync(() => Connecting.WaitAsync(Helpdesk.Limit())) is null) await (await Connecting).DisposeAsync();
    }
}
