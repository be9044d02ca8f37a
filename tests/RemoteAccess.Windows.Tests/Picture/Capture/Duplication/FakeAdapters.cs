using System.Runtime.InteropServices;
using RemoteAccess.Interop;

namespace RemoteAccess.Tests;

/// <summary>
/// COM objects with the methods of IDXGIFactory1, IDXGIAdapter1, IDXGIOutput1 and IDXGIOutputDuplication that are called before the first frame, numbered as in dxgi.h and
/// dxgi1_2.h: graphics cards and monitors as a test says. References are counted.
/// </summary>
internal static unsafe class FakeAdapters
{
    private const int NotFound = unchecked((int)0x887A0002), NoInterface = unchecked((int)0x80004002);

    /// <summary>References that somebody holds, to all of them.</summary>
    public static int References { get; private set; }

    /// <summary>A factory; each adapter is a list of its outputs.</summary>
    public static nint Make(params Output[][] adapters)
    {
        References = 0;
        return Hand(new Item(new Dictionary<int, nint> { [12] = (nint)(delegate* unmanaged<nint, uint, nint*, int>)&Enumerate })
        {
            Parts = [.. adapters.Select(static outputs => new Item(new Dictionary<int, nint> { [7] = (nint)(delegate* unmanaged<nint, uint, nint*, int>)&Enumerate }) { Parts = [.. outputs.Select(Of)] })],
        });
    }

    private static Item Of(Output output) => new(new Dictionary<int, nint>
    {
        [0] = (nint)(delegate* unmanaged<nint, Guid*, nint*, int>)&QueryInterface,
        [7] = (nint)(delegate* unmanaged<nint, OutputDescription*, int>)&Describe,
        [22] = (nint)(delegate* unmanaged<nint, nint, nint*, int>)&Duplicate,
    })
    {
        Output = output,
        Parts = [new(new Dictionary<int, nint> { [7] = (nint)(delegate* unmanaged<nint, DuplicationDescription*, void>)&DescribeDuplication }) { Output = output }],
    };

    private static nint Hand(Item item)
    {
        References++;
        return item.Pointer;
    }

    private static Item Find(nint self) => (Item)GCHandle.FromIntPtr(((nint*)self)[1]).Target!;

    [UnmanagedCallersOnly]
    private static uint Release(nint self) => (uint)--References;

    [UnmanagedCallersOnly]
    private static int QueryInterface(nint self, Guid* id, nint* found)
    {
        *found = *id == Dxgi.Output1 ? Hand(Find(self)) : 0;
        return *found != 0 ? 0 : NoInterface;
    }

    [UnmanagedCallersOnly]
    private static int Enumerate(nint self, uint index, nint* found)
    {
        IReadOnlyList<Item> parts = Find(self).Parts;
        *found = index < parts.Count ? Hand(parts[(int)index]) : 0;
        return *found != 0 ? 0 : NotFound;
    }

    [UnmanagedCallersOnly]
    private static int Describe(nint self, OutputDescription* into)
    {
        Output output = Find(self).Output!;
        *into = new OutputDescription
        {
            Desktop = new Rectangle { Left = output.Desktop.X, Top = output.Desktop.Y, Right = output.Desktop.Right, Bottom = output.Desktop.Bottom },
            IsAttached = output.IsAttached ? 1 : 0,
            Rotation = output.Rotation,
        };
        return 0;
    }

    [UnmanagedCallersOnly]
    private static int Duplicate(nint self, nint device, nint* found)
    {
        Item item = Find(self);
        if (item.Output!.Refusal != 0) return item.Output.Refusal;
        *found = Hand(item.Parts[0]);
        return 0;
    }

    /// <summary>The texture is as the monitor scans it out: turned outputs have theirs on its side.</summary>
    [UnmanagedCallersOnly]
    private static void DescribeDuplication(nint self, DuplicationDescription* into)
    {
        Output output = Find(self).Output!;
        bool isOnItsSide = output.Rotation is 2 or 4;
        *into = new DuplicationDescription
        {
            Width = (uint)(isOnItsSide ? output.Desktop.Height : output.Desktop.Width), Height = (uint)(isOnItsSide ? output.Desktop.Width : output.Desktop.Height), Rotation = output.Rotation,
        };
    }

    /// <summary>A monitor's socket.</summary>
    /// <param name="Desktop">Where its picture is, in Windows' coordinates.</param>
    /// <param name="Rotation">DXGI_MODE_ROTATION.</param>
    /// <param name="IsAttached">Whether it shows a part of the desktop.</param>
    /// <param name="Refusal">What DuplicateOutput answers; 0 gives it.</param>
    internal sealed record Output(PixelRect Desktop, int Rotation = 1, bool IsAttached = true, int Refusal = 0);

    /// <summary>An object: its table, and behind it who it is. It stays until the process ends, as a stray call must find it.</summary>
    private sealed class Item
    {
        private const int Methods = 23;

        public Item(Dictionary<int, nint> methods)
        {
            nint* item = (nint*)NativeMemory.AllocZeroed((Methods + 2) * (nuint)sizeof(nint));
            item[0] = (nint)(item + 2);
            item[1] = GCHandle.ToIntPtr(GCHandle.Alloc(this));
            item[2 + 2] = (nint)(delegate* unmanaged<nint, uint>)&Release;
            foreach ((int number, nint method) in methods) item[2 + number] = method;
            Pointer = (nint)item;
        }

        public nint Pointer { get; }

        public Output? Output { get; init; }

        public IReadOnlyList<Item> Parts { get; init; } = [];
    }
}
