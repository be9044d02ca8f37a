using System.Collections.Concurrent;
using System.CommandLine;
using System.Text.Json.Nodes;
using HelpdeskSamples;
using RemoteAccess;

namespace CommandLineViewer;

/// <summary><c>computers [WORD…]</c>: those that this technician holds grants for, by company and department; each word leaves out what does not match.</summary>
internal static class ComputersCommand
{
    /// <summary>So many are asked at once.</summary>
    private const int AskedAtOnce = 16;

    public static Command Create()
    {
        var words = new Argument<string[]>("WORD") { Description = "Only computers in which every word is found, in nickname or address; case and accents do not count.", Arity = ArgumentArity.ZeroOrMore };
        var folder = new Option<DirectoryInfo>("--folder") { Description = "The folder of the grants (*.grant). Default: this one.", HelpName = "DIR", DefaultValueFactory = _ => new DirectoryInfo(".") };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        var ask = new Option<bool>("--ask") { Description = "Ask each computer whether it is there. It learns nothing of who asks, and no attempt is charged." };
        var pick = new Option<bool>("--pick") { Description = "Type to search, Enter takes the first, Escape none; writes its grant file and address on two lines." };
        var command = new Command("computers", "List the computers that you hold grants for.") { words, folder, json, ask, pick };
        command.Validators.Add(result =>
        {
            if (result.GetValue(pick) && (result.GetValue(json) || result.GetValue(ask))) result.AddError("--pick goes with neither --json nor --ask.");
        });
        command.SetAction((result, cancellationToken) => Complaint.Guard(async () =>
        {
            ComputerList list = ComputerList.Open(result.GetRequiredValue(folder).FullName);
            foreach (string file in list.Unreadable) await Console.Error.WriteLineAsync($"remoteaccess-viewer: not a grant, or a second copy of one: {Shown(file)}");
            string search = string.Join(' ', result.GetValue(words) ?? []);
            if (result.GetValue(pick)) return ComputerPicker.Pick(list, search);
            IReadOnlyList<KnownComputer> found = list.Search(search);
            IReadOnlyDictionary<KnownComputer, ComputerStatus> states = result.GetValue(ask) ? await AskAsync(found, cancellationToken) : Known(found);
            if (result.GetValue(json)) foreach (KnownComputer one in found) Console.WriteLine(Describe(one, states[one]).ToJsonString());
            else Print(found, states);
            return found.Count > 0 ? 0 : 2;
        }));
        return command;
    }

    /// <summary>A few words for one status.</summary>
    public static string Word(ComputerStatus status) => status switch
    {
        ComputerStatus.Unknown => "unknown",
        ComputerStatus.NotYet => "not yet",
        ComputerStatus.Expired => "expired",
        ComputerStatus.OutsideHours => "outside hours",
        ComputerStatus.Online => "online",
        ComputerStatus.Offline => "offline",
        ComputerStatus.AnotherComputer => "another computer",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "There is no such status."),
    };

    /// <summary>A file's name may hold what steers a terminal.</summary>
    private static string Shown(string file) => new([.. file.Select(character => char.IsControl(character) || char.GetUnicodeCategory(character) == System.Globalization.UnicodeCategory.Format ? ' ' : character)]);

    private static Dictionary<KnownComputer, ComputerStatus> Known(IReadOnlyList<KnownComputer> computers)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return computers.ToDictionary(one => one, one => one.StatusAt(now));
    }

    private static async Task<ConcurrentDictionary<KnownComputer, ComputerStatus>> AskAsync(IReadOnlyList<KnownComputer> computers, CancellationToken cancellationToken)
    {
        var states = new ConcurrentDictionary<KnownComputer, ComputerStatus>();
        await Parallel.ForEachAsync(computers, new ParallelOptions { MaxDegreeOfParallelism = AskedAtOnce, CancellationToken = cancellationToken },
            async (one, token) => states[one] = await ComputerList.AskAsync(one, cancellationToken: token));
        return states;
    }

    private static void Print(IReadOnlyList<KnownComputer> computers, IReadOnlyDictionary<KnownComputer, ComputerStatus> states)
    {
        string? group = null;
        int wide = computers.Count == 0 ? 0 : Math.Min(32, computers.Max(one => one.User.Length));
        foreach (KnownComputer one in computers)
        {
            string its = string.Join(" / ", new[] { one.Company, one.Department }.Where(part => part.Length > 0));
            if (!its.Equals(group, StringComparison.OrdinalIgnoreCase))
            {
                if (group is not null) Console.WriteLine();
                Console.WriteLine(group = its.Length > 0 ? its : "(no company)");
            }
            Console.WriteLine($"  {one.User.PadRight(wide)}  {Word(states[one]),-16}  until {one.Grant.NotAfter.ToLocalTime():yyyy-MM-dd HH:mm}  {OperationNames.Write(one.Grant.MaxOperations)}"
                + $"  last {(one.LastConnected is { } last ? last.ToLocalTime().ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture) : "never")}"
                + (one.Grant.Policy.Hours is { } hours ? $"  {HoursText.Write(hours)}" : "") + (one.Address is { } address ? $"  {address}" : ""));
        }
        Console.WriteLine(computers.Count == 1 ? "1 computer" : $"{computers.Count} computers");
    }

    private static JsonObject Describe(KnownComputer one, ComputerStatus status) => new()
    {
        ["id"] = Convert.ToHexStringLower(one.Grant.Id.Span),
        ["nickname"] = one.Nickname,
        ["company"] = one.Company,
        ["department"] = one.Department,
        ["user"] = one.User,
        ["status"] = status.ToString(),
        ["operations"] = one.Grant.MaxOperations.ToString(),
        ["notBefore"] = one.Grant.NotBefore.UtcDateTime.ToString("O"),
        ["notAfter"] = one.Grant.NotAfter.UtcDateTime.ToString("O"),
        ["hours"] = one.Grant.Policy.Hours is { } hours ? HoursText.Write(hours) : null,
        ["lastConnected"] = one.LastConnected?.UtcDateTime.ToString("O"),
        ["address"] = one.Address,
        ["grant"] = one.GrantFile,
    };
}
