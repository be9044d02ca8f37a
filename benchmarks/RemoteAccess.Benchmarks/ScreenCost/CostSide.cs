using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using RemoteAccess.Picture;
using RemoteAccess.Trust;

namespace RemoteAccess.Benchmarks;

/// <summary>
/// <c>--screen-cost-side PORT</c>: what is measured, a process of its own. It captures a frame, or plans and encodes the one captured last, when it is told to, and answers when it has; whoever tells it reads its CPU clock
/// in between. The product's own capture for the system it runs on, plan and encoder.
/// </summary>
internal sealed class CostSide : IDisposable
{
    public const byte Rest = 1, Capture = 2, Encode = 3, Hash = 4, Await = 5;

    /// <summary>What an answer has: a number, or a hash.</summary>
    public const int AnswerBytes = SHA256.HashSizeInBytes;

    private const long MicrosecondsPerFrame = 66_667;

    private readonly IScreenCapture capture;
    private readonly FrameEncoding encoding = new();
    private Task<ScreenFrame>? waiting;
    private ScreenFrame? kept, captured;
    private long now = 1_000_000;

    private CostSide(IScreenCapture capture) => this.capture = capture;

    public static async Task<int> RunAsync(string port)
    {
        await using IDesktop desktop = OperatingSystem.IsWindows() ? OpenWindows() : X11Desktop.Open(new X11Options());
        var permit = new OperationPermit(Operations.ViewScreen, () => RefusalReason.Withdrawn, CancellationToken.None);
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(permit, CancellationToken.None);
        using var side = new CostSide(capture);
        using var connection = new TcpClient { NoDelay = true };
        await connection.ConnectAsync(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture));
        await using NetworkStream stream = connection.GetStream();
        byte[] command = new byte[1], answer = new byte[AnswerBytes];
        // Never a read that blocks: what awaits a capture goes on on the capture's own thread.
        while (await stream.ReadAsync(command) == 1)
        {
            await side.DoAsync(command[0], answer);
            await stream.WriteAsync(answer);
        }

        return 0;
    }

    public void Dispose()
    {
        kept?.Dispose();
        captured?.Dispose();
        encoding.Dispose();
    }

    [SupportedOSPlatform("windows")]
    private static WindowsDesktop OpenWindows() => WindowsDesktop.Open(new WindowsOptions { UseDesktopDuplication = false });

    private async Task DoAsync(byte command, byte[] answer)
    {
        switch (command)
        {
            case Rest:
                break;
            case Await:
                BinaryPrimitives.WriteInt32LittleEndian(answer, waiting is { IsCompleted: true } ? 1 : 0);
                if (waiting is { IsCompleted: true }) (await waiting).Dispose();
                if (waiting is not { IsCompleted: false }) waiting = capture.CaptureAsync(CancellationToken.None).AsTask();
                break;
            case Capture:
                captured = await (waiting ?? capture.CaptureAsync(CancellationToken.None).AsTask());
                waiting = null;
                break;
            case Encode:
                BinaryPrimitives.WriteInt32LittleEndian(answer, EncodeOne());
                break;
            case Hash:
                Sum(kept!, answer);
                break;
            default:
                throw new InvalidDataException($"{command} is no command.");
        }
    }

    /// <returns>Bytes of the frame.</returns>
    private int EncodeOne()
    {
        ScreenFrame frame = captured!;
        now += MicrosecondsPerFrame;
        int bytes = encoding.Encode(kept, frame, now);
        kept?.Dispose();
        (kept, captured) = (frame, null);
        return bytes;
    }

    private static void Sum(ScreenFrame frame, byte[] answer)
    {
        if (frame.Stride != frame.Size.Width * 4) throw new InvalidOperationException("The rows of the frame are not close together.");
        SHA256.HashData(frame.Pixels, answer);
    }
}
