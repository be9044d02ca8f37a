using System.CommandLine;
using RemoteAccess;
using RemoteAccess.Picture;

namespace CommandLineViewer;

/// <summary><c>monitors</c>: the computer's monitors and where they lie.</summary>
internal static class MonitorsCommand
{
    public static Command Create()
    {
        var connection = new Connection();
        var command = new Command("monitors", "List the computer's monitors, for --monitor.");
        connection.AddTo(command);
        command.SetAction((result, cancellationToken) => Complaint.Guard(async () =>
        {
            await using RemoteSession session = await connection.OpenAsync(result, Operations.ViewScreen, cancellationToken);
            ScreenLayout layout = await MonitorChoice.ReadAsync(session, cancellationToken);
            Console.WriteLine($"desktop  {layout.Size}");
            for (int i = 0; i < layout.Monitors.Count; i++) Console.WriteLine($"{i + 1,-7}  {layout.Monitors[i].Area}  {layout.Monitors[i].Name}{(layout.Monitors[i].IsPrimary ? " (primary)" : "")}");
            return 0;
        }));
        return command;
    }
}
