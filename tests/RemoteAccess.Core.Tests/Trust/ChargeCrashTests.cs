using System.Diagnostics;
using System.Globalization;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>
/// A process that charges a guess is killed with SIGKILL: after it was told that the charge is durable, and at arbitrary moments around it.
/// REMOTEACCESS_CRASH_RUNS raises the number of kills from 100.
/// </summary>
public sealed class ChargeCrashTests
{
    private const int DefaultRuns = 100;

    [Fact]
    public async Task Admit_KilledBetweenChargeAndReply_NeverLosesACharge()
    {
        Wine.Skip("a program of its own has no dotnet to start another with");
        int runs = int.TryParse(Environment.GetEnvironmentVariable("REMOTEACCESS_CRASH_RUNS"), NumberStyles.None, CultureInfo.InvariantCulture, out int asked) ? asked : DefaultRuns;
        await using var fixture = new CrashedComputer();
        var random = new Random(20260302);
        int afterCharge = 0, uncharged = 0;
        for (int run = 0; run < runs; run++)
        {
            int before = fixture.FailedAttempts();
            bool waitForCharge = run % 2 == 0;

            bool charged = await fixture.RunAndKillAsync(waitForCharge ? null : TimeSpan.FromMilliseconds(random.NextDouble() * 40));

            int after = fixture.FailedAttempts();
            if (charged) Assert.Equal(before + 1, after);
            else Assert.InRange(after, before, before + 1);
            if (charged) afterCharge++;
            if (after == before) uncharged++;
            if (after >= LockoutLadder.FreeFailures) await fixture.UnlockAsync();
        }

        Assert.True(afterCharge >= runs / 2, $"{afterCharge} of {runs} were killed after the charge.");
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{runs} kills: {afterCharge} after the charge was acknowledged, {uncharged} before it reached the disk, {runs - afterCharge - uncharged} between."));
    }

    /// <summary>A computer on the real clock, whose agent is another process.</summary>
    private sealed class CrashedComputer : IAsyncDisposable
    {
        private readonly string root = Directory.CreateTempSubdirectory("ra-crash-").FullName;
        private readonly Grant grant;

        public CrashedComputer()
        {
            using TenantIdentity tenant = TenantIdentity.Create(Tenant);
            TrustFlow trust = Open();
            var terms = new GrantTerms { Operations = Operations.ViewScreen, NotAfter = TimeProvider.System.GetUtcNow().AddDays(1) };
            grant = tenant.Countersign(trust.DraftOnSiteGrant(terms, TrustFixture.Consent, tenant.PublicKey.Span));
            using AccessVerifier verifier = TrustFixture.AnyVerifier();
            Assert.Equal(InstallOutcome.Installed, trust.InstallAsync(grant, verifier, "n", TrustFixture.Consent, CancellationToken.None).AsTask().GetAwaiter().GetResult());
            trust.DisposeAsync().AsTask().GetAwaiter().GetResult();
            File.WriteAllText(GrantFile, grant.ToPem());
        }

        private string State => Path.Combine(root, "state");

        private string Tenant => Path.Combine(root, "tenant");

        private string GrantFile => Path.Combine(root, "grant.pem");

        /// <summary>Read with the product's own code, without opening (and so re-recording) anything.</summary>
        public int FailedAttempts() => Counter().Read().Run;

        public async ValueTask UnlockAsync()
        {
            await using TrustFlow trust = Open();
            Assert.True(await trust.UnlockAsync(grant.Id, "Erika", TestContext.Current.CancellationToken));
        }

        /// <summary>Kills after the charge is acknowledged, or that long after the attempt begins. True when the charge was acknowledged.</summary>
        public async Task<bool> RunAndKillAsync(TimeSpan? delay)
        {
            var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "RemoteAccess.CrashVictim.dll"), "charge", State, Tenant, GrantFile])
            {
                RedirectStandardOutput = true,
            };
            using Process process = Process.Start(start) ?? throw new InvalidOperationException("The victim did not start.");
            CancellationToken cancellationToken = TestContext.Current.CancellationToken;
            Assert.Equal("opening", await process.StandardOutput.ReadLineAsync(cancellationToken));
            string? word = null;
            if (delay is { } wait)
            {
                long begin = Stopwatch.GetTimestamp();
                while (Stopwatch.GetElapsedTime(begin) < wait) Thread.SpinWait(50);
            }
            else
            {
                word = await process.StandardOutput.ReadLineAsync(cancellationToken);
            }
            process.Kill();
            word ??= await process.StandardOutput.ReadLineAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            Assert.True(word is null or "admitted", word);
            return word == "admitted";
        }

        public ValueTask DisposeAsync()
        {
            Directory.Delete(root, recursive: true);
            return ValueTask.CompletedTask;
        }

        private TrustFlow Open() => TrustFlow.Open(new TrustOptions { StateDirectory = State });

        private GuessCounter Counter()
        {
            string name = GrantStore.NameOf(grant.Id.Span);
            return new GuessCounter(Path.Combine(State, "grants", name, "guesses"), name, TimeProvider.System, Guid.Parse(BootIdentity.Read(TimeProvider.System)));
        }
    }
}
