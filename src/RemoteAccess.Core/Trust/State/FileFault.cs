namespace RemoteAccess.Trust;

/// <summary>Work on the files of state and ledger, and the one place where what the system reports becomes the declared error that says what to do.</summary>
internal static class FileFault
{
    // errno of Linux, then of macOS where it differs, as .NET hands it on in HResult; then the Win32 codes.
    private static readonly int[] DiskFull = [28, 122, 69, unchecked((int)0x80070070), unchecked((int)0x80070027)];
    private static readonly int[] HeldElsewhere = [11, 35, unchecked((int)0x80070020), unchecked((int)0x80070021)];

    private const int ErrnoReadOnly = 30;

    /// <summary>Does <paramref name="work"/> on the file or directory.</summary>
    /// <exception cref="StateException">The system refused or failed.</exception>
    public static T Run<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Explain(path, failure);
        }
    }

    /// <inheritdoc cref="Run{T}(string, Func{T})"/>
    public static void Run(string path, Action work) => Run(path, () =>
    {
        work();
        return true;
    });

    /// <summary>Whether an opening failed because somebody else has the file to himself.</summary>
    public static bool IsHeldElsewhere(IOException failure) => HeldElsewhere.Contains(failure.HResult);

    /// <summary>What the system reported, as the declared error.</summary>
    public static StateException Explain(string path, Exception failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException => new StateException(StateError.Missing, path, $"{path} is not there.", failure),
        IOException when DiskFull.Contains(failure.HResult) =>
            new StateException(StateError.DiskFull, path, $"The disk that holds {path} is full. Make room; nothing was written.", failure),
        IOException { HResult: ErrnoReadOnly } or UnauthorizedAccessException =>
            new StateException(StateError.NotWritable, path, $"{path} cannot be used: no permission, or a read-only file system.", failure),
        _ => new StateException(StateError.NotWritable, path, $"{path} cannot be used: {failure.Message}", failure),
    };
}
