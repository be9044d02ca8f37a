using RemoteAccess.Interop;
using RemoteAccess.Sessions;

namespace RemoteAccess.Tests;

[Collection(OneDesktop.Name)]
public sealed class SecureAttentionTests : ISecureAttention
{
    private int sent;

    [Theory]
    [InlineData(0u, true, false)]
    [InlineData(0u, false, false)]
    [InlineData(1u, true, true)]
    [InlineData(1u, false, false)]
    [InlineData(2u, true, false)]
    [InlineData(2u, false, true)]
    [InlineData(3u, true, true)]
    [InlineData(3u, false, true)]
    public void Policy_NamesWhoMay(uint policy, bool isService, bool mayBeSent) => Assert.Equal(mayBeSent, SecureAttention.WhyRefused(policy, isService) is null);

    [Fact]
    public void ControlAltDelete_IsAskedForAndDeleteIsNotPressed()
    {
        KeyStrokes keys = new(new InputSink(PhysicalInput.OfThisProcess), new ForegroundLayout(), this);
        try
        {
            keys.Press(Keysym.Delete);
            keys.Release(Keysym.Delete);
            keys.Press(Keysym.Alt);
            keys.Press(Keysym.Delete);
            keys.Release(Keysym.Delete);
            Assert.Equal(0, sent);
            keys.Press(Keysym.Control);

            keys.Press(Keysym.Delete);

            Assert.Equal(1, sent);
            Assert.Equal(0, Win32.GetAsyncKeyState(0x2e) & 0x8000);
            keys.Press(0xff9f);
            Assert.Equal(2, sent);
        }
        finally
        {
            keys.ReleaseAll();
        }
    }

    void ISecureAttention.Send() => sent++;
}
