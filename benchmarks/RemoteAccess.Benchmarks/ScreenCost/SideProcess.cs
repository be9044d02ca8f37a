using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace RemoteAccess.Benchmarks;

/// <summary>A <see cref="CostSide"/> that runs, and the clocks of its process, of the X server, and of Wine's server where there is one.</summary>
internal sealed class SideProcess : IDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(3);

    private readonly Process started;
    private readonly TcpClient connection;
    private readonly NetworkStream stream;
    private readonly int process, xServer;
    private readonly int? wineServer;
    private readonly byte[] answer = new byte[CostSide.AnswerBytes];

    private SideProcess(string name, Process started, TcpClient connection, int process, int? wineServer, int xServer)
    {
        Name = name;
        this.started = started;
        this.connection = connection;
        this.process = process;
        this.wineServer = wineServer;
        this.xServer = xServer;
        stream = connection.GetStream();
    }

    public string Name { get; }

    /// <summary>CPU time until now.</summary>
    public Costs Now => new(CpuClock.Read(process), CpuClock.Read(xServer), wineServer is { } server ? CpuClock.Read(server) : TimeSpan.Zero);

    public static async Task<SideProcess> StartAsync(string name, XvfbServer server, string program, string[] before)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        string port = ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(program, [.. before, "--screen-cost-side", port]);
        start.Environment["DISPLAY"] = server.Display;
        // The collector and the compiler as the program has them (eng/wine.sh).
        start.Environment["WINE_AS_IS"] = "yes";
        Process started = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        try
        {
            using var patience = new CancellationTokenSource(StartPatience);
            Task<TcpClient> accepting = listener.AcceptTcpClientAsync(patience.Token).AsTask();
            if (await Task.WhenAny(accepting, started.WaitForExitAsync(patience.Token)) != accepting) throw new InvalidOperationException($"{name} ended before it had connected.");
            TcpClient connection = await accepting;
            connection.NoDelay = true;
            int process = before.Length == 0 ? started.Id : WineProcesses.Find(port);
            return new SideProcess(name, started, connection, process, before.Length == 0 ? null : WineProcesses.ServerOf(process), server.ProcessId);
        }
        catch
        {
            started.Kill();
            throw;
        }
    }

    /// <summary>Has it done, and waits for its word.</summary>
    /// <returns>The number in the answer.</returns>
    public int Do(byte command)
    {
        stream.WriteByte(command);
        stream.ReadExactly(answer);
        return BinaryPrimitives.ReadInt32LittleEndian(answer);
    }

    /// <summary>SHA-256 of the pixels of the frame encoded last.</summary>
    public byte[] PictureHash()
    {
        _ = Do(CostSide.Hash);
        return [.. answer];
    }

    public void Dispose()
    {
        // It ends when nobody speaks to it any more; what ran it under Wine then puts its own things away.
        connection.Dispose();
        if (!started.WaitForExit(TimeSpan.FromSeconds(60))) started.Kill();
        started.Dispose();
    }
}
