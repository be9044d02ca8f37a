using RemoteAccess.Interop;

namespace RemoteAccess.Tests;

/// <summary>The numbers of Direct3D's methods, tried on a device of this machine.</summary>
public sealed unsafe class StagingTextureTests
{
    [Fact]
    public void CopyAndMap_OfAPartOfATexture_BringItsPixels()
    {
        const int Hardware = 1, Software = 5;
        nint made = 0, madeContext = 0;
        int result = D3D11.D3D11CreateDevice(0, Hardware, 0, 0, null, 0, D3D11.SdkVersion, &made, null, &madeContext);
        if (result < 0) result = D3D11.D3D11CreateDevice(0, Software, 0, 0, null, 0, D3D11.SdkVersion, &made, null, &madeContext);
        Assert.SkipUnless(result >= 0, $"Direct3D 11 gives no device here: 0x{result:X8}");
        using ComObject device = new(made), context = new(madeContext);
        TextureDescription description = new()
        {
            Width = 16, Height = 8, MipLevels = 1, ArraySize = 1, Format = D3D11.FormatBgra, SampleCount = 1, Usage = D3D11.UsageStaging, CpuAccess = D3D11.CpuRead | 0x10000,
        };
        Assert.True(D3D11.CreateTexture2D(device, &description, out nint first) >= 0);
        Assert.True(D3D11.CreateTexture2D(device, &description, out nint second) >= 0);
        using ComObject source = new(first), target = new(second);
        Assert.NotNull(source.As(Dxgi.Texture2D));
        Assert.Null(source.As(Dxgi.Output1));
        MappedTexture mapped;
        Assert.True(D3D11.Map(context, source, &mapped) >= 0);
        for (int y = 0; y < 8; y++)
        {
            for (int x = 0; x < 16; x++) ((uint*)((byte*)mapped.Data + (y * mapped.RowPitch)))[x] = (uint)((y * 16) + x + 1);
        }

        D3D11.Unmap(context, source);
        D3D11.Copy(context, target, source, new PixelRect(3, 2, 5, 4));

        Assert.True(D3D11.Map(context, target, &mapped) >= 0);
        for (int y = 0; y < 8; y++)
        {
            for (int x = 0; x < 16; x++)
            {
                bool isInside = x is >= 3 and < 8 && y is >= 2 and < 6;
                Assert.Equal(isInside ? (uint)((y * 16) + x + 1) : 0, ((uint*)((byte*)mapped.Data + (y * mapped.RowPitch)))[x]);
            }
        }

        D3D11.Unmap(context, target);
    }
}
