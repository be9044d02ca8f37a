using System.Text;

namespace RemoteAccess.Trust;

/// <summary>One form of export: called for each entry in turn. Writes whole lines; what it holds back it writes when it is disposed.</summary>
internal abstract class LedgerExporter(Stream output) : IDisposable
{
    /// <summary>Bytes, for the forms that are bytes.</summary>
    protected Stream Output { get; } = output;

    /// <summary>Text, for the forms that are text.</summary>
    protected StreamWriter Text { get; } = new(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 64 * 1024, leaveOpen: true);

    /// <summary>What stands before the first entry.</summary>
    public virtual void Begin()
    {
    }

    public abstract void Write(in EntryFacts facts);

    /// <summary>What stands behind the last entry.</summary>
    public virtual void End()
    {
    }

    public virtual void Dispose() => Text.Dispose();
}
