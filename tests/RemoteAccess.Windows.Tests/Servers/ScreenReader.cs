using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using System.Text.Json;
using RemoteAccess.Interop;
using ComObject = RemoteAccess.Interop.ComObject;

namespace RemoteAccess.Tests;

/// <summary>What a client of UI Automation is told of an element.</summary>
internal sealed record HeardElement(string Id, int Role, string Name, string Help, int Left, int Top, int Right, int Bottom, bool IsEnabled, bool IsFocusable, bool HasFocus, bool IsPassword, bool IsOffscreen, int[] Patterns);

/// <summary>
/// A client of UI Automation, as Narrator is one: CUIAutomation of the system, by the tables of methods in uiautomationclient.h. As a program of its own (<see cref="Argument"/>), or in this
/// one on another thread than the window's.
/// </summary>
internal static unsafe partial class ScreenReader
{
    public const string Argument = "--be-the-screen-reader", Holding = "--be-the-screen-reader-that-holds";
    private const int Subtree = 7;
    private const int NotImplemented = unchecked((int)0x80004001);
    /// <summary>UIA_InvokePatternId to UIA_CustomNavigationPatternId.</summary>
    private const int FirstPattern = 10000, LastPattern = 10033;

    [LibraryImport("ole32")] private static partial int CoCreateInstance(Guid* type, nint outer, uint context, Guid* interfaceId, nint* created);

    /// <summary>The program.</summary>
    /// <returns>Its exit code; null when these are not its arguments.</returns>
    public static int? Run(string[] args)
    {
        if (args is [Holding, var held])
        {
            using ComObject automation = Create();
            using ComObject element = ElementOf(automation, nint.Parse(held, CultureInfo.InvariantCulture));
            Console.Out.WriteLine(Property(element, 30005));
            _ = Console.In.ReadToEnd();
            return 0;
        }
        if (args is not [Argument, var window]) return null;
        Console.Out.Write(JsonSerializer.Serialize(Read(nint.Parse(window, CultureInfo.InvariantCulture))));
        return 0;
    }

    /// <summary>The window itself first, then what is in it.</summary>
    public static HeardElement[] Read(nint window)
    {
        using ComObject automation = Create();
        List<HeardElement> heard = [];
        foreach (ComObject element in Elements(automation, window))
        {
            using (element) heard.Add(Hear(element));
        }
        return [.. heard];
    }

    /// <summary>The window's element and those in it, each the caller's.</summary>
    public static ComObject[] Elements(ComObject automation, nint window)
    {
        using ComObject root = ElementOf(automation, window);
        nint all, condition;
        Check(((delegate* unmanaged<nint, nint*, int>)ComObject.Method(automation.Pointer, 21))(automation.Pointer, &condition));
        using ComObject everything = new(condition);
        Check(((delegate* unmanaged<nint, int, nint, nint*, int>)ComObject.Method(root.Pointer, 6))(root.Pointer, Subtree, everything.Pointer, &all));
        using ComObject found = new(all);
        int length;
        Check(((delegate* unmanaged<nint, int*, int>)ComObject.Method(found.Pointer, 3))(found.Pointer, &length));
        ComObject[] elements = new ComObject[length];
        for (int i = 0; i < length; i++)
        {
            nint item;
            Check(((delegate* unmanaged<nint, int, nint*, int>)ComObject.Method(found.Pointer, 4))(found.Pointer, i, &item));
            elements[i] = new ComObject(item);
        }
        return elements;
    }

    public static ComObject Create()
    {
        Guid type = new("ff48dba4-60ef-4201-aa87-54103eef594e"), id = new("30cbe57d-d9d0-452a-ab13-7ac5ac4825ee");
        nint created;
        Check(CoCreateInstance(&type, 0, 1, &id, &created));
        return new ComObject(created);
    }

    public static ComObject ElementOf(ComObject automation, nint window)
    {
        nint element;
        Check(((delegate* unmanaged<nint, nint, nint*, int>)ComObject.Method(automation.Pointer, 6))(automation.Pointer, window, &element));
        return new ComObject(element);
    }

    /// <summary>What a client does that wants the keyboard to go there.</summary>
    public static int SetFocus(ComObject element) => ((delegate* unmanaged<nint, int>)ComObject.Method(element.Pointer, 3))(element.Pointer);

    public static object? Property(ComObject element, int id)
    {
        ComVariant value = default;
        int result = ((delegate* unmanaged<nint, int, int, ComVariant*, int>)ComObject.Method(element.Pointer, 11))(element.Pointer, id, 1, &value);
        // Wine's client does not know all properties.
        if (result == NotImplemented) return null;
        Check(result);
        using (value) return Value(value);
    }

    public static object? Value(in ComVariant value) => value.VarType switch
    {
        VarEnum.VT_BSTR => value.As<string>(),
        VarEnum.VT_I4 => value.As<int>(),
        VarEnum.VT_BOOL => value.As<bool>(),
        _ => null,
    };

    private static HeardElement Hear(ComObject element)
    {
        Rectangle place;
        Check(((delegate* unmanaged<nint, Rectangle*, int>)ComObject.Method(element.Pointer, 43))(element.Pointer, &place));
        bool Is(int id) => Property(element, id) is true;
        string Text(int id) => Property(element, id) as string ?? "";
        List<int> patterns = [];
        for (int pattern = FirstPattern; pattern <= LastPattern; pattern++)
        {
            nint offered = 0;
            int result = ((delegate* unmanaged<nint, int, nint*, int>)ComObject.Method(element.Pointer, 16))(element.Pointer, pattern, &offered);
            if (offered == 0) continue;
            patterns.Add(pattern);
            new ComObject(offered).Dispose();
        }
        return new HeardElement(Text(30011), Property(element, 30003) as int? ?? 0, Text(30005), Text(30013), place.Left, place.Top, place.Right, place.Bottom, Is(30010), Is(30009), Is(30008), Is(30019), Is(30022), [.. patterns]);
    }

    private static void Check(int result)
    {
        if (result < 0) throw new InvalidOperationException($"UI Automation says 0x{result:x8}.");
    }
}

/// <summary>The same as a program of its own.</summary>
internal static class ScreenReaderProgram
{
    /// <summary>Starts one that holds a window's element until its input ends.</summary>
    public static async Task<Process> HoldAsync(nint window)
    {
        KeptInterfaces.Keep();
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardInput = true, ArgumentList = { ScreenReader.Holding, window.ToString(CultureInfo.InvariantCulture) } };
        Process reader = Process.Start(start)!;
        try
        {
            Assert.False(string.IsNullOrEmpty(await reader.StandardOutput.ReadLineAsync().WaitAsync(Eventually.Limit)));
            return reader;
        }
        catch
        {
            reader.Kill();
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Reads a window by a program of its own.</summary>
    public static async Task<HeardElement[]> ReadAsync(nint window)
    {
        KeptInterfaces.Keep();
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardOutput = true, ArgumentList = { ScreenReader.Argument, window.ToString(CultureInfo.InvariantCulture) } };
        using Process reader = Process.Start(start)!;
        try
        {
            string said = await reader.StandardOutput.ReadToEndAsync().WaitAsync(Eventually.Limit);
            await reader.WaitForExitAsync();
            Assert.True(reader.ExitCode == 0, said);
            return JsonSerializer.Deserialize<HeardElement[]>(said)!;
        }
        finally
        {
            // One that hangs would hang in what other tests wait for, too.
            if (!reader.HasExited) reader.Kill();
        }
    }
}
