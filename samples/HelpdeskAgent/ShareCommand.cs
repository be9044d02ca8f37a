using System.CommandLine;
using System.Text.Json.Nodes;
using RemoteAccess.Sessions;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary><c>share add</c>, <c>share remove</c> and <c>share list</c>: the folders that technicians who may transfer files reach. Kept in the state; what is changed counts at once, in running sessions too.</summary>
internal static class ShareCommand
{
    public static Command Create() => new("share", "The folders of this computer that technicians may reach whose grant has TransferFiles; nothing else of the disk. Kept until taken back.") { CreateAdd(), CreateRemove(), CreateList() };

    private static Command CreateAdd()
    {
        Option<DirectoryInfo> state = StateOption.Create();
        Option<string> by = StateOption.By("shares");
        var folder = new Argument<string>("FOLDER") { Description = "Which one." };
        var name = new Option<string?>("--name") { Description = "What technicians see it as. Default: the folder's own name.", HelpName = "NAME" };
        var readOnly = new Option<bool>("--read-only") { Description = "Files may be fetched from it, and none put there." };
        var command = new Command("add", "Share a folder. Not while a technician may use keyboard and mouse or run commands, who could do this.") { folder, name, readOnly, state, by };
        command.SetAction((result, cancellationToken) => Complaint.Guard(async () =>
        {
            string path = Path.GetFullPath(result.GetRequiredValue(folder)), directory = StateOption.Demand(result.GetRequiredValue(state));
            if (!Directory.Exists(path)) throw new ArgumentException($"There is no folder {path}.");
            if (await RunningSessions.TryReadAsync(directory, cancellationToken) is { } sessions) RunningSessions.RefuseTypist(sessions);
            var shared = new SharedFolder(result.GetValue(name) ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(path)), path, result.GetValue(readOnly));
            await using TrustFlow trust = TrustFlow.Open(new TrustOptions { StateDirectory = directory });
            if (!await trust.SharedFolders.ShareAsync(shared, result.GetRequiredValue(by), cancellationToken))
                throw new ArgumentException($"A folder is shared as '{shared.Name}' already, or there are too many. See 'remoteaccess-agent share list'; choose another --name.");
            Console.WriteLine($"{shared.FullPath} is shared as '{shared.Name}'{(shared.IsReadOnly ? ", for reading only" : "")}. To take it back: remoteaccess-agent share remove {shared.Name}");
            return 0;
        }));
        return command;
    }

    private static Command CreateRemove()
    {
        Option<DirectoryInfo> state = StateOption.Create();
        Option<string> by = StateOption.By("takes it back");
        var which = new Argument<string>("NAME|FOLDER") { Description = "As 'share list' shows it." };
        var command = new Command("remove", "Take a folder back; what is being transferred breaks off.") { which, state, by };
        command.SetAction((result, cancellationToken) => Complaint.Guard(async () =>
        {
            string wanted = result.GetRequiredValue(which);
            await using TrustFlow trust = StateOption.OpenExisting(result.GetRequiredValue(state));
            SharedFolder[] meant = [.. trust.SharedFolders.List().Where(folder => folder.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase))];
            if (meant.Length == 0) meant = [.. trust.SharedFolders.List().Where(folder => folder.FullPath == Path.TrimEndingDirectorySeparator(Path.GetFullPath(wanted)))];
            if (meant.Length == 0) throw new ArgumentException($"No folder is shared as '{wanted}'. See 'remoteaccess-agent share list'. What 'run --share' shares goes with that process.");
            foreach (SharedFolder folder in meant) await trust.SharedFolders.TakeBackAsync(folder.Name, result.GetRequiredValue(by), cancellationToken);
            Console.WriteLine($"{string.Join(", ", meant.Select(folder => folder.Name))}: not shared any more.");
            return 0;
        }));
        return command;
    }

    private static Command CreateList()
    {
        Option<DirectoryInfo> state = StateOption.Create();
        Option<bool> json = StateOption.Json();
        var command = new Command("list", "Show what is shared.") { state, json };
        command.SetAction((result, _) => Complaint.Guard(async () =>
        {
            await using TrustFlow trust = StateOption.OpenExisting(result.GetRequiredValue(state));
            IReadOnlyList<SharedFolder> folders = trust.SharedFolders.List();
            if (result.GetValue(json))
                Console.WriteLine(new JsonArray([.. folders.Select(folder => new JsonObject { ["name"] = folder.Name, ["path"] = folder.FullPath, ["readOnly"] = folder.IsReadOnly })]).ToJsonString());
            else if (folders.Count == 0) Console.WriteLine("No folder is shared.");
            else foreach (SharedFolder folder in folders) Console.WriteLine(FolderList.Line(folder.Name, folder.FullPath, folder.IsReadOnly));
            return 0;
        }));
        return command;
    }
}
