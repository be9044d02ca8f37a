namespace RemoteAccess.Fuzz.Run;

/// <summary>Executes one recorded input, without guards that would hide where it hangs: attach a debugger, or read the stack trace.</summary>
internal static class Replay
{
    public static int Run(FuzzTarget target, string file, TextWriter output)
    {
        var input = Path.GetExtension(file) == LastInputFile.Extension ? LastInputFile.Read(file) : File.ReadAllBytes(file);
        output.WriteLine($"{target.Name}: {input.Length} bytes");
        output.Flush();
        var finding = new TargetRun(target, FuzzLimits.Standard, seed: 0, executions: 1, TimeSpan.MaxValue).Execute(input, out _);
        output.WriteLine(finding is null ? "nothing found" : $"{finding.Kind}: {finding.Detail}");
        return finding is null ? 0 : 1;
    }
}
