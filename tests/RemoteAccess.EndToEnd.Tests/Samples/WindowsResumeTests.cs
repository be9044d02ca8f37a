using System.Runtime.Versioning;
using System.Text.Json;
using RemoteAccess.Picture;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>The agent for Windows is killed while a technician watches, and started again: the technician on Linux comes back.</summary>
[SupportedOSPlatform("linux")]
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class WindowsResumeTests(Office office)
{
    [Fact]
    public async Task Kill9AndStartedAgain_TheTokenOfBeforeComesBackUnaskedAndTheLostSessionIsRecorded()
    {
        string folder = await WindowsBox.PublishedAsync(office.NewPath("windows")), file = Path.Combine(folder, "asking.grant");
        string code = (await SampleProgram.RunAsync(SampleProgram.Agent, office.GrantArguments(Path.Combine(folder, "state"), file, "--in-use", "ask"))).Succeeded().Lines[^1];
        await using WindowsBox box = await WindowsBox.StartAsync(folder);
        (int killed, System.Net.IPEndPoint endPoint) = await box.ServeAsync("--surface", "none");
        XwdPicture quiet = await box.Screen.DumpAsync();

        Task<RemoteSession> connecting = office.ConnectAsync(endPoint, file, code, new ConnectOptions());
        await WindowsBox.AllowAsync(box.Screen, await WindowsBox.AskedAsync(box.Screen, quiet, connecting), () => connecting.IsCompleted);
        ReadOnlyMemory<byte> token;
        await using (RemoteSession session = await connecting)
        {
            token = session.ResumeToken;
            await SeesAsync(session, box.Screen);
            await box.KillAgentAsync();
            Assert.Equal(SessionEndKind.Truncated, (await session.Completion.WaitAsync(Helpdesk.Limit())).Kind);
        }
        await Eventually.Is(() => box.HasEnded(killed), "the killed agent's script goes on");

        (_, endPoint) = await box.ServeAsync("--surface", "none");
        // Nobody answers here: a question would be left until the limit.
        await using (RemoteSession resumed = await office.ConnectAsync(endPoint, file, code, new ConnectOptions { ResumeToken = token })) await SeesAsync(resumed, box.Screen);
        quiet = await box.Screen.DumpAsync();
        // The token was good once: now the person is asked.
        connecting = office.ConnectAsync(endPoint, file, code, new ConnectOptions { ResumeToken = token });
        await WindowsBox.AllowAsync(box.Screen, await WindowsBox.AskedAsync(box.Screen, quiet, connecting), () => connecting.IsCompleted);
        await using (RemoteSession third = await connecting) Assert.False(third.Completion.IsCompleted);

        Ran[] asked = await box.AskAsync(["history", "--state", "state", "--json"], ["verify-ledger", "--state", "state"]);
        JsonElement[] entries = [.. asked[0].Succeeded().Lines.Select(line => JsonDocument.Parse(line).RootElement)];
        string[] wanted = ["session.accepted", "session.lost"];
        Assert.Equal(["session.accepted", "session.lost", "session.accepted", "session.accepted"], entries.Select(Type).Where(wanted.Contains));
        Assert.Equal([false, true, false], entries.Where(entry => Type(entry) == "session.accepted").Select(entry => entry.GetProperty("data").GetProperty("resumed").GetBoolean()));
        Assert.Equal(2, entries.Count(entry => Type(entry) == "consent.answered"));
        asked[1].Succeeded();
    }

    private static string Type(JsonElement entry) => entry.GetProperty("type").GetString() ?? "";

    /// <summary>The picture is the screen's, pixel for pixel.</summary>
    private static async Task SeesAsync(RemoteSession session, XServer screen)
    {
        XwdPicture real = await screen.DumpAsync();
        await foreach (PictureUpdate update in session.Picture.ReadUpdatesAsync(Helpdesk.Limit()))
        {
            if (!update.IsExact) continue;
            Assert.Equal(real.Size, update.Size);
            int different = 0;
            for (int y = 0; y < real.Size.Height; y++)
            {
                ReadOnlySpan<uint> row = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, uint>(update.Pixels.Slice(y * update.Stride, real.Size.Width * 4));
                for (int x = 0; x < row.Length; x++) different += (row[x] & 0xffffff) == (real.Pixels[(y * real.Size.Width) + x] & 0xffffff) ? 0 : 1;
            }
            Assert.Equal(0, different);
            return;
        }
        Assert.Fail("The picture ended.");
    }
}
