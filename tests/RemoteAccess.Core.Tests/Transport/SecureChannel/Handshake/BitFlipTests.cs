using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

/// <summary>
/// Each bit of each handshake frame, flipped on the way: nobody is ever accepted, both sides end with a declared error, and neither
/// waits longer than its limits.
/// </summary>
public sealed class BitFlipTests
{
    [Theory]
    [InlineData("ClientHello", RelayDirection.ToHost, 0, 116)]
    [InlineData("HostHello", RelayDirection.ToTechnician, 0, 115)]
    [InlineData("HostAuth", RelayDirection.ToTechnician, 115, 155)]
    [InlineData("TechAuth", RelayDirection.ToHost, 116, 450)]
    [InlineData("PakeReply", RelayDirection.ToTechnician, 270, 123)]
    [InlineData("PakeFinish", RelayDirection.ToHost, 566, 58)]
    internal async Task Handshake_AnyBitOfAFrameFlipped_IsRefusedOnBothSides(string message, RelayDirection direction, int start, int length)
    {
        for (int bit = 0; bit < length * 8; bit += Wine.Or(1, 83))
        {
            (string technician, string host, int accepted) = await RunAsync(direction, start + (bit / 8), (byte)(1 << (bit % 8)));

            Assert.True(accepted == 0 && IsRefusal(technician) && IsRefusal(host), $"{message} bit {bit}: technician {technician}, host {host}, accepted {accepted}");
        }
    }

    [Fact]
    public async Task Handshake_NothingFlipped_IsAccepted()
    {
        (string technician, string host, int accepted) = await RunAsync(RelayDirection.ToHost, start: 0, mask: 0);

        Assert.Equal(("Accepted", "Accepted", 1), (technician, host, accepted));
    }

    private static bool IsRefusal(string outcome) => outcome.StartsWith("ChannelException.", StringComparison.Ordinal) || outcome.StartsWith("AccessRefused.", StringComparison.Ordinal);

    private static async Task<(string Technician, string Host, int Accepted)> RunAsync(RelayDirection direction, long start, byte mask)
    {
        var scene = new HandshakeScene();
        var links = new RelayedLinks((seen, offset, bytes) =>
        {
            long index = start - offset;
            if (seen == direction && index >= 0 && index < bytes.Length) bytes[(int)index] ^= mask;
        });
        Task<string> host = Outcome.OfAsync(
            async () =>
            {
                HostHandshakeResult result = await HostHandshake.RunAsync(links.Host, scene.Host, CancellationToken.None);
                await result.Channel.WriteAsync(new byte[] { 1 }, CancellationToken.None);
            },
            () => "Accepted");
        Task<string> technician = Outcome.OfAsync(
            async () =>
            {
                await using SecureChannel channel = await TechnicianHandshake.RunAsync(links.Technician, scene.Technician, CancellationToken.None);
                Assert.False((await channel.ReadAsync(CancellationToken.None)).IsEmpty);
            },
            () => "Accepted");

        // A flipped length leaves both sides waiting until their limits. The technician's channel waits for the answer to PakeFinish
        // without a limit of its own; the host's end of the link ends it.
        string hostOutcome = await scene.FinishAsync(host);
        return (await scene.FinishAsync(technician), hostOutcome, scene.Authority.Accepted);
    }
}
