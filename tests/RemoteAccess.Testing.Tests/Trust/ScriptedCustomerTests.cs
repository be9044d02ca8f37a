using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class ScriptedCustomerTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Answer_AText_IsAsScriptedAndRecordedAsNobody(bool consents)
    {
        var customer = new ScriptedCustomer { Name = "Erika Beispiel", Consents = consents };
        Assert.Equal(consents, customer.Answer("Contoso may look after this computer until Friday."));
        Assert.Equal("Erika Beispiel (scripted, not a person)", customer.ConsentedBy);
        Assert.Equal(ConsentMethod.OnSiteVerbal, customer.Method);
    }

    [Fact]
    public void Answer_NothingToAgreeTo_OrNobodyOnSite_IsNoConsent()
    {
        var customer = new ScriptedCustomer { Name = "Erika Beispiel", Consents = true };
        Assert.Throws<ArgumentException>(() => customer.Answer(" "));
        Assert.Throws<InvalidOperationException>(() => (customer with { Method = ConsentMethod.OnScreen }).Answer("text"));
        Assert.Throws<InvalidOperationException>(() => (customer with { Name = "" }).Answer("text"));
    }

    [Fact]
    public void Type_IsNotInTheProduct()
    {
        Assert.Equal("RemoteAccess.Testing", typeof(ScriptedCustomer).Assembly.GetName().Name);
        Assert.DoesNotContain(typeof(OperationPermit).Assembly.GetTypes(), type => type.Name.Contains("Scripted", StringComparison.Ordinal));
    }
}
