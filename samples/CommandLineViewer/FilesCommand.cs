using System.CommandLine;
using System.Globalization;
using HelpdeskSamples;
using RemoteAccess;
using RemoteAccess.Sessions;

namespace CommandLineViewer;

/// <summary><c>files list | get | put</c>: the folders that the customer shares, which a person names by names, one behind the other; the computer hears only its own ids.</summary>
internal static class FilesCommand
{
    private const string WayHelp = "A shared folder's name and what is below, with slashes, as in Logs/2026/setup.log.";

    public static Command Create() => new("files", "List, fetch and put files in the folders that the customer shares.") { CreateList(), CreateGet(), CreatePut() };

    private static Command CreateList()
    {
        var way = new Argument<string>("FOLDER") { Description = $"{WayHelp} Default: the shared folders.", DefaultValueFactory = _ => "" };
        return Create(new Command("list", "List a folder.") { way }, async (session, result, cancellationToken) =>
        {
            RemoteFile? found = await FindAsync(session, result.GetRequiredValue(way), cancellationToken);
            RemoteFolder folder = await session.Files.ListAsync(found?.Id ?? 0, cancellationToken);
            foreach (RemoteFile file in folder.Files.OrderBy(file => !file.IsFolder).ThenBy(file => file.Name, StringComparer.Ordinal))
            {
                string time = file.Modified == default || file.Modified.Year < 1971 ? "" : file.Modified.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
                Console.WriteLine($"{(file.IsFolder ? file.IsReadOnly ? "read-only" : "folder" : file.Size.ToString(CultureInfo.InvariantCulture)),15}  {time,17}  {file.Name}{(file.IsFolder ? "/" : "")}");
            }
            if (folder.IsCut) Console.Error.WriteLine("remoteaccess-viewer: the folder holds more than can be listed.");
        });
    }

    private static Command CreateGet()
    {
        var way = new Argument<string>("FILE") { Description = WayHelp };
        var target = new Option<FileInfo?>("--out") { Description = "Where to write it; a new file. Default: its own name, here.", HelpName = "FILE" };
        return Create(new Command("get", "Fetch a file.") { way, target }, async (session, result, cancellationToken) =>
        {
            RemoteFile file = await FindAsync(session, result.GetRequiredValue(way), cancellationToken) ?? throw new ArgumentException("Name a file, not the shared folders.");
            if (file.IsFolder) throw new ArgumentException($"{file.Name} is a folder. Name a file in it.");
            FileInfo to = result.GetValue(target) ?? new FileInfo(file.Name);
            TransferredFile? got = null;
            await NewFile.WriteAsync(to, async stream => got = await session.Files.DownloadAsync(file.Id, stream, new Meter(), cancellationToken));
            Say(to.FullName, got!);
        });
    }

    private static Command CreatePut()
    {
        var source = new Argument<FileInfo>("FILE") { Description = "The file of this computer." };
        var way = new Argument<string>("FOLDER") { Description = WayHelp };
        var name = new Option<string?>("--name") { Description = "What it is called there. Default: its own name.", HelpName = "NAME" };
        var replace = new Option<bool>("--replace") { Description = "In the place of a file of that name." };
        return Create(new Command("put", "Put a file into a folder.") { source, way, name, replace }, async (session, result, cancellationToken) =>
        {
            FileInfo from = result.GetRequiredValue(source);
            await using FileStream stream = from.OpenRead();
            RemoteFile folder = await FindAsync(session, result.GetRequiredValue(way), cancellationToken) ?? throw new ArgumentException("Name a folder.");
            TransferredFile put = await session.Files.UploadAsync(folder.Id, result.GetValue(name) ?? from.Name, stream, result.GetValue(replace), new Meter(), cancellationToken);
            Say($"{result.GetRequiredValue(way).TrimEnd('/')}/{put.Name}", put);
        });
    }

    private static Command Create(Command command, Func<RemoteSession, ParseResult, CancellationToken, Task> act)
    {
        var connection = new Connection();
        connection.AddTo(command);
        command.SetAction((result, cancellationToken) => Complaint.Guard(async () =>
        {
            await using RemoteSession session = await connection.OpenAsync(result, Operations.TransferFiles, cancellationToken);
            await act(session, result, cancellationToken);
            return 0;
        }));
        return command;
    }

    /// <summary>Null for the shared folders themselves.</summary>
    private static async Task<RemoteFile?> FindAsync(RemoteSession session, string way, CancellationToken cancellationToken)
    {
        RemoteFile? found = null;
        foreach (string name in way.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            RemoteFolder folder = await session.Files.ListAsync(found?.Id ?? 0, cancellationToken);
            found = folder.Files.FirstOrDefault(file => file.Name == name) ?? throw new ArgumentException($"There is no {name} in {found?.Name ?? "what is shared"}.");
        }
        return found;
    }

    private static void Say(string where, TransferredFile file) => Console.WriteLine($"{where}: {file.Size} bytes, SHA-256 {Convert.ToHexStringLower(file.Sha256.Span)}");

    /// <summary>On a terminal, one line that is written over; elsewhere nothing.</summary>
    private sealed class Meter : IProgress<FileProgress>
    {
        private long shown = -1;

        public void Report(FileProgress value)
        {
            long percent = value.Bytes * 100 / value.Size;
            if (Console.IsErrorRedirected || percent == shown) return;
            shown = percent;
            Console.Error.Write($"\r{percent,3} % of {value.Size} bytes{(value.Bytes == value.Size ? "\n" : "")}");
        }
    }
}
