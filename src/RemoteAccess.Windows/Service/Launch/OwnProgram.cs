namespace RemoteAccess.Interop;

/// <summary>This very program, to be started once more.</summary>
/// <param name="Path">The program's file.</param>
/// <param name="First">Arguments that come before any other: as <c>dotnet program.dll</c> the program is an argument.</param>
internal sealed record OwnProgram(string Path, IReadOnlyList<string> First)
{
    /// <exception cref="ServiceException">Windows does not say where it is.</exception>
    public static OwnProgram Find()
    {
        string path = Environment.ProcessPath ?? throw new ServiceException(ServiceError.Failed, "Windows does not say where this program is.");
        bool isHost = System.IO.Path.GetFileNameWithoutExtension(path).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        return new OwnProgram(path, isHost ? [System.IO.Path.GetFullPath(Environment.GetCommandLineArgs()[0])] : []);
    }

    public string CommandLine(IEnumerable<string> arguments) => Interop.CommandLine.Of(Path, First.Concat(arguments));
}
