using System.Runtime.InteropServices;

// Windows' own libraries come from its own folder: one of the same name beside the program is never loaded.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
