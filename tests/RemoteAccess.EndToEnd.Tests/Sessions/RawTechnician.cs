using Microsoft.Extensions.Logging.Abstractions;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Tests;

/// <summary>An authenticated technician whose program sends what it likes: the handshake is real, the messages are the test's.</summary>
internal sealed class RawTechnician : IAsyncDisposable
{
    private RawTechnician(MessageChannel messages, Task serving)
    {
        Messages = messages;
        Serving = serving;
    }

    public MessageChannel Messages { get; }

    public Task Serving { get; }

    public static async Task<RawTechnician> ConnectAsync(Helpdesk desk, Operations operations = Operations.ViewScreen | Operations.ControlInput)
    {
        (MemoryLink near, MemoryLink far) = MemoryLink.CreatePair();
        Task serving = desk.Serve(far);
        var party = new TechnicianParty
        {
            Grant = desk.Grant,
            SigningKey = desk.Tenant.TechnicianKey,
            Certificate = desk.Certificate,
            Secret = Helpdesk.Code,
            Wanted = operations,
            Reason = "",
            Time = desk.Time,
        };
        SecureChannel channel = await TechnicianHandshake.RunAsync(near, party, Helpdesk.Limit());
        var technician = new RawTechnician(new MessageChannel(channel, ChannelRole.Technician, NullLogger.Instance), serving);
        Assert.Equal(ControlMessage.KindOneofCase.Accepted, (await technician.ControlAsync()).KindCase);
        return technician;
    }

    public ValueTask SendAsync(ControlMessage message) => Messages.SendAsync(message, Helpdesk.Limit());

    /// <summary>The next message on any stream. Fails once there are none: whoever waits for one in particular would ask for ever.</summary>
    public async Task<ReceivedMessage> ReceiveAsync()
    {
        ReceivedMessage message = await Messages.ReceiveAsync(Helpdesk.Limit());
        Assert.False(message.IsEnd, "The agent closed.");
        return message;
    }

    /// <summary>The next message on control; what comes on other streams meanwhile is passed over, and so are checkpoints, which the computer sends of itself.</summary>
    public async Task<ControlMessage> ControlAsync()
    {
        while (true)
        {
            ReceivedMessage message = await ReceiveAsync();
            if (message.Body is ControlMessage { KindCase: not ControlMessage.KindOneofCase.Witness } control) return control;
        }
    }

    public async Task<Refused> RefusedAsync()
    {
        ControlMessage message = await ControlAsync();
        Assert.Equal(ControlMessage.KindOneofCase.Refused, message.KindCase);
        return message.Refused;
    }

    /// <summary>Everything that came up to the answer of a ping.</summary>
    public async Task<List<(MessageStream Stream, byte[] Payload)>> DrainAsync(ulong token)
    {
        var all = new List<(MessageStream, byte[])>();
        await SendAsync(new ControlMessage { Ping = new Ping { Token = token } });
        while (true)
        {
            ReceivedMessage message = await ReceiveAsync();
            if (message.Body is ControlMessage { KindCase: ControlMessage.KindOneofCase.Pong } answer && answer.Pong.Token == token) return all;
            if (message.Body is not ControlMessage { KindCase: ControlMessage.KindOneofCase.Witness }) all.Add((message.Stream, message.Payload.ToArray()));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Messages.DisposeAsync();
        await Serving.WaitAsync(Helpdesk.Limit());
    }
}
