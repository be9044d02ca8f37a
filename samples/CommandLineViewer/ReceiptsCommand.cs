using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using RemoteAccess.Trust;

namespace CommandLineViewer;

/// <summary><c>receipts --witness DIR</c>: the receipts that both sides signed, each verified. Exit code 2 when a file is not one.</summary>
internal static class ReceiptsCommand
{
    public static Command Create()
    {
        var directory = new Option<DirectoryInfo>("--witness") { Description = "The witness store's directory.", HelpName = "DIR", Required = true };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        var command = new Command("receipts", "List and verify the receipts of sessions that both sides signed.") { directory, json };
        command.SetAction(result => Complaint.Guard(() =>
        {
            bool isGood = true;
            foreach ((string file, SessionReceipt? receipt) in WitnessStore.ReadReceipts(result.GetRequiredValue(directory).FullName))
            {
                isGood &= receipt is not null;
                Console.WriteLine(result.GetValue(json) ? Describe(file, receipt).ToJsonString() : receipt is null ? $"NOT A RECEIPT, or altered: {file}" : Say(receipt));
            }

            return Task.FromResult(isGood ? 0 : 2);
        }));
        return command;
    }

    private static string Say(SessionReceipt receipt) =>
        $"{receipt.Began.ToLocalTime():yyyy-MM-dd HH:mm:ss}  session {Hex(receipt.SessionId)}, {(receipt.Ended - receipt.Began).TotalSeconds:0} s, used {receipt.Used}; computer {Hex(HostId(receipt))[..16]}…, {receipt.HostSize} entries; both signatures are right";

    private static JsonObject Describe(string file, SessionReceipt? receipt) => receipt is null
        ? new JsonObject { ["file"] = file, ["ok"] = false }
        : new JsonObject
        {
            ["file"] = file,
            ["ok"] = true,
            ["session"] = Hex(receipt.SessionId),
            ["grant"] = Hex(receipt.GrantId),
            ["began"] = receipt.Began.UtcDateTime.ToString("O"),
            ["ended"] = receipt.Ended.UtcDateTime.ToString("O"),
            ["used"] = receipt.Used.ToString(),
            ["computer"] = Hex(HostId(receipt)),
            ["computerEntries"] = receipt.HostSize,
            ["computerRoot"] = Hex(receipt.HostRoot),
            ["technicianEntries"] = receipt.TechnicianSize,
            ["technicianRoot"] = Hex(receipt.TechnicianRoot),
            ["technicianKey"] = Hex(receipt.TechnicianKey),
        };

    private static byte[] HostId(SessionReceipt receipt) => SHA256.HashData([.. "RAS1 host\0"u8, .. receipt.HostKey.Span]);

    private static string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(bytes.Span);
}
