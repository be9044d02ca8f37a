using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using RemoteAccess;
using RemoteAccess.Sessions;

namespace CommandLineViewer;

/// <summary><c>system-info</c>: what the computer is, for a person or as JSON.</summary>
internal static partial class SystemInfoCommand
{
    public static Command Create()
    {
        var connection = new Connection();
        var json = new Option<bool>("--json") { Description = "As JSON; sizes in bytes." };
        var command = new Command("system-info", "Say what the computer is: system, processor, memory, disks, network.") { json };
        connection.AddTo(command);
        command.SetAction((result, cancellationToken) => Complaint.Guard(async () =>
        {
            await using RemoteSession session = await connection.OpenAsync(result, Operations.SystemInfo, cancellationToken);
            SystemInfo info = await session.SystemInfo.ReadAsync(cancellationToken);
            if (result.GetValue(json)) Console.WriteLine(JsonSerializer.Serialize(info, Shape.Default.SystemInfo));
            else Show(info);
            return 0;
        }));
        return command;
    }

    private static void Show(SystemInfo info)
    {
        Say("computer", info.ComputerName);
        Say("system", $"{info.System}, {info.Architecture}");
        Say("kernel", info.Kernel);
        Say("processor", $"{info.Processors} x {(info.Processor.Length > 0 ? info.Processor : "unnamed")}");
        Say("memory", $"{Size(info.MemoryAvailableBytes)} of {Size(info.MemoryBytes)} available");
        foreach (DiskInfo disk in info.Disks) Say("disk", $"{disk.Name} ({disk.Format}): {Size(disk.FreeBytes)} of {Size(disk.TotalBytes)} free");
        foreach (NetworkInfo network in info.Networks) Say("network", $"{network.Name}, {(network.IsUp ? "up" : "down")}{string.Concat(network.Addresses.Select(address => " " + address))}");
        Say("time zone", string.Create(CultureInfo.InvariantCulture, $"{info.TimeZone} (UTC{(info.UtcOffset < TimeSpan.Zero ? '-' : '+')}{info.UtcOffset:hh\\:mm})"));
        if (info.BootedAt is { } booted) Say("started", booted.ToString("u", CultureInfo.InvariantCulture));
        if (info.Users.Count > 0) Say("logged on", string.Join(", ", info.Users));
        Say("agent", info.AgentVersion);
    }

    private static void Say(string what, string text) => Console.WriteLine($"{what,-12} {text}");

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 30):0.0} GiB");

    [JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(SystemInfo))]
    private sealed partial class Shape : JsonSerializerContext;
}
