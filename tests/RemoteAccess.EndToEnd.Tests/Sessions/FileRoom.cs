using RemoteAccess.Sessions;

namespace RemoteAccess.Tests;

/// <summary>A computer that shares two folders, one for reading only, and has a file beside them that nobody may get.</summary>
internal sealed class FileRoom : IAsyncDisposable
{
    public const string Secret = "nobody's";
    private readonly string root;

    private FileRoom(string root, Helpdesk desk) => (this.root, Desk) = (root, desk);

    public Helpdesk Desk { get; }

    public string Inbox => Path.Combine(root, "inbox");

    public string Logs => Path.Combine(root, "logs");

    public string Outside => Path.Combine(root, "outside");

    public static async Task<FileRoom> OpenAsync(Func<FileSharing, FileSharing>? change = null, TimeProvider? time = null, Operations operations = Operations.ViewScreen | Operations.TransferFiles, Func<HelpdeskSetup, HelpdeskSetup>? setup = null)
    {
        string root = RootedPath.Real(Directory.CreateTempSubdirectory("ra-files-").FullName);
        foreach (string name in (string[])["inbox", "logs", "outside"]) Directory.CreateDirectory(Path.Combine(root, name));
        await File.WriteAllTextAsync(Path.Combine(root, "outside", "secret.txt"), Secret, Helpdesk.Limit());
        FileSharing sharing = new()
        {
            Folders = [new SharedFolder("Inbox", Path.Combine(root, "inbox")), new SharedFolder("Logs", Path.Combine(root, "logs"), isReadOnly: true)],
            Reserve = 0,
        };
        var made = new HelpdeskSetup { Operations = operations, Sharing = change?.Invoke(sharing) ?? sharing };
        if (time is not null) made = made with { Time = time };
        return new FileRoom(root, await Helpdesk.OpenAsync(setup?.Invoke(made) ?? made));
    }

    public async Task<Visit> ConnectAsync() => await Desk.ConnectAsync(new ConnectOptions { Operations = Operations.ViewScreen | Operations.TransferFiles });

    public static async Task<RemoteFile> FindAsync(Visit visit, params string[] way)
    {
        RemoteFile? found = null;
        foreach (string name in way) found = Assert.Single((await visit.Session.Files.ListAsync(found?.Id ?? 0, Helpdesk.Limit())).Files, file => file.Name == name);
        return found!;
    }

    public async ValueTask DisposeAsync()
    {
        await Desk.DisposeAsync();
        Directory.Delete(root, recursive: true);
    }
}

/// <summary>A stream of a known length whose reads or writes stop at some point until they may go on.</summary>
internal sealed class HeldStream(long length, long holdAt) : Stream
{
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously), mayGoOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long position;

    public Task Reached => reached.Task;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => length;

    public override long Position { get => position; set => throw new NotSupportedException(); }

    public void Release() => mayGoOn.TrySetResult();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await PassAsync(cancellationToken);
        int read = (int)Math.Min(buffer.Length, length - position);
        buffer.Span[..read].Fill(7);
        position += read;
        return read;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await PassAsync(cancellationToken);
        position += buffer.Length;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    private async Task PassAsync(CancellationToken cancellationToken)
    {
        if (position < holdAt) return;
        reached.TrySetResult();
        await mayGoOn.Task.WaitAsync(cancellationToken);
    }
}
