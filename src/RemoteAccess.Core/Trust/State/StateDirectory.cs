using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Trust;

/// <summary>
/// The agent's directory on the computer, shared by several processes of one account (a running agent and a command line). It must be
/// on a local file system. Thread-safe.
/// </summary>
internal sealed class StateDirectory
{
    private const int CurrentVersion = 1;
    private const string VersionPrefix = "remoteaccess-state ";
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(5);
    private readonly Lock inProcess = new();

    private StateDirectory(string path) => Root = path;

    public string Root { get; }

    public string Grants => Path.Combine(Root, "grants");

    public string Ledger => Path.Combine(Root, "ledger");

    public string HostKey => Path.Combine(Root, "host.key");

    public string Block => Path.Combine(Root, "block");

    public string Stop => Path.Combine(Root, "stop");

    /// <summary>See <see cref="ComputerPolicy"/>; often not there.</summary>
    public string Policy => Path.Combine(Root, "policy.json");

    /// <summary>See <see cref="SharedFolderFile"/>; often not there.</summary>
    public string SharedFolders => Path.Combine(Root, "shared.json");

    /// <summary>The socket of the customer's surface, while an agent listens there.</summary>
    public string Surface => Path.Combine(Root, "surface");

    /// <summary>What the customer has not seen yet; often not there.</summary>
    public string Notices => Path.Combine(Root, "notices");

    /// <summary>See <see cref="SessionMark"/>; often not there.</summary>
    public string Sessions => Path.Combine(Root, "sessions");

    private string VersionFile => Path.Combine(Root, "version");

    /// <summary>Opens the directory, creating it when nothing is there. A directory with foreign content is left alone.</summary>
    /// <exception cref="StateException">Exposed, a link, foreign, newer or not writable.</exception>
    public static StateDirectory Open(string path)
    {
        var state = new StateDirectory(Path.GetFullPath(path));
        if (new FileInfo(state.Root).LinkTarget is null && !Directory.Exists(state.Root)) PrivateFile.CreateDirectory(state.Root);
        PrivateFile.RequirePrivateDirectory(state.Root);
        bool empty = FileFault.Run(state.Root, () => !Directory.EnumerateFileSystemEntries(state.Root).Any());
        if (!empty && !File.Exists(state.VersionFile) && !File.Exists(state.LockFile))
            throw new StateException(StateError.Corrupted, state.Root, $"{state.Root} holds other files and no state of this software. Name an empty directory.");
        using (state.Lock()) state.Prepare();
        return state;
    }

    private string LockFile => Path.Combine(Root, "lock");

    /// <summary>
    /// Takes the lock of all processes and threads that write here; hold it for one read-modify-write. Not re-entrant. A process that dies
    /// releases it.
    /// </summary>
    /// <exception cref="StateException">Not to be had within 5 s.</exception>
    public IDisposable Lock()
    {
        inProcess.Enter();
        try
        {
            return new HeldLock(inProcess, FileLock.Take(LockFile, LockPatience));
        }
        catch
        {
            inProcess.Exit();
            throw;
        }
    }

    private void Prepare()
    {
        if (!File.Exists(VersionFile))
        {
            PrivateFile.CreateDirectory(Grants);
            PrivateFile.CreateDirectory(Ledger);
            if (!File.Exists(Block)) BlockMarker.Create(Block);
            PrivateFile.Write(VersionFile, Encoding.ASCII.GetBytes($"{VersionPrefix}{CurrentVersion}\n"));
        }
        string text = Encoding.ASCII.GetString(PrivateFile.Read(VersionFile, 64));
        if (!text.StartsWith(VersionPrefix, StringComparison.Ordinal)
            || !int.TryParse(text.AsSpan(VersionPrefix.Length).TrimEnd('\n'), NumberStyles.None, CultureInfo.InvariantCulture, out int version) || version < 1)
            throw new StateException(StateError.Corrupted, VersionFile, $"{VersionFile} does not name a version.");
        if (version > CurrentVersion)
            throw new StateException(StateError.NewerVersion, Root, $"{Root} was written by a newer version ({version}); this one knows {CurrentVersion}. Run that version again; nothing was changed.");
        PrivateFile.RequirePrivateDirectory(Grants);
        PrivateFile.RequirePrivateDirectory(Ledger);
        StopMarker.Prepare(Stop);
    }

    private sealed class HeldLock(Lock inProcess, SafeFileHandle file) : IDisposable
    {
        public void Dispose()
        {
            file.Dispose();
            inProcess.Exit();
        }
    }
}
