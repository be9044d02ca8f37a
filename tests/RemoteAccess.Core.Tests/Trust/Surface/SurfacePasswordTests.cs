using System.Globalization;
using System.Text;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests.Trust;

/// <summary>A password that the customer's surface has asked for, stored and forgotten; the window is the test's.</summary>
public sealed class SurfacePasswordTests : IAsyncDisposable, ICredentialPrompt, IConsentPrompt, IAccountCheck, ISecretSealer, ILogonScreen
{
    private readonly TrustFixture fixture = new();
    private readonly List<EnrolmentQuestion> asked = [];
    private readonly TaskCompletionSource mayType = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ConsentDesk desk = null!;
    private string? typed = "right";
    private bool wasRemoteInputHeld;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public string? User { get; set; } = "erika";

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    [Fact]
    public async Task Password_AskedForBySurface_IsStoredListedAndForgottenAndRecorded()
    {
        (TrustFlow trust, string grant) = await OpenAsync(Operations.ViewScreen | Operations.FillCredential);
        await using SurfaceConnection surface = await SurfaceConnection.OpenAsync(fixture.State, Cancel);
        Assert.Empty(await surface.ReadPasswordsAsync(grant, Cancel));

        await surface.DoAsync(new SurfaceAction.StorePassword(grant, "de-DE"), Cancel);

        EnrolmentQuestion question = Assert.Single(asked);
        Assert.Equal(("erika", "Contoso:Frontdesk:Erika", false, "de-DE"), (question.User, question.Nickname, question.IsAgain, question.Culture.Name));
        Assert.True(wasRemoteInputHeld);
        Assert.False(desk.IsPromptOpen);
        Assert.Equal([new StoredCredential("erika", StoredCredentialState.Stored)], await surface.ReadPasswordsAsync(grant, Cancel));
        await Patience.UntilAsync(() => surface.Status.Grants[0].Passwords is [{ User: "erika", State: StoredCredentialState.Stored }]);
        Assert.Single(TrustFixture.History(trust, "credential.stored"));
        await surface.DoAsync(new SurfaceAction.ForgetPassword(grant, "erika"), Cancel);
        Assert.Empty(await surface.ReadPasswordsAsync(grant, Cancel));
        await Patience.UntilAsync(() => surface.Status.Grants[0].Passwords.Count == 0);
        Assert.Single(TrustFixture.History(trust, "credential.erased"));
        Assert.Contains("no such password", (await Assert.ThrowsAsync<SurfaceException>(() => surface.DoAsync(new SurfaceAction.ForgetPassword(grant, "erika"), Cancel))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Password_ThatCannotBe_IsASentenceAndNobodyIsAsked()
    {
        (_, string grant) = await OpenAsync(Operations.ViewScreen | Operations.FillCredential);
        await using SurfaceConnection surface = await SurfaceConnection.OpenAsync(fixture.State, Cancel);
        User = null;
        Assert.Contains("Nobody is logged on", await RefusedAsync(surface, new SurfaceAction.StorePassword(grant, "")), StringComparison.Ordinal);
        User = "erika";
        Assert.Contains("no such grant", await RefusedAsync(surface, new SurfaceAction.StorePassword(new string('0', 32), "")), StringComparison.Ordinal);
        Assert.Contains("does not know this action", await RefusedAsync(surface, new SurfaceAction.StorePassword("../grants", "")), StringComparison.Ordinal);
        Assert.Contains("does not know this action", await RefusedAsync(surface, new SurfaceAction.StorePassword(grant, new string('x', 86))), StringComparison.Ordinal);
        Assert.Contains("does not know this action", await RefusedAsync(surface, new SurfaceAction.ForgetPassword(grant, "a\nb")), StringComparison.Ordinal);
        Assert.Contains("does not know this action", (await Assert.ThrowsAsync<SurfaceException>(() => surface.ReadPasswordsAsync("x", Cancel))).Message, StringComparison.Ordinal);
        Assert.Empty(asked);
        typed = null;
        Assert.Contains("was closed", await RefusedAsync(surface, new SurfaceAction.StorePassword(grant, "xx-nonsense-")), StringComparison.Ordinal);
        // While the person is asked something else.
        await desk.ShowAsync(async () => Assert.Contains("Another question is open", await RefusedAsync(surface, new SurfaceAction.StorePassword(grant, "")), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Password_UnderAGrantWithoutIt_IsRefused()
    {
        (_, string grant) = await OpenAsync(Operations.ViewScreen);
        await using SurfaceConnection surface = await SurfaceConnection.OpenAsync(fixture.State, Cancel);

        Assert.Contains("does not allow a password", await RefusedAsync(surface, new SurfaceAction.StorePassword(grant, "")), StringComparison.Ordinal);
        Assert.Empty(asked);
    }

    /// <summary>Whatever became of a record, the person still sees who may get in, and reads which file it is.</summary>
    [Theory]
    [InlineData("cut", "en")]
    [InlineData("altered", "de")]
    [InlineData("exposed", "fr")]
    [InlineData("long", "es")]
    [InlineData("link", "ja")]
    public async Task Password_RecordThatCannotBeRead_LeavesTheGrantsAndIsNamed(string damage, string language)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && damage == "exposed", "On Windows the directory's access list decides.");
        Assert.SkipWhen(OperatingSystem.IsWindows() && damage == "link", "Links need a privilege there.");
        (TrustFlow trust, string grant) = await OpenAsync(Operations.ViewScreen | Operations.FillCredential);
        await trust.StoredCredentials.StoreAsync(Convert.FromHexString(grant), "anna", new byte[] { 65 }, Cancel);
        await trust.StoredCredentials.StoreAsync(Convert.FromHexString(grant), "erika", new byte[] { 65 }, Cancel);
        string path = Directory.EnumerateFiles(Path.Combine(fixture.State, "grants", grant), "fill-*").Single(file => File.ReadAllText(file).Contains("erika", StringComparison.Ordinal));
        Damage(path, damage);
        NoticeTexts texts = NoticeTexts.For(CultureInfo.GetCultureInfo(language));

        await using SurfaceConnection surface = await SurfaceConnection.OpenAsync(fixture.State, CultureInfo.GetCultureInfo(language), Cancel);

        SurfaceGrant shown = Assert.Single(surface.Status.Grants);
        Assert.Equal((grant, GrantState.Live), (shown.Id, shown.State));
        Assert.Equal([new StoredCredential("anna", StoredCredentialState.Stored)], shown.Passwords);
        string named = texts.Fill("error.PasswordRecord", path);
        Assert.Contains(path, named, StringComparison.Ordinal);
        Assert.Equal(named, surface.Status.Trouble);
        Assert.Equal(named, (await Assert.ThrowsAsync<SurfaceException>(() => surface.ReadPasswordsAsync(grant, Cancel))).Message);
        Assert.Equal(path, Assert.Throws<StateException>(() => trust.StoredCredentials.List(Convert.FromHexString(grant))).Path);

        // As the sentence says: stored again, or the file deleted.
        if (damage is "link" or "exposed" or "long") File.Delete(path);
        await surface.DoAsync(new SurfaceAction.StorePassword(grant, ""), Cancel);
        await Patience.UntilAsync(() => surface.Status.Trouble is null);
        Assert.Equal(["anna", "erika"], surface.Status.Grants[0].Passwords.Select(static stored => stored.User).Order());
    }

    /// <summary>A record that keeps nobody out does not stand before the policy, which keeps everybody out.</summary>
    [Fact]
    public async Task Password_RecordAndPolicyDamaged_ThePolicyIsNamed()
    {
        (TrustFlow trust, string grant) = await OpenAsync(Operations.ViewScreen | Operations.FillCredential);
        await trust.StoredCredentials.StoreAsync(Convert.FromHexString(grant), "erika", new byte[] { 65 }, Cancel);
        Damage(Directory.EnumerateFiles(Path.Combine(fixture.State, "grants", grant), "fill-*").Single(), "cut");
        PrivateFile.Write(Path.Combine(fixture.State, "policy.json"), "{"u8.ToArray());

        await using SurfaceConnection surface = await SurfaceConnection.OpenAsync(fixture.State, Cancel);

        Assert.Contains("policy.json", surface.Status.Trouble, StringComparison.Ordinal);
        Assert.Single(surface.Status.Grants);
    }

    /// <summary>A person who sees a password asked for and wants all of it to end does not have to close the window first.</summary>
    [Fact]
    public async Task Window_WhileItIsOpen_EverythingElseOfThatSurfaceIsDoneAtOnce()
    {
        (TrustFlow trust, string grant) = await OpenAsync(Operations.ViewScreen | Operations.FillCredential);
        typed = "never";
        await using SurfaceConnection surface = await SurfaceConnection.OpenAsync(fixture.State, Cancel);
        Assert.True(surface.Status.CanStorePasswords);
        Task storing = surface.DoAsync(new SurfaceAction.StorePassword(grant, ""), Cancel);
        await Patience.UntilAsync(() => desk.IsPromptOpen);

        await surface.DoAsync(new SurfaceAction.StopSessions(), Cancel).WaitAsync(TimeSpan.FromMinutes(3), Cancel);
        await surface.DoAsync(new SurfaceAction.Block(null), Cancel).WaitAsync(TimeSpan.FromMinutes(3), Cancel);
        Assert.Contains("Another question is open", await RefusedAsync(surface, new SurfaceAction.StorePassword(grant, "")), StringComparison.Ordinal);

        Assert.True(trust.BlockedUntil > fixture.Time.GetUtcNow());
        Assert.False(storing.IsCompleted);
        // Now it is typed; and it can be asked for again.
        typed = "right";
        mayType.SetResult();
        await storing.WaitAsync(TimeSpan.FromMinutes(3), Cancel);
        await surface.DoAsync(new SurfaceAction.StorePassword(grant, ""), Cancel);
        Assert.Equal(2, asked.Count);
        Assert.Single(await surface.ReadPasswordsAsync(grant, Cancel));
    }

    [Fact]
    public async Task Window_OfASurfaceThatGoes_Goes()
    {
        (_, string grant) = await OpenAsync(Operations.ViewScreen | Operations.FillCredential);
        typed = "never";
        await using (SurfaceConnection surface = await SurfaceConnection.OpenAsync(fixture.State, Cancel))
        {
            _ = surface.DoAsync(new SurfaceAction.StorePassword(grant, ""), Cancel).ContinueWith(static over => _ = over.Exception, TaskScheduler.Default);
            await Patience.UntilAsync(() => desk.IsPromptOpen);
        }

        await Patience.UntilAsync(() => !desk.IsPromptOpen);
    }

    async ValueTask<CredentialEnrolment?> ICredentialPrompt.AskAsync(EnrolmentQuestion question, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<CredentialEnrolment>> store, CancellationToken cancellationToken)
    {
        asked.Add(question);
        wasRemoteInputHeld = desk.IsPromptOpen;
        if (typed == "never") await mayType.Task.WaitAsync(cancellationToken);
        return typed is null ? null : await store(Encoding.UTF8.GetBytes(typed), cancellationToken);
    }

    ValueTask<AccountAnswer> IAccountCheck.CheckAsync(string user, ReadOnlyMemory<byte> password, CancellationToken cancellationToken) => ValueTask.FromResult(AccountAnswer.Accepted);

    byte[] ISecretSealer.Seal(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> entropy) => secret.ToArray();

    byte[]? ISecretSealer.TryOpen(ReadOnlySpan<byte> sealedSecret, ReadOnlySpan<byte> entropy) => sealedSecret.ToArray();

    LogonScreenState ILogonScreen.Read() => default;

    ValueTask<ConsentAnswer> IConsentPrompt.AskAsync(ConsentPrompt prompt, CancellationToken cancellationToken) => throw new InvalidOperationException("Nobody asks for consent here.");

    private static void Damage(string path, string damage)
    {
        byte[] record = File.ReadAllBytes(path);
        switch (damage)
        {
            case "cut":
                PrivateFile.Write(path, record.AsMemory(0, record.Length / 2));
                break;
            case "altered":
                // The length of the name.
                record[6] ^= 0x20;
                PrivateFile.Write(path, record);
                break;
            case "long":
                PrivateFile.Write(path, new byte[64 * 1024]);
                break;
            case "exposed":
                if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
                break;
            default:
                string elsewhere = path.Replace("fill-", "kept-", StringComparison.Ordinal);
                File.Move(path, elsewhere);
                File.CreateSymbolicLink(path, elsewhere);
                break;
        }
    }

    private static async Task<string> RefusedAsync(SurfaceConnection surface, SurfaceAction action) => (await Assert.ThrowsAsync<SurfaceException>(() => surface.DoAsync(action, Cancel))).Message;

    private async Task<(TrustFlow Trust, string Grant)> OpenAsync(Operations operations)
    {
        desk = new ConsentDesk(this);
        TrustFlow trust = fixture.Open(fixture.Options with
        {
            Presence = new CustomerPresence { Desk = desk, IdleTime = static () => TimeSpan.Zero },
            AccountCheck = this,
            Filling = new CredentialFilling { Sealer = this, Screen = this, Prompt = this },
            Surface = new SurfaceRequirement(),
        });
        Grant grant = await fixture.GrantAsync(trust, fixture.Terms(operations));
        return (trust, Convert.ToHexStringLower(grant.Id.Span));
    }
}
