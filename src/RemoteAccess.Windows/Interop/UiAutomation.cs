using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace RemoteAccess.Interop;

/// <summary>uiautomationcore: what a window needs to answer screen readers. Older systems, and Wine, may not have all of it: see <see cref="IsThere"/>.</summary>
internal static unsafe partial class UiAutomation
{
    public const int RootObject = -25;
    /// <summary>ProviderOptions_ServerSideProvider.</summary>
    public const int ServerSide = 2;
    public const int AppendRuntimeId = 3;
    public const int FocusChanged = 20005, LiveRegionChanged = 20024;
    /// <summary>StructureChangeType_ChildrenInvalidated.</summary>
    public const int ChildrenInvalidated = 2;
    public const int Window = 50032, HeadingOne = 80051, Polite = 1;
    /// <summary>UIA_E_ELEMENTNOTAVAILABLE, UIA_E_INVALIDOPERATION, E_POINTER.</summary>
    public const int NotAvailable = unchecked((int)0x80040201), InvalidOperation = unchecked((int)0x80131509), NoPointer = unchecked((int)0x80004003);

    private const string File = "uiautomationcore";
    private static readonly string[] Entries =
        [nameof(UiaReturnRawElementProvider), nameof(UiaHostProviderFromHwnd), nameof(UiaClientsAreListening), nameof(UiaRaiseAutomationEvent), nameof(UiaRaiseStructureChangedEvent), nameof(UiaDisconnectProvider)];

    private static readonly Lazy<bool> Found = new(Look);

    /// <summary>Whether the system has it all; without it windows do as well, only unread.</summary>
    public static bool IsThere => Found.Value;

    [LibraryImport(File)] public static partial nint UiaReturnRawElementProvider(nint window, nuint first, nint second, nint provider);
    [LibraryImport(File)] public static partial int UiaHostProviderFromHwnd(nint window, nint* provider);
    [LibraryImport(File)] public static partial int UiaClientsAreListening();
    [LibraryImport(File)] public static partial int UiaRaiseAutomationEvent(nint provider, int id);
    [LibraryImport(File)] public static partial int UiaRaiseStructureChangedEvent(nint provider, int change, int* runtimeId, int length);
    [LibraryImport(File)] public static partial int UiaDisconnectProvider(nint provider);
    [LibraryImport("oleaut32")] public static partial nint SafeArrayCreateVector(ushort type, int lowest, uint count);
    [LibraryImport("oleaut32")] public static partial int SafeArrayPutElement(nint array, int* index, void* item);

    private static bool Look() =>
        NativeLibrary.TryLoad(File, typeof(UiAutomation).Assembly, DllImportSearchPath.System32, out nint library) && Array.TrueForAll(Entries, entry => NativeLibrary.TryGetExport(library, entry, out _));
}

/// <summary>UiaRect.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct AutomationRectangle
{
    public double Left, Top, Width, Height;
}

/// <summary>IRawElementProviderSimple.</summary>
[GeneratedComInterface, Guid("d6dd68d1-86fd-4332-8666-9abedea2d24c")]
internal unsafe partial interface IElementProvider
{
    [PreserveSig] int GetProviderOptions(int* options);
    [PreserveSig] int GetPatternProvider(int pattern, nint* provider);
    [PreserveSig] int GetPropertyValue(int property, ComVariant* value);
    [PreserveSig] int GetHostProvider(nint* provider);
}

/// <summary>IRawElementProviderFragment.</summary>
[GeneratedComInterface, Guid("f7063da8-8359-439c-9297-bbc5299a7d87")]
internal unsafe partial interface IElementFragment
{
    [PreserveSig] int Navigate(int direction, nint* fragment);
    [PreserveSig] int GetRuntimeId(nint* array);
    [PreserveSig] int GetBoundingRectangle(AutomationRectangle* area);
    [PreserveSig] int GetEmbeddedFragmentRoots(nint* array);
    [PreserveSig] int SetFocus();
    [PreserveSig] int GetFragmentRoot(nint* root);
}

/// <summary>IRawElementProviderFragmentRoot.</summary>
[GeneratedComInterface, Guid("620ce2a5-ab8f-40a9-86cb-de3c75599b58")]
internal unsafe partial interface IElementFragmentRoot
{
    [PreserveSig] int ElementProviderFromPoint(double x, double y, nint* fragment);
    [PreserveSig] int GetFocus(nint* fragment);
}
