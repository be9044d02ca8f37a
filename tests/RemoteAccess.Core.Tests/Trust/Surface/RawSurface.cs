using System.IO.Pipes;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests.Trust;

/// <summary>A surface of bytes, which says what the test wants and nothing by itself.</summary>
internal sealed class RawSurface : IDisposable
{
    private readonly Socket? socket;
    private readonly Stream stream;
    private readonly StreamReader reader;
    private long lastId;

    public RawSurface(string path)
    {
        socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        stream = new NetworkStream(socket, ownsSocket: true);
        reader = new StreamReader(stream);
    }

    private RawSurface(NamedPipeClientStream pipe)
    {
        stream = pipe;
        pipe.Connect(TimeSpan.FromSeconds(10));
        reader = new StreamReader(stream);
    }

    /// <summary>The newest status that was read, and its number.</summary>
    public JsonObject? Status { get; private set; }

    public long Seen { get; private set; }

    /// <summary>Unix only.</summary>
    public Socket Socket => socket ?? throw new PlatformNotSupportedException();

    public static RawSurface Open(TrustFixture fixture)
    {
        string path = Path.Combine(fixture.State, "surface");
        return OperatingSystem.IsWindows() ? new RawSurface(new NamedPipeClientStream(".", PipeSurfaceListener.NameIn(path), PipeDirection.InOut, PipeOptions.Asynchronous)) : new RawSurface(path);
    }

    public void Send(string text) => Send(Encoding.UTF8.GetBytes(text));

    public void Send(byte[] bytes) => stream.Write(bytes);

    /// <summary>False when it is cut off before it has said all.</summary>
    public bool TrySend(byte[] bytes)
    {
        try
        {
            stream.Write(bytes);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Says whether it is shown. When this completes the agent has heard it, knowing that this surface has its newest status.</summary>
    public async Task ShowAsync(bool isShown)
    {
        await AskAsync("""{"do":"history","skip":0,"count":1}""");
        Send($$"""{"shown":{{(isShown ? "true" : "false")}},"seen":{{Seen}}}""" + "\n");
        await AskAsync("""{"do":"history","skip":0,"count":1}""");
    }

    public async Task<JsonObject> AskAsync(string request)
    {
        JsonObject asked = JsonNode.Parse(request)!.AsObject();
        asked["id"] = ++lastId;
        Send(asked.ToJsonString() + "\n");
        while (true)
        {
            JsonObject message = await ReadAsync() ?? throw new IOException("The agent closed the connection.");
            if ((long?)message["id"] == lastId) return message;
        }
    }

    /// <summary>The next message; null when the agent has closed the connection.</summary>
    public async Task<JsonObject?> ReadAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        try
        {
            if (await reader.ReadLineAsync(patience.Token) is not { } line) return null;
            JsonObject message = JsonNode.Parse(line)!.AsObject();
            if (message["status"] is JsonObject status) (Status, Seen) = (status, (long)message["number"]!);
            return message;
        }
        catch (IOException broken) when (broken.InnerException is SocketException || OperatingSystem.IsWindows())
        {
            return null;
        }
    }

    /// <summary>Reads until the agent closes the connection, and says how many messages came before.</summary>
    public async Task<int> ReadToEndAsync()
    {
        int count = 0;
        while (await ReadAsync() is not null) count++;
        return count;
    }

    public void Dispose()
    {
        stream.Dispose();
        reader.Dispose();
    }
}
