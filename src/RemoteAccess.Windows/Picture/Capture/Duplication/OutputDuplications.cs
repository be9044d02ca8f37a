using RemoteAccess.Interop;

namespace RemoteAccess.Picture;

/// <summary>What came of asking for Desktop Duplication: the outputs, or why not.</summary>
/// <param name="Outputs">All that make up the desktop; null when one of them is refused.</param>
/// <param name="Reason">A sentence for the log.</param>
/// <param name="MayComeBack">Whether asking again later makes sense.</param>
internal sealed record DuplicationAnswer(IReadOnlyList<IOutputDuplication>? Outputs, string Reason, bool MayComeBack);

/// <summary>Asks each adapter for its outputs, and each output for its duplication. All or nothing: a desktop of which a part is missing is none.</summary>
internal static unsafe class OutputDuplications
{
    public static DuplicationAnswer Open(MonitorLayout monitors) => Open(monitors.Desktop, MakeFactory, MakeDevice);

    /// <param name="desktop">The virtual screen, in Windows' coordinates.</param>
    /// <param name="factory">The seam to CreateDXGIFactory1.</param>
    /// <param name="device">The seam to D3D11CreateDevice.</param>
    internal static DuplicationAnswer Open(PixelRect desktop, FactoryMaker factory, DeviceMaker device)
    {
        List<IOutputDuplication> outputs = [];
        (int result, string call) = TryOpen(desktop, factory, device, outputs);
        if (result >= 0 && outputs.Count > 0) return new DuplicationAnswer(outputs, "", false);
        foreach (IOutputDuplication output in outputs) output.Dispose();
        bool mayComeBack = result is Dxgi.AccessLost or Dxgi.AccessDenied or Dxgi.NotCurrentlyAvailable or Dxgi.ModeChangeInProgress or Dxgi.SessionDisconnected;
        string reason = result < 0 ? $"{call} answered 0x{result:X8}." : "no adapter has an output with a desktop.";
        return new DuplicationAnswer(null, reason, mayComeBack);
    }

    private static int MakeFactory(out nint factory)
    {
        nint made = 0;
        Guid id = Dxgi.Factory1;
        int result = Dxgi.CreateDXGIFactory1(&id, &made);
        factory = made;
        return result;
    }

    private static int MakeDevice(nint adapter, out nint device, out nint context)
    {
        const int AsTheAdapter = 0;
        nint made = 0, madeContext = 0;
        int result = D3D11.D3D11CreateDevice(adapter, AsTheAdapter, 0, 0, null, 0, D3D11.SdkVersion, &made, null, &madeContext);
        (device, context) = (made, madeContext);
        return result;
    }

    private static (int Result, string Call) TryOpen(PixelRect desktop, FactoryMaker makeFactory, DeviceMaker makeDevice, List<IOutputDuplication> into)
    {
        int result = makeFactory(out nint factory);
        if (result < 0) return (result, "CreateDXGIFactory1");
        using ComObject adapters = new(factory);
        for (uint i = 0; Dxgi.EnumAdapters1(adapters, i, out nint found) >= 0; i++)
        {
            using ComObject adapter = new(found);
            (int refusal, string call) = TryOpen(adapter, desktop, makeDevice, into);
            if (refusal < 0) return (refusal, call);
        }
        return (0, "");
    }

    private static (int Result, string Call) TryOpen(ComObject adapter, PixelRect desktop, DeviceMaker makeDevice, List<IOutputDuplication> into)
    {
        ComObject? device = null;
        try
        {
            for (uint i = 0; Dxgi.EnumOutputs(adapter, i, out nint found) >= 0; i++)
            {
                using ComObject output = new(found);
                OutputDescription description;
                if (Dxgi.GetOutputDescription(output, &description) < 0 || description.IsAttached == 0) continue;
                PixelRect area = description.Desktop.ToPixels();
                area = area with { X = area.X - desktop.X, Y = area.Y - desktop.Y };
                (int result, string call) = TryOpen(adapter, output, makeDevice, ref device, area, into);
                if (result < 0) return (result, call);
            }
            return (0, "");
        }
        finally
        {
            device?.Dispose();
        }
    }

    /// <summary>Each output has a context of its own, a further reference to the device's one; the device itself lives as long as its contexts.</summary>
    private static (int Result, string Call) TryOpen(ComObject adapter, ComObject output, DeviceMaker makeDevice, ref ComObject? device, PixelRect area, List<IOutputDuplication> into)
    {
        const int NoInterface = unchecked((int)0x80004002), Unexpected = unchecked((int)0x8000FFFF);
        device?.Dispose();
        int result = makeDevice(adapter.Pointer, out nint made, out nint context);
        if (result < 0) return (result, "D3D11CreateDevice");
        device = new ComObject(made);
        ComObject held = new(context);
        using ComObject? output1 = output.As(Dxgi.Output1);
        result = NoInterface;
        if (output1 is null || (result = Dxgi.DuplicateOutput(output1, device, out nint duplication)) < 0)
        {
            held.Dispose();
            return (result, "DuplicateOutput");
        }
        DuplicatedOutput? opened = DuplicatedOutput.TryCreate(new ComObject(duplication), device, held, area);
        if (opened is null) return (Unexpected, "the output's picture, which is of another size than its place,");
        into.Add(opened);
        return (0, "");
    }
}

/// <summary>Makes a factory of adapters; answers an HRESULT.</summary>
internal delegate int FactoryMaker(out nint factory);

/// <summary>Makes a device of an adapter, and its context; answers an HRESULT.</summary>
internal delegate int DeviceMaker(nint adapter, out nint device, out nint context);
