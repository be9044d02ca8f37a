using RemoteAccess.Picture;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Tests;

/// <summary>A technician's program that asks for what there is not, asks wrongly, or does not do its part.</summary>
public sealed class UnusualTechnicianTests
{
    [Fact]
    public async Task UnknownKind_OnControlOrInput_IsRefusedAndTheSessionGoesOn()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        await using RawTechnician technician = await RawTechnician.ConnectAsync(desk);
        byte[] unknownField = [0xFA, 0x7F, 1, 0];

        await technician.Messages.SendAsync(MessageStream.Control, unknownField, Helpdesk.Limit());
        Refused control = await technician.RefusedAsync();
        await technician.Messages.SendAsync(MessageStream.Input, unknownField, Helpdesk.Limit());
        Refused input = await technician.RefusedAsync();

        Assert.Equal((0u, (uint)RefusalReason.OperationNotGranted), (control.Operation, control.Reason));
        Assert.Equal((uint)RefusalReason.OperationNotGranted, input.Reason);
        Assert.Empty(await technician.DrainAsync(1));
        Assert.Empty(desk.History("operation.used"));
        Assert.Equal(["unknown Control message", "unknown Input message"], desk.History("operation.refused").Select(entry => (string?)entry.Data()["subject"]));
    }

    [Fact]
    public async Task Operation_WithoutAHandler_IsRefusedByItsNameAndTheSessionGoesOn()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        await using RawTechnician technician = await RawTechnician.ConnectAsync(desk);
        (MessageStream Stream, Operations Operation)[] cases =
            [(MessageStream.Files, Operations.TransferFiles)];
        foreach ((MessageStream stream, Operations operation) in cases)
        {
            await technician.Messages.SendAsync(stream, Google.Protobuf.MessageExtensions.ToByteArray(new ChatMessage { Text = "hello" }), Helpdesk.Limit());
            Refused refused = await technician.RefusedAsync();
            Assert.Equal(((uint)operation, (uint)RefusalReason.OperationNotGranted), (refused.Operation, refused.Reason));
            Assert.Equal(operation.ToString(), (string?)desk.History("operation.refused")[^1].Data()["operations"]?[0]);
        }

        Assert.Empty(await technician.DrainAsync(1));
        Assert.Single(desk.History("operation.refused"));
    }

    [Fact]
    public async Task Clipboard_WhatIsNoTextOrNotGranted_IsRefusedAndTheSessionGoesOn()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Operations = Operations.ViewScreen | Operations.Clipboard });
        await using (RawTechnician technician = await RawTechnician.ConnectAsync(desk, Operations.Clipboard))
        {
            foreach (byte[] message in (byte[][])[[], [1], [2, 65], [1, 0xC3], [1, 65, 0]])
            {
                await technician.Messages.SendAsync(MessageStream.Clipboard, message, Helpdesk.Limit());
                Assert.Equal((uint)RefusalReason.NotAcceptable, (await technician.ControlAsync()).ClipboardAnswer.Reason);
            }
            await technician.SendAsync(new ControlMessage { Restart = new RestartRequest { Mode = 7 } });
            Assert.Equal((uint)RefusalReason.NotAcceptable, (await technician.ControlAsync()).RestartAnswer.Reason);
        }
        await using RawTechnician watching = await RawTechnician.ConnectAsync(desk, Operations.ViewScreen);
        await watching.Messages.SendAsync(MessageStream.Clipboard, (byte[])[1, 65], Helpdesk.Limit());
        Assert.Equal((uint)RefusalReason.OperationNotGranted, (await watching.ControlAsync()).ClipboardAnswer.Reason);
        Assert.Empty(await watching.DrainAsync(1));
        Assert.Equal("", desk.Desktop.Clipboard.Text);
    }

    [Fact]
    public async Task HostsOwnKind_FromTheTechnician_IsRefusedAndTheSessionGoesOn()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        await using RawTechnician technician = await RawTechnician.ConnectAsync(desk);

        await technician.SendAsync(new ControlMessage { Accepted = new Accepted { Operations = uint.MaxValue } });
        await technician.SendAsync(new ControlMessage { Screen = new Screen { Width = 9, Height = 9 } });

        Assert.Equal((uint)RefusalReason.OperationNotGranted, (await technician.RefusedAsync()).Reason);
        Assert.Equal((uint)RefusalReason.OperationNotGranted, (await technician.RefusedAsync()).Reason);
        Assert.Empty(await technician.DrainAsync(1));
    }

    [Fact]
    public async Task Flood_OfWhatIsRefused_IsTwoEntriesInTheLedger()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Time = new FakeTime() });
        await using RawTechnician technician = await RawTechnician.ConnectAsync(desk);
        for (int i = 0; i < 500; i++)
        {
            await technician.SendAsync(new ControlMessage { Notice = new Notice { Text = $"{i}" } });
            await technician.RefusedAsync();
        }

        await technician.Messages.CloseAsync(Helpdesk.Limit());
        await technician.Serving.WaitAsync(Helpdesk.Limit());

        Assert.Equal("Notice message", (string?)Assert.Single(desk.History("operation.refused")).Data()["subject"]);
        Assert.Equal(499, (int?)Assert.Single(desk.History("operation.refused.summary")).Data()["refusals"]?[0]?["count"]);
    }

    public static TheoryData<string> BrokenInput => [.. Broken.Keys];

    private static Dictionary<string, InputMessage> Broken { get; } = new()
    {
        ["button 0"] = new InputMessage { Button = new PointerButton { Button = 0, Down = true } },
        ["button 6"] = new InputMessage { Button = new PointerButton { Button = 6, Down = true } },
        ["wheel of a million notches"] = new InputMessage { Wheel = new Wheel { DeltaY = 120_000_000 } },
        ["wheel of the smallest number"] = new InputMessage { Wheel = new Wheel { DeltaX = int.MinValue } },
        ["escape in a text"] = new InputMessage { Text = new Text { Text_ = "ab\u001b[2J" } },
    };

    [Theory]
    [MemberData(nameof(BrokenInput))]
    public async Task BrokenInput_FromTheTechnician_EndsTheSessionAndReleasesWhatIsHeld(string name)
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        await using RawTechnician technician = await RawTechnician.ConnectAsync(desk);
        await technician.Messages.SendAsync(new InputMessage { Key = new Key { Keysym = Keysym.Control, Down = true } }, Helpdesk.Limit());
        await technician.DrainAsync(1);
        Assert.Single(desk.Desktop.PressedKeys);

        await technician.Messages.SendAsync(Broken[name], Helpdesk.Limit());
        ControlMessage farewell = await technician.ControlAsync();
        await technician.Serving.WaitAsync(Helpdesk.Limit());

        Assert.Equal(ControlMessage.KindOneofCase.Ending, farewell.KindCase);
        Assert.Equal("the channel failed: Malformed", (string?)Assert.Single(desk.History("session.ended")).Data()["text"]);
        desk.AssertNothingIsHeld();
    }

    [Fact]
    public async Task Picture_WithoutAcknowledgements_SendsTwoFramesAndTheNewestAfterAnAcknowledgement()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        await using RawTechnician technician = await RawTechnician.ConnectAsync(desk);
        var random = new Random(29);
        await technician.SendAsync(new ControlMessage { Picture = new PictureRequest { On = true } });
        List<byte[]> frames = [];
        while (frames.Count(IsLastPart) < 2)
        {
            ReceivedMessage message = await technician.ReceiveAsync();
            if (message.Stream == MessageStream.Picture) frames.Add(message.Payload.ToArray());
            desk.DrawNoise(random, new PixelRect(random.Next(500), random.Next(300), 80, 80));
        }

        for (ulong round = 1; round <= 40; round++)
        {
            desk.DrawNoise(random, new PixelRect(random.Next(500), random.Next(300), 80, 80));
            Assert.DoesNotContain(await technician.DrainAsync(round), message => message.Stream == MessageStream.Picture);
        }

        await technician.SendAsync(new ControlMessage { PictureAck = new PictureAck { Sequence = 2 } });
        while (frames.Count(IsLastPart) < 3)
        {
            ReceivedMessage newest = await technician.ReceiveAsync();
            if (newest.Stream == MessageStream.Picture) frames.Add(newest.Payload.ToArray());
        }

        var picture = new Framebuffer();
        var decoder = new PictureDecoder();
        uint[] sequences = [.. frames.Select(frame => decoder.Decode(frame, picture).Sequence)];

        Assert.Equal([1u, 2u, 3u], sequences.Distinct());
        Assert.True(picture.Pixels.SequenceEqual(desk.Desktop.CopyPixels()));
    }

    [Fact]
    public async Task Acknowledgement_OfAFrameThatWasNotSent_EndsTheSession()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        await using RawTechnician technician = await RawTechnician.ConnectAsync(desk);

        await technician.SendAsync(new ControlMessage { PictureAck = new PictureAck { Sequence = 1 } });

        Assert.Equal(ControlMessage.KindOneofCase.Ending, (await technician.ControlAsync()).KindCase);
        await technician.Serving.WaitAsync(Helpdesk.Limit());
        Assert.Equal("the channel failed: OutOfOrder", (string?)Assert.Single(desk.History("session.ended")).Data()["text"]);
    }

    [Fact]
    public async Task Picture_TurnedOnAndOffManyTimes_StillComes()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        await using RawTechnician technician = await RawTechnician.ConnectAsync(desk);
        desk.DrawNoise(new Random(2), new PixelRect(0, 0, 640, 400));
        for (ulong round = 1; round <= 30; round++)
        {
            await technician.SendAsync(new ControlMessage { Picture = new PictureRequest { On = true } });
            if (round % 3 == 0) await technician.DrainAsync(round);
            await technician.SendAsync(new ControlMessage { Picture = new PictureRequest { On = false } });
        }

        await technician.DrainAsync(99);
        await technician.SendAsync(new ControlMessage { Picture = new PictureRequest { On = true } });
        var picture = new Framebuffer();
        var decoder = new PictureDecoder();
        bool complete = false;
        while (!complete)
        {
            ReceivedMessage part = await technician.ReceiveAsync();
            if (part.Stream == MessageStream.Picture) complete = decoder.Decode(part.Payload.Span, picture).IsLastPart;
        }

        Assert.True(picture.Pixels.SequenceEqual(desk.Desktop.CopyPixels()));
    }

    [Fact]
    public async Task Pings_WithoutReadingTheAnswers_EndAfterThirtySecondsOfNoProgress()
    {
        var time = new FakeTime();
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Time = time });
        await using RawTechnician technician = await RawTechnician.ConnectAsync(desk);
        await technician.Messages.SendAsync(new InputMessage { Key = new Key { Keysym = Keysym.Control, Down = true } }, Helpdesk.Limit());
        using var enough = new CancellationTokenSource();
        long sent = 0;
        Task flood = FloodAsync(technician, () => Interlocked.Increment(ref sent), enough.Token);
        // The agent's answers fill the link and its queue, and it takes no more questions: then ours fill up, too.
        long before = 0;
        int still = 0;
        await Eventually.Is(() => (still = before == (before = Interlocked.Read(ref sent)) && before > 1000 ? still + 1 : 0) > 60, "nothing moves any more");
        Assert.False(flood.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(31));
        await Eventually.Is(() => desk.History("session.ended").Count == 1, "the agent gives up");
        // The farewell has its own limit, which begins some time after the entry is there to be seen.
        await Eventually.Is(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return technician.Serving.IsCompleted;
            },
            "the agent stops saying goodbye");
        await technician.Serving;
        await enough.CancelAsync();
        await flood;

        desk.AssertNothingIsHeld();
        Assert.Equal("nothing was heard from the technician", (string?)Assert.Single(desk.History("session.ended")).Data()["text"]);
    }

    private static bool IsLastPart(byte[] message) => PictureHeader.TryRead(message, out PictureHeader header, out _) && header.IsLastPart;

    private static async Task FloodAsync(RawTechnician technician, Action count, CancellationToken enough)
    {
        try
        {
            for (ulong token = ulong.MaxValue / 2; ; token++, count())
                await technician.Messages.SendAsync(new ControlMessage { Ping = new Ping { Token = token } }, enough);
        }
        catch (Exception error) when (error is OperationCanceledException or ChannelException)
        {
            Assert.NotNull(error.Message);
        }
    }
}
