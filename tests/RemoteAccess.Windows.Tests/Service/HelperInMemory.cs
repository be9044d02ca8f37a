using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using RemoteAccess.Interop;
using RemoteAccess.Picture;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A session helper without a session: the product's two ends in one process, over memory, with a screen that a test draws and a keyboard that writes down.</summary>
internal sealed class HelperInMemory : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly HelperStream helperEnd;
    private readonly Task helping;
    private readonly Task<string> serving;

    private HelperInMemory(HelperHome home, FakeSession session, FakeProcess process)
    {
        Session = session;
        Process = process;
        (Stream service, Stream helper) = Duplex.Pair();
        helperEnd = new HelperStream(helper);
        Link = new HelperLink(service, process, TimeProvider.System);
        TaskCompletionSource greeted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Greeted = greeted.Task;
        serving = Link.RunAsync(() =>
        {
            home.Set(Link);
            greeted.SetResult();
        }, stop.Token);
        helping = Task.Run(async () =>
        {
            await using HelperDuties duties = new(helperEnd, session, TimeProvider.System);
            try
            {
                await duties.RunAsync(stop.Token);
            }
            catch (Exception over) when (over is OperationCanceledException or IOException)
            {
                return;
            }
        });
    }

    public FakeSession Session { get; }

    public FakeProcess Process { get; }

    public HelperLink Link { get; }

    public Task Greeted { get; }

    /// <param name="home">Where it is found.</param>
    /// <param name="session">What it has there.</param>
    /// <param name="number">Of the Windows session.</param>
    public static async Task<HelperInMemory> StartAsync(HelperHome home, FakeSession? session = null, int number = 1)
    {
        HelperInMemory helper = new(home, session ?? new FakeSession(), new FakeProcess(session: number));
        await helper.Greeted.WaitAsync(Eventually.Limit);
        return helper;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await serving;
        await Link.DisposeAsync();
        await helping;
        await helperEnd.DisposeAsync();
    }
}

/// <summary>A process that is this one; what it is given are handles here.</summary>
internal sealed class FakeProcess(int number = 4242, int session = 1) : ISessionProcess
{
    private readonly TaskCompletionSource<int> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PipePeer Peer { get; set; } = new(number, "S-1-5-18", session, @"C:\Program Files\Contoso\agent.exe");

    public Task<int> Ended => ended.Task;

    public bool IsDisposed { get; private set; }

    public void End(int code) => ended.TrySetResult(code);

    public void Kill() => ended.TrySetResult(1);

    public Microsoft.Win32.SafeHandles.SafeAccessTokenHandle OpenToken() => System.Security.Principal.WindowsIdentity.GetCurrent(System.Security.Principal.TokenAccessLevels.MaximumAllowed).AccessToken;

    public unsafe nint Give(SafeHandle handle)
    {
        using var self = new Microsoft.Win32.SafeHandles.SafeProcessHandle(Kernel32Memory.GetCurrentProcess(), ownsHandle: false);
        nint copy = 0;
        Assert.NotEqual(0, Kernel32Memory.DuplicateHandle(Kernel32Memory.GetCurrentProcess(), handle, self, &copy, 0, 0, Kernel32Memory.SameAccess));
        return copy;
    }

    public void Dispose()
    {
        Kill();
        IsDisposed = true;
    }
}

internal sealed class FakeSession : IHelperDesktop
{
    public Channel<DrawnFrame> Frames { get; } = Channel.CreateUnbounded<DrawnFrame>();

    public ConcurrentQueue<InputEvent> Injected { get; } = new();

    public FakeClipboard Clipboard { get; init; } = new();

    public FakeStrip Strip { get; init; } = new();

    public bool RefusesCapture { get; set; }

    public int OpenInputs { get; private set; }

    public int OpenCaptures { get; private set; }

    public TimeSpan PhysicalIdleTime { get; set; } = TimeSpan.FromSeconds(42);

    public IConsentPrompt Prompt { get; set; } = new AnsweringPrompt(ConsentDecision.Refuse);

    public ICredentialPrompt CredentialPrompt { get; init; } = new TypingPrompt();

    /// <summary>As given to the injector that was opened last.</summary>
    public ISecureAttention? Attention { get; private set; }

    /// <summary>The injector asks for Ctrl+Alt+Delete at each act.</summary>
    public bool AsksForAttention { get; init; }

    /// <summary>How often its capture has looked at the screen; it goes up by itself unless the capture hangs.</summary>
    public long Looks => Hangs ? 7 : Environment.TickCount64;

    /// <summary>The capture looks no more, and gives no frame either.</summary>
    public bool Hangs { get; set; }

    public Task<IWatchedCapture> OpenCaptureAsync(Permission permit, CancellationToken cancellationToken)
    {
        if (RefusesCapture) throw new DesktopException(DesktopError.NoDisplay, "no screen\r\nhere");
        OpenCaptures++;
        return Task.FromResult<IWatchedCapture>(new Capture(this));
    }

    public Task<IInputInjector> OpenInputAsync(Permission permit, ISecureAttention attention, CancellationToken cancellationToken)
    {
        Attention = attention;
        OpenInputs++;
        return Task.FromResult<IInputInjector>(new Injector(this));
    }

    public IStrip OpenStrip(CultureInfo culture, Action stop) => Strip.Open(culture, stop);

    public Task<IClipboardAccess> OpenClipboardAsync(Permission permit, CancellationToken cancellationToken) => Task.FromResult(Clipboard.Access(permit));

    private sealed class Capture(FakeSession session) : IWatchedCapture
    {
        public long Looks => session.Looks;

        public async ValueTask<ScreenFrame> CaptureAsync(CancellationToken cancellationToken) => await session.Frames.Reader.ReadAsync(cancellationToken);

        public ValueTask DisposeAsync()
        {
            session.OpenCaptures--;
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Injector(FakeSession session) : IInputInjector
    {
        public ValueTask InjectAsync(InputEvent input, CancellationToken cancellationToken)
        {
            session.Injected.Enqueue(input);
            if (session.AsksForAttention) session.Attention!.Send();
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            session.OpenInputs--;
            return ValueTask.CompletedTask;
        }
    }
}

internal sealed class AnsweringPrompt(ConsentDecision? decision) : IConsentPrompt
{
    public ConcurrentQueue<ConsentPrompt> Asked { get; } = new();

    public ConsentHow How { get; init; } = ConsentHow.Pressed;

    public async ValueTask<ConsentAnswer> AskAsync(ConsentPrompt prompt, CancellationToken cancellationToken)
    {
        Asked.Enqueue(prompt);
        if (decision is null) await Task.Delay(Timeout.Infinite, cancellationToken);
        return new ConsentAnswer(decision!.Value, How, DateTimeOffset.UnixEpoch);
    }
}

/// <summary>A person who types passwords, one after another, until one is stored.</summary>
internal sealed class TypingPrompt(params string[] typed) : ICredentialPrompt
{
    public ConcurrentQueue<EnrolmentQuestion> Asked { get; } = new();

    /// <summary>What the service said to each.</summary>
    public ConcurrentQueue<CredentialEnrolment> Answers { get; } = new();

    public string? User => "erika";

    public async ValueTask<CredentialEnrolment?> AskAsync(EnrolmentQuestion question, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<CredentialEnrolment>> store, CancellationToken cancellationToken)
    {
        Asked.Enqueue(question);
        CredentialEnrolment? outcome = null;
        foreach (string password in typed)
        {
            outcome = await store(System.Text.Encoding.UTF8.GetBytes(password), cancellationToken);
            Answers.Enqueue(outcome.Value);
            if (outcome != CredentialEnrolment.WrongCredentials) return outcome;
        }
        if (typed.Length == 0) await Task.Delay(Timeout.Infinite, cancellationToken);
        return outcome;
    }
}

/// <summary>A picture that a test drew.</summary>
internal sealed class DrawnFrame(uint[] pixels, ScreenLayout layout, PixelRect[] damage, CursorState cursor = default) : ScreenFrame
{
    public override PixelSize Size => layout.Size;

    public override int Stride => layout.Size.Width * 4;

    public override ReadOnlySpan<byte> Pixels => MemoryMarshal.AsBytes(pixels.AsSpan());

    public override ReadOnlySpan<PixelRect> Damage => damage;

    public override ReadOnlySpan<ScreenMove> Moves => Told;

    public ScreenMove[] Told { get; init; } = [];

    public override ScreenLayout Layout => layout;

    public override CursorState Cursor => cursor;

    public override long CapturedAt => 1;

    public static ScreenLayout LayoutOf(int width, int height) => new(new PixelSize(width, height), [new MonitorArea(@"\\.\DISPLAY1", new PixelRect(0, 0, width, height), true)]);

    protected override void GiveBack()
    {
    }
}

/// <summary>One end of a stream in memory.</summary>
internal sealed class Duplex(PipeReader input, PipeWriter output) : Stream
{
    private readonly Stream reading = input.AsStream(), writing = output.AsStream();

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public static (Stream One, Stream Other) Pair()
    {
        Pipe to = new(), fro = new();
        return (new Duplex(to.Reader, fro.Writer), new Duplex(fro.Reader, to.Writer));
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => reading.ReadAsync(buffer, cancellationToken);
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => writing.WriteAsync(buffer, cancellationToken);
    public override void Flush() => writing.Flush();
    public override int Read(byte[] buffer, int offset, int count) => reading.Read(buffer, offset, count);
    public override void Write(byte[] buffer, int offset, int count) => writing.Write(buffer, offset, count);
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        reading.Dispose();
        writing.Dispose();
        base.Dispose(disposing);
    }
}
