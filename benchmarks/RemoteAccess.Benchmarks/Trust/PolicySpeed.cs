using System.Diagnostics;
using System.Globalization;
using RemoteAccess.Trust;

namespace RemoteAccess.Benchmarks;

/// <summary>The gate's question about a grant with hours in a zone with summer time, answered "allowed": every rule is looked at. Nothing of the disk is in it.</summary>
internal static class PolicySpeed
{
    private const int Batch = 1000;

    public static async Task<IReadOnlyList<Figure>> RunAsync(bool quick)
    {
        await using Stage stage = await Stage.SetAsync();
        DayOfWeek[] days = Enum.GetValues<DayOfWeek>();
        var hours = new WeeklyHours("Europe/Berlin", [new HoursWindow(days, 0, 12 * 60), new HoursWindow(days, 12 * 60, 24 * 60)]);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        var terms = new GrantTerms
        {
            Operations = Operations.ViewScreen | Operations.ControlInput,
            NotAfter = now.AddDays(1),
            Policy = new GrantPolicy { Hours = hours, ReasonRequired = true },
        };
        var consent = new OnSiteConsent { Statement = "A benchmark may use this computer.", ConsentedBy = "Nobody (benchmark)", Method = ConsentMethod.OnSiteVerbal };
        Grant grant = stage.Tenant.Countersign(stage.Trust.DraftOnSiteGrant(terms, consent, stage.Tenant.PublicKey.Span));
        var question = new PolicyQuestion
        {
            Now = now.AddSeconds(1),
            Stored = new StoredGrant(grant, "Benchmark:Desk:Nobody", null),
            BlockedUntil = DateTimeOffset.UnixEpoch,
            TenantId = stage.Certificate.TenantId,
            GrantDigest = grant.Digest,
            Suite = GrantFormat.StrongestSuite,
            Wanted = Operations.ViewScreen | Operations.ControlInput,
            TechnicianOperations = Operations.All,
            Reason = "Benchmark",
        };
        var computer = new AccessRules { MaxOperations = Operations.ViewScreen | Operations.ControlInput, Hours = [new WeeklyHours("America/New_York", hours.Windows)] };
        int rounds = quick ? 200 : 2000;
        (Samples alone, double bytes) = Measure(question, rounds);
        (Samples narrowed, double narrowedBytes) = Measure(question with { Computer = computer }, rounds);
        return
        [
            new Figure("policy check, every rule asked", "≤ 2 µs, 0 B", Say(alone, bytes), alone.Median <= 2 && bytes == 0),
            new Figure("policy check, narrowed by the computer's own policy", "0 B", Say(narrowed, narrowedBytes), narrowedBytes == 0),
        ];
    }

    private static (Samples Times, double Bytes) Measure(PolicyQuestion question, int rounds)
    {
        var times = new Samples();
        var allocated = new Samples();
        for (int round = -rounds / 10; round < rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
            for (int i = 0; i < Batch; i++)
            {
                if (!PolicyCheck.Evaluate(question).IsAllowed) throw new InvalidOperationException("The benchmark's question is refused.");
            }
            double each = Stopwatch.GetElapsedTime(start).TotalMicroseconds / Batch;
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            if (round < 0) continue;
            times.Add(each);
            allocated.Add((double)bytes / Batch);
        }
        return (times, allocated.At(0.95));
    }

    private static string Say(Samples times, double bytes) => string.Create(CultureInfo.InvariantCulture,
        $"{times.Median:0.00} µs (p95 {times.At(0.95):0.00}; {times.Count} × {Batch}); {bytes:0.##} B (p95)");
}
