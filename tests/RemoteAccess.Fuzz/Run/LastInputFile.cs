using System.IO.MemoryMappedFiles;

namespace RemoteAccess.Fuzz.Run;

/// <summary>
/// The input being executed, in a mapped file: when the process dies (stack overflow, out of memory), the file still holds the input that
/// killed it. Little-endian 4-byte length, then the input. Deleted when the run ends in any other way.
/// </summary>
internal sealed class LastInputFile : IDisposable
{
    public const string Extension = ".current";
    private readonly string _path;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    public LastInputFile(string path, int maxInputLength)
    {
        _path = path;
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Create, null, sizeof(int) + maxInputLength);
        _view = _file.CreateViewAccessor();
    }

    public static byte[] Read(string path)
    {
        var content = File.ReadAllBytes(path);
        return content.AsSpan(sizeof(int), BitConverter.ToInt32(content)).ToArray();
    }

    public void Write(byte[] input)
    {
        _view.SafeMemoryMappedViewHandle.WriteSpan<byte>(sizeof(int), input);
        _view.Write(0, input.Length);
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
        File.Delete(_path);
    }
}
