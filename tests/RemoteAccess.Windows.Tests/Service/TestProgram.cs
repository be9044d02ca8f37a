using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;
using RemoteAccess.Picture;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>
/// The test program as the product's three programs: the service, which serves a test over a socket of this computer instead of a technician; the session helper; the surface.
/// Each is started by an argument of its own; everything else is a test run.
/// </summary>
internal static class TestProgram
{
    public const string Service = "--be-the-service", Helper = "--be-the-helper", Surface = "--be-the-surface", Caller = "--call-a-pipe";

    /// <summary>What a caller's process ends with: it was cut off before it had a byte, or not.</summary>
    public const int CutOff = 21, LetIn = 22;

    /// <summary>Where the service says at which port it is, and the surface who it is.</summary>
    public static string Folder => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "RemoteAccess test service");

    public static string PortFile => Path.Combine(Folder, "port");

    public static string SurfaceFile => Path.Combine(Folder, "surface");

    public static string LogFile => Path.Combine(Folder, "log");

    public static WindowsServiceOptions Options(ILogger? logger = null, TimeProvider? time = null) => new()
    {
        Name = "RemoteAccessTest",
        DisplayName = "RemoteAccess test: remote support",
        Description = "Lets a technician see this computer after you have agreed. \"Quoted\", and visible.",
        ServiceArguments = [Service, @"with spaces and a slash\", "\"quoted\""],
        HelperArguments = [Helper],
        SurfaceArguments = [Surface],
        Logger = logger ?? Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance,
        TimeProvider = time ?? TimeProvider.System,
    };

    /// <summary>Null: a test run.</summary>
    public static async Task<int?> RunAsync(string[] arguments)
    {
        switch (arguments)
        {
            case [Service, .. var rest]:
                await File.WriteAllLinesAsync(Path.Combine(Folder, "arguments"), rest);
                using (var log = new FileLogger(LogFile)) await new WindowsService(Options(log)).RunAsync(ServeAsync);
                return 0;
            case [Helper, var pipe]:
                await HelperProcess.RunAsync(pipe);
                return 0;
            case [Caller, var pipe]:
                await using (GuardedPipeLink link = await GuardedPipeLink.ConnectAsync(pipe, static (_, _) => null, default))
                {
                    return await IsCutOffAsync(link) ? CutOff : LetIn;
                }
            case [Surface]:
                await File.WriteAllTextAsync(SurfaceFile + ".new", $"{Environment.ProcessId}");
                File.Move(SurfaceFile + ".new", SurfaceFile, overwrite: true);
                await Task.Delay(Timeout.Infinite);
                return 0;
            default:
                return null;
        }
    }

    private static async Task<bool> IsCutOffAsync(GuardedPipeLink link)
    {
        try
        {
            return (await link.Input.ReadAsync()).Buffer.IsEmpty;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static async Task ServeAsync(ServiceContext context, CancellationToken stop)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        await File.WriteAllTextAsync(PortFile + ".new", $"{((IPEndPoint)listener.LocalEndpoint).Port} {Environment.ProcessId}", stop);
        File.Move(PortFile + ".new", PortFile, overwrite: true);
        await using IScreenCapture capture = await context.Desktop.OpenCaptureAsync(TestPermit.ForView(), stop);
        while (true)
        {
            using TcpClient client = await listener.AcceptTcpClientAsync(stop);
            using BinaryReader reader = new(client.GetStream(), Encoding.UTF8);
            using BinaryWriter writer = new(client.GetStream(), Encoding.UTF8);
            try
            {
                try
                {
                    await AnswerAsync(context, capture, reader, writer, stop);
                }
                catch (Exception fault) when (fault is DesktopException or AccessRefusedException or OperationCanceledException && !stop.IsCancellationRequested)
                {
                    writer.Write("fault");
                    writer.Write(fault.ToString());
                }
            }
            catch (IOException)
            {
                // The test has hung up.
                continue;
            }
        }
    }

    private static async Task AnswerAsync(ServiceContext context, IScreenCapture capture, BinaryReader reader, BinaryWriter writer, CancellationToken stop)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(TimeSpan.FromSeconds(15));
        switch (reader.ReadString().Split(' ', 2))
        {
            case ["frame"]:
                long began = Stopwatch.GetTimestamp();
                using (ScreenFrame frame = await capture.CaptureAsync(patience.Token))
                {
                    writer.Write("frame");
                    writer.Write(frame.Size.Width);
                    writer.Write(frame.Size.Height);
                    writer.Write(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                    writer.Write(MemoryMarshal.AsBytes(FramePixels.Copy(frame).AsSpan()));
                }
                break;
            case ["type", var text]:
                await using (IInputInjector input = await context.Desktop.OpenInputAsync(TestPermit.ForInput(), patience.Token))
                {
                    foreach (Rune letter in text.EnumerateRunes()) await input.InjectAsync(InputEvent.Text(letter), patience.Token);
                }
                writer.Write("done");
                break;
            case ["helper"]:
                writer.Write("helper");
                // Looked at once: it may come in between.
                PipePeer? helper = context.Desktop.Home.Current?.Process.Peer;
                writer.Write(helper?.ToString() ?? "none");
                writer.Write(helper?.ProcessId ?? 0);
                break;
            case ["put", var text]:
                using (TestPermit permit = new(Operations.Clipboard))
                {
                    await using IClipboardAccess clipboard = await context.Desktop.Clipboard.OpenAsync(permit.Permit, patience.Token);
                    await clipboard.SetAsync(text, patience.Token);
                    writer.Write("done");
                    // Not this text, which it put there itself.
                    writer.Write(await clipboard.NextAsync(patience.Token));
                }
                break;
            case ["strip", var headline]:
                StripChannel strip = new(context.Desktop.Home.Current!, System.Globalization.CultureInfo.InvariantCulture, static () => { });
                // As the agent does: again, because the answer is "not yet" after half a second.
                patience.CancelAfter(Eventually.Limit);
                while (!await strip.ShowAsync(new BannerWords(headline, "Since 14:05", IsWatched: true), patience.Token)) await Task.Delay(50, patience.Token);
                writer.Write("strip");
                // Until the test has looked.
                _ = reader.ReadString();
                strip.Close();
                break;
            case ["safe"]:
                writer.Write("safe");
                writer.Write(context.Desktop.Power.Supports(RestartMode.SafeModeWithNetworking));
                break;
            case ["fail"]:
                throw new InvalidOperationException("The agent failed, as a test asked it to.");
            case ["idle"]:
                writer.Write("idle");
                writer.Write(context.Desktop.PhysicalIdleTime.TotalMilliseconds);
                break;
            default:
                writer.Write("what?");
                break;
        }
    }
}

/// <summary>Lines of a log in a file, for a test to show when it fails.</summary>
internal sealed class FileLogger(string path) : ILogger, IDisposable
{
    private readonly Lock writing = new();
    private readonly StreamWriter file = new(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)) { AutoFlush = true };

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (writing) file.WriteLine($"{logLevel} {formatter(state, exception)} {exception}");
    }

    public void Dispose() => file.Dispose();
}
