using System.Text.RegularExpressions;

namespace RemoteAccess.Tests.Architecture;

/// <summary>Something that must not stand in a source file.</summary>
/// <param name="Name">Short name, for the report.</param>
/// <param name="Forbidden">What it looks like.</param>
/// <param name="Instead">What to do instead.</param>
/// <param name="Folders">Where the rule holds.</param>
/// <param name="InProse">Whether comments and literals count, or code only.</param>
/// <param name="Offence">An example the rule must find.</param>
/// <param name="Innocent">An example it must let pass.</param>
internal sealed record SourceRule(string Name, string Forbidden, string Instead, string[] Folders, bool InProse, string Offence, string Innocent)
{
    private static readonly string[] Product = ["src", "samples"];
    private static readonly string[] Everywhere = ["src", "samples", "tests", "benchmarks"];

    public static IReadOnlyList<SourceRule> All { get; } =
    [
        new("clock", @"\bDateTime(Offset)?\s*\.\s*(Now|UtcNow|Today)\b", "take the time from TimeProvider", Product, false,
            "var t = DateTime.UtcNow;", "var t = clock.GetUtcNow(); // not DateTime.Now"),
        new("async void", @"\basync\s+void\b", "return a task that somebody awaits", Everywhere, false,
            "private async void Go()", "private async Task Go() // async void"),
        new("empty catch", @"\bcatch\b\s*(\([^)]*\)\s*)?(when\s*\((?>[^()]+|\((?<d>)|\)(?<-d>))*(?(d)(?!))\)\s*)?\{\s*\}", "act on the error, or let it pass", Everywhere, false,
            "catch (IOException e) when (Is(e)) { /* nothing */ }", "catch (IOException) { closed = true; }"),
        new("sleep", @"\bThread\s*\.\s*Sleep\b", "await a signal, or a delay with TimeProvider", Product, false,
            "Thread.Sleep(10);", "await Task.Delay(wait, clock, token);"),
        new("forgiven null", @"(\bdefault|\bnull)!", "required init, or a nullable type that is checked", Product, false,
            "public string Name { get; init; } = null!;", "if (name != null) { }"),
        new("silenced warning", @"#pragma\s+warning\s+disable(?![^\n]*//\s*\S)", "say why on the same line, after //", Everywhere, true,
            "#pragma warning disable CA1000\n", "#pragma warning disable CA1000 // the interface demands it\n"),
        new("left for later", @"\b(TODO|FIXME|HACK|XXX)\b", "do it, or open an issue", Product, true,
            "// " + "TODO: later", "// what is to do when the link ends"),
        new("vague name", @"\b(class|struct|record|interface|enum)\s+(Default[A-Z]\w*|\w+(Impl|Manager|Helper|Utils?))\b", "name what sets it apart", Everywhere, false,
            "internal sealed class SessionManager", "internal sealed class SessionManagerlessFlow"),
        new("using inside namespace", @"^namespace\s+[\w.]+\s*;(?s:.*)^using\s+(static\s+)?[\w.]+\s*;", "usings stand above the namespace", Everywhere, false,
            "namespace A;\nusing System;\n", "using System;\nnamespace A;\n"),
    ];

    public IEnumerable<int> OffendingLines(string source)
    {
        var text = InProse ? source : CSharpText.CodeOnly(source);
        return Regex.Matches(text, Forbidden, RegexOptions.Multiline, TimeSpan.FromSeconds(10))
            .Select(match => text.AsSpan(0, match.Index).Count('\n') + 1);
    }
}
