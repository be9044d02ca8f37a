using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>What goes to SendInput in one call, so that nothing comes in between.</summary>
internal ref struct InputList(Span<Input> storage)
{
    /// <summary>A key or a surrogate pair down and up, and two shifts before and after.</summary>
    public const int Capacity = 8;

    private readonly Span<Input> storage = storage;

    public int Count { get; private set; }

    public readonly Span<Input> Inputs => storage[..Count];

    public void Add(Input input) => storage[Count++] = input;
}
