using System.Security.AccessControl;
using System.Security.Principal;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Who may reach the state directory. Wine keeps little of an access list, so lists are judged as text (SDDL), and one round goes through the file system.</summary>
public sealed class StateAccessTests(ITestOutputHelper output)
{
    private const string Me = "S-1-5-21-1-2-3-1001", Eve = "S-1-5-21-1-2-3-1002";

    [Theory]
    // As a service makes it, as a user's agent makes it, as a user's profile has it.
    [InlineData("O:SYD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)")]
    [InlineData("O:" + Me + "D:P(A;OICI;FA;;;" + Me + ")")]
    [InlineData("O:" + Me + "D:(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;OICIID;FA;;;" + Me + ")")]
    [InlineData("O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICIIO;FA;;;CO)(A;;FA;;;OW)")]
    [InlineData("O:SYD:P(D;;FA;;;WD)(A;OICI;FA;;;SY)")]
    public void Directory_OfTheOwnerAlone_IsTaken(string sddl) => Assert.Null(Judge(sddl, OwnerAccess.Others.Nothing));

    [Theory]
    [InlineData("O:SYD:(A;OICI;FA;;;SY)(A;OICI;0x1200a9;;;BU)")]
    [InlineData("O:SYD:(A;OICI;FA;;;SY)(A;CI;DCLCRPCR;;;BU)")]
    [InlineData("O:SYD:P(A;OICI;FA;;;SY)(A;OICIIO;FR;;;WD)")]
    [InlineData("O:SYD:P(A;OICI;FA;;;SY)(A;;FA;;;" + Eve + ")")]
    [InlineData("O:SYD:P(D;;FA;;;" + Eve + ")(A;;FR;;;" + Eve + ")(A;OICI;FA;;;SY)")]
    [InlineData("O:SYD:P(A;OICI;FA;;;SY)(A;;FR;;;AU)")]
    [InlineData("O:SYD:P(A;OICI;FA;;;SY)(A;;FR;;;AN)")]
    [InlineData("O:" + Eve + "D:P(A;OICI;FA;;;SY)")]
    [InlineData("O:BUD:P(A;OICI;FA;;;SY)")]
    [InlineData("D:P(A;OICI;FA;;;SY)")]
    [InlineData("O:SY")]
    public void Directory_ThatOthersReach_IsRefused(string sddl)
    {
        string? why = Judge(sddl, OwnerAccess.Others.Nothing);
        output.WriteLine($"{why}");

        Assert.NotNull(why);
    }

    // What Wine cannot read as text: no list at all, an entry with a condition, an entry of a kind that nobody knows.
    [Fact]
    public void Directory_WithAListThatIsNone_IsRefused()
    {
        SecurityIdentifier system = new(WellKnownSidType.LocalSystemSid, null), everybody = new(WellKnownSidType.WorldSid, null);
        RawAcl conditional = new(2, 1), unknown = new(2, 1);
        conditional.InsertAce(0, new CommonAce(AceFlags.None, AceQualifier.AccessAllowed, 0x1F01FF, everybody, isCallback: true, [1, 2, 3, 4]));
        unknown.InsertAce(0, new CustomAce((AceType)99, AceFlags.None, [1, 2, 3, 4]));

        foreach (RawAcl? list in (RawAcl?[])[null, conditional, unknown])
            Assert.NotNull(OwnerAccess.WhyExposed(new RawSecurityDescriptor(ControlFlags.DiscretionaryAclPresent | ControlFlags.SelfRelative, system, null, null, list), new SecurityIdentifier(Me), OwnerAccess.Others.Nothing));
    }

    [Theory]
    [InlineData("O:SYD:P(A;OICI;FA;;;SY)(A;OICI;0x1200a9;;;BU)", true)]
    [InlineData("O:SYD:P(A;OICI;FA;;;SY)(A;;0x2;;;BU)", false)]
    [InlineData("O:SYD:P(A;OICI;FA;;;SY)(A;;0x4;;;BU)", false)]
    [InlineData("O:SYD:P(A;OICI;FA;;;SY)(A;;GW;;;BU)", false)]
    [InlineData("O:SYD:P(A;OICI;FA;;;SY)(A;;WD;;;BU)", false)]
    [InlineData("O:SYD:P(A;OICI;FA;;;SY)(A;;WO;;;BU)", false)]
    [InlineData("O:SYD:P(A;OICI;FA;;;SY)(A;OICIIO;GA;;;BU)", false)]
    public void Directory_OfTheSocket_MayBeReadAndNotChanged(string sddl, bool isTaken) => Assert.Equal(isTaken, Judge(sddl, OwnerAccess.Others.Read) is null);

    [Theory]
    // %ProgramData% and C:\ as Windows has them; then a folder where everybody may do everything.
    [InlineData("O:SYD:PAI(A;OICIIO;GA;;;CO)(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)(A;CI;DCLCRPCR;;;BU)", true)]
    [InlineData("O:S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464D:PAI(A;;LC;;;AU)(A;OICIIO;SDGXGWGR;;;AU)(A;;FA;;;SY)(A;OICIIO;GA;;;SY)(A;OICIIO;GA;;;BA)(A;;FA;;;BA)(A;OICI;0x1200a9;;;BU)", true)]
    [InlineData("O:BAD:(A;OICI;FA;;;WD)", false)]
    [InlineData("O:BAD:(A;OICI;FA;;;BA)(A;;0x40;;;BU)", false)]
    [InlineData("O:BAD:(A;OICI;FA;;;BA)(A;OICI;SD;;;AU)", false)]
    [InlineData("O:" + Eve + "D:(A;OICI;FA;;;BA)", false)]
    public void DirectoryAbove_MayBeAddedToAndNotReplaced(string sddl, bool isTaken) => Assert.Equal(isTaken, Judge(sddl, OwnerAccess.Others.Add) is null);

    [Fact]
    public void NewDirectory_HasAListOfItsOwnForTheSystemOrThisAccount()
    {
        DirectorySecurity made = OwnerAccess.OfNewDirectory();
        string sddl = made.GetSecurityDescriptorSddlForm(AccessControlSections.Access);
        output.WriteLine(sddl);

        Assert.True(made.AreAccessRulesProtected);
        string me = WindowsIdentity.GetCurrent().User!.Value;
        Assert.Contains(sddl, (string[])["D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)", "D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)", $"D:PAI(A;OICI;FA;;;{me})", $"D:P(A;OICI;FA;;;{me})"]);
    }

    [Fact]
    public void State_OpenedInANewDirectory_OpensAgain()
    {
        string folder = Path.Combine(Path.GetTempPath(), $"remoteaccess-{Guid.NewGuid():N}");
        try
        {
            _ = StateDirectory.Open(folder);
            output.WriteLine(new DirectoryInfo(folder).GetAccessControl().GetSecurityDescriptorSddlForm(AccessControlSections.Access | AccessControlSections.Owner));
            output.WriteLine(new DirectoryInfo(folder).Parent!.GetAccessControl().GetSecurityDescriptorSddlForm(AccessControlSections.Access | AccessControlSections.Owner));
            _ = StateDirectory.Open(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void State_InADirectoryThatEverybodyMayRead_IsRefused()
    {
        string folder = Path.Combine(Path.GetTempPath(), $"remoteaccess-{Guid.NewGuid():N}");
        var open = new DirectorySecurity();
        open.SetSecurityDescriptorSddlForm("D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;WD)", AccessControlSections.Access);
        open.CreateDirectory(folder);
        try
        {
            Assert.Equal(StateError.Exposed, Assert.Throws<StateException>(() => StateDirectory.Open(folder)).Error);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string? Judge(string sddl, OwnerAccess.Others others) => OwnerAccess.WhyExposed(new RawSecurityDescriptor(sddl), new SecurityIdentifier(Me), others);
}
