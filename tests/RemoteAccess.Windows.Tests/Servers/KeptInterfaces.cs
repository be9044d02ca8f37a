using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using ComObject = RemoteAccess.Interop.ComObject;

namespace RemoteAccess.Tests;

/// <summary>IWineUiaNode.</summary>
[GeneratedComInterface, Guid("bccb6799-d831-4057-bd50-6425823ff1a3")]
internal partial interface IKeptNode;

/// <summary>IWineUiaProvider.</summary>
[GeneratedComInterface, Guid("57865755-6c05-4522-98df-4ca658b768ef")]
internal partial interface IKeptProvider;

/// <summary>IWineUiaEvent.</summary>
[GeneratedComInterface, Guid("5e60162c-ab0e-4e22-a61d-3a3acd442aba")]
internal partial interface IKeptEvent;

/// <summary>
/// Keeps those interfaces registered in this process by which Wine brings UI Automation from one program to another. When another program lets go of the last object of one, Wine 10 takes it back and waits
/// for calls of it that are still running; an end that comes just then is missed (rpcrt4 counts them without the lock under which RpcServerUnregisterIf looks), and that wait never ends. It holds the lock that every
/// answer to WM_GETOBJECT needs: the reader stands still, and then each window of this process that is read. A busy machine is enough. Windows has nothing of this.
/// </summary>
[GeneratedComClass]
internal sealed unsafe partial class KeptInterfaces : IKeptNode, IKeptProvider, IKeptEvent
{
    private const uint OnThisComputer = 0, UntilItIsTakenBack = 1;

    private static readonly StrategyBasedComWrappers Wrappers = new();
    private static readonly Lazy<KeptInterfaces> Kept = new(Register);

    [LibraryImport("ole32")] private static partial int CoIncrementMTAUsage(nint* use);
    [LibraryImport("ole32")] private static partial int CreateStreamOnHGlobal(nint memory, int isFreed, nint* stream);
    [LibraryImport("ole32")] private static partial int CoMarshalInterface(nint stream, Guid* id, nint marshalled, uint context, nint reserved, uint flags);

    /// <summary>Before another program reads a window of this one.</summary>
    public static void Keep()
    {
        if (Wine.IsHere) _ = Kept.Value;
    }

    private static KeptInterfaces Register()
    {
        KeptInterfaces kept = new();
        nint use, memory;
        Marshal.ThrowExceptionForHR(CoIncrementMTAUsage(&use));
        Marshal.ThrowExceptionForHR(CreateStreamOnHGlobal(0, 1, &memory));
        using ComObject stream = new(memory), own = new(Wrappers.GetOrCreateComInterfaceForObject(kept, CreateComInterfaceFlags.None));
        foreach (Guid id in (Guid[])[typeof(IKeptNode).GUID, typeof(IKeptProvider).GUID, typeof(IKeptEvent).GUID])
            Marshal.ThrowExceptionForHR(CoMarshalInterface(stream.Pointer, &id, own.Pointer, OnThisComputer, 0, UntilItIsTakenBack));
        return kept;
    }
}
