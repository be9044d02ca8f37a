using System.Security.Principal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Win32;
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

    [Theory]
    [InlineData(0u, 0)]
    [InlineData(1u, 1)]
    [InlineData(2u, 0)]
    public void Service_WithPolicy_SendsInTheSessionOfTheHelper(uint policy, int expected)
    {
        FakeSystem system = new(policy);
        using FakeProcess helper = new();

        new SecureAttention(NullLogger.Instance, isService: true, system).SendIn(helper);

        Assert.Equal(expected, system.Sent.Count);
        // As the service, and in the name of the helper: Windows takes the session from there.
        Assert.All(system.Sent, static sent => Assert.Equal((false, true), sent));
    }

    [Fact]
    public void ByHand_WithPolicyForEaseOfAccess_SendsAsTheUser()
    {
        FakeSystem system = new(2);
        using FakeProcess helper = new();

        new SecureAttention(NullLogger.Instance, isService: false, system).SendIn(helper);

        Assert.Equal([(true, false)], system.Sent);
    }

    [Fact]
    public void ThisComputer_HasNoPolicyAndIsAskedForNothing()
    {
        Wine.Require();
        var log = new FakeLogger();

        Assert.Equal(0u, new WindowsSecureAttention().Policy);
        new SecureAttention(log, isService: true, new WindowsSecureAttention()).Send();

        Assert.Single(log.Lines);
    }

    /// <summary>As Group Policy writes it (HKLM); under Wine, where the registry is this run's own.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Policy_InTheRegistry_IsRead(int value)
    {
        Wine.Require();
        using RegistryKey policies = Registry.LocalMachine.CreateSubKey(@"SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System");
        policies.SetValue("SoftwareSASGeneration", value, RegistryValueKind.DWord);
        try
        {
            Assert.Equal((uint)value, new WindowsSecureAttention().Policy);
        }
        finally
        {
            policies.DeleteValue("SoftwareSASGeneration");
        }
    }

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

    private sealed class FakeSystem(uint policy) : ISecureAttentionSystem
    {
        public List<(bool AsUser, bool IsImpersonated)> Sent { get; } = [];

        public uint Policy => policy;

        public bool TrySend(bool asUser)
        {
            using WindowsIdentity? other = WindowsIdentity.GetCurrent(ifImpersonating: true);
            Sent.Add((asUser, other is not null));
            return true;
        }
    }
}
