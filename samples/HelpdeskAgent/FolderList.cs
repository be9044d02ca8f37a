using System.Text.Json.Nodes;
using RemoteAccess;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary>What technicians who may transfer files reach: the customer's folders from the state, and those of the host application from the agent, where one runs that can be asked.</summary>
internal static class FolderList
{
    /// <summary>Null when the customer's own list is damaged, so that none of it is shared.</summary>
    public static IReadOnlyList<SurfaceFolder>? Read(TrustFlow trust, SurfaceStatus? agent)
    {
        try
        {
            SurfaceFolder[] customers = [.. trust.SharedFolders.List().Select(folder => new SurfaceFolder(folder.Name, folder.FullPath, folder.IsReadOnly, IsCustomers: true))];
            return [.. agent?.Folders.Where(folder => !folder.IsCustomers) ?? [], .. customers];
        }
        catch (StateException)
        {
            return null;
        }
    }

    public static void Print(IReadOnlyList<SurfaceFolder>? folders)
    {
        if (folders is null) Console.WriteLine("The list of shared folders cannot be read, so none of it is shared: see 'remoteaccess-agent share list'.");
        if (folders is not { Count: > 0 }) return;
        Console.WriteLine();
        Console.WriteLine("Whoever may transfer files reaches");
        foreach (SurfaceFolder folder in folders) Console.WriteLine($"  {Line(folder.Name, folder.FullPath, folder.IsReadOnly)}{(folder.IsCustomers ? "" : "  (by the host application)")}");
    }

    public static string Line(string name, string path, bool isReadOnly) => $"{RunningSessions.OneLine(name)}  {RunningSessions.OneLine(path)}{(isReadOnly ? "  (read only)" : "")}{(Directory.Exists(path) ? "" : "  (is not there)")}";

    public static JsonArray? Describe(IReadOnlyList<SurfaceFolder>? folders) => folders is null ? null : new JsonArray([.. folders.Select(folder => new JsonObject
    {
        ["name"] = folder.Name, ["path"] = folder.FullPath, ["readOnly"] = folder.IsReadOnly, ["byCustomer"] = folder.IsCustomers,
    })]);
}
