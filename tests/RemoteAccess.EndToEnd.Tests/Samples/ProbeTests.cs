using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>The contract by which a benchmark runs <c>probe</c>: READY, a CSV of stamps, snapshots, one line of JSON.</summary>
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class ProbeTests(Office office)
{
    private const int Width = 640, Height = 400, Stamps = 30, Every = 5, Block = 8, Blocks = 24;

    [Fact]
    public async Task Probe_WhileStampsAreDrawn_KeepsTheContract()
    {
        await using Desk desk = await Desk.OpenAsync(Width, Height);
        await using AgentRun agent = await office.StartAgentAsync(desk.Display);
        string csv = office.NewPath("probe.csv"), snapshots = office.NewPath("snap-");
        using Process probe = SampleProgram.Start(SampleProgram.Viewer, ["probe", "--csv", csv, "--snap-prefix", snapshots, "--snap-every", $"{Every}", .. office.Connecting(agent.EndPoint)]);
        Task<string> error = probe.StandardError.ReadToEndAsync();
        string? ready = await probe.StandardOutput.ReadLineAsync().WaitAsync(Eventually.Limit);
        Assert.Matches("^READY [1-9][0-9]*$", ready);
        long[] drawnAt = new long[Stamps + 1];
        await using (RemoteSession witness = await office.ConnectAsync(agent))
        {
            // Another viewer sets the pace: what it has seen has, a little later, mostly reached the probe too.
            await using var sight = new Sight(witness, Helpdesk.Limit());
            for (int id = 1; id <= Stamps; id++)
            {
                drawnAt[id] = Nanoseconds();
                DrawStamp(desk.Client, id, 0, 0);
                DrawStamp(desk.Client, id, Width - (Blocks * Block), Height - Block);
                desk.Client.Sync();
                await sight.UntilAsync(update => ReadStamp(update.Pixels, Width - (Blocks * Block), Height - Block) == Stamp(id));
                await Task.Delay(20, Helpdesk.Limit());
            }
        }

        Task<string> output = probe.StandardOutput.ReadToEndAsync();
        await probe.StandardInput.WriteLineAsync();
        Ran ran = (await SampleProgram.FinishAsync(probe, output, error)).Succeeded();

        Assert.Equal("", ran.Error);
        string[] rows = await File.ReadAllLinesAsync(csv);
        Assert.Equal("id,t_seen_ns,bytes_rx", rows[0]);
        long[][] seen = [.. rows.Skip(1).Select(row => row.Split(',').Select(value => long.Parse(value, CultureInfo.InvariantCulture)).ToArray())];
        Assert.True(seen.Length >= Stamps / 2, $"{seen.Length} stamps of {Stamps} were seen");
        Assert.Equal(seen.Select(row => row[0]).Distinct().Order(), seen.Select(row => row[0]));
        Assert.Equal(seen.Select(row => row[1]).Order(), seen.Select(row => row[1]));
        Assert.Equal(seen.Select(row => row[2]).Order(), seen.Select(row => row[2]));
        Assert.All(seen, row => Assert.InRange(row[1], drawnAt[row[0]], Nanoseconds()));
        using JsonDocument json = JsonDocument.Parse(ran.Lines[^1]);
        Assert.Equal((0, seen[^1][0]), (json.RootElement.GetProperty("dead").GetInt32(), json.RootElement.GetProperty("last_id").GetInt64()));
        Assert.InRange(json.RootElement.GetProperty("bytes_rx").GetInt64(), seen[^1][2], long.MaxValue);
        byte[] final = await File.ReadAllBytesAsync($"{snapshots}final.bgrx");
        Assert.Equal(Width * Height * 4, final.Length);
        Assert.Equal(Stamp((int)seen[^1][0]), Math.Min(ReadStamp(final, 0, 0), ReadStamp(final, Width - (Blocks * Block), Height - Block)));
        string[] kept = [.. Directory.GetFiles(Path.GetDirectoryName(snapshots)!, Path.GetFileName(snapshots) + "*.bgrx").Where(path => !path.EndsWith("final.bgrx", StringComparison.Ordinal))];
        Assert.NotEmpty(kept);
        foreach (string path in kept)
        {
            int id = int.Parse(Path.GetFileNameWithoutExtension(path)[Path.GetFileName(snapshots).Length..], CultureInfo.InvariantCulture);
            byte[] pixels = await File.ReadAllBytesAsync(path);
            Assert.Equal((0, Stamp(id), Stamp(id)), (id % Every, ReadStamp(pixels, 0, 0), ReadStamp(pixels, Width - (Blocks * Block), Height - Block)));
        }
    }

    [Fact]
    public async Task Probe_StandardInputEnds_EndsItToo()
    {
        await using AgentRun agent = await office.StartAgentAsync(display: null);
        string csv = office.NewPath("probe.csv");

        Ran ran = (await office.ViewAsync(agent, "probe", "--csv", csv)).Succeeded();

        Assert.Equal("id,t_seen_ns,bytes_rx\n", await File.ReadAllTextAsync(csv));
        using JsonDocument json = JsonDocument.Parse(ran.Lines[^1]);
        Assert.Equal(-1, json.RootElement.GetProperty("last_id").GetInt32());
    }

    [Fact]
    public async Task Probe_WhoseGrantIsRevoked_KeepsWhatItSaw()
    {
        await using AgentRun agent = await office.StartAgentAsync(display: null);
        string csv = office.NewPath("probe.csv"), snapshots = office.NewPath("snap-");
        using Process probe = SampleProgram.Start(SampleProgram.Viewer, ["probe", "--csv", csv, "--snap-prefix", snapshots, .. office.Connecting(agent.EndPoint)]);
        Task<string> error = probe.StandardError.ReadToEndAsync();
        Assert.StartsWith("READY ", await probe.StandardOutput.ReadLineAsync().WaitAsync(Eventually.Limit), StringComparison.Ordinal);

        (await Office.AskAsync("revoke", agent.State, "--yes")).Succeeded();
        Ran ran = await SampleProgram.FinishAsync(probe, probe.StandardOutput.ReadToEndAsync(), error);

        ran.Complained(3, "remoteaccess-viewer: ");
        Assert.Equal("id,t_seen_ns,bytes_rx\n", await File.ReadAllTextAsync(csv));
        Assert.Equal(640 * 480 * 4, new FileInfo($"{snapshots}final.bgrx").Length);
        using JsonDocument json = JsonDocument.Parse(ran.Lines[^1]);
        Assert.Equal(1, json.RootElement.GetProperty("dead").GetInt32());
    }

    private static long Nanoseconds() => (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency));

    private static void DrawStamp(XClient client, int id, int left, int top)
    {
        uint bits = Stamp(id);
        for (int block = 0; block < Blocks; block++)
            client.Fill(left + (block * Block), top, Block, Block, (bits >> (Blocks - 1 - block) & 1) == 0 ? 0u : 0xFFFFFF);
    }

    /// <summary>A 16-bit id and its CRC-8, polynomial 07 from A5.</summary>
    private static uint Stamp(int id)
    {
        uint crc = 0xA5;
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)id);
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++) crc = (crc << 1 ^ ((crc & 0x80) == 0 ? 0u : 0x07)) & 0xFF;
        }

        return (uint)id << 8 | crc;
    }

    private static uint ReadStamp(ReadOnlySpan<byte> pixels, int left, int top)
    {
        uint bits = 0;
        for (int block = 0; block < Blocks; block++)
            bits = bits << 1 | (pixels[((top + (Block / 2)) * Width + left + (block * Block) + (Block / 2)) * 4] > 127 ? 1u : 0u);
        return bits;
    }
}
