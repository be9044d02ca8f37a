namespace RemoteAccess.Interop;

/// <summary>
/// One reference to a COM object, called through its table of methods: COM interop of the runtime needs reflection, which trimming takes away.
/// The number of a method counts from IUnknown's three.
/// </summary>
internal sealed unsafe class ComObject(nint pointer) : IDisposable
{
    private nint pointer = pointer;

    public nint Pointer => pointer != 0 ? pointer : throw new ObjectDisposedException(nameof(ComObject));

    public static void* Method(nint item, int number) => (*(void***)item)[number];

    /// <summary>The same object as another interface; null when it is not one.</summary>
    public ComObject? As(in Guid id)
    {
        nint found = 0;
        fixed (Guid* wanted = &id)
        {
            int result = ((delegate* unmanaged<nint, Guid*, nint*, int>)Method(Pointer, 0))(Pointer, wanted, &found);
            return result >= 0 && found != 0 ? new ComObject(found) : null;
        }
    }

    public void Dispose()
    {
        nint item = pointer;
        pointer = 0;
        if (item != 0) _ = ((delegate* unmanaged<nint, uint>)Method(item, 2))(item);
    }
}
